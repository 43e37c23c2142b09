package cli

import (
	"context"
	"fmt"
	"strings"

	"mailgrant/app/authorization"
	"mailgrant/internal/i18n"
)

func (p *program) tokenCommand() *command {
	var s selection
	var hosts []string
	c := p.command("token [MAILBOX]", 0, 1, func(ctx context.Context, args []string) error {
		d, err := p.oauthMailbox(s, args)
		if err != nil {
			return err
		}
		token, err := p.m().AccessToken(ctx, d, hosts)
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

func (p *program) hostsFlag(c *command, hosts *[]string) {
	c.flags.StringArrayVar(hosts, "allow-host", nil, p.texts.Text("cli.flag.allow-host"))
}

func (p *program) forgetCommand() *command {
	var s selection
	c := p.command("forget [MAILBOX]", 0, 1, func(ctx context.Context, args []string) error {
		if len(args) == 0 && s.file == "" {
			return usage("cli.error.forget-what")
		}
		d, err := p.oauthMailbox(s, args)
		if err != nil {
			return err
		}
		if s, err := p.m().Status(d); err == nil && s.State == authorization.StateNone {
			p.note("cli.forget.none", i18n.Args{"mailbox": d.Name})
			return nil
		}
		others, err := p.m().Forget(ctx, d)
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
