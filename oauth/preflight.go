package oauth

import (
	"context"
	"sync"
	"time"

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
	Duration  time.Duration
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
		wg.Go(func() { p.redirect(ctx, d.OAuth.Redirect) })
		if !secret.Empty() {
			wg.Go(func() { p.validSecret(ctx) })
		}
	}
	wg.Wait()
	return p.inOrder()
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

// fields are where the results belong.
var fields = map[string]string{
	CheckService: "oauth.authority", CheckTenant: "oauth.tenant", CheckAccountType: "oauth.account_type",
	CheckClient: "oauth.client_id", CheckPublicClient: "oauth.client_id", CheckRedirect: "oauth.redirect", CheckSecret: "oauth.client_id",
}

// preflight gathers the results of requests that run side by side.
type preflight struct {
	c      *Client
	d      mailbox.Definition
	secret redact.Secret

	mu     sync.Mutex
	checks map[string]Check
}

func (p *preflight) inOrder() []Check {
	order := []string{CheckService, CheckClock}
	if p.d.Profile().Entra {
		order = append(order, CheckTenant, CheckAccountType, CheckClient, CheckPublicClient, CheckRedirect)
	}
	if !p.secret.Empty() {
		order = append(order, CheckSecret)
	}
	out := make([]Check, 0, len(order))
	for _, id := range order {
		out = append(out, p.check(id))
	}
	return out
}

// check is a result; one that never came is unknown.
func (p *preflight) check(id string) Check {
	if check, made := p.checks[id]; made {
		return check
	}
	return Check{ID: id, Field: fields[id], State: CheckUnknown}
}

// set notes a result. What failed is not made good by another request that
// did not look as far.
func (p *preflight) set(id string, since time.Time, state CheckState, facts i18n.Args, d *diagnosis.Diagnosis) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if old, made := p.checks[id]; made && (old.State == CheckFailed || old.State == state) {
		return
	}
	p.checks[id] = Check{ID: id, Field: fields[id], State: state, Facts: facts, Diagnosis: d, Duration: time.Since(since)}
}

func (p *preflight) pass(since time.Time, ids ...string) {
	for _, id := range ids {
		p.set(id, since, CheckPassed, nil, nil)
	}
}

func (p *preflight) fail(id string, since time.Time, d diagnosis.Diagnosis) {
	p.set(id, since, CheckFailed, nil, &d)
}

// blamed is the check that a cause belongs to; "" where it is about none.
func blamed(c diagnosis.Cause) string {
	switch c {
	case diagnosis.CauseTenantNotFound, "tenant-in-national-cloud", "tenant-guid-malformed":
		return CheckTenant
	case "app-not-found-in-tenant", "app-disabled", "client-id-malformed":
		return CheckClient
	case "tenant-specific-endpoint-needed", "app-audience-excludes-personal-accounts", "app-audience-mismatch":
		return CheckAccountType
	case "public-client-flow-disabled":
		return CheckPublicClient
	case diagnosis.CauseRedirectURIMismatch:
		return CheckRedirect
	case "client-secret-invalid", "client-secret-expired", diagnosis.CauseClientCertificateInvalid:
		return CheckSecret
	}
	return ""
}

// passedBefore notes what the service has passed when it complains about a
// check: Entra looks for the tenant first, then for the application, then
// whether the two fit, then whether the client proves itself.
func (p *preflight) passedBefore(id string, since time.Time) {
	order := []string{CheckTenant, CheckClient, CheckAccountType, CheckPublicClient}
	for _, earlier := range order {
		if earlier == id {
			return
		}
		p.pass(since, earlier)
	}
}
