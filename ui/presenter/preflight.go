package presenter

import (
	"context"
	"errors"
	"slices"
	"strings"

	"mailgrant/internal/assistant"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

// Preflight finds out, without any sign-in, whether the values fit: the
// sign-in service and the mail servers are asked. It also runs while only the
// application's ID is missing, which the service knows best.
func (p *Presenter) Preflight() {
	e := p.selected
	if e == nil || e.job != nil || p.welcome != nil || p.c.Preflight == nil {
		return
	}
	p.commit(e)
	d, err := e.form.definition()
	unregistered := onlyMissing(err, "oauth.client_id")
	if err != nil && !unregistered {
		e.found, e.checked = found{}, true
		p.tell(Notice{Text: p.text("ui.notice.not-valid"), Bad: true})
		p.render()
		return
	}
	ctx, _, say := p.start(e, checking)
	e.found = found{tenant: e.found.tenant, consent: e.found.consent}
	p.render()
	e.beside(func() {
		pre, err := p.c.Preflight(ctx, d)
		if unregistered {
			pre.Checks = slices.DeleteFunc(pre.Checks, aboutRegistration)
		}
		say(func() {
			e.end()
			if err != nil {
				e.verdict = p.failure(e, err, p.Preflight)
				return
			}
			e.found.preflight, e.found.findings = &pre, pre.Findings(p.c.Texts)
		})
	})
}

// onlyMissing tells whether a definition lacks one field and has no other
// mistake.
func onlyMissing(err error, field string) bool {
	var invalid mailbox.Invalid
	return errors.As(err, &invalid) && len(invalid) == 1 && invalid[0].Field == field && invalid[0].Problem == "empty"
}

// aboutRegistration are the checks that mean nothing while there is none.
func aboutRegistration(c oauth.Check) bool {
	return slices.Contains([]string{oauth.CheckAccountType, oauth.CheckClient, oauth.CheckPublicClient, oauth.CheckRedirect, oauth.CheckSecret}, c.ID)
}

// drop forgets what was found out about a value that changed, and about those
// that belong to it.
func (f *found) drop(field Field) {
	protocol, _, _ := strings.Cut(string(field), ".")
	own := slices.Contains(protocols, protocol)
	if !own {
		f.preflight, f.tenant, f.consent = nil, nil, nil
	}
	f.findings = slices.DeleteFunc(slices.Clone(f.findings), func(f assistant.Finding) bool {
		if own {
			return strings.HasPrefix(f.Field, protocol+".")
		}
		return !slices.Contains(protocols, f.ID)
	})
}

// Preflighter asks what can be asked without a sign-in; assistant.RunPreflight
// in the program.
type Preflighter func(context.Context, mailbox.Definition) (assistant.Preflight, error)

// discovered notes the tenant that the sign-in service has named.
func (f *found) discovered(tenant string) {
	if tenant != "" {
		f.tenant = &oauth.Tenant{ID: tenant}
	}
}
