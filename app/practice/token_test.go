package practice

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// refusedWith checks a token error: status, OAuth error and AADSTS code.
func refusedWith(t *testing.T, r reply, oauth, code string) {
	t.Helper()
	m := r.json(t)
	description, _ := m["error_description"].(string)
	if m["error"] != oauth || !strings.HasPrefix(description, "AADSTS"+code+": ") || r.status < 400 {
		t.Errorf("want %s AADSTS%s, got %d %s", oauth, code, r.status, r.body)
	}
	for _, field := range []string{"error_codes", "timestamp", "trace_id", "correlation_id", "error_uri"} {
		if m[field] == nil {
			t.Errorf("no %s", field)
		}
	}
}

func TestCodeRedemption(t *testing.T) {
	tenant := start(t, Options{})
	tests := []struct {
		name, oauth, code string
		change            map[string]string
	}{
		{"wrong verifier", "invalid_grant", "501481", map[string]string{"code_verifier": "x" + verifier}},
		{"no verifier", "invalid_grant", "501481", map[string]string{"code_verifier": ""}},
		{"other redirect", "invalid_client", "500112", map[string]string{"redirect_uri": "http://localhost:1"}},
		{"other code", "invalid_grant", "9002313", map[string]string{"code": "x"}},
		{"no code", "invalid_request", "900144", map[string]string{"code": ""}},
		{"other client", "invalid_grant", "9002313", map[string]string{"client_id": MultitenantClientID}},
		{"unknown client", "unauthorized_client", "700016", map[string]string{"client_id": "x"}},
		{"secret of a public client", "invalid_client", "700025", map[string]string{"client_secret": "x"}},
		{"web without secret", "invalid_client", "7000218", map[string]string{"client_id": WebClientID}},
		{"web with wrong secret", "invalid_client", "7000215", map[string]string{"client_id": WebClientID, "client_secret": "x"}},
		{"web with a certificate", "invalid_client", "700027", map[string]string{"client_id": WebClientID, "client_assertion": "a.b.c"}},
		{"no grant type", "invalid_request", "900144", map[string]string{"grant_type": ""}},
		{"other grant type", "unsupported_grant_type", "70003", map[string]string{"grant_type": "password"}},
		{"two resources", "invalid_request", "28000", map[string]string{"scope": "https://outlook.office.com/SMTP.Send https://graph.microsoft.com/User.Read"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			refusedWith(t, redeem(t, tenant, signIn(t, tenant, Helpdesk.UPN, nil), test.change), test.oauth, test.code)
		})
	}
	t.Run("used twice", func(t *testing.T) {
		code := signIn(t, tenant, Helpdesk.UPN, nil)
		if r := redeem(t, tenant, code, nil); r.status != http.StatusOK || r.header.Get("Cache-Control") != "no-store" {
			t.Fatal(r.body)
		}
		r := redeem(t, tenant, code, nil)
		refusedWith(t, r, "invalid_grant", "54005")
		if !strings.Contains(r.body, "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.") {
			t.Error(r.body)
		}
	})
	t.Run("other tenant name", func(t *testing.T) {
		form := url.Values{"grant_type": {"authorization_code"}, "client_id": {ClientID}, "code": {signIn(t, tenant, Helpdesk.UPN, nil)}, "redirect_uri": {redirectURI}, "code_verifier": {verifier}}
		refusedWith(t, post(t, tokenURL(tenant, TenantID), form), "invalid_grant", "700005")
	})
}

// clock is a clock that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) pass(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

func TestThingsExpire(t *testing.T) {
	c := &clock{now: time.Now()}
	tenant := start(t, Options{Now: c.Now})
	code := signIn(t, tenant, Helpdesk.UPN, nil)
	c.pass(codeLife + time.Second)
	refusedWith(t, redeem(t, tenant, code, nil), "invalid_grant", "70008")

	tokens := grant(t, tenant, Helpdesk.UPN)
	if _, ok := tenant.tokenLogin(Helpdesk.UPN, tokens["access_token"].(string), permIMAP); !ok {
		t.Error("a fresh token is refused")
	}
	c.pass(accessLife)
	if _, ok := tenant.tokenLogin(Helpdesk.UPN, tokens["access_token"].(string), permIMAP); ok {
		t.Error("an old token is accepted")
	}
	c.pass(refreshInactivity)
	refusedWith(t, refresh(t, tenant, tokens["refresh_token"].(string)), "invalid_grant", "700082")
}

func TestRefreshRotates(t *testing.T) {
	tenant := start(t, Options{})
	first := grant(t, tenant, Helpdesk.UPN)["refresh_token"].(string)
	r := refresh(t, tenant, first)
	if r.status != http.StatusOK {
		t.Fatal(r.body)
	}
	second := r.json(t)["refresh_token"].(string)
	if second == first || r.json(t)["id_token"] == nil {
		t.Error("not rotated, or no id_token")
	}
	// Using the first one again ends the whole family.
	refusedWith(t, refresh(t, tenant, first), "invalid_grant", "50173")
	refusedWith(t, refresh(t, tenant, second), "invalid_grant", "50173")
	// Another sign-in is another family.
	if r := refresh(t, tenant, grant(t, tenant, Helpdesk.UPN)["refresh_token"].(string)); r.status != http.StatusOK {
		t.Error(r.body)
	}
	refusedWith(t, refresh(t, tenant, "1.Aunknown"), "invalid_grant", "70000")
	refusedWith(t, refresh(t, tenant, ""), "invalid_request", "900144")
}

func TestOnlyOneOfTwoRenewalsSucceeds(t *testing.T) {
	tenant := start(t, Options{})
	token := grant(t, tenant, Helpdesk.UPN)["refresh_token"].(string)
	statuses := make([]int, 8)
	var wg sync.WaitGroup
	for i := range statuses {
		wg.Go(func() { statuses[i] = refresh(t, tenant, token).status })
	}
	wg.Wait()
	if n := len(slices.DeleteFunc(statuses, func(s int) bool { return s != http.StatusOK })); n != 1 {
		t.Errorf("%d of them", n)
	}
}

func TestRefreshFaults(t *testing.T) {
	tenant := start(t, Options{})
	token := grant(t, tenant, Helpdesk.UPN)["refresh_token"].(string)
	for _, test := range []struct{ fault, code string }{{FaultRefreshExpired, "700082"}, {FaultConsentMissing, "65001"}} {
		if err := tenant.SetFaults([]string{test.fault}); err != nil {
			t.Fatal(err)
		}
		refusedWith(t, refresh(t, tenant, token), "invalid_grant", test.code)
	}
	// A refusal by a fault does not use the token up.
	if err := tenant.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	if r := refresh(t, tenant, token); r.status != http.StatusOK {
		t.Error(r.body)
	}
}

func TestGrantedScopes(t *testing.T) {
	tenant := start(t, Options{})
	tokens := grant(t, tenant, Helpdesk.UPN)
	if got := tokens["scope"]; got != mailScopes+" openid profile email" {
		t.Error(got)
	}
	c := claimsOf(t, tokens["access_token"].(string))
	for name, want := range map[string]any{
		"aud": "https://outlook.office.com", "scp": "IMAP.AccessAsUser.All POP.AccessAsUser.All SMTP.Send", "upn": Helpdesk.UPN, "unique_name": Helpdesk.UPN,
		"tid": TenantID, "appid": ClientID, "oid": Helpdesk.ObjectID, "idtyp": "user", "ver": "1.0", "iss": "https://sts.windows.net/" + TenantID + "/",
	} {
		if c[name] != want {
			t.Errorf("%s: %v", name, c[name])
		}
	}
	if err := tenant.SetFaults([]string{FaultMissingScope, FaultWrongAudience}); err != nil {
		t.Fatal(err)
	}
	tokens = grant(t, tenant, Helpdesk.UPN)
	if got := tokens["scope"].(string); strings.Contains(got, "POP.") || !strings.Contains(got, "/SMTP.Send") {
		t.Error(got)
	}
	if c := claimsOf(t, tokens["access_token"].(string)); c["aud"] != "00000003-0000-0000-c000-000000000000" {
		t.Error(c["aud"])
	}
}

func TestScopesWithoutPrefixMeanGraph(t *testing.T) {
	tenant := start(t, Options{})
	r := redeem(t, tenant, signIn(t, tenant, Helpdesk.UPN, map[string]string{"scope": "IMAP.AccessAsUser.All"}), nil)
	m := r.json(t)
	if c := claimsOf(t, m["access_token"].(string)); c["aud"] != graphAppID || m["refresh_token"] != nil || m["id_token"] != nil {
		t.Error(m)
	}
}

// A refresh token gets access tokens for every resource that was agreed to, in
// any order, and for no other.
func TestARefreshTokenServesTheResourcesAgreedTo(t *testing.T) {
	const mail, graph = "https://outlook.office.com/IMAP.AccessAsUser.All", "https://graph.microsoft.com/Mail.Read"
	tenant := start(t, Options{})
	for _, agreed := range []string{mail, mail + " " + graph} {
		m := redeem(t, tenant, signIn(t, tenant, Helpdesk.UPN, map[string]string{"scope": agreed + " offline_access"}), map[string]string{"scope": mail + " offline_access"}).json(t)
		renew := func(scope string) reply {
			return post(t, tokenURL(tenant, Domain), url.Values{"grant_type": {"refresh_token"}, "client_id": {ClientID}, "refresh_token": {m["refresh_token"].(string)}, "scope": {scope}})
		}
		for _, asked := range []string{graph, mail, "", graph, ""} {
			r := renew(asked)
			if asked == graph && agreed == mail {
				refusedWith(t, r, "invalid_grant", "65001")
				continue
			}
			if r.status != http.StatusOK {
				t.Fatalf("%q: %s", asked, r.body)
			}
			m = r.json(t)
			want, perm := "https://outlook.office.com", permIMAP
			if asked == graph {
				want, perm = graphAppID, "Mail.Read"
			}
			if c := claimsOf(t, m["access_token"].(string)); c["aud"] != want || c["scp"] != perm {
				t.Errorf("%q gave a token for %v, %v", asked, c["aud"], c["scp"])
			}
		}
		refusedWith(t, renew("https://manage.contoso.test/All"), "invalid_resource", "500011")
	}
}

// idClaims verifies an id_token with the published keys, as a client does.
func idClaims(t *testing.T, tenant *Tenant, token string) map[string]any {
	t.Helper()
	document := get(t, tenant.URL()+"/organizations/v2.0/.well-known/openid-configuration").json(t)
	var set jose.JSONWebKeySet
	if err := json.Unmarshal([]byte(get(t, document["jwks_uri"].(string)).body), &set); err != nil {
		t.Fatal(err)
	}
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		t.Fatal(err)
	}
	keys := set.Key(parsed.Headers[0].KeyID)
	if len(keys) != 1 {
		t.Fatalf("keys: %v", keys)
	}
	c := map[string]any{}
	if err := parsed.Claims(keys[0], &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestIDTokens(t *testing.T) {
	tenant := start(t, Options{})
	form := func(user, client, path string) map[string]any {
		code := signIn(t, tenant, user, map[string]string{"client_id": client, "tenant": path})
		r := post(t, tokenURL(tenant, path), url.Values{"grant_type": {"authorization_code"}, "client_id": {client}, "code": {code}, "redirect_uri": {redirectURI}, "code_verifier": {verifier}})
		if r.status != http.StatusOK {
			t.Fatal(r.body)
		}
		return idClaims(t, tenant, r.json(t)["id_token"].(string))
	}
	issuer := func(tid string) string { return tenant.URL() + "/" + tid + "/v2.0" }
	tests := []struct {
		name string
		got  map[string]any
		want map[string]any
	}{
		{"member", form(Helpdesk.UPN, ClientID, Domain), map[string]any{"iss": issuer(TenantID), "aud": ClientID, "tid": TenantID, "oid": Helpdesk.ObjectID, "preferred_username": Helpdesk.UPN, "email": Helpdesk.Address, "name": "Help Desk", "nonce": "n0nce", "ver": "2.0", "idp": nil}},
		{"alias", form(Alias.UPN, ClientID, TenantID), map[string]any{"preferred_username": "j.doe@contoso.test", "email": "jane.doe@contoso.test", "tid": TenantID}},
		{"guest", form(Partner.UPN, ClientID, Domain), map[string]any{"iss": issuer(TenantID), "tid": TenantID, "preferred_username": Partner.UPN, "idp": "https://sts.windows.net/" + PartnerTenantID + "/"}},
		{"partner at home", form(Partner.UPN, MultitenantClientID, "organizations"), map[string]any{"iss": issuer(PartnerTenantID), "tid": PartnerTenantID, "preferred_username": Partner.UPN, "idp": nil}},
	}
	for _, test := range tests {
		for name, want := range test.want {
			if test.got[name] != want {
				t.Errorf("%s: %s = %v, want %v", test.name, name, test.got[name], want)
			}
		}
	}
}

func TestApplicationToken(t *testing.T) {
	tenant := start(t, Options{})
	ask := func(path, scope, secret string) reply {
		return post(t, tokenURL(tenant, path), url.Values{"grant_type": {"client_credentials"}, "client_id": {WebClientID}, "client_secret": {secret}, "scope": {scope}})
	}
	const scope = "https://outlook.office365.com/.default"
	r := ask(TenantID, scope, WebClientSecret)
	if r.status != http.StatusOK {
		t.Fatal(r.body)
	}
	c := claimsOf(t, r.json(t)["access_token"].(string))
	if c["idtyp"] != "app" || c["upn"] != nil || c["aud"] != "https://outlook.office365.com" || r.json(t)["refresh_token"] != nil {
		t.Error(c)
	}
	if l, ok := tenant.tokenLogin(Info.Address, r.json(t)["access_token"].(string), permIMAP); !ok || !l.mayOpen() {
		t.Error("the mail servers refuse it")
	}
	refusedWith(t, ask(TenantID, "https://outlook.office365.com/IMAP.AccessAsUser.All", WebClientSecret), "invalid_scope", "1002012")
	refusedWith(t, ask(TenantID, scope, ""), "invalid_client", "7000218")
	refusedWith(t, ask("organizations", scope, WebClientSecret), "invalid_request", "50194")
}

func TestDiscovery(t *testing.T) {
	tenant := start(t, Options{})
	for path, issuer := range map[string]string{
		Domain: TenantID, TenantID: TenantID, "CONTOSO.test": TenantID, PartnerDomain: PartnerTenantID,
		"organizations": "{tenantid}", "common": "{tenantid}", "consumers": consumersTenantID,
	} {
		m := get(t, tenant.URL()+"/"+path+"/v2.0/.well-known/openid-configuration").json(t)
		if m["issuer"] != tenant.URL()+"/"+issuer+"/v2.0" || m["token_endpoint"] != tenant.URL()+"/"+path+"/oauth2/v2.0/token" {
			t.Errorf("%s: %v", path, m)
		}
	}
	refusedWith(t, get(t, tenant.URL()+"/nowhere.test/v2.0/.well-known/openid-configuration"), "invalid_tenant", "90002")
	refusedWith(t, get(t, tenant.URL()+"/nowhere.test/discovery/v2.0/keys"), "invalid_tenant", "90002")
}
