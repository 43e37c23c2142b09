package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"mailgrant/app/authorization"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

func (p *program) tokenCommand() *cobra.Command {
	var s selection
	var hosts []string
	c := p.command("token [MAILBOX]", cobra.MaximumNArgs(1), func(ctx context.Context, args []string) error {
		d, err := p.oauthMailbox(s, args)
		if err != nil {
			return err
		}
		token, err := p.m.AccessToken(ctx, d, hosts)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(p.Stdout, token.Reveal())
		return err
	})
	s.flags(p, c, "file")
	p.hostsFlag(c, &hosts)
	return c
}

func (p *program) hostsFlag(c *cobra.Command, hosts *[]string) {
	c.Flags().StringArrayVar(hosts, "allow-host", nil, p.texts.Text("cli.flag.allow-host"))
}

func (p *program) forgetCommand() *cobra.Command {
	var s selection
	c := p.command("forget [MAILBOX]", cobra.MaximumNArgs(1), func(ctx context.Context, args []string) error {
		if len(args) == 0 && s.file == "" {
			return usage("cli.error.forget-what")
		}
		d, err := p.oauthMailbox(s, args)
		if err != nil {
			return err
		}
		if s, err := p.m.Status(d); err == nil && s.State == authorization.StateNone {
			p.note("cli.forget.none", i18n.Args{"mailbox": d.Name})
			return nil
		}
		others, err := p.m.Forget(ctx, d)
		if err != nil {
			return err
		}
		p.note("cli.forget.done", i18n.Args{"mailbox": d.Name})
		if len(others) > 0 {
			p.note("cli.forget.others", i18n.Args{"names": strings.Join(others, ", ")})
		}
		return nil
	})
	s.flags(p, c, "file")
	return c
}

func (p *program) refreshCommand() *cobra.Command {
	var s selection
	c := p.command("refresh [MAILBOX]", cobra.MaximumNArgs(1), func(ctx context.Context, args []string) error {
		if s.all {
			return p.refreshAll(ctx, s, args)
		}
		d, err := p.oauthMailbox(s, args)
		if err != nil {
			return err
		}
		status, err := p.m.Refresh(ctx, d)
		status, err = p.afterRefresh(d, status, err)
		switch {
		case err == nil:
			return p.showStatus(d, status, s.json)
		case s.json:
			if jsonErr := p.printJSON(p.statusOf(d, status)); jsonErr != nil {
				return jsonErr
			}
		}
		return err
	})
	s.flags(p, c, "file", "json", "all")
	return c
}

// afterRefresh adds to a failure what is stored.
func (p *program) afterRefresh(d mailbox.Definition, status authorization.Status, err error) (authorization.Status, error) {
	if err == nil {
		return status, nil
	}
	status, _ = p.m.Status(d)
	if e := p.endingOf(err); e.diagnosis != nil {
		status.Diagnosis = e.diagnosis
	}
	return status, err
}

// refreshAll renews every authorization once, however many mailboxes share it;
// mailboxes with a password have none.
func (p *program) refreshAll(ctx context.Context, s selection, args []string) error {
	withOAuth := func(d mailbox.Definition) bool { return needOAuth(d) == nil }
	began := time.Now()
	return p.all(ctx, s, args, withOAuth, func(ctx context.Context, d mailbox.Definition) shown {
		status, err := p.m.RefreshUnlessSince(ctx, d, began)
		status, err = p.afterRefresh(d, status, err)
		o := shown{json: p.statusOf(d, status)}
		if err != nil {
			o.status, o.line = p.endingOf(err).status, p.endingOf(err).line
			return o
		}
		o.line = p.texts.Text("cli.refresh.line", i18n.Args{"account": status.Account.User, "until": p.date(status.AccessExpires)})
		return o
	})
}
