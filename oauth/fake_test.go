package oauth

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

const (
	testTenant  = "0ec1a7a5-46f8-4b6e-9e8b-6d43c1a2b001"
	otherTenant = "5b7d3a90-1f2c-4a5e-8b6d-000000000002"
	testClient  = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"
	testUser    = "helpdesk@contoso.test"
)

// fakeService is a sign-in service whose every answer a test can bend.
type fakeService struct {
	*httptest.Server

	mu       sync.Mutex
	key      *rsa.PrivateKey
	keyID    string
	requests []url.Values // of the token endpoint
	codes    map[string]url.Values
	issued   int

	claims    func(map[string]any)                       // bends the identity token
	sign      func(f *fakeService, claims []byte) string // another signature
	token     func(w http.ResponseWriter, form url.Values) bool
	answer    func(url.Values) // bends the answer
	metadata  func(map[string]any)
	keysDown  bool
	domains   map[string]string // tenants by domain
	noIDToken bool
}

// weak keys are quick to make and good enough for a test.
var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

func newFake(t *testing.T) *fakeService {
	f := newOffline()
	f.Server = httptest.NewServer(f.routes())
	t.Cleanup(f.Close)
	return f
}

// newOffline is a fake without a port; see bubble.
func newOffline() *fakeService {
	return &fakeService{
		Server: &httptest.Server{URL: "http://localhost:9"},
		key:    testKey(), keyID: "k1", codes: map[string]url.Values{},
		domains: map[string]string{"contoso.test": testTenant, "partner.test": otherTenant},
	}
}

func (f *fakeService) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{tenant}/v2.0/.well-known/openid-configuration", f.discovery)
	mux.HandleFunc("GET /.well-known/openid-configuration", f.discovery)
	mux.HandleFunc("GET /keys", f.keys)
	mux.HandleFunc("GET /{tenant}/oauth2/v2.0/authorize", f.authorize)
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", f.tokens)
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/devicecode", f.device)
	mux.HandleFunc("GET /{tenant}/v2.0/adminconsent", f.consent)
	return mux
}

func (f *fakeService) tenantOf(name string) string {
	switch name {
	case "common", "organizations":
		return "{tenantid}"
	case "consumers":
		return personalTenant
	case testTenant, otherTenant:
		return name
	}
	return f.domains[name]
}

func (f *fakeService) issuer(tenant string) string { return f.URL + "/" + tenant + "/v2.0" }

func (f *fakeService) discovery(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("tenant")
	tenant := f.tenantOf(name)
	m := map[string]any{
		"issuer": f.issuer(tenant), "jwks_uri": f.URL + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256"},
	}
	if name == "" { // as a provider that is not Microsoft
		m["issuer"] = f.URL
		base := f.URL + "/custom/oauth2/v2.0/"
		m["authorization_endpoint"], m["token_endpoint"], m["device_authorization_endpoint"] = base+"authorize", base+"token", base+"devicecode"
	} else if tenant == "" {
		writeTestJSON(w, http.StatusBadRequest, map[string]any{"error": "invalid_tenant", "error_description": "AADSTS90002: Tenant '" + name + "' not found.", "error_codes": []int{90002}})
		return
	}
	if f.metadata != nil {
		f.metadata(m)
	}
	writeTestJSON(w, http.StatusOK, m)
}

func (f *fakeService) keys(w http.ResponseWriter, _ *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.keysDown {
		http.Error(w, "no keys today", http.StatusServiceUnavailable)
		return
	}
	writeTestJSON(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: f.key.Public(), KeyID: f.keyID, Algorithm: "RS256", Use: "sig"}}})
}

// authorize answers at once, as if the user had signed in.
func (f *fakeService) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	code := "code-" + random(24)
	f.mu.Lock()
	f.codes[code] = q
	f.mu.Unlock()
	values := url.Values{"code": {code}, "state": {q.Get("state")}, "session_state": {"x"}}
	if f.answer != nil {
		f.answer(values)
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"/?"+values.Encode(), http.StatusFound)
}

func (f *fakeService) consent(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	values := url.Values{"admin_consent": {"True"}, "tenant": {testTenant}, "scope": {q.Get("scope")}, "state": {q.Get("state")}}
	if f.answer != nil {
		f.answer(values)
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"/?"+values.Encode(), http.StatusFound)
}

func (f *fakeService) device(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	writeTestJSON(w, http.StatusOK, map[string]any{
		"device_code": "device-secret-value", "user_code": "ABCD-EFGH",
		"verification_uri": f.URL + "/device", "expires_in": 900, "interval": 5,
	})
}

func (f *fakeService) tokens(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	f.mu.Lock()
	f.requests = append(f.requests, r.PostForm)
	f.issued++
	n := f.issued
	request := f.codes[r.PostForm.Get("code")]
	f.mu.Unlock()
	if f.token != nil && f.token(w, r.PostForm) {
		return
	}
	switch r.PostForm.Get("grant_type") { // no others (RFC 9700, 2.4)
	case "authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code":
	default:
		writeTestJSON(w, http.StatusBadRequest, map[string]any{"error": "unsupported_grant_type"})
		return
	}
	f.mu.Lock()
	delete(f.codes, r.PostForm.Get("code"))
	f.mu.Unlock()
	if r.PostForm.Get("grant_type") == "authorization_code" {
		sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
		if request == nil || request.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) || request.Get("redirect_uri") != r.PostForm.Get("redirect_uri") {
			writeTestJSON(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant", "error_description": "AADSTS501481: The Code_Verifier does not match."})
			return
		}
	}
	answer := map[string]any{
		"token_type": "Bearer", "expires_in": 3600,
		"access_token":  "access-token-" + strings.Repeat("a", 40) + string(rune('0'+n)),
		"refresh_token": "refresh-token-" + strings.Repeat("r", 40) + string(rune('0'+n)),
		"scope":         "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send",
	}
	if !f.noIDToken && r.PostForm.Get("grant_type") != "client_credentials" {
		answer["id_token"] = f.idToken(r.PathValue("tenant"), request.Get("nonce"))
	}
	writeTestJSON(w, http.StatusOK, answer)
}

// idToken is that of the mailbox's own account, unless the test bends it.
func (f *fakeService) idToken(path, nonce string) string {
	now := time.Now()
	tenant := f.tenantOf(path)
	if tenant == "{tenantid}" {
		tenant = testTenant
	}
	issuer := f.issuer(tenant)
	if path == "custom" {
		issuer = f.URL
	}
	claims := map[string]any{
		"iss": issuer, "aud": testClient, "sub": "subject", "oid": "object", "tid": tenant,
		"preferred_username": testUser, "name": "Help Desk", "nonce": nonce,
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
	if nonce == "" {
		delete(claims, "nonce")
	}
	if f.claims != nil {
		f.claims(claims)
	}
	data, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	if f.sign != nil {
		return f.sign(f, data)
	}
	return signed(jose.RS256, f.key, f.keyID, data)
}

func signed(alg jose.SignatureAlgorithm, key any, keyID string, data []byte) string {
	options := (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", keyID)
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, options)
	if err != nil {
		panic(err)
	}
	object, err := s.Sign(data)
	if err != nil {
		panic(err)
	}
	compact, err := object.CompactSerialize()
	if err != nil {
		panic(err)
	}
	return compact
}

func writeTestJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// definition is a mailbox at the fake.
func (f *fakeService) definition() mailbox.Definition {
	return mailbox.Definition{
		Name: "Helpdesk", Sender: testUser, User: testUser, Authentication: mailbox.AuthOAuth2,
		Servers: mailbox.NewServers(mailbox.Given{
			mailbox.IMAP: &mailbox.Server{Host: "localhost", Port: 993, Security: mailbox.SecurityTLS},
			mailbox.SMTP: &mailbox.Server{Host: "localhost", Port: 587, Security: mailbox.SecuritySTARTTLS},
		}),
		OAuth: &mailbox.OAuth{
			Provider: mailbox.ProviderMicrosoft, AccountType: mailbox.AccountTenant, Tenant: "contoso.test",
			ClientID: testClient, Authority: f.URL,
		},
	}.Normalize()
}

// custom is the same at a provider of one's own.
func (f *fakeService) custom() mailbox.Definition {
	d := f.definition()
	d.OAuth.Provider, d.OAuth.Cloud, d.OAuth.AccountType, d.OAuth.Tenant = mailbox.ProviderCustom, "", "", ""
	d.OAuth.Authority, d.OAuth.Issuer = "", f.URL
	d.OAuth.Scopes = []string{"mail"}
	return d
}

func testClientFor(t *testing.T) *Client {
	h, err := HTTPClient(mailbox.Definition{}, redact.Secret{})
	if err != nil {
		t.Fatal(err)
	}
	c := &Client{HTTP: h, Texts: i18n.For(i18n.English)}
	t.Cleanup(c.Close)
	return c
}

// robot plays the user's browser: it fetches the short address, follows all
// redirects and keeps the page it ends on.
type robot struct {
	t    *testing.T
	err  error         // instead of starting
	wait chan struct{} // visits when this is closed; nil = at once
	mu   sync.Mutex
	wg   sync.WaitGroup
	ways []string
	body string
	last *http.Response
}

func (b *robot) Open(_ context.Context, way, address string) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ways = append(b.ways, way)
	if b.err != nil {
		return "", b.err
	}
	b.wg.Go(func() { b.visit(address) })
	return "Robot", nil
}

func (b *robot) visit(address string) {
	if b.wait != nil {
		<-b.wait
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Get(address)
	if err != nil {
		b.t.Logf("robot: %v", err)
		return
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Logf("robot: %v", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.body, b.last = string(body), resp
}

func (b *robot) page() string {
	b.wg.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.body
}

// recorder keeps the events of a sign-in.
type recorder struct {
	mu     sync.Mutex
	events []Event
	on     func(Event)
}

func (r *recorder) add(e Event) {
	r.mu.Lock()
	r.events = append(r.events, e)
	on := r.on
	r.mu.Unlock()
	if on != nil {
		on(e)
	}
}

func eventsOf[E Event](r *recorder) []E {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []E
	for _, e := range r.events {
		if e, ok := e.(E); ok {
			found = append(found, e)
		}
	}
	return found
}

// noLeaks fails the test if goroutines of this package outlive it.
func noLeaks(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		var stacks string
		for range 1500 { // a busy machine ends them late
			buf := make([]byte, 1<<20)
			stacks = string(buf[:runtime.Stack(buf, true)])
			own := 0
			for _, g := range strings.Split(stacks, "\n\n")[1:] {
				if strings.Contains(g, "mailgrant/oauth.(") && !strings.Contains(g, "mailgrant/oauth.(*fakeService)") {
					own++
				}
			}
			if own == 0 {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Errorf("goroutines are left:\n%s", stacks)
	})
}
