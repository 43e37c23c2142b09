package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"mailgrant/app/authorization"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

func (p *program) mailboxCommand() *cobra.Command {
	return p.group("mailbox",
		p.command("list", cobra.NoArgs, p.listMailboxes),
		p.command("show [MAILBOX]", cobra.MaximumNArgs(1), p.showMailbox),
		p.importCommand(),
		p.exportCommand(),
		p.command("remove MAILBOX", cobra.ExactArgs(1), p.removeMailbox),
	)
}

func (p *program) listMailboxes(context.Context, []string) error {
	m := p.manager()
	names, err := m.Book.Names()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		p.note("cli.mailbox.none")
	}
	for _, name := range names {
		d, err := m.Book.Get(name)
		if err != nil {
			fmt.Fprintf(p.Stdout, "%s\t%s\n", redact.Visible(name), p.texts.Text("cli.mailbox.unreadable"))
			continue
		}
		fmt.Fprintf(p.Stdout, "%s\t%s\t%s\n", d.Name, d.Address(), p.texts.Text("cli.state."+stateOf(m, d)))
	}
	return nil
}

// stateOf is the state of a mailbox's authorization at a glance.
func stateOf(m *authorization.Manager, d mailbox.Definition) string {
	if needOAuth(d) != nil {
		return "password"
	}
	status, err := m.Status(d)
	if err != nil {
		return "unreadable"
	}
	return string(status.State)
}

// showMailbox serves show and the export of one: the same text for both.
func (p *program) showMailbox(_ context.Context, args []string) error {
	_, d, err := p.mailbox(selection{}, args)
	if err != nil {
		return err
	}
	_, err = p.Stdout.Write(d.Format())
	return err
}

func (p *program) removeMailbox(_ context.Context, args []string) error {
	m, note := p.manager(), "cli.mailbox.removed"
	if d, err := m.Book.Get(args[0]); err == nil {
		if state := stateOf(m, d); state != "password" && state != string(authorization.StateNone) {
			note = "cli.mailbox.removed-authorized"
		}
		m.Settle(d) // its secrets are not to be those of the next one with its name
	}
	if err := m.Book.Remove(args[0]); err != nil {
		if errors.Is(err, mailbox.ErrNotSaved) {
			return usage("cli.error.not-saved", i18n.Args{"name": args[0]})
		}
		return err
	}
	p.note(note, i18n.Args{"name": args[0]})
	return nil
}
