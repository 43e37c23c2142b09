package practice

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func TestErrorsThatStayInTheBrowser(t *testing.T) {
	tenant := start(t, Options{})
	tests := []struct {
		name   string
		change map[string]string
		want   string
	}{
		{"tenant", map[string]string{"tenant": "nowhere.test"}, "AADSTS90002: Tenant &#39;nowhere.test&#39; not found."},
		{"client", map[string]string{"client_id": "11111111-1111-1111-1111-111111111111"}, "AADSTS700016: Application with identifier &#39;11111111-1111-1111-1111-111111111111&#39; was not found in the directory"},
		{"no client", map[string]string{"client_id": ""}, "AADSTS900144: "},
		{"single tenant over common", map[string]string{"tenant": "common"}, "AADSTS50194: Application &#39;" + ClientID},
		{"single tenant over organizations", map[string]string{"tenant": "organizations"}, "AADSTS50194: "},
		{"single tenant over another", map[string]string{"tenant": PartnerDomain}, "AADSTS700016: "},
		{"consumers", map[string]string{"tenant": "consumers"}, "AADSTS9002332: "},
		{"redirect with path", map[string]string{"redirect_uri": "http://localhost:1/x"}, "AADSTS50011: The redirect URI &#39;http://localhost:1/x&#39; specified"},
		{"redirect with slash", map[string]string{"redirect_uri": "http://localhost:1/"}, "AADSTS50011: "},
		{"redirect on IPv6", map[string]string{"redirect_uri": "http://[::1]:1"}, "AADSTS50011: "},
		{"redirect elsewhere", map[string]string{"redirect_uri": "http://localhost.example:1"}, "AADSTS50011: "},
		{"redirect with user", map[string]string{"redirect_uri": "http://u@localhost:1"}, "AADSTS50011: "},
		{"no redirect", map[string]string{"redirect_uri": ""}, "AADSTS50011: "},
		{"unknown user", map[string]string{"practice_user": "nobody@contoso.test"}, "AADSTS50034: The user account nobody@contoso.test does not exist"},
		{"shared mailbox", map[string]string{"practice_user": Info.UPN}, "AADSTS50057: "},
		{"member in a partner's tenant", map[string]string{"tenant": PartnerTenantID, "client_id": MultitenantClientID, "practice_user": Helpdesk.UPN}, "AADSTS50020: User account &#39;helpdesk@contoso.test&#39;"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := get(t, authorizeURL(tenant, test.change))
			if r.status != http.StatusBadRequest || !strings.Contains(r.body, test.want) || r.header.Get("Location") != "" {
				t.Errorf("%d %s", r.status, r.body)
			}
			for _, detail := range []string{"Trace ID: ", "Correlation ID: ", "Timestamp: "} {
				if !strings.Contains(r.body, detail) {
					t.Errorf("no %q", detail)
				}
			}
		})
	}
}

func TestErrorsSentToTheListener(t *testing.T) {
	tenant := start(t, Options{})
	tests := []struct {
		name, oauth, want string
		change            map[string]string
	}{
		{"no scope", "invalid_request", "AADSTS900144", map[string]string{"scope": ""}},
		{"no response type", "invalid_request", "AADSTS900144", map[string]string{"response_type": ""}},
		{"implicit", "unsupported_response_type", "AADSTS700054", map[string]string{"response_type": "code id_token"}},
		{"token", "unsupported_response_type", "AADSTS700051", map[string]string{"response_type": "token"}},
		{"unknown permission", "invalid_client", "AADSTS650053", map[string]string{"scope": "openid https://outlook.office.com/Nonsense"}},
		{"unknown resource", "invalid_resource", "AADSTS500011", map[string]string{"scope": "https://nowhere.example/IMAP.AccessAsUser.All"}},
		{"malformed scope", "invalid_scope", "AADSTS70011", map[string]string{"scope": "outlook/IMAP.AccessAsUser.All"}},
		{"plain challenge", "invalid_request", "AADSTS501471", map[string]string{"code_challenge_method": "plain"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			to, q := get(t, authorizeURL(tenant, test.change)).location(t)
			if to != redirectURI+"/" || q.Get("error") != test.oauth || q.Get("state") != "st4te" || q.Get("code") != "" {
				t.Errorf("%s %v", to, q)
			}
			if !regexp.MustCompile(`^` + test.want + `: .* Trace ID: [0-9a-f-]{36} Correlation ID: [0-9a-f-]{36} Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$`).MatchString(q.Get("error_description")) {
				t.Error(q.Get("error_description"))
			}
		})
	}
}

// whoIs redeems the code an answer carries and names the account.
func whoIs(t *testing.T, tenant *Tenant, r reply) string {
	t.Helper()
	_, q := r.location(t)
	answer := redeem(t, tenant, q.Get("code"), nil)
	if answer.status != http.StatusOK {
		t.Fatal(answer.body)
	}
	return claimsOf(t, answer.json(t)["id_token"].(string))["preferred_username"].(string)
}

func TestWithoutPromptTheBrowsersAccountSignsIn(t *testing.T) {
	tenant := start(t, Options{})
	for _, prompt := range []string{"", "none"} {
		r := get(t, authorizeURL(tenant, map[string]string{"prompt": prompt, "login_hint": Helpdesk.UPN}))
		if got := whoIs(t, tenant, r); got != Admin.UPN {
			t.Errorf("prompt %q: %s", prompt, got)
		}
	}
}

func TestSignInPage(t *testing.T) {
	tenant := start(t, Options{})
	address := authorizeURL(tenant, map[string]string{"login_hint": Helpdesk.UPN})
	page := get(t, address)
	for _, part := range []string{`name="login"`, `name="passwd"`, `value="` + Helpdesk.UPN + `"`, `<form method="post">`, "Sign in"} {
		if page.status != http.StatusOK || !strings.Contains(page.body, part) {
			t.Fatalf("%d no %s in %s", page.status, part, page.body)
		}
	}
	if csp := page.header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") {
		t.Error(csp)
	}
	for name, form := range map[string]url.Values{
		"wrong password": {"login": {Helpdesk.UPN}, "passwd": {"guess"}},
		"no password":    {"login": {Helpdesk.UPN}},
		"shared mailbox": {"login": {Info.UPN}, "passwd": {""}},
		"unknown":        {"login": {"nobody@contoso.test"}, "passwd": {""}},
	} {
		r := post(t, address, form)
		if r.status != http.StatusOK || !strings.Contains(r.body, `id="problem">AADSTS50`) || !strings.Contains(r.body, form.Get("login")) {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	r := post(t, address, url.Values{"login": {" HELPDESK@contoso.test "}, "passwd": {Helpdesk.Password}})
	if got := whoIs(t, tenant, r); got != Helpdesk.UPN {
		t.Error(got)
	}
	_, q := post(t, address, url.Values{"cancel": {"1"}, "login": {Helpdesk.UPN}}).location(t)
	if q.Get("error") != "access_denied" || !strings.HasPrefix(q.Get("error_description"), "AADSTS65004: ") || q.Get("state") != "st4te" {
		t.Error(q)
	}
}

func TestSignInPageSpeaksGerman(t *testing.T) {
	tenant := start(t, Options{})
	req, err := http.NewRequest(http.MethodGet, authorizeURL(tenant, nil), nil)
	if err == nil {
		req.Header.Set("Accept-Language", "de-DE,de;q=0.9")
	}
	r := send(t, req, err)
	if !strings.Contains(r.body, `<html lang="de">`) || !strings.Contains(r.body, "Anmelden") || strings.Contains(r.body, "practice.") {
		t.Error(r.body)
	}
}

func TestAccountPicker(t *testing.T) {
	tenant := start(t, Options{})
	address := authorizeURL(tenant, map[string]string{"prompt": "select_account"})
	page := get(t, address)
	if !strings.Contains(page.body, Admin.UPN) || strings.Contains(page.body, `name="passwd"`) {
		t.Fatal(page.body)
	}
	// The account signed in goes on without a password, another one does not.
	if got := whoIs(t, tenant, post(t, address, url.Values{"picked": {Admin.UPN}})); got != Admin.UPN {
		t.Error(got)
	}
	if r := post(t, address, url.Values{"picked": {Helpdesk.UPN}}); r.status != http.StatusOK || strings.Contains(r.body, `name="passwd"`) {
		t.Error("another account was picked without a password")
	}
	if r := post(t, address, url.Values{"other": {"1"}}); !strings.Contains(r.body, `name="passwd"`) {
		t.Error(r.body)
	}
	if got := whoIs(t, tenant, post(t, address, url.Values{"login": {Helpdesk.UPN}, "passwd": {Helpdesk.Password}})); got != Helpdesk.UPN {
		t.Error(got)
	}
}

func TestResponseModes(t *testing.T) {
	tenant := start(t, Options{})
	r := get(t, authorizeURL(tenant, map[string]string{"practice_user": Helpdesk.UPN, "response_mode": "form_post"}))
	for _, part := range []string{`action="` + redirectURI + `/"`, `name="code"`, `name="state" value="st4te"`} {
		if r.status != http.StatusOK || !strings.Contains(r.body, part) {
			t.Errorf("form_post: no %s in %s", part, r.body)
		}
	}
	// The nativeclient page is on the internet: the address is only shown.
	r = get(t, authorizeURL(tenant, map[string]string{"practice_user": Helpdesk.UPN, "redirect_uri": nativeClient}))
	if r.header.Get("Location") != "" || !strings.Contains(r.body, nativeClient+"?code=") {
		t.Error("nativeclient:", r.status, r.body)
	}
	to, _ := get(t, authorizeURL(tenant, map[string]string{"practice_user": Helpdesk.UPN, "redirect_uri": "http://127.0.0.1:4711"})).location(t)
	if to != "http://127.0.0.1:4711/" {
		t.Error("127.0.0.1:", to)
	}
}

func TestAuthorizeFaults(t *testing.T) {
	tenant := start(t, Options{Faults: []string{FaultConsentMissing}})
	address := authorizeURL(tenant, map[string]string{"practice_user": Helpdesk.UPN})
	_, q := get(t, address).location(t)
	if q.Get("error") != "consent_required" || !strings.HasPrefix(q.Get("error_description"), "AADSTS65001: The user or administrator has not consented to use the application with ID '"+ClientID) {
		t.Error(q)
	}
	if err := tenant.SetFaults([]string{FaultRedirectUnregister}); err != nil {
		t.Fatal(err)
	}
	if r := get(t, address); r.status != http.StatusBadRequest || !strings.Contains(r.body, "AADSTS50011: ") {
		t.Error(r.status, r.body)
	}
	if err := tenant.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	if got := whoIs(t, tenant, get(t, address)); got != Helpdesk.UPN {
		t.Error(got)
	}
}

func TestAdminConsent(t *testing.T) {
	tenant := start(t, Options{Faults: []string{FaultConsentMissing}})
	address := func(user string) string {
		q := url.Values{"client_id": {ClientID}, "redirect_uri": {redirectURI}, "state": {"st4te"}, "scope": {mailScopes}, "practice_user": {user}}
		if user == "" {
			q.Del("practice_user")
		}
		return tenant.URL() + "/" + TenantID + "/v2.0/adminconsent?" + q.Encode()
	}
	if page := get(t, address("")); !strings.Contains(page.body, `name="passwd"`) {
		t.Error(page.body)
	}
	_, q := get(t, address(Helpdesk.UPN)).location(t)
	if q.Get("error") != "access_denied" || !strings.HasPrefix(q.Get("error_description"), "AADSTS90094: ") || !tenant.faulty(FaultConsentMissing) {
		t.Error("no administrator:", q)
	}
	_, q = post(t, address(""), url.Values{"cancel": {"1"}}).location(t)
	if q.Get("error") != "consent_required" || !strings.HasPrefix(q.Get("error_description"), "AADSTS65004: ") {
		t.Error("cancelled:", q)
	}
	_, q = post(t, address(""), url.Values{"login": {Admin.UPN}, "passwd": {Admin.Password}}).location(t)
	if q.Get("admin_consent") != "True" || q.Get("tenant") != TenantID || q.Get("state") != "st4te" || q.Get("scope") != mailScopes {
		t.Error("accepted:", q)
	}
	if tenant.faulty(FaultConsentMissing) {
		t.Error("consent does not repair its fault")
	}
}
