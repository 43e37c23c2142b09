package cli

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"mailgrant/app/monitor"
	"mailgrant/internal/i18n"
	"mailgrant/internal/native/task"
	"mailgrant/mailtest"
)

// scheduleFlags let the system's scheduler run the watchman.
type scheduleFlags struct {
	install, uninstall bool
	every              time.Duration
}

// shortestEvery is how often the watchman may come at most.
const shortestEvery = 5 * time.Minute

func (f *scheduleFlags) flags(p *program, c *cobra.Command) {
	c.Flags().BoolVar(&f.install, "install", false, p.texts.Text("cli.flag.monitor-install"))
	c.Flags().BoolVar(&f.uninstall, "uninstall", false, p.texts.Text("cli.flag.monitor-uninstall"))
	c.Flags().DurationVar(&f.every, "every", 15*time.Minute, p.texts.Text("cli.flag.monitor-every"))
}

func (f scheduleFlags) asked() bool { return f.install || f.uninstall }

// scheduleMonitor registers the watchman, with the options that it was given,
// or takes it away.
func (p *program) scheduleMonitor(ctx context.Context, f monitorFlags, args []string) error {
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
	err := cmp.Or(choice("--format", f.format, monitor.Formats), f.checkMonitor(p))
	if err == nil && f.output != "" {
		f.output, err = filepath.Abs(f.output) // the scheduler starts it elsewhere
	}
	if err != nil {
		return err
	}
	where, err := task.InstallWatch(ctx, task.WatchOptions{
		Command: f.scheduled(p), Home: p.home, Description: p.texts.Text("cli.monitor.description"), Every: f.schedule.every,
	})
	if err != nil {
		if where != "" {
			p.note("cli.monitor.written", i18n.Args{"where": where})
		}
		return p.scheduleError(err)
	}
	p.note("cli.monitor.installed", i18n.Args{"where": where, "minutes": strconv.Itoa(int(f.schedule.every.Minutes()))})
	if f.output == "" && len(f.notice.arguments()) == 0 {
		p.note("cli.monitor.silent")
	}
	if n := f.notice; f.output == "" && n.mailTo != "" && !n.desktop && !n.eventLog {
		p.note("cli.monitor.mail-only", i18n.Args{"mailbox": n.mailFrom})
	}
	return nil
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

// scheduled is the command that the scheduler runs: always all mailboxes, with
// the options that differ from the usual ones.
func (f monitorFlags) scheduled(p *program) []string {
	command := []string{"monitor", "--all", "--lang", string(p.texts.Language())}
	add := func(flag, value, usual string) {
		if value != usual {
			command = append(command, flag, value)
		}
	}
	add("--format", f.format, string(monitor.Text))
	add("--output", f.output, "")
	add("--warning-days", strconv.Itoa(f.limits.Warning), strconv.Itoa(warningDays))
	add("--critical-days", strconv.Itoa(f.limits.Critical), strconv.Itoa(criticalDays))
	add("--timeout", f.timeout.String(), mailtest.DefaultTimeout.String())
	for _, host := range f.hosts {
		command = append(command, "--allow-host", host)
	}
	return slices.Concat(command, f.notice.arguments())
}
