package cli

import (
	"context"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"

	"mailgrant/app/monitor"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/native"
	"mailgrant/mailtest"
)

// noticeFlags are the ways in which the watchman speaks up by itself, about
// what is new since its last run.
type noticeFlags struct {
	eventLog bool
	desktop  bool
	mailFrom string
	mailTo   string
}

func (f *noticeFlags) flags(p *program, c *command) {
	if native.EventLog || p.Event != nil {
		c.flags.BoolVar(&f.eventLog, "event-log", false, p.texts.Text("cli.flag.event-log"))
	}
	c.flags.BoolVar(&f.desktop, "desktop", false, p.texts.Text("cli.flag.desktop"))
	c.flags.StringVar(&f.mailFrom, "mail-from", "", p.texts.Text("cli.flag.mail-from"))
	c.flags.StringVar(&f.mailTo, "mail-to", "", p.texts.Text("cli.flag.mail-to"))
	needs(c, "mail-from", "mail-to")
	needs(c, "mail-to", "mail-from")
}

// check finds out before a run what would keep a notice from being given.
func (f noticeFlags) check(p *program) error {
	switch {
	case f.mailTo == "":
		return nil
	case !mailbox.IsAddress(f.mailTo):
		return usage("cli.error.flag-invalid", i18n.Args{"flag": "--mail-to", "value": f.mailTo})
	}
	d, err := p.saved(f.mailFrom)
	if err == nil && d.Server(mailbox.SMTP) == nil {
		err = usage("cli.error.only", i18n.Args{"flag": "--mail-from", "protocol": "SMTP", "mailbox": d.Name})
	}
	return err
}

// notices tells what is new since the last run. What was told is remembered
// afterwards: a run that is killed in between tells it again, never not at all. Each
// way has its own memory: what could not be mailed is mailed later, and is no event
// once more.
func (p *program) notices(ctx context.Context, f monitorFlags, run *monitor.Run) (failed error) {
	for _, by := range [...]struct {
		way    string
		wanted bool
	}{{byEvent, f.notice.eventLog}, {byDesktop, f.notice.desktop}, {byMail, f.notice.mailTo != ""}} {
		if !by.wanted {
			continue
		}
		memory, worse, better := monitor.Compare(p.home, by.way, run)
		err := p.notice(ctx, f, by.way, worse, better)
		if err == nil {
			err = memory.Save(ctx)
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// The ways in which news are told.
const byEvent, byDesktop, byMail = "event-log", "desktop", "mail"

// notice tells news in one way.
func (p *program) notice(ctx context.Context, f monitorFlags, way string, worse, better []string) (failed error) {
	news := slices.Concat(worse, better)
	switch {
	case len(news) == 0:
	case way == byEvent:
		for kind, lines := range map[native.Event][]string{native.EventProblem: worse, native.EventRecovered: better} {
			if len(lines) > 0 {
				failed = errors.Join(failed, p.event(kind, strings.Join(lines, "\n")))
			}
		}
	case way == byDesktop:
		notify := p.Notify
		if notify == nil {
			notify = native.Notify
		}
		return notify(ctx, "Mailgrant", strings.Join(news, "\n"))
	default:
		return p.mailNotice(ctx, f, news)
	}
	return failed
}

// tellNoNotice says that a notice was not given, or perhaps not.
func (p *program) tellNoNotice(err error) {
	p.log.Warn("monitor: a notice could not be given", "error", err)
	key := "cli.monitor.no-notice"
	if errors.Is(err, mailtest.ErrDoubt) {
		key = "cli.monitor.doubtful-notice"
	}
	p.tell(p.texts.Text(key, i18n.Args{"reason": p.endingOf(err).line}))
}

// mailer is the mailbox that mails notices, if its servers may get what it signs in with.
func (p *program) mailer(f monitorFlags) (mailbox.Definition, error) {
	d, err := p.saved(f.notice.mailFrom)
	if err == nil {
		err = p.m().CheckHosts(d, f.hosts)
	}
	return d, err
}

// mailNotice mails what is new through one of the saved mailboxes.
func (p *program) mailNotice(ctx context.Context, f monitorFlags, news []string) error {
	d, err := p.mailer(f)
	if err != nil {
		return err
	}
	subject := "Mailgrant: " + news[0]
	if more := len(news) - 1; more > 0 {
		subject += " " + p.texts.Text("monitor.more", i18n.Args{"count": strconv.Itoa(more)})
	}
	host, _ := os.Hostname() // without a name the mail says the rest
	return mailtest.Send(ctx, p.testConfig(ctx, d, f.testFlags), mailtest.Message{
		To: f.notice.mailTo, Subject: subject, Text: strings.Join(news, "\n") + "\n\n" + p.texts.Text("cli.monitor.mail-advice", i18n.Args{"host": host}) + "\n",
	})
}
