package oauth

import (
	"context"
	"slices"
	"sync"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// The checks that a preflight makes, in order.
const (
	CheckService      = "service"       // the sign-in service answers
	CheckClock        = "clock"         // this machine's clock fits the service's
	CheckTenant       = "tenant"        // the tenant exists
	CheckAccountType  = "account-type"  // the registration admits whom this address serves
	CheckClient       = "client"        // the application is known there
	CheckPublicClient = "public-client" // it may ask without a secret
	CheckRedirect     = "redirect"      // the redirect address is registered
	CheckSecret       = "secret"        // the stored client secret is valid
)

// CheckState is what a check found.
type CheckState string

// A check has one of these states. Unknown says that nothing was proved either way.
const (
	CheckPassed  CheckState = "passed"
	CheckFailed  CheckState = "failed"
	CheckUnknown CheckState = "unknown"
)

// Check is one thing found out without a sign-in.
type Check struct {
	ID        string
	Field     string // the field of the definition that it is about
	State     CheckState
	Facts     i18n.Args // for the text of a passed check
	Diagnosis *diagnosis.Diagnosis
}

// Preflight asks the sign-in service, without any user, what it says to the
// definition's values. Nothing is left behind: the device code that proves
// the registration is thrown away and never polled, the token that proves a
// secret is thrown away unread. All checks are made side by side within ctx.
// secret may be empty; then its check is left out.
func (c *Client) Preflight(ctx context.Context, d mailbox.Definition, secret redact.Secret) []Check {
	p := &preflight{c: c, d: d, secret: secret, checks: map[string]Check{}}
	var wg sync.WaitGroup
	wg.Go(func() { p.service(ctx) })
	if d.Profile().Entra {
		wg.Go(func() { p.registration(ctx) })
		if p.wanted(CheckRedirect) {
			wg.Go(func() { p.redirect(ctx, d.OAuth.Redirect) })
		}
		if p.wanted(CheckSecret) {
			wg.Go(func() { p.validSecret(ctx) })
		}
	}
	wg.Wait()
	out := []Check{}
	for _, c := range checks {
		if p.wanted(c.id) {
			out = append(out, p.check(c.id))
		}
	}
	return out
}

// CheckRedirectOf asks whether a redirect address is registered with the
// definition's application, such as that of a server product.
func (c *Client) CheckRedirectOf(ctx context.Context, d mailbox.Definition, redirect string) Check {
	p := &preflight{c: c, d: d, checks: map[string]Check{}}
	p.redirect(ctx, redirect)
	return p.check(CheckRedirect)
}

// CheckSecretOf asks whether a client secret is valid for the definition's
// application.
func (c *Client) CheckSecretOf(ctx context.Context, d mailbox.Definition, secret redact.Secret) Check {
	p := &preflight{c: c, d: d, secret: secret, checks: map[string]Check{}}
	p.validSecret(ctx)
	return p.check(CheckSecret)
}

type checked struct {
	id     string
	field  string // of the definition
	causes []diagnosis.Cause
}

// checks are in the order in which they are shown.
var checks = []checked{
	{CheckService, "oauth.authority", nil},
	{CheckClock, "", nil},
	{CheckTenant, "oauth.tenant", []diagnosis.Cause{diagnosis.CauseTenantNotFound, "tenant-in-national-cloud", "tenant-guid-malformed"}},
	{CheckAccountType, "oauth.account_type", []diagnosis.Cause{"tenant-specific-endpoint-needed", "app-audience-excludes-personal-accounts", "app-audience-mismatch"}},
	{CheckClient, "oauth.client_id", []diagnosis.Cause{"app-not-found-in-tenant", "app-disabled", "client-id-malformed"}},
	{CheckPublicClient, "oauth.client_id", []diagnosis.Cause{"public-client-flow-disabled"}},
	{CheckRedirect, "oauth.redirect", []diagnosis.Cause{diagnosis.CauseRedirectURIMismatch}},
	{CheckSecret, "oauth.client_id", []diagnosis.Cause{"client-secret-invalid", "client-secret-expired", diagnosis.CauseClientCertificateInvalid}},
}

// blamed is the check that a cause belongs to; "" where it is about none.
func blamed(c diagnosis.Cause) string {
	for _, check := range checks {
		if slices.Contains(check.causes, c) {
			return check.id
		}
	}
	return ""
}

// preflight gathers the results of requests that run side by side.
type preflight struct {
	c      *Client
	d      mailbox.Definition
	secret redact.Secret

	mu     sync.Mutex
	checks map[string]Check
}

// wanted reports whether a check says something about the definition. An
// application without a user asks at the address of its own tenant, always with
// a secret, and no browser comes back.
func (p *preflight) wanted(id string) bool {
	switch id {
	case CheckService, CheckClock:
		return true
	case CheckSecret:
		return p.d.Profile().Entra && !p.secret.Empty()
	case CheckAccountType, CheckPublicClient, CheckRedirect:
		return p.d.Profile().Entra && p.d.OAuth.AccountType != mailbox.AccountApplication
	}
	return p.d.Profile().Entra
}

// check is a result; one that never came is unknown.
func (p *preflight) check(id string) Check {
	check, made := p.checks[id]
	if !made {
		check = Check{ID: id, State: CheckUnknown}
	}
	i := slices.IndexFunc(checks, func(c checked) bool { return c.id == id })
	check.Field = checks[i].field
	return check
}

// set notes a result. What failed is not made good by another request that
// did not look as far.
func (p *preflight) set(id string, state CheckState, facts i18n.Args, d *diagnosis.Diagnosis) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if old, made := p.checks[id]; made && (old.State == CheckFailed || old.State == state) {
		return
	}
	p.checks[id] = Check{ID: id, State: state, Facts: facts, Diagnosis: d}
}

func (p *preflight) pass(id string, facts i18n.Args) { p.set(id, CheckPassed, facts, nil) }

func (p *preflight) fail(id string, d diagnosis.Diagnosis) { p.set(id, CheckFailed, nil, &d) }

// passedBefore notes what the service has passed when it complains about a
// check, or about none (""): Entra looks for the tenant first, then for the
// application, then whether the two fit, then whether the client proves itself.
func (p *preflight) passedBefore(id string) {
	for _, earlier := range []string{CheckTenant, CheckClient, CheckAccountType, CheckPublicClient} {
		if earlier == id {
			return
		}
		p.pass(earlier, nil)
	}
}
