package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/history"
	"mailgrant/app/monitor"
	"mailgrant/app/overview"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/store"
	"mailgrant/mailtest"
)

// renewAfter is the age at which the watchman renews an authorization, whether
// its access token has ended or not: long before any provider's rule of disuse.
const renewAfter = 7 * 24 * time.Hour

type monitorFlags struct {
	testFlags
	format   string
	output   string
	limits   monitor.Limits
	notice   noticeFlags
	schedule scheduleFlags
}

func (p *program) monitorCommand() *command {
	var f monitorFlags
	var c *command
	c = p.command("monitor [MAILBOX]", 0, 1, func(ctx context.Context, args []string) error {
		if f.schedule.asked() {
			return p.scheduleMonitor(ctx, f, c.flags, args)
		}
		if err := choice("--format", f.format, monitor.Formats); err != nil {
			return err
		}
		format := monitor.Format(f.format)
		return p.asMonitored(format, f.output, p.monitor(ctx, format, f, args))
	})
	f.flags(p, c, "file", "all")
	c.flags.StringVar(&f.format, "format", string(monitor.Text), p.texts.Text("cli.flag.monitor-format", i18n.Args{"formats": strings.Join(words(monitor.Formats), ", ")}))
	c.flags.StringVar(&f.output, "output", "", p.texts.Text("cli.flag.monitor-output"))
	// An authorization is renewed long before: it gets there only when the renewal fails.
	c.flags.IntVar(&f.limits.Warning, "warning-days", 14, p.texts.Text("cli.flag.warning-days"))
	c.flags.IntVar(&f.limits.Critical, "critical-days", 3, p.texts.Text("cli.flag.critical-days"))
	c.flags.DurationVar(&f.timeout, "timeout", mailtest.DefaultTimeout, p.texts.Text("cli.flag.test-timeout"))
	c.flags.IntVar(&f.perHost, "per-host", mailtest.PerHost, p.texts.Text("cli.flag.per-host"))
	p.hostsFlag(c, &f.hosts)
	f.notice.flags(p, c)
	f.schedule.flags(p, c)
	return c
}

// asMonitored tells a failure of the run itself as the monitoring system
// expects it; what is meant for people goes on to standard error. Who reads a file
// must not find it in order for ever. Where the system looks at the output alone, the
// status is then for who has started the run.
func (p *program) asMonitored(format monitor.Format, file string, err error) error {
	if _, done := errors.AsType[exitError](err); err == nil || done {
		return err
	}
	reason := p.texts.Text("cli.cancelled")
	if !errors.Is(err, context.Canceled) {
		reason = p.endingOf(err).line
	}
	out, status, ok := format.Failed(reason)
	if ok && file != "" && p.mayBeWritten(file) == nil {
		_ = store.WriteShared(file, out) // what keeps from it is told as the reason
	}
	if !ok || file != "" && status == exitGood {
		return err
	}
	p.tell(reason)
	if file == "" {
		if _, err := p.Stdout.Write(out); err != nil || status == exitGood {
			return err
		}
	}
	return fmt.Errorf("%w: %w", exitError(status), err)
}

// monitor looks after the mailboxes once: it renews what would end, tests, and
// says what it found.
func (p *program) monitor(ctx context.Context, format monitor.Format, f monitorFlags, args []string) error {
	if err := f.checkMonitor(p); err != nil {
		return err
	}
	run := &monitor.Run{Texts: p.texts, Limits: f.limits, Started: time.Now(), All: f.several(), Part: f.match != ""}
	if f.several() {
		if err := p.watchAll(ctx, f, args, run); err != nil {
			return err
		}
	} else {
		d, err := p.mailbox(f.selection, args)
		if err != nil {
			return err
		}
		run.Checks = []*monitor.Check{p.lookAfter(ctx, d, f, mailtest.Run)}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, c := range run.Checks {
		if format == monitor.Text && c.Secret.Stored && c.Secret.Ends.IsZero() && c.Secret.Next == nil {
			p.note("cli.secret.ends-unknown", i18n.Args{"mailbox": c.Name})
		}
	}
	run.Took = time.Since(run.Started)
	run.Sort()
	if err := p.writeMonitor(format, f, run); err != nil {
		return err
	}
	if err := p.notices(ctx, f, run); err != nil {
		p.tellNoNotice(err)
	}
	return p.monitorStatus(format, run)
}

func (f monitorFlags) checkMonitor(p *program) error {
	if f.limits.Critical < 0 || f.limits.Warning < f.limits.Critical {
		return usage("cli.error.limits")
	}
	return cmp.Or(positive("--timeout", f.timeout), f.checkPerHost(), p.mayBeWritten(f.output), f.notice.check(p))
}

// watchAll looks after all saved mailboxes or a part, some at once. Only one such run is
// under way at a time.
func (p *program) watchAll(ctx context.Context, f monitorFlags, args []string, run *monitor.Run) error {
	all, err := p.definitions(f.selection, args, func(name string, err error) {
		run.Checks = append(run.Checks, p.notLookedAt(mailbox.Definition{}, name, err))
	})
	if err != nil {
		return err
	}
	unlock, err := p.lockMonitor(ctx, ".all", 0)
	switch {
	case errors.Is(err, store.ErrLocked):
		return usage("monitor.running")
	case err != nil:
		return err
	}
	defer unlock()
	places := mailtest.NewPlaces(f.perHost)
	var mu sync.Mutex
	mailtest.ForEach(ctx, all, func(d mailbox.Definition) {
		c := p.lookAfter(ctx, d, f, places.Run)
		mu.Lock()
		defer mu.Unlock()
		run.Checks = append(run.Checks, c)
	})
	return nil
}

// lockMonitor keeps two runs from the same mailbox, for as long as wait.
func (p *program) lockMonitor(ctx context.Context, name string, wait time.Duration) (func(), error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return store.LockFile(ctx, filepath.Join(monitor.Folder(p.home), mailbox.FileName(name)+".lock"))
}

// lookAfter looks after one mailbox. Nothing is changed but the authorization,
// which is renewed, and the list of results.
func (p *program) lookAfter(ctx context.Context, d mailbox.Definition, f monitorFlags, run history.Tester) *monitor.Check {
	unlock, err := p.lockMonitor(ctx, d.Name, f.timeout)
	switch {
	case errors.Is(err, store.ErrLocked):
		return p.notLookedAt(d, d.Name, usage("monitor.busy"))
	case err != nil:
		return p.notLookedAt(d, d.Name, err)
	}
	defer unlock()
	if err := p.m().CheckHosts(d, f.hosts); err != nil {
		return p.notLookedAt(d, d.Name, err)
	}
	// One that was refused is tried by the test alone.
	if p.stateOf(d) == string(authorization.StateValid) {
		// What fails here fails in the test too, which says so, or can wait.
		if _, err := p.m().RefreshUnlessSince(ctx, d, time.Now().Add(-renewAfter)); err != nil {
			p.log.Info("monitor: not renewed", "mailbox", d.Name, "error", err)
		}
	}
	if f.file == "" {
		run = p.m().History.Recording(run, p.log)
	}
	cfg := p.testConfig(ctx, d, f.testFlags)
	cfg.Experiments = nil // it comes again soon; a person can ask for the reasons
	report := mailtest.Collect(d, run(ctx, cfg))
	c := monitor.NewCheck(overview.RowAfter(p.m(), p.texts, d, history.Of(report)), f.limits, p.texts, time.Now())
	c.Took = report.Duration()
	return c
}

// notLookedAt is a mailbox at which the watchman could not look.
func (p *program) notLookedAt(d mailbox.Definition, name string, err error) *monitor.Check {
	e := p.endingOf(err)
	c := monitor.Failed(d, name, e.line)
	if e.diagnosis != nil {
		c.Cause = e.diagnosis.Cause
	}
	return c
}

// writeMonitor writes to standard output, or into a file that others may read.
func (p *program) writeMonitor(format monitor.Format, f monitorFlags, run *monitor.Run) error {
	out := format.Write(run)
	if f.output == "" {
		_, err := p.Stdout.Write(out)
		return err
	}
	return store.WriteShared(f.output, out) // a collector is another user, and there is no secret in it
}

// monitorStatus is what the system expects, else the command line's own.
func (p *program) monitorStatus(format monitor.Format, run *monitor.Run) error {
	if status, ok := format.Status(run.Level()); ok {
		return exit(status)
	}
	status := exitGood
	for _, c := range run.Checks {
		switch {
		case !c.Usable() && (c.State != overview.StateUnreadable || c.Diagnosis != nil):
			status = exitNoGrant
		case c.Level != monitor.OK:
			status = max(status, exitProblem)
		}
	}
	return exit(status)
}
