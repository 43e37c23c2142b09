package oauth

import (
	"cmp"
	"context"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// ConsentResult is what an administrator agreed to.
type ConsentResult struct {
	TenantID string
	Granted  []string
}

// Consent asks an administrator in the browser to agree to the permissions
// for the whole organisation (Microsoft, "Admin consent on the Microsoft
// identity platform"). It yields no token. Errors are diagnoses.
func (c *Client) Consent(ctx context.Context, r Request) (ConsentResult, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if !r.Mailbox.Profile().Entra {
		return ConsentResult{}, reason(diagnosis.CauseUnknown, diagnosis.PhaseAuthorize, "administrator consent is Microsoft's")
	}
	s, err := c.discoverInTime(ctx, &r)
	if err != nil {
		return ConsentResult{}, err
	}
	f, err := c.openFlow(ctx, r, s, func(redirect string) authRequest { return newConsent(r, redirect) })
	if err != nil {
		return ConsentResult{}, err
	}
	defer f.close(cancel)
	var result ConsentResult
	a, err := f.wait(ctx)
	if err == nil {
		result, err = readConsent(ctx, r.Mailbox, s, a)
	}
	if err != nil {
		f.show(ctx, badPage(c.texts(), err)) // an answer may come at this very moment
		return ConsentResult{}, err
	}
	f.show(ctx, consentPage(c.texts()))
	return result, nil
}

// newConsent builds the address of the consent page. It takes a tenant or
// "organizations", not "common".
func newConsent(r Request, redirect string) authRequest {
	o := *r.Mailbox.OAuth
	tenant := cmp.Or(o.Tenant, mailbox.AccountOrganizations)
	scopes := Scopes(r.Mailbox)
	if o.AccountType == mailbox.AccountApplication {
		scopes = MailOnly(scopes)
	}
	a := authRequest{state: random(32), config: oauth2.Config{RedirectURL: redirect}}
	a.url = Authority(o) + "/" + url.PathEscape(tenant) + "/v2.0/adminconsent?" + url.Values{
		"client_id": {o.ClientID}, "redirect_uri": {redirect}, "state": {a.state}, "scope": {strings.Join(scopes, " ")},
	}.Encode()
	return a
}

func readConsent(ctx context.Context, d mailbox.Definition, s *service, a answer) (ConsentResult, error) {
	switch {
	case a.failure != "":
		return ConsentResult{}, explainAnswer(ctx, d, a.errorText())
	case !a.adminConsent:
		return ConsentResult{}, diagnosis.New(diagnosis.CauseAnswerNotOurs, diagnosis.PhaseAuthorize, nil)
	case s.tenantID() != "" && !sameName(a.tenant, s.tenantID()):
		return ConsentResult{}, reason(diagnosis.CauseAnswerNotOurs, diagnosis.PhaseAuthorize, "the consent is for the tenant "+a.tenant)
	}
	return ConsentResult{TenantID: redact.Visible(a.tenant), Granted: strings.Fields(redact.Visible(a.scope))}, nil
}
