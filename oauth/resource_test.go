package oauth

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/provider"
	"mailgrant/internal/redact"
)

// patched changes the profiles of a provider for one test.
func patched(t *testing.T, id string, change func(*provider.Profile)) {
	t.Helper()
	known := provider.Profiles
	t.Cleanup(func() { provider.Profiles = known })
	changed := slices.Clone(known())
	provider.Profiles = func() []provider.Profile { return changed }
	for i := range changed {
		if p := &changed[i]; p.ID == id {
			p.Scopes = maps.Clone(p.Scopes)
			change(p)
		}
	}
}

// What is sent where a definition needs tokens for two resources: both at the
// sign-in, one with each token request. Services are told of resources beside
// the scopes (RFC 8707), Microsoft is not.
func TestRequestsForTwoResources(t *testing.T) {
	const sieve, base = "https://sieve.acme.test/", " openid profile email offline_access"
	for name, c := range map[string]struct {
		provider, mail, resource string
		define                   func(*fakeService) mailbox.Definition
	}{
		"microsoft": {mailbox.ProviderMicrosoft, "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send", "", (*fakeService).definition},
		"others":    {mailbox.ProviderCustom, "https://mail.acme.test/read https://mail.acme.test/send", "https://mail.acme.test/", (*fakeService).custom},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			patched(t, c.provider, func(p *provider.Profile) {
				if p.Custom {
					p.Resource, p.Scopes = "https://mail.acme.test/", map[string]string{"imap": "read", "smtp": "send"}
				}
				p.Scopes["pop3"] = sieve + "manage"
			})
			d := c.define(f)
			d.OAuth.Scopes = nil
			d.SetServer(mailbox.POP3, &mailbox.Server{Host: "localhost", Port: 995, Security: mailbox.SecurityTLS})
			client := testClientFor(t)
			g, events, _, err := run(t, client, d)
			if err != nil {
				t.Fatal(err)
			}
			asked, err := url.Parse(eventsOf[SignInStarted](events)[0].AuthorizeURL)
			if err != nil {
				t.Fatal(err)
			}
			resources := func(all ...string) []string {
				if c.resource == "" {
					return nil
				}
				return all
			}
			if q := asked.Query(); q.Get("scope") != c.mail+" "+sieve+"manage"+base || !slices.Equal(q["resource"], resources(sieve, c.resource)) {
				t.Errorf("sign-in: %v", q)
			}
			for _, resource := range []string{"", sieve} {
				if _, err := client.Refresh(t.Context(), d, Renewal{RefreshToken: g.RefreshToken, Resource: resource}); err != nil {
					t.Fatal(err)
				}
			}
			for i, want := range []struct{ scope, resource string }{{c.mail, c.resource}, {c.mail, c.resource}, {sieve + "manage", sieve}} {
				if r := f.requests[i]; r.Get("scope") != want.scope+base || !slices.Equal(r["resource"], resources(want.resource)) {
					t.Errorf("request %d: %v", i, r)
				}
			}
		})
	}
}

// Where there is one resource, requests name none.
func TestRequestsForOneResource(t *testing.T) {
	f := newFake(t)
	c := testClientFor(t)
	g, _, _, err := run(t, c, f.definition())
	if err == nil {
		_, err = c.Refresh(t.Context(), f.definition(), Renewal{RefreshToken: g.RefreshToken})
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range f.requests {
		if r.Has("scope") || r.Has("resource") {
			t.Errorf("%v", r)
		}
	}
}

// An application asks for all that it may do with one resource.
func TestAnApplicationNamesTheResource(t *testing.T) {
	patched(t, mailbox.ProviderMicrosoft, func(p *provider.Profile) { p.Scopes["pop3"] = "https://graph.microsoft.com/Mail.Read" })
	f, c := offline()
	d := f.definition()
	d.OAuth.AccountType = mailbox.AccountApplication
	d.SetServer(mailbox.POP3, &mailbox.Server{Host: "localhost", Port: 995, Security: mailbox.SecurityTLS})
	for resource, want := range map[string]string{"": "https://outlook.office365.com/.default", "https://graph.microsoft.com/": "https://graph.microsoft.com/.default"} {
		f.requests = nil
		if _, err := c.Refresh(t.Context(), d, Renewal{ClientSecret: redact.NewSecret("s3cret"), Resource: resource}); err != nil {
			t.Fatal(err)
		}
		if got := f.requests[0].Get("scope"); got != want {
			t.Errorf("%q: %s", resource, got)
		}
	}
	if got := strings.Join(Scopes(d), " "); !strings.HasPrefix(got, "https://outlook.office365.com/.default https://graph.microsoft.com/.default openid") {
		t.Errorf("consent to %s", got)
	}
}
