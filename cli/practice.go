package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"mailgrant/app/practice"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/store"
)

func (p *program) practiceCommand() *command {
	var file string
	var faults []string
	c := p.command("practice", 0, 0, func(ctx context.Context, _ []string) error {
		return p.practice(ctx, file, faults)
	})
	c.flags.StringVar(&file, "write", "", p.texts.Text("cli.flag.write"))
	c.flags.StringArrayVar(&faults, "fault", nil, p.texts.Text("cli.flag.fault", i18n.Args{"faults": strings.Join(practice.AllFaults, ", ")}))
	return c
}

// practice runs the tenant in the foreground until it is interrupted, which
// is its normal end.
func (p *program) practice(ctx context.Context, file string, faults []string) error {
	if err := choices("--fault", faults, practice.AllFaults); err != nil {
		return err
	}
	if err := p.mayWrite(file); err != nil {
		return err
	}
	tenant, err := practice.Start(ctx, practice.Options{Name: p.texts.Text("practice.mailbox"), Faults: faults, Log: p.log, Language: p.texts.Language()})
	if err != nil {
		return err
	}
	defer tenant.Close()
	d := tenant.Definition()
	if file != "" {
		if err := p.writeNew(file, d.Format(), store.Private); err != nil { // another may have been started at the same time
			return err
		}
		defer os.Remove(file) // useless once the tenant is gone
	}
	p.introduce(tenant, file)
	<-ctx.Done()
	return nil
}

// mayWrite refuses to overwrite anything but a practice definition.
func (p *program) mayWrite(file string) error {
	if file == "" {
		return nil
	}
	old, err := mailbox.Read(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p.mayBeWritten(file)
	case err == nil && old.TrustedCA != "":
		s := old.Servers[0]
		if c, err := net.DialTimeout("tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)), time.Second); err == nil {
			_ = c.Close()
			return usage("cli.error.practice-runs", i18n.Args{"file": file})
		}
		// Left over from a practice tenant that was killed: whoever waits for
		// the file must not find it now.
		return os.Remove(file)
	}
	return usage("cli.error.not-overwritten", i18n.Args{"file": file})
}

func (p *program) introduce(t *practice.Tenant, file string) {
	s := styleOf(p.Stderr)
	fmt.Fprintf(p.Stderr, "%s\n  %s\n", s.paint(bold, p.texts.Text("cli.practice.ready")), s.paint(cyan, t.URL()))
	if file != "" {
		p.note("cli.practice.try", i18n.Args{"file": file})
	}
	if faults := t.Faults(); len(faults) > 0 {
		p.note("cli.practice.faults", i18n.Args{"faults": strings.Join(faults, ", ")})
	}
	p.note("cli.practice.stop")
}

// practiceHome points everything the program keeps at a temporary folder with
// its own key file, so that practice never meets the user's mailboxes. The
// returned function removes it.
func (p *program) practiceHome() (func(), error) {
	dir, err := os.MkdirTemp("", "mailgrant-practice-*")
	if err != nil {
		return nil, err
	}
	if err := os.Setenv("MAILGRANT_KEY_FILE", filepath.Join(dir, "key")); err != nil {
		return nil, err
	}
	p.settleIn(dir)
	return func() { _ = os.RemoveAll(dir) }, nil
}
