package oauth

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"mailgrant/app/practice"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/tests/practicetest"
)

// tenant starts a practice tenant and a client that trusts it.
func tenant(t *testing.T, faults ...string) (*practice.Tenant, mailbox.Definition, *Client) {
	t.Helper()
	p := practicetest.Start(t, practice.Options{Faults: faults})
	d := p.Definition()
	h, err := HTTPClient(d, redact.Secret{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.CloseIdleConnections)
	return p, d, &Client{HTTP: h}
}

// as signs in as an account of the practice tenant.
func as(t *testing.T, c *Client, d mailbox.Definition, account string, change ...func(*Request)) (Grant, string, error) {
	t.Helper()
	browser := &robot{t: t}
	r := Request{Mailbox: d, SignIn: mailbox.SignInLink, Timeout: 20 * time.Second}
	r.OnEvent = func(e Event) {
		if s, ok := e.(SignInStarted); ok {
			browser.wg.Go(func() { browser.visit(s.AuthorizeURL + "&practice_user=" + url.QueryEscape(account)) })
		}
	}
	for _, f := range change {
		f(&r)
	}
	g, err := c.SignIn(t.Context(), r)
	return g, browser.page(), err
}

// The whole way, with everybody who could sit at the keyboard.
func TestPracticeIdentities(t *testing.T) {
	noLeaks(t)
	organizations := func(d *mailbox.Definition) {
		d.OAuth.AccountType, d.OAuth.Tenant, d.OAuth.ClientID = mailbox.AccountOrganizations, "", practice.MultitenantClientID
	}
	cases := []struct {
		name     string
		change   func(*mailbox.Definition)
		account  string
		identity Identity
		cause    diagnosis.Cause
	}{
		{"the mailbox", nil, practice.Helpdesk.UPN, Same, ""},
		{"in capitals", func(d *mailbox.Definition) { d.User = "HELPDESK@Contoso.test" }, practice.Helpdesk.UPN, Same, ""},
		{"the administrator", nil, practice.Admin.UPN, Other, diagnosis.CauseTokenUserMismatch},
		{"an alias", func(d *mailbox.Definition) { d.User, d.Sender = practice.Alias.Address, practice.Alias.Address }, practice.Alias.UPN, Alias, ""},
		{"the alias' own name", func(d *mailbox.Definition) { d.User = practice.Alias.UPN }, practice.Alias.UPN, Same, ""},
		{"a shared mailbox", func(d *mailbox.Definition) { d.SharedMailbox = practice.Info.Address }, practice.Helpdesk.UPN, Shared, ""},
		{"a shared mailbox, the administrator", func(d *mailbox.Definition) { d.SharedMailbox = practice.Info.Address }, practice.Admin.UPN, Other, diagnosis.CauseTokenUserMismatch},
		{"a guest", nil, practice.Partner.UPN, Other, diagnosis.CauseTokenForGuestAccount},
		{"a guest, as expected", func(d *mailbox.Definition) { d.User = practice.Partner.UPN }, practice.Partner.UPN, Other, diagnosis.CauseTokenForGuestAccount},
		{"organizations", organizations, practice.Helpdesk.UPN, Same, ""},
	}
	_, base, c := tenant(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			d := base.Clone()
			if tc.change != nil {
				tc.change(&d)
			}
			kept := false
			g, page, err := as(t, c, d, tc.account, func(r *Request) {
				r.Keep = func(context.Context, Grant) error { kept = true; return nil }
			})
			if causeOf(err) != tc.cause || kept == (tc.identity == Other) {
				t.Fatalf("cause %q, want %q; kept %t (%v)", causeOf(err), tc.cause, kept, err)
			}
			var other *OtherAccount
			if tc.identity == Other {
				if !errors.As(err, &other) || !strings.Contains(page, other.Expected) || !strings.Contains(page, other.Account.User) {
					t.Errorf("%v\n%s", err, page)
				}
				return
			}
			missing := Missing(MailScopes(d), g.Granted)
			if g.Identity != tc.identity || len(missing) != 0 || !strings.Contains(page, "he authorization is stored") {
				t.Errorf("%s, missing %v\n%s", g.Identity, missing, page)
			}
		})
	}
}

func TestPracticeRenewal(t *testing.T) {
	p, d, c := tenant(t)
	g, _, err := as(t, c, d, practice.Helpdesk.UPN)
	if err != nil {
		t.Fatal(err)
	}
	next, err := c.Refresh(t.Context(), d, Renewal{RefreshToken: g.RefreshToken, Endpoint: g.Endpoint})
	if err != nil {
		t.Fatal(err)
	}
	err = c.CheckRenewal(t.Context(), d, next, g.Account)
	if err != nil || next.AccessToken.Reveal() == g.AccessToken.Reveal() || next.RefreshToken.Empty() {
		t.Fatalf("%+v, %v", next, err)
	}
	if err := p.SetFaults([]string{practice.FaultRefreshExpired}); err != nil {
		t.Fatal(err)
	}
	_, err = c.Refresh(t.Context(), d, Renewal{RefreshToken: next.RefreshToken})
	var diag diagnosis.Diagnosis
	if !errors.As(err, &diag) || diag.Cause != diagnosis.CauseRefreshTokenExpired || diag.Retry != diagnosis.RetrySignIn {
		t.Errorf("expired: %#v", err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = c.Refresh(t.Context(), d, Renewal{RefreshToken: next.RefreshToken})
	if !errors.As(err, &diag) || diag.Retry != diagnosis.RetryWait {
		t.Errorf("service gone: %#v", err)
	}
}

func TestPracticeMissingScope(t *testing.T) {
	_, d, c := tenant(t, practice.FaultMissingScope)
	g, _, err := as(t, c, d, practice.Helpdesk.UPN)
	missing := Missing(MailScopes(d), g.Granted)
	if err != nil || len(missing) != 1 || !strings.HasSuffix(missing[0], "POP.AccessAsUser.All") {
		t.Errorf("missing %v, %v", missing, err)
	}
}

// What a service never sends back: the user copies the page.
func TestPracticeErrorPageIsPasted(t *testing.T) {
	_, d, c := tenant(t, practice.FaultRedirectUnregister)
	pasted := make(chan string, 1)
	browser := &robot{t: t}
	tags := regexp.MustCompile(`<[^>]*>`)
	_, err := c.SignIn(t.Context(), Request{
		Mailbox: d, SignIn: mailbox.SignInLink, Timeout: 20 * time.Second, Pasted: pasted,
		OnEvent: func(e Event) {
			if s, ok := e.(SignInStarted); ok {
				browser.wg.Go(func() {
					browser.visit(s.URL)
					browser.mu.Lock()
					defer browser.mu.Unlock()
					pasted <- tags.ReplaceAllString(browser.body, " ")
				})
			}
		},
	})
	if causeOf(err) != diagnosis.CauseRedirectURIMismatch {
		t.Errorf("%v", err)
	}
	browser.wg.Wait()
}

func TestPracticeConsentMissing(t *testing.T) {
	_, d, c := tenant(t, practice.FaultConsentMissing)
	_, page, err := as(t, c, d, practice.Helpdesk.UPN)
	if causeOf(err) != "consent-missing" || !strings.Contains(page, `class="bad"`) {
		t.Errorf("%v\n%s", err, page)
	}
}

func TestPracticeOtherWays(t *testing.T) {
	_, d, c := tenant(t)
	app := d.Clone()
	app.OAuth.AccountType, app.OAuth.ClientID = mailbox.AccountApplication, practice.WebClientID
	g, err := c.SignIn(t.Context(), Request{Mailbox: app, ClientSecret: redact.NewSecret(practice.WebClientSecret)})
	if err != nil || g.Account.TenantID != practice.TenantID {
		t.Errorf("application: %+v, %v", g.Account, err)
	}
	if got, err := c.TenantOf(t.Context(), d, practice.PartnerDomain); err != nil || got != practice.PartnerTenantID {
		t.Errorf("tenant: %q, %v", got, err)
	}
	browser := &robot{t: t}
	result, err := c.Consent(t.Context(), Request{Mailbox: d, SignIn: mailbox.SignInLink, Timeout: 20 * time.Second, OnEvent: func(e Event) {
		if s, ok := e.(SignInStarted); ok {
			browser.wg.Go(func() { browser.visit(s.AuthorizeURL + "&practice_user=" + practice.Admin.UPN) })
		}
	}})
	if err != nil || result.TenantID != practice.TenantID {
		t.Errorf("consent: %+v, %v\n%s", result, err, browser.page())
	}
}
