package cli

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/pflag"

	"mailgrant/app/monitor"
	"mailgrant/internal/i18n"
	"mailgrant/internal/native/task"
)

// scheduleFlags let the system's scheduler run the watchman.
type scheduleFlags struct {
	install, uninstall bool
	every              time.Duration
}

// shortestEvery is how often the watchman may come at most.
const shortestEvery = 5 * time.Minute

func (f *scheduleFlags) flags(p *program, c *command) {
	c.flags.BoolVar(&f.install, "install", false, p.texts.Text("cli.flag.monitor-install"))
	c.flags.BoolVar(&f.uninstall, "uninstall", false, p.texts.Text("cli.flag.monitor-uninstall"))
	c.flags.DurationVar(&f.every, "every", 15*time.Minute, p.texts.Text("cli.flag.monitor-every"))
	needs(c, "every", "install")
}

func (f scheduleFlags) asked() bool { return f.install || f.uninstall }

// scheduleMonitor registers the watchman, with the options that it was given,
// or takes it away.
func (p *program) scheduleMonitor(ctx context.Context, f monitorFlags, given *pflag.FlagSet, args []string) error {
	switch {
	case f.schedule.install && f.schedule.uninstall, f.file != "", len(args) > 0:
		return usage("cli.error.monitor-install")
	case f.schedule.uninstall:
		if err := task.RemoveWatch(ctx); err != nil {
			return p.scheduleError(err)
		}
		p.note("cli.monitor.uninstalled")
		return nil
	case f.schedule.every < shortestEvery || f.schedule.every%time.Minute != 0:
		return usage("cli.error.monitor-every", i18n.Args{"value": f.schedule.every.String(), "least": strconv.Itoa(int(shortestEvery.Minutes()))})
	}
	if err := cmp.Or(choice("--format", f.format, monitor.Formats), f.checkMonitor(p)); err != nil {
		return err
	}
	if f.notice.mailTo != "" { // or each run would be refused the mail, and only the log tell
		if _, err := p.mailer(f); err != nil {
			return err
		}
	}
	if f.output != "" { // the scheduler starts it elsewhere
		path, err := filepath.Abs(f.output)
		if err := cmp.Or(err, given.Set("output", path)); err != nil {
			return err
		}
	}
	where, err := task.InstallWatch(ctx, task.Job{
		Command: p.scheduled(given), Home: p.home, Description: p.texts.Text("cli.monitor.description"), Every: f.schedule.every,
	})
	if err != nil {
		if where != "" {
			p.note("cli.monitor.written", i18n.Args{"where": where})
		}
		return p.scheduleError(err)
	}
	p.note("cli.monitor.installed", i18n.Args{"where": where, "minutes": strconv.Itoa(int(f.schedule.every.Minutes()))})
	p.noteSilence(f)
	return nil
}

// noteSilence says when nobody would hear of what the watchman finds, or only by
// the mailboxes that it watches.
func (p *program) noteSilence(f monitorFlags) {
	switch n := f.notice; {
	case f.output != "":
	case n == (noticeFlags{}):
		p.note("cli.monitor.silent")
	case n.mailTo != "" && !n.desktop && !n.eventLog:
		p.note("cli.monitor.mail-only", i18n.Args{"mailbox": n.mailFrom})
	}
}

func (p *program) scheduleError(err error) error {
	if errors.Is(err, task.ErrUnsupported) {
		return usage("cli.error.no-scheduler")
	}
	if refused, ok := errors.AsType[*task.Error](err); ok && refused.Program == "systemctl" {
		key := "cli.error.systemd"
		if refused.OfUser {
			key = "cli.error.systemd-user"
		}
		return usage(key, i18n.Args{"reason": refused.Words})
	}
	return err
}

// scheduled is the command that the scheduler runs: all mailboxes or, with
// --match, a part, with the options that were given. The format is for a file: nobody
// sees what the command writes elsewhere, and a failure that has the status 0 there
// would not be heard of.
func (p *program) scheduled(given *pflag.FlagSet) []string {
	left := []string{"all", "lang", "install", "every"}
	if !given.Changed("output") {
		left = append(left, "format")
	}
	command := []string{"monitor", "--all", "--lang", string(p.texts.Language())}
	given.Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, several := f.Value.(pflag.SliceValue); several {
			values = list.GetSlice()
		}
		for _, value := range values {
			if !slices.Contains(left, f.Name) {
				command = append(command, "--"+f.Name+"="+value)
			}
		}
	})
	return command
}
