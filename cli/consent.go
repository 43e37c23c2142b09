package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"mailgrant/app/authorization"
	"mailgrant/internal/i18n"
	"mailgrant/oauth"
)

func (p *program) consentCommand() *cobra.Command {
	var s selection
	c := p.command("consent [MAILBOX]", cobra.MaximumNArgs(1), func(ctx context.Context, args []string) error {
		return p.consent(ctx, s, args)
	})
	s.flags(p, c, "file", "json")
	return c
}

// consent is for an administrator, who is not the mailbox: nothing is stored.
func (p *program) consent(ctx context.Context, s selection, args []string) error {
	m, d, err := p.oauthMailbox(s, args)
	if err != nil {
		return err
	}
	if !d.Profile().Entra {
		return usage("cli.error.consent-provider", i18n.Args{"mailbox": d.Name})
	}
	p.nameForeign(d)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	result, err := m.Consent(ctx, d, authorization.Options{
		Pasted: p.pasted(ctx, requestFlags{}), OnEvent: func(e oauth.Event) {
			started, first := e.(oauth.SignInStarted)
			if s.json || !first {
				p.showRequestEvent(d, e, s.json)
				return
			}
			p.note("cli.consent.sign-in") // as an administrator
			p.printAddress(started)
		},
	})
	if err != nil {
		return p.requestFailed(err, s.json)
	}
	if s.json {
		return p.printJSON(consentJSON{"result", true, result.TenantID, filled(result.Granted)})
	}
	st := styleOf(p.Stdout)
	fmt.Fprintf(p.Stdout, "%s %s\n", st.paint(green, "✓"), p.texts.Text("cli.consent.done", i18n.Args{"tenant": result.TenantID}))
	if granted := oauth.ScopeNames(oauth.MailOnly(result.Granted)); granted != "" {
		fmt.Fprintf(p.Stdout, "  %s\n", p.texts.Text("cli.request.granted", i18n.Args{"permissions": granted}))
	}
	return nil
}
