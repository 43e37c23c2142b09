package authorization

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"mailgrant/app/practice"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// errand is what a process does until it is killed. It tells its standard
// output what it begins, what it has read and what it has done.
type errand struct {
	Operation  string
	Home       string
	Ledger     string // address
	Definition []byte
	Import     []byte // an exported authorization
}

// The operations.
var operations = []string{"request", "refresh", "rename", "import", "forget"}

const importPassphrase = "four mixed words here"

// run never returns.
func (e errand) run() {
	d, err := mailbox.Parse(e.Definition)
	if err != nil {
		say("failed", err)
		os.Exit(3)
	}
	m := New(e.Home, i18n.For(i18n.English), slog.New(slog.DiscardHandler))
	m.http = past{ledger: e.Ledger, read: func(token string) { say("read", token) }}.client
	ctx := context.Background()
	doing := func(what string, work func() error) {
		say("begin", what)
		if err := work(); err != nil {
			say("failed", fmt.Errorf("%s: %w", what, err))
			os.Exit(3)
		}
		say("done", m.holds(d))
	}
	for {
		switch e.Operation {
		case "request":
			doing("request", func() error {
				_, err := m.Request(ctx, d, Options{Opener: practice.Browser(practice.Helpdesk.UPN)})
				return err
			})
		case "refresh":
			doing("refresh", func() error { _, err := m.Refresh(ctx, d); return err })
			doing("refresh", func() error { _, err := m.Experiments(d, nil).Renew(ctx, graph); return err })
		case "rename":
			to := d.Clone()
			to.Name = otherName(d.Name)
			doing("rename", func() error { return m.rename(d, to) })
			d = to
		case "forget":
			doing("forget", func() error { _, err := m.Forget(ctx, d); return err })
			fallthrough
		case "import":
			doing("import", func() error {
				_, err := m.Import(ctx, d, e.Import, redact.NewSecret(importPassphrase))
				return err
			})
		}
	}
}

func say(word string, what any) { _, _ = fmt.Fprintln(os.Stdout, word, what) }

// otherName is the other one of the two names that a mailbox has by turns.
func otherName(name string) string {
	if name == "Help desk" {
		return "Desk for help"
	}
	return "Help desk"
}

// holds names the refresh token with which the next renewal is made. Like a
// renewal it takes the lock first.
func (m *Manager) holds(d mailbox.Definition) string {
	unlock, err := m.lock(context.Background(), d)
	if err != nil {
		return err.Error()
	}
	defer unlock()
	r, err := m.load(d)
	if causeOf(err) != "" {
		return "none"
	}
	return mark(r.next().Reveal())
}

// rename does what the window does with a name that is changed.
func (m *Manager) rename(from, to mailbox.Definition) error {
	err := m.Book.Replace(from, to)
	if err == nil {
		err = m.MoveSecrets(from, to)
	}
	if err == nil {
		err = m.Book.Discard(from)
	}
	return err
}
