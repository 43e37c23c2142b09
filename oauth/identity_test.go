package oauth

import (
	"encoding/json"
	"testing"
)

func TestVerdict(t *testing.T) {
	const user = "helpdesk@contoso.test"
	ms := expectation{user: user, manners: entra{}, tenant: testTenant}
	unknown := expectation{user: user, manners: entra{}}
	shared := expectation{user: user, manners: entra{}, tenant: testTenant, shared: true}
	google := expectation{user: user, manners: google{}}
	custom := expectation{user: user, manners: openID{}}
	own := "https://login.microsoftonline.com/" + testTenant + "/v2.0"
	personal := expectation{user: "helpdesk@outlook.com", manners: entra{}, tenant: personalTenant}
	cases := []struct {
		name string
		c    claims
		want expectation
		is   Identity
	}{
		{"same", claims{Preferred: user, TenantID: testTenant}, ms, Same},
		{"same in capitals", claims{Preferred: "HelpDesk@CONTOSO.test", TenantID: testTenant}, ms, Same},
		{"same by upn", claims{UPN: user, TenantID: testTenant}, ms, Same},
		{"tenant in capitals", claims{Preferred: user, TenantID: "0EC1A7A5-46F8-4B6E-9E8B-6D43C1A2B001"}, ms, Same},
		{"tenant not known", claims{Preferred: user, TenantID: otherTenant}, unknown, Same},
		{"other tenant", claims{Preferred: user, TenantID: otherTenant}, ms, Other},
		{"no tid", claims{Preferred: user}, ms, Other},
		{"administrator", claims{Preferred: "admin@contoso.test", TenantID: testTenant}, ms, Other},
		{"administrator with the mailbox's address as name", claims{Name: user, Preferred: "admin@contoso.test", TenantID: testTenant}, ms, Other},
		{"nobody", claims{TenantID: testTenant}, ms, Other},
		{"empty user", claims{TenantID: testTenant}, expectation{manners: entra{}, tenant: testTenant}, Other},
		{"part of the name", claims{Preferred: user + ".evil", TenantID: testTenant}, ms, Other},
		{"beginning of the name", claims{Preferred: user[:len(user)-1], TenantID: testTenant}, ms, Other},
		{"blank behind the name", claims{Preferred: user + " ", TenantID: testTenant}, ms, Other},
		{"long s", claims{Preferred: "helpde\u017fk@contoso.test", TenantID: testTenant}, ms, Other},
		{"Kelvin sign", claims{Preferred: "helpdes\u212a@contoso.test", TenantID: testTenant}, ms, Other},
		{"Cyrillic e", claims{Preferred: "h\u0435lpdesk@contoso.test", TenantID: testTenant}, ms, Other},
		{"zero width", claims{Preferred: "help\u200bdesk@contoso.test", TenantID: testTenant}, ms, Other},

		{"alias", claims{Preferred: "hd@contoso.test", Email: user, TenantID: testTenant}, ms, Alias},
		{"alias in capitals", claims{Preferred: "hd@contoso.test", Email: "HELPDESK@contoso.test", TenantID: testTenant}, ms, Alias},
		{"alias of another tenant", claims{Preferred: "x@evil.test", Email: user, TenantID: otherTenant}, ms, Other},
		{"alias, tenant not known", claims{Preferred: "x@evil.test", Email: user, TenantID: otherTenant}, unknown, Other},
		{"same and address", claims{Preferred: user, Email: "other@contoso.test", TenantID: testTenant}, ms, Same},

		{"guest by name", claims{Preferred: "helpdesk_contoso.test#EXT#@fabrikam.test", Email: user, TenantID: testTenant}, ms, Other},
		{"guest by name, small", claims{UPN: "x#ext#@contoso.test", Preferred: user, TenantID: testTenant}, ms, Other},
		{"guest by provider", claims{Preferred: user, TenantID: testTenant, Issuer: own, IDP: "https://sts.windows.net/" + otherTenant + "/"}, ms, Other},
		{"guest of a personal account", claims{Preferred: user, TenantID: testTenant, Issuer: own, IDP: "live.com"}, ms, Other},
		{"guest by mail code", claims{Preferred: user, TenantID: testTenant, Issuer: own, IDP: "mail"}, ms, Other},
		{"own provider", claims{Preferred: user, TenantID: testTenant, Issuer: own, IDP: "https://sts.windows.net/" + testTenant + "/"}, ms, Same},
		{"own issuer as provider", claims{Preferred: user, TenantID: testTenant, Issuer: own, IDP: own}, ms, Same},

		{"shared", claims{Preferred: user, TenantID: testTenant}, shared, Shared},
		{"shared by alias", claims{Preferred: "hd@contoso.test", Email: user, TenantID: testTenant}, shared, Other},
		{"shared by somebody else", claims{Preferred: "admin@contoso.test", TenantID: testTenant}, shared, Other},
		{"shared by a guest", claims{Preferred: user, TenantID: testTenant, Issuer: own, IDP: "google.com"}, shared, Other},

		{"personal", claims{Preferred: "helpdesk@outlook.com", TenantID: personalTenant, Issuer: own, IDP: "live.com"}, personal, Same},
		{"personal alias", claims{Preferred: "x@hotmail.com", Email: "helpdesk@outlook.com", TenantID: personalTenant}, personal, Alias},
		{"personal account named like a company's", claims{Preferred: user, TenantID: personalTenant}, ms, Other},

		{"google", claims{Email: user, EmailVerified: true}, google, Same},
		{"google, not verified", claims{Email: user}, google, Other},
		{"google, other", claims{Email: "x@contoso.test", EmailVerified: true}, google, Other},
		{"custom", claims{Preferred: user}, custom, Same},
		{"custom alias", claims{Preferred: "hd", Email: user, EmailVerified: true}, custom, Alias},
		{"custom, another's verified address", claims{Preferred: "hd", Email: "admin@contoso.test", EmailVerified: true}, custom, Other},
		{"custom, not verified", claims{Preferred: "hd", Email: user}, custom, Other},
		{"custom shared", claims{Preferred: user}, expectation{user: user, manners: openID{}, shared: true}, Shared},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if got := verdict(tc.c, tc.want); got != tc.is {
				t.Errorf("%s, want %s", got, tc.is)
			}
		})
	}
}

func TestClaimsReadBooleansAndStrings(t *testing.T) {
	for text, want := range map[string]truth{
		`{"email_verified":true}`: true, `{"email_verified":"true"}`: true, `{"email_verified":"True"}`: true,
		`{"email_verified":false}`: false, `{"email_verified":"no"}`: false, `{"email_verified":1}`: false, `{}`: false,
	} {
		var c claims
		if err := json.Unmarshal([]byte(text), &c); err != nil || c.EmailVerified != want {
			t.Errorf("%s: %t, %v", text, c.EmailVerified, err)
		}
	}
}

func TestAccountOf(t *testing.T) {
	c := claims{Email: "a@b.test", Subject: "s", Name: "N", TenantID: "t", ObjectID: "o"}
	if a := c.account(); a.User != "a@b.test" || a.Subject != "s" || a.ObjectID != "o" || a.Guest {
		t.Errorf("%+v", a)
	}
	c.Preferred = "x#EXT#@b.test"
	if a := c.account(); a.User != c.Preferred || !a.Guest {
		t.Errorf("%+v", a)
	}
	if a := (claims{Subject: "s"}).account(); a.User != "s" {
		t.Errorf("%+v", a)
	}
}
