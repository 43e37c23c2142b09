package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

func (p *program) mailboxCommand() *command {
	return p.command("mailbox list|show|import|export|remove", 1, 0, nil,
		p.command("list", 0, 0, p.listMailboxes), p.showCommand(), p.importCommand(), p.exportCommand(), p.removeCommand())
}

func (p *program) listMailboxes(context.Context, []string) error {
	all, err := p.m().Book.All()
	if err == nil && len(all) == 0 {
		p.note("cli.mailbox.none")
	}
	for _, saved := range all {
		if d := saved.Definition; saved.Err == nil {
			fmt.Fprintf(p.Stdout, "%s\t%s\t%s\n", d.Name, d.Address(), p.texts.Text("cli.state."+p.stateOf(d)))
		} else {
			fmt.Fprintf(p.Stdout, "%s\t%s\n", redact.Visible(saved.Name), p.texts.Text("cli.mailbox.unreadable"))
		}
	}
	return err
}

func (p *program) stateOf(d mailbox.Definition) string {
	if needOAuth(d) != nil {
		return "password"
	}
	status, err := p.m().Status(d)
	if err != nil {
		return "unreadable"
	}
	return string(status.State)
}

func (p *program) showCommand() *command {
	var s selection
	c := p.command("show [MAILBOX]", 0, 1, func(_ context.Context, args []string) error { return p.showMailbox(s, args) })
	s.flags(p, c, "file")
	return c
}

// showMailbox serves show and the export of one: the same text for both.
func (p *program) showMailbox(s selection, args []string) error {
	d, err := p.mailbox(s, args)
	if err != nil {
		return err
	}
	_, err = p.Stdout.Write(d.Format())
	return err
}

func (p *program) removeCommand() *command {
	var forget bool
	c := p.command("remove MAILBOX", 1, 1, func(ctx context.Context, args []string) error {
		return p.removeMailbox(ctx, args[0], forget)
	})
	c.flags.BoolVar(&forget, "forget", false, p.texts.Text("cli.flag.remove-forget"))
	return c
}

// removeMailbox keeps what is sealed of the mailbox for who imports it again,
// unless it is to be forgotten too.
func (p *program) removeMailbox(ctx context.Context, name string, forget bool) error {
	note := "cli.mailbox.removed"
	var shared []string
	d, err := p.m().Book.Get(name)
	switch {
	case err == nil && forget:
		if shared, err = p.m().Erase(ctx, d); err != nil {
			return err
		}
		if len(shared) == 0 { // whose sessions at the provider are to go on
			note = "cli.mailbox.forgotten"
		}
	case forget && !errors.Is(err, mailbox.ErrNotSaved): // nobody knows what is sealed of it
		return err
	case err == nil && p.m().Sealed(d):
		note = "cli.mailbox.removed-sealed"
		if needOAuth(d) == nil {
			shared, _ = p.m().Sharing(d)
		}
	}
	if len(shared) > 0 {
		p.note("cli.mailbox.shared", i18n.Args{"names": strings.Join(shared, ", ")})
	}
	if err := p.m().Book.Remove(name); err != nil {
		if errors.Is(err, mailbox.ErrNotSaved) {
			return p.notSaved(name)
		}
		return err
	}
	p.note(note, i18n.Args{"name": name})
	return nil
}
