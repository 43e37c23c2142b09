package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mailgrant/app/authorization"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

func (p *program) consentCommand() *command {
	var f requestFlags
	c := p.command("consent [MAILBOX]", 0, 1, func(ctx context.Context, args []string) error {
		return p.consent(ctx, f, args)
	})
	f.flags(p, c, "file", "json")
	f.signInFlags(p, c, consentWays())
	return c
}

// consentWays are the ways to a page in the browser.
func consentWays() []string {
	return slices.DeleteFunc(oauth.Ways(), func(way string) bool { return way == mailbox.SignInDeviceCode })
}

// consent is for an administrator, who is not the mailbox: nothing is stored.
func (p *program) consent(ctx context.Context, f requestFlags, args []string) error {
	if err := f.check(); err != nil {
		return err
	}
	if f.signIn == mailbox.SignInDeviceCode {
		return usage("cli.error.consent-way", i18n.Args{"allowed": strings.Join(consentWays(), ", ")})
	}
	d, err := p.oauthMailbox(f.selection, args)
	if err != nil {
		return err
	}
	if !d.Profile().Entra {
		return usage("cli.error.consent-provider", i18n.Args{"mailbox": d.Name})
	}
	p.nameForeign(d)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	result, err := p.m().Consent(ctx, d, authorization.Options{
		SignIn: f.signIn, Timeout: f.timeout,
		Pasted: p.pasted(ctx, f), OnEvent: func(e oauth.Event) {
			started, first := e.(oauth.SignInStarted)
			if f.json || !first {
				p.showRequestEvent(d, e, f.json)
				return
			}
			p.note("cli.consent.sign-in") // as an administrator
			p.printAddress(started)
		},
	})
	if err != nil {
		return p.requestFailed(err, f.json)
	}
	if f.json {
		return p.printJSON(consentJSON{"result", true, result.TenantID, filled(result.Granted)})
	}
	st := styleOf(p.Stdout)
	fmt.Fprintf(p.Stdout, "%s %s\n", st.paint(green, "✓"), p.texts.Text("cli.consent.done", i18n.Args{"tenant": result.TenantID}))
	if granted := oauth.ScopeNames(oauth.MailOnly(result.Granted)); granted != "" {
		fmt.Fprintf(p.Stdout, "  %s\n", p.texts.Text("cli.request.granted", i18n.Args{"permissions": granted}))
	}
	return nil
}
