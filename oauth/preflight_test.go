package oauth_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mailgrant/app/practice"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
	"mailgrant/tests/practicetest"
)

// preflight runs the checks at a practice tenant.
func preflight(t *testing.T, secret string, faults []string, now func() time.Time, change func(*mailbox.Definition)) map[string]oauth.Check {
	t.Helper()
	tenant := practicetest.Start(t, practice.Options{Faults: faults})
	d := tenant.Definition()
	if change != nil {
		change(&d)
	}
	h, err := oauth.HTTPClient(d, redact.Secret{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.CloseIdleConnections)
	found := map[string]oauth.Check{}
	for _, c := range (&oauth.Client{HTTP: h, Now: now}).Preflight(t.Context(), d, redact.NewSecret(secret)) {
		found[c.ID] = c
	}
	return found
}

// An application without a user needs no redirect address, is never public, and
// asks its own tenant: what is said about these is about other sign-ins.
func TestPreflightOfAnApplication(t *testing.T) {
	found := preflight(t, practice.WebClientSecret, nil, nil, func(d *mailbox.Definition) {
		d.OAuth.AccountType, d.OAuth.ClientID = mailbox.AccountApplication, practice.WebClientID
	})
	for _, id := range []string{oauth.CheckAccountType, oauth.CheckPublicClient, oauth.CheckRedirect} {
		if c, made := found[id]; made {
			t.Errorf("%s: %+v", id, c)
		}
	}
	for _, id := range []string{oauth.CheckTenant, oauth.CheckClient, oauth.CheckSecret} {
		if found[id].State != oauth.CheckPassed {
			t.Errorf("%s: %+v", id, found[id])
		}
	}
}

// Of a service that is not Microsoft's only that is told which can be asked there.
func TestPreflightElsewhere(t *testing.T) {
	found := preflight(t, "a secret", nil, nil, func(d *mailbox.Definition) {
		*d.OAuth = mailbox.OAuth{Provider: mailbox.ProviderCustom, Issuer: d.OAuth.Authority + "/common/v2.0", ClientID: "x", Redirect: mailbox.RedirectLocalhost}
	})
	if len(found) != 2 || found[oauth.CheckService].State != oauth.CheckPassed || found[oauth.CheckClock].State != oauth.CheckPassed {
		t.Errorf("%+v", found)
	}
}

func TestPreflight(t *testing.T) {
	const good = "service:passed clock:passed tenant:passed account-type:passed client:passed public-client:passed redirect:passed"
	for _, c := range []struct {
		name   string
		secret string
		faults []string
		now    func() time.Time
		change func(*mailbox.Definition)
		want   string // check:state, or check:cause
		field  string // of the check that failed
	}{
		{name: "all is well", want: good},
		{
			name: "unknown application", field: "oauth.client_id", want: "tenant:passed client:app-not-found-in-tenant account-type:unknown public-client:unknown redirect:unknown",
			change: func(d *mailbox.Definition) { d.OAuth.ClientID = "00000000-1111-2222-3333-444444444444" },
		},
		{
			name: "wrong tenant", field: "oauth.tenant", want: "service:passed tenant:tenant-not-found client:unknown",
			change: func(d *mailbox.Definition) { d.OAuth.Tenant = "nowhere.test" },
		},
		{
			name: "registration for one directory, any organisation asked", field: "oauth.account_type", want: "tenant:passed client:passed account-type:tenant-specific-endpoint-needed",
			change: func(d *mailbox.Definition) {
				d.OAuth.AccountType, d.OAuth.Tenant = mailbox.AccountOrganizations, ""
			},
		},
		{
			name: "registration for several directories", want: good,
			change: func(d *mailbox.Definition) {
				d.OAuth.AccountType, d.OAuth.Tenant, d.OAuth.ClientID = mailbox.AccountOrganizations, "", practice.MultitenantClientID
			},
		},
		{
			name: "personal accounts", field: "oauth.account_type", want: "account-type:app-audience-excludes-personal-accounts",
			change: func(d *mailbox.Definition) { d.OAuth.AccountType, d.OAuth.Tenant = mailbox.AccountConsumers, "" },
		},
		{
			name: "public client off", field: "oauth.client_id", want: "client:passed account-type:passed public-client:public-client-flow-disabled redirect:passed",
			change: func(d *mailbox.Definition) { d.OAuth.ClientID = practice.WebClientID },
		},
		{name: "redirect not registered", field: "oauth.redirect", want: "client:passed redirect:redirect-uri-mismatch", faults: []string{practice.FaultRedirectUnregister}},
		{
			name: "clock ahead", want: "service:passed clock:clock-skew",
			now: func() time.Time { return time.Now().Add(20 * time.Minute) },
		},
		{
			name: "clock behind", want: "clock:clock-skew",
			now: func() time.Time { return time.Now().Add(-6 * time.Minute) },
		},
		{
			name: "secret valid", secret: practice.WebClientSecret, want: "secret:passed",
			change: func(d *mailbox.Definition) { d.OAuth.ClientID = practice.WebClientID },
		},
		{
			name: "secret valid, any organisation asked", secret: practice.WebClientSecret, want: "secret:passed",
			change: func(d *mailbox.Definition) {
				d.OAuth.AccountType, d.OAuth.Tenant, d.OAuth.ClientID = mailbox.AccountOrganizations, "", practice.WebClientID
			},
		},
		{
			name: "secret wrong", field: "oauth.client_id", secret: "no such secret", want: "secret:client-secret-invalid",
			change: func(d *mailbox.Definition) { d.OAuth.ClientID = practice.WebClientID },
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := preflight(t, c.secret, c.faults, c.now, c.change)
			for _, want := range strings.Fields(c.want) {
				id, state, _ := strings.Cut(want, ":")
				check, made := found[id]
				got := string(check.State)
				if check.Diagnosis != nil && check.State == oauth.CheckFailed {
					got = string(check.Diagnosis.Cause)
					if c.field != "" && check.Field != c.field {
						t.Errorf("%s belongs to %q, want %q", id, check.Field, c.field)
					}
				}
				if !made || got != state {
					t.Errorf("%s: %s, want %s", id, got, state)
				}
			}
		})
	}
}

// Of the page that refuses an address only its sentence is shown.
func TestARefusedRedirectIsToldWithoutItsPage(t *testing.T) {
	d := preflight(t, "", []string{practice.FaultRedirectUnregister}, nil, nil)[oauth.CheckRedirect].Diagnosis
	if d == nil || !strings.HasPrefix(d.ServerText, "AADSTS50011: The redirect URI 'http://localhost") || strings.ContainsAny(d.ServerText, "<>") || d.TraceID == "" {
		t.Errorf("%+v", d)
	}
}

// A service that is not there, or is something else, has a name; nothing else
// is claimed.
func TestPreflightWithoutAService(t *testing.T) {
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("<html>Sign in to the guest network</html>"))
	}))
	defer page.Close()
	for name, authority := range map[string]string{"nothing listens": "http://127.0.0.1:1", "a page": page.URL} {
		found := preflight(t, "", nil, nil, func(d *mailbox.Definition) { d.OAuth.Authority = authority })
		for id, check := range found {
			switch {
			case id == oauth.CheckService && (check.State != oauth.CheckFailed || check.Diagnosis == nil):
				t.Errorf("%s: %s is %s", name, id, check.State)
			case id != oauth.CheckService && id != oauth.CheckClock && check.State != oauth.CheckUnknown:
				t.Errorf("%s: %s is %s", name, id, check.State)
			}
		}
	}
}

func TestPreflightEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	hang := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then the server sees the client go
		cancel()
		<-r.Context().Done()
	}))
	defer hang.Close()
	d := mailbox.Definition{User: "a@contoso.test", OAuth: &mailbox.OAuth{
		Provider: mailbox.ProviderMicrosoft, Tenant: "contoso.test", ClientID: practice.ClientID, Authority: hang.URL,
		Redirect: mailbox.RedirectLocalhost,
	}}
	checks := (&oauth.Client{}).Preflight(ctx, d, redact.Secret{})
	if checks[0].ID != oauth.CheckService || checks[0].State != oauth.CheckFailed {
		t.Errorf("%+v", checks[0])
	}
}

// A service that does not answer in time has not been cancelled by anybody.
func TestPreflightOfASlowService(t *testing.T) {
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	d := mailbox.Definition{User: "a@contoso.test", OAuth: &mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, Tenant: "contoso.test", ClientID: practice.ClientID}}
	check := (&oauth.Client{}).Preflight(ctx, d, redact.Secret{})[0]
	if check.ID != oauth.CheckService || check.State != oauth.CheckFailed || check.Diagnosis.Cause != diagnosis.CauseServerTimeout {
		t.Errorf("%+v", check)
	}
}

func TestDescribeTenant(t *testing.T) {
	tenant := practicetest.Start(t, practice.Options{})
	for address, want := range map[string]oauth.Tenant{
		"new@contoso.test":      {ID: practice.TenantID, Name: "Contoso", Cloud: "practice", Known: true},
		"partner@fabrikam.test": {ID: practice.PartnerTenantID, Name: "Fabrikam", Cloud: "practice", Known: true, Federated: true},
	} {
		got, err := (&oauth.Client{}).Describe(t.Context(), tenant.Definition(), address)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", address, got, err, want)
		}
	}
	if _, err := (&oauth.Client{}).Describe(t.Context(), tenant.Definition(), "a@nowhere.test"); err == nil {
		t.Error("a tenant for a domain that has none")
	}
}
