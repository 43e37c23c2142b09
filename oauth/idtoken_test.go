package oauth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// Whatever is wrong with an identity token, nothing is kept.
func TestRejectedIdentityTokens(t *testing.T) {
	set := func(name string, value any) func(*fakeService) {
		return func(f *fakeService) { f.claims = func(c map[string]any) { c[name] = value } }
	}
	ago := func(d time.Duration) int64 { return time.Now().Add(-d).Unix() }
	cases := []struct {
		name string
		bend func(*fakeService)
		ok   bool
	}{
		{"as it should be", func(*fakeService) {}, true},
		{"wrong nonce", set("nonce", "another"), false},
		{"no nonce", set("nonce", ""), false},
		{"wrong issuer", set("iss", "https://login.evil.test/"+testTenant+"/v2.0"), false},
		{"wrong audience", set("aud", "another-app"), false},
		{"two audiences, not for us", set("aud", []string{testClient, "another"}), false},
		{"two audiences, for us", func(f *fakeService) {
			f.claims = func(c map[string]any) { c["aud"], c["azp"] = []string{testClient, "another"}, testClient }
		}, true},
		{"for us, authorized for another", set("azp", "another"), false},
		{"no subject", set("sub", ""), false},
		{"expired", set("exp", ago(6*time.Minute)), false},
		{"expired within the skew", set("exp", ago(4*time.Minute)), true},
		{"not yet valid", set("nbf", ago(-6*time.Minute)), false},
		{"not yet valid within the skew", set("nbf", ago(-4*time.Minute)), true},
		{"valid since a fraction of a second", set("nbf", float64(ago(time.Minute))+0.5), true},
		{"tid of another tenant", set("tid", otherTenant), false},
		{"tid and issuer of another tenant", func(f *fakeService) {
			f.claims = func(c map[string]any) { c["tid"], c["iss"] = otherTenant, f.issuer(otherTenant) }
		}, false},
		{"tid is no GUID", set("tid", "contoso"), false},
		{"access token swapped", set("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), false},
		{"none", func(f *fakeService) {
			f.sign = func(_ *fakeService, data []byte) string { return unsigned(data) }
		}, false},
		{"HS256 with the client ID", func(f *fakeService) {
			f.sign = func(f *fakeService, data []byte) string {
				return signed(jose.HS256, []byte(strings.Repeat(testClient, 2)), f.keyID, data)
			}
			f.metadata = func(m map[string]any) { m["id_token_signing_alg_values_supported"] = []string{"HS256", "none"} }
		}, false},
		{"somebody else's key", func(f *fakeService) {
			f.sign = func(f *fakeService, data []byte) string { return signed(jose.RS256, strangerKey(), f.keyID, data) }
		}, false},
		{"garbage", func(f *fakeService) { f.sign = func(*fakeService, []byte) string { return "eyJ.x.y" } }, false},
		{"none at all", func(f *fakeService) { f.noIDToken = true }, false},
		{"keys cannot be read", func(f *fakeService) { f.keysDown = true }, false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			f := newFake(t)
			tc.bend(f)
			kept := false
			_, _, browser, err := run(t, testClientFor(t), f.definition(), func(r *Request) {
				r.Keep = func(context.Context, Grant) error { kept = true; return nil }
			})
			if tc.ok {
				if err != nil || !kept {
					t.Fatalf("refused: %v", err)
				}
				return
			}
			if causeOf(err) != diagnosis.CauseIDTokenInvalid || kept {
				t.Errorf("cause %q, kept %t", causeOf(err), kept)
			}
			if diag, _ := errors.AsType[diagnosis.Diagnosis](err); strings.Contains(diag.Render(i18n.For(i18n.English)).Fix[0], `"openid"`) != f.noIDToken {
				t.Errorf("%s: %v", tc.name, diag.Render(i18n.For(i18n.English)).Fix)
			}
			if strings.Contains(browser.page(), "eyJ") {
				t.Error("the page shows the token")
			}
		})
	}
}

func unsigned(data []byte) string {
	b64 := func(b []byte) string { return strings.TrimRight(jsonBase64(b), "=") }
	return b64([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + b64(data) + "."
}

// Between two sign-ins of one client the service changes its key.
func TestKeyRotation(t *testing.T) {
	f := newFake(t)
	c := testClientFor(t)
	if _, _, _, err := run(t, c, f.definition()); err != nil {
		t.Fatal(err)
	}
	f.mu.Lock()
	f.key, f.keyID = strangerKey(), "k2"
	f.mu.Unlock()
	if _, _, _, err := run(t, c, f.definition()); err != nil {
		t.Fatal(err)
	}
}

func TestSharedAddresses(t *testing.T) {
	as := func(tid, name string) func(*fakeService) {
		return func(f *fakeService) {
			f.claims = func(c map[string]any) {
				c["tid"], c["iss"], c["preferred_username"] = tid, f.issuer(tid), name
			}
		}
	}
	cases := []struct {
		accountType string
		bend        func(*fakeService)
		cause       diagnosis.Cause
	}{
		{mailbox.AccountOrganizations, as(testTenant, testUser), ""},
		{mailbox.AccountOrganizations, as(otherTenant, testUser), diagnosis.CauseTokenForGuestAccount},
		{mailbox.AccountOrganizations, as(personalTenant, testUser), diagnosis.CauseIDTokenInvalid},
		{mailbox.AccountCommon, as(testTenant, testUser), ""},
		{mailbox.AccountCommon, as(personalTenant, testUser), diagnosis.CauseTokenForGuestAccount},
		{mailbox.AccountConsumers, as(personalTenant, testUser), ""},
		{mailbox.AccountConsumers, as(testTenant, testUser), diagnosis.CauseIDTokenInvalid},
	}
	for _, tc := range cases {
		t.Run(fmt.Sprint(tc.accountType, tc.cause), func(t *testing.T) {
			f := newFake(t)
			tc.bend(f)
			d := f.definition()
			d.OAuth.AccountType, d.OAuth.Tenant = tc.accountType, ""
			_, _, _, err := run(t, testClientFor(t), d)
			if causeOf(err) != tc.cause {
				t.Errorf("cause %q, want %q", causeOf(err), tc.cause)
			}
		})
	}
}

// The address of an account with another name counts in the tenant that is
// expected: that of personal accounts, or the definition's where the address's
// domain leads to none.
func TestAliasInTheExpectedTenant(t *testing.T) {
	for name, tc := range map[string]struct{ accountType, tenant, issuedIn string }{
		"personal":             {mailbox.AccountConsumers, "", personalTenant},
		"domain leads nowhere": {mailbox.AccountTenant, testTenant, testTenant},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			d := f.definition()
			d.OAuth.AccountType, d.OAuth.Tenant = tc.accountType, tc.tenant
			d.User, d.Sender = "helpdesk@elsewhere.test", "helpdesk@elsewhere.test"
			f.claims = func(c map[string]any) {
				c["tid"], c["iss"], c["email"], c["preferred_username"] = tc.issuedIn, f.issuer(tc.issuedIn), d.User, "another@contoso.test"
			}
			if g, _, _, err := run(t, testClientFor(t), d); err != nil || g.Identity != Alias {
				t.Errorf("%q, %v", g.Identity, err)
			}
		})
	}
}

func TestAlgorithms(t *testing.T) {
	s := &service{metadata: metadata{Algorithms: []string{"none", "HS256", "ES256", "RS256", "RSA-OAEP", "PS512"}}}
	if got := strings.Join(s.algorithms(), " "); got != "RS256 ES256 PS512" {
		t.Error(got)
	}
}

func TestIssuerOfAnswerTemplate(t *testing.T) {
	s := &service{metadata: metadata{Issuer: "https://login.microsoftonline.com/{tenantid}/v2.0"}}
	for iss, want := range map[string]bool{
		"": true, "https://login.microsoftonline.com/" + testTenant + "/v2.0": true,
		"https://login.microsoftonline.com/{tenantid}/v2.0": false, "https://evil.test/" + testTenant + "/v2.0": false,
		"https://login.microsoftonline.com/" + testTenant + "/v2.0/x": false,
	} {
		if got := s.issuerOfAnswer(iss); got != want {
			t.Errorf("%q: %t", iss, got)
		}
	}
}
