package oauth

import (
	"slices"
	"strings"
	"testing"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/provider"
)

// A provider that follows OpenID Connect needs no code here: its entry in the
// table is enough to sign in and to renew.
func TestANewProviderIsOneEntry(t *testing.T) {
	f := newFake(t)
	f.claims = func(c map[string]any) { c["email"], c["email_verified"] = testUser, true }
	d := f.custom()
	known := provider.Profiles
	t.Cleanup(func() { provider.Profiles = known })
	with := append(slices.Clone(known()), provider.Profile{
		ID: "acme", Family: "acme", Authority: d.OAuth.Issuer, Scopes: map[string]string{"imap": "mail.read", "pop3": "mail.read", "smtp": "mail.send"},
		BaseScopes: provider.OpenIDScopes, Servers: map[string]provider.Server{"imap": *d.Server(mailbox.IMAP)}, NoDevices: true,
	})
	provider.Profiles = func() []provider.Profile { return with }
	d.OAuth.Provider, d.OAuth.Issuer, d.OAuth.Scopes = "acme", "", nil
	if err := d.Validate(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(MailScopes(d), " "); !strings.Contains(got, "mail.read") || strings.Count(got, "mail.read") > 1 {
		t.Errorf("scopes %s", got)
	}
	if !IsPreset(*d.OAuth) || !HostAllowed(*d.OAuth, d.Server(mailbox.IMAP).Host, nil) || HostAllowed(*d.OAuth, "mail.contoso.test", nil) {
		t.Error("its own hosts, and no others, may get its tokens")
	}
	if next := nextWay(mailbox.SignInLink, *d.OAuth, true); next != "" {
		t.Errorf("%s is proposed", next)
	}
	c := testClientFor(t)
	g, _, _, err := run(t, c, d)
	if err != nil || g.Identity != Same {
		t.Fatalf("%s: %v", g.Identity, err)
	}
	if _, err := c.Refresh(t.Context(), d, Renewal{RefreshToken: g.RefreshToken, ClientSecret: g.IDToken, Endpoint: g.Endpoint}); err != nil {
		t.Errorf("renewal: %v", err)
	}
}
