package oauth

import (
	"net/url"
	"strings"
	"testing"

	"mailgrant/internal/mailbox"
)

func TestAuthorizeAddress(t *testing.T) {
	custom := func(d *mailbox.Definition) {
		d.OAuth.Provider, d.OAuth.Issuer, d.OAuth.Authority = mailbox.ProviderCustom, "https://id.example.test", ""
	}
	google := func(d *mailbox.Definition) { d.OAuth.Provider, d.OAuth.Authority = mailbox.ProviderGoogle, "" }
	cases := []struct {
		name   string
		change func(*mailbox.Definition)
		prompt string
		want   map[string]string // "" = must be absent
	}{
		{"login", nil, mailbox.PromptLogin, map[string]string{"prompt": "login", "login_hint": testUser, "response_mode": "query", "access_type": ""}},
		{"select", nil, mailbox.PromptSelectAccount, map[string]string{"prompt": "select_account", "login_hint": "", "response_mode": "query"}},
		{"custom select", custom, mailbox.PromptSelectAccount, map[string]string{"prompt": "select_account consent", "login_hint": testUser}},
		{"custom login", custom, mailbox.PromptLogin, map[string]string{"prompt": "login consent", "login_hint": testUser}},
		{"google", google, mailbox.PromptLogin, map[string]string{"prompt": "select_account consent", "access_type": "offline", "login_hint": testUser}},
	}
	seen := map[string]bool{}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			d := newOffline().definition()
			if tc.change != nil {
				tc.change(&d)
			}
			s := &service{endpoint: entraEndpoint(*d.OAuth)}
			a := newAuthRequest(Request{Mailbox: d, Prompt: tc.prompt}, s, "http://localhost:1234")
			u, err := url.Parse(a.url)
			if err != nil {
				t.Fatal(err)
			}
			q := u.Query()
			for name, want := range tc.want {
				if got := q.Get(name); got != want {
					t.Errorf("%s=%q, want %q", name, got, want)
				}
			}
			for name, want := range map[string]string{
				"response_type": "code", "client_id": testClient, "redirect_uri": "http://localhost:1234",
				"code_challenge_method": "S256", "state": a.state, "nonce": a.nonce,
			} {
				if got := q.Get(name); got != want {
					t.Errorf("%s=%q, want %q", name, got, want)
				}
			}
			if strings.Contains(a.url, a.verifier.Reveal()) {
				t.Error("the verifier goes along")
			}
			for _, fresh := range []string{a.state, a.nonce, a.verifier.Reveal(), q.Get("code_challenge")} {
				if len(fresh) < 43 || seen[fresh] { // RFC 7636, 4.1
					t.Errorf("%q is short or was used before", fresh)
				}
				seen[fresh] = true
			}
		})
	}
}

func TestAuthorizeAddressOfMicrosoft(t *testing.T) {
	o := mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, Cloud: mailbox.CloudChina, AccountType: mailbox.AccountOrganizations}
	e := entraEndpoint(o)
	if e.AuthURL != "https://login.partner.microsoftonline.cn/organizations/oauth2/v2.0/authorize" || e.TokenURL != "https://login.partner.microsoftonline.cn/organizations/oauth2/v2.0/token" {
		t.Errorf("%+v", e)
	}
	o = mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, AccountType: mailbox.AccountTenant, Tenant: "contoso.com"}
	if e := entraEndpoint(o); e.AuthURL != "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize" {
		t.Errorf("%+v", e)
	}
}
