package assistant

import (
	"context"
	"encoding/base64"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"mailgrant/app/authorization"
	"mailgrant/app/practice"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

// noServers is a domain that announces none.
func noServers(context.Context, string, string, string) (string, []*net.SRV, error) {
	return "", nil, nil
}

func TestFinder(t *testing.T) {
	mx := map[string]string{
		"contoso.com": "contoso-com.mail.protection.outlook.com.", "new.example": "new-example.a-v1.mx.microsoft.", "gcc.example": "gcc-example.mail.protection.office365.us.",
		"shop.example": "aspmx.l.google.com.", "personal.example": "outlook-com.olc.protection.outlook.com.", "filtered.example": "mx1.filter.example.", "else.example": "mail.else.example.",
	}
	tenants := map[string]string{"contoso.com": "T1", "new.example": "T2", "gcc.example": "T3", "filtered.example": "T4"}
	f := Finder{
		Log: slog.New(slog.DiscardHandler), LookupSRV: noServers,
		LookupMX: func(_ context.Context, domain string) ([]*net.MX, error) {
			if host, ok := mx[domain]; ok {
				return []*net.MX{{Host: host}}, nil
			}
			return nil, &net.DNSError{Err: "no such host", Name: domain, IsNotFound: true}
		},
		TenantOf: func(_ context.Context, _ mailbox.Definition, domain string) (string, error) {
			if tenant, ok := tenants[domain]; ok {
				return tenant, nil
			}
			return "", diagnosis.New(diagnosis.CauseTenantNotFound, diagnosis.PhaseAuthorize, nil)
		},
	}
	for domain, want := range map[string][4]string{
		"contoso.com": {"microsoft", "global", "tenant", "T1"}, "new.example": {"microsoft", "global", "tenant", "T2"}, "gcc.example": {"microsoft", "us-gov-high", "tenant", "T3"},
		"shop.example": {"google", "", "", ""}, "personal.example": {"microsoft", "global", "consumers", ""}, "filtered.example": {"microsoft", "global", "tenant", "T4"},
	} {
		d, err := f.Propose(t.Context(), mailbox.Definition{Sender: "a@" + domain})
		if d.OAuth == nil || err != nil {
			t.Errorf("%s: nothing: %v", domain, err)
			continue
		}
		if got := [4]string{d.OAuth.Provider, d.OAuth.Cloud, d.OAuth.AccountType, d.OAuth.Tenant}; got != want || d.Server(mailbox.IMAP) == nil || d.Server(mailbox.SMTP).Port != 587 {
			t.Errorf("%s: %v; want %v", domain, got, want)
		}
	}
	for _, domain := range []string{"else.example", "nowhere.example"} {
		if d, err := f.Propose(t.Context(), mailbox.Definition{Sender: "a@" + domain}); d.OAuth != nil || err != nil {
			t.Errorf("%s: %+v, %v", domain, d.OAuth, err)
		}
	}
	if tenant, err := f.Tenant(t.Context(), mailbox.Definition{}, "contoso.com"); err != nil || tenant != "T1" {
		t.Errorf("%q, %v", tenant, err)
	}
}

// That nobody answered is not told as if there were nothing to be found. Where
// a network's own name service knows no other name, the sign-in service tells.
func TestASilentServiceIsNotAnAnswer(t *testing.T) {
	none := &net.DNSError{Err: "no such host", IsNotFound: true}
	noTenant := diagnosis.New(diagnosis.CauseTenantNotFound, diagnosis.PhaseAuthorize, nil)
	for _, c := range []struct {
		mx, tenant error
		silent     bool
	}{
		{none, noTenant, false},
		{nil, noTenant, false},
		{&net.DNSError{Err: "server misbehaving", IsTemporary: true}, noTenant, true},
		{context.DeadlineExceeded, noTenant, true},
		{none, diagnosis.New(diagnosis.CauseDNSNotResolved, diagnosis.PhaseAuthorize, nil), true},
	} {
		f := Finder{
			Log: slog.New(slog.DiscardHandler), LookupSRV: noServers,
			LookupMX: func(context.Context, string) ([]*net.MX, error) { return nil, c.mx },
			TenantOf: func(context.Context, mailbox.Definition, string) (string, error) { return "", c.tenant },
		}
		if d, err := f.Propose(t.Context(), mailbox.Definition{Sender: "a@gmx.example"}); (err != nil) != c.silent || len(d.Servers) > 0 {
			t.Errorf("%v, %v: %v", c.mx, c.tenant, err)
		}
	}
}

// Domains that are always at one provider need no name service, which many networks
// with a proxy do not have.
func TestKnownDomainsNeedNoNameService(t *testing.T) {
	f := Finder{Log: slog.New(slog.DiscardHandler), LookupMX: func(context.Context, string) ([]*net.MX, error) { return nil, context.DeadlineExceeded }}
	for domain, want := range map[string]string{"outlook.com": mailbox.AccountConsumers, "Hotmail.de": mailbox.AccountConsumers, "gmail.com": ""} {
		d, err := f.Propose(t.Context(), mailbox.Definition{Sender: "frank.muster@" + domain})
		if err != nil || d.OAuth == nil || d.OAuth.AccountType != want || d.Server(mailbox.IMAP) == nil {
			t.Errorf("%s: %+v, %v", domain, d.OAuth, err)
		}
	}
}

// A proxy that demands a sign-in gets the password stored for the mailbox, also
// when all that is asked is whose a domain is.
func TestTheFinderSignsInAtTheProxy(t *testing.T) {
	r := newRig(t)
	signedIn := make(chan string, 4)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		signedIn <- r.Header.Get("Proxy-Authorization")
		w.WriteHeader(http.StatusBadGateway)
	}))
	t.Cleanup(proxy.Close)
	find := oauth.EnvironmentProxy
	t.Cleanup(func() { oauth.EnvironmentProxy = find })
	oauth.EnvironmentProxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }

	from := mailbox.Definition{Name: "Helpdesk", Sender: "a@shop.example", User: "a@shop.example"}
	if err := r.SetSecret(from, authorization.ProxyPassword, redact.NewSecret("anna:pass")); err != nil {
		t.Fatal(err)
	}
	f := NewFinder(r.Manager, slog.New(slog.DiscardHandler))
	f.LookupMX, f.LookupSRV = func(context.Context, string) ([]*net.MX, error) { return nil, nil }, noServers
	_, _ = f.Propose(t.Context(), from)
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte("anna:pass"))
	if got := <-signedIn; got != want {
		t.Errorf("a proposal signs in at the proxy with %q", got)
	}
	from.OAuth = &mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, Tenant: "shop.example"}
	if _, err := f.Tenant(t.Context(), from, "shop.example"); err == nil {
		t.Error("a tenant behind a proxy that does not answer")
	}
	if got := <-signedIn; got != want {
		t.Errorf("the search for a tenant signs in at the proxy with %q", got)
	}
}

func TestThePracticeFinderStaysAtHome(t *testing.T) {
	r := newRig(t)
	f := PracticeFinder{Manager: r.Manager, Practice: r.d}
	d, err := f.Propose(t.Context(), mailbox.Definition{Sender: "new@" + practice.Domain})
	if err != nil || d.User != "new@"+practice.Domain || d.Server(mailbox.IMAP) == nil || d.Name != "" {
		t.Errorf("%+v, %v", d, err)
	}
	if d, err := f.Propose(t.Context(), mailbox.Definition{Sender: "a@elsewhere.example"}); d.OAuth != nil || err != nil {
		t.Errorf("%+v, %v", d, err)
	}
	asked := mailbox.Definition{OAuth: &mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, AccountType: mailbox.AccountOrganizations}}
	if tenant, err := f.Tenant(t.Context(), asked, practice.Domain); err != nil || tenant == "" {
		t.Errorf("%q, %v", tenant, err)
	}
}
