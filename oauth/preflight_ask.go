package oauth

import (
	"cmp"
	"context"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"strings"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// service reads the discovery document: is the service there, does the tenant
// exist, and what time is it.
func (p *preflight) service(ctx context.Context) {
	a, err := p.c.ask(ctx, discoveryURL(*p.d.OAuth), nil)
	if err != nil {
		p.fail(CheckService, explain(ctx, p.d, diagnosis.PhaseAuthorize, err))
		return
	}
	p.clock(a)
	var m metadata
	if a.StatusCode == http.StatusOK && json.Unmarshal(a.body, &m) == nil && m.Issuer != "" {
		p.pass(CheckService, i18n.Args{"host": AuthorityHost(*p.d.OAuth)})
		p.pass(CheckTenant, i18n.Args{"tenant": m.tenantID()})
		return
	}
	d := explain(ctx, p.d, diagnosis.PhaseAuthorize, a.refusal())
	if blamed(d.Cause) != CheckTenant {
		p.fail(CheckService, d)
		return
	}
	p.pass(CheckService, i18n.Args{"host": AuthorityHost(*p.d.OAuth)})
	p.fail(CheckTenant, d)
}

// clock compares with the Date of the answer.
func (p *preflight) clock(a answered) {
	offset, err := a.ahead()
	if err != nil {
		return
	}
	facts := i18n.Args{"offset": offset.Abs().Round(time.Second).String()}
	if offset.Abs() <= clockSkew {
		p.pass(CheckClock, facts)
		return
	}
	d := diagnosis.New(diagnosis.CauseClockSkew, diagnosis.PhaseAuthorize, facts)
	p.set(CheckClock, CheckFailed, facts, &d)
}

// registration asks for a device code (RFC 8628, 3.1), which takes no user:
// the service looks at tenant, application and kind of client before it gives
// one. The code is not kept.
func (p *preflight) registration(ctx context.Context) {
	form := url.Values{"client_id": {p.d.OAuth.ClientID}, "scope": {strings.Join(Scopes(p.d), " ")}}
	a, err := p.c.ask(ctx, entraEndpoint(*p.d.OAuth).DeviceAuthURL, form)
	if err != nil {
		return // the check of the service says why
	}
	if _, none := readDeviceCode(p.d, a.body); none == nil && a.StatusCode == http.StatusOK {
		p.passedBefore("")
		return
	}
	d := explain(ctx, p.d, diagnosis.PhaseDevice, a.refusal())
	if id := blamed(d.Cause); id != "" && id != CheckRedirect && id != CheckSecret {
		p.fail(id, d)
		p.passedBefore(id)
		return
	}
	p.set(CheckClient, CheckUnknown, nil, &d)
}

// redirect asks for authorization without showing anything (OpenID Connect
// Core, 3.1.2.1: prompt=none). The service answers to a registered address
// only, so the answer itself is the proof; where nobody is signed in it says
// login_required. A page instead of an answer proves nothing unless it says
// why.
func (p *preflight) redirect(ctx context.Context, redirect string) {
	state, client := random(16), config(Request{Mailbox: p.d}, &service{endpoint: entraEndpoint(*p.d.OAuth)})
	client.RedirectURL = redirect
	address := client.AuthCodeURL(state, param("response_mode", "query"), param("prompt", "none"), param("login_hint", p.d.User))
	a, err := p.c.ask(ctx, address, nil)
	if err != nil {
		return
	}
	facts := i18n.Args{"redirect": redirect}
	if to, err := url.Parse(a.Header.Get("Location")); err == nil && a.StatusCode/100 == 3 && to.Query().Get("state") == state && strings.HasPrefix(to.String(), redirect) {
		p.pass(CheckRedirect, facts)
		return
	}
	d := explainAnswer(ctx, p.d, string(a.body))
	if d.Cause == diagnosis.CauseRedirectURIMismatch {
		d.ServerText = sentenceOf(string(a.body), d.ServerText)
		p.set(CheckRedirect, CheckFailed, facts, &d)
	}
}

// sentenceOf is what a page says beside its error code, without the page
// around it; otherwise where it has none.
func sentenceOf(page, otherwise string) string {
	at := errorCode().FindStringIndex(page)
	if at == nil {
		return otherwise
	}
	said := page[at[0]:]
	if end := strings.IndexAny(said, "<\"\n"); end >= 0 {
		said = said[:end]
	}
	return redact.Text(html.UnescapeString(strings.ReplaceAll(said, `\u0027`, "'")))
}

// validSecret asks for a token of the application's own (RFC 6749, 4.4). The
// service looks at the secret first; what the token would be good for does
// not matter, and it is not read. An application asks a tenant: where any
// organisation may sign in, that of the address.
func (p *preflight) validSecret(ctx context.Context) {
	d := p.d.Clone()
	d.OAuth.AccountType, d.OAuth.Scopes = mailbox.AccountApplication, nil
	d.OAuth.Tenant = cmp.Or(d.OAuth.Tenant, mailbox.DomainOf(d.User))
	request := Request{Mailbox: d, ClientSecret: p.secret}
	_, err := p.c.signInAsApplication(ctx, request, "", diagnosis.PhaseToken)
	if err == nil {
		p.pass(CheckSecret, nil)
		return
	}
	diag := explain(ctx, d, diagnosis.PhaseToken, err)
	if blamed(diag.Cause) == CheckSecret {
		p.fail(CheckSecret, diag)
		return
	}
	p.set(CheckSecret, CheckUnknown, nil, &diag)
}
