//go:build hostile

package hostile

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// What the service hands out and is sent. Like the other secrets they are the
// same in every cell.
const (
	canaryCode    = "c4nary-code+of/the=sign-in-0123456789"
	canaryAccess  = "c4nary-access/t0ken+of=the-service-0123456789"
	canaryRefresh = "c4nary-refresh/t0ken+of=the-service-0123456789"
	canarySpent   = "c4nary-spent/refresh+t0ken=of-the-grant-0123456789"
	canaryDevice  = "c4nary-device/code+of=the-service-0123456789"
	canarySecret  = "c4nary~client/secret+of=the-app-0123456789"

	tenantID    = "0ec1a7a5-46f8-4b6e-9e8b-6d43c1a2b001"
	anotherID   = "5b7d3a90-1f2c-4a5e-8b6d-000000000002"
	application = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"
)

func init() {
	for what, secret := range map[string]string{
		"the code": canaryCode, "the access token": canaryAccess, "the refresh token": canaryRefresh,
		"the spent refresh token": canarySpent, "the device code": canaryDevice, "the client secret": canarySecret,
	} {
		addNeedles(needles(), what, secret)
	}
}

var (
	signingKey  = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
	strangerKey = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
)

// endpoint is a place at which a sign-in service answers.
type endpoint string

const (
	discovery  endpoint = "discovery"
	keys       endpoint = "keys"
	tokens     endpoint = "token"
	deviceCode endpoint = "device code"
	tenant     endpoint = "tenant" // the discovery document of the address's domain
	realm      endpoint = "realm"
	landing    endpoint = "answer" // what the browser brings back
)

// service is a sign-in service that misbehaves at one endpoint.
type service struct {
	*httptest.Server
	elsewhere *httptest.Server // where nothing secret may arrive
	at        endpoint
	way       answerWay
	lie       lie

	mu       sync.Mutex
	heard    bytes.Buffer // at elsewhere
	nonce    string
	verifier string
}

func startService(at endpoint, w answerWay, l lie) *service {
	s := &service{at: at, way: w, lie: l}
	s.elsewhere = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		s.mu.Lock()
		defer s.mu.Unlock()
		fmt.Fprintf(&s.heard, "%s %s %v %s\n", r.Method, r.URL, r.Header, body)
	}))
	mux := http.NewServeMux()
	mux.HandleFunc("/{tenant}/v2.0/.well-known/openid-configuration", s.describe)
	mux.HandleFunc("/.well-known/openid-configuration", s.describe)
	mux.HandleFunc("/keys", s.keys)
	mux.HandleFunc("/{tenant}/oauth2/v2.0/authorize", s.authorize)
	mux.HandleFunc("/{tenant}/oauth2/v2.0/token", s.tokens)
	mux.HandleFunc("/{tenant}/oauth2/v2.0/devicecode", s.device)
	mux.HandleFunc("/getuserrealm.srf", func(w http.ResponseWriter, r *http.Request) {
		s.answer(w, r, realm, map[string]any{"NameSpaceType": "Managed", "FederationBrandName": "Contoso"})
	})
	s.Server = httptest.NewUnstartedServer(mux)
	s.Config.ErrorLog = quiet
	s.Start()
	return s
}

func (s *service) stop() {
	s.CloseClientConnections()
	s.Close()
	s.elsewhere.CloseClientConnections()
	s.elsewhere.Close()
}

// answer gives the right answer, or does what the cell is about.
func (s *service) answer(w http.ResponseWriter, r *http.Request, at endpoint, right map[string]any) {
	_ = r.ParseForm()
	if at == s.at && s.lie.bend != nil {
		s.lie.bend(s, right)
	}
	data := must(json.Marshal(right))
	if at == s.at && s.way.do != nil {
		s.way.do(&reply{ResponseWriter: w, r: r, s: s, right: data})
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(data)
}

func (s *service) describe(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("tenant")
	at, issuer, base := discovery, s.URL+"/"+tenantID+"/v2.0", s.URL+"/custom/oauth2/v2.0/"
	switch name {
	case "":
		issuer = s.URL
	case "contoso.test":
		at = tenant
	}
	s.answer(w, r, at, map[string]any{
		"issuer": issuer, "jwks_uri": s.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"},
		"authorization_endpoint": base + "authorize", "token_endpoint": base + "token", "device_authorization_endpoint": base + "devicecode",
	})
}

func (s *service) keys(w http.ResponseWriter, r *http.Request) {
	key := map[string]any{}
	_ = json.Unmarshal(must(json.Marshal(jose.JSONWebKey{Key: signingKey().Public(), KeyID: "k1", Algorithm: "RS256", Use: "sig"})), &key)
	s.answer(w, r, keys, map[string]any{"keys": []any{key}})
}

// authorize answers at once, as if the user had signed in.
func (s *service) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	s.mu.Lock()
	s.nonce = q.Get("nonce")
	s.mu.Unlock()
	back := q.Get("redirect_uri") + "/"
	values := url.Values{"code": {canaryCode}, "state": {q.Get("state")}}
	if s.lie.before != nil {
		s.lie.before(back, values)
	}
	if s.lie.answer != nil {
		s.lie.answer(s, values)
	}
	http.Redirect(w, r, back+"?"+values.Encode(), http.StatusFound)
}

func (s *service) device(w http.ResponseWriter, r *http.Request) {
	s.answer(w, r, deviceCode, map[string]any{
		"device_code": canaryDevice, "user_code": "ABCD-EFGH", "verification_uri": s.URL + "/device", "expires_in": 900, "interval": 1,
	})
}

func (s *service) tokens(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	s.mu.Lock()
	if v := r.PostForm.Get("code_verifier"); v != "" {
		s.verifier = v
	}
	nonce := s.nonce
	s.mu.Unlock()
	issuer := s.URL + "/" + tenantID + "/v2.0"
	if r.PathValue("tenant") == "custom" {
		issuer = s.URL
	}
	now := time.Now()
	claims := map[string]any{
		"iss": issuer, "aud": application, "sub": "subject", "oid": "object", "tid": tenantID, "preferred_username": user,
		"name": "Help Desk", "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
	if nonce != "" {
		claims["nonce"] = nonce
	}
	if s.lie.claims != nil {
		s.lie.claims(s, claims)
	}
	data := must(json.Marshal(claims))
	idToken := ""
	if s.lie.sign != nil {
		idToken = s.lie.sign(s, data)
	} else {
		idToken = signed(jose.RS256, signingKey(), data, map[jose.HeaderKey]any{"kid": "k1"})
	}
	right := map[string]any{
		"token_type": "Bearer", "expires_in": 3600, "access_token": canaryAccess, "refresh_token": canaryRefresh,
		"scope": "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send",
	}
	if r.PostForm.Get("grant_type") != "client_credentials" {
		right["id_token"] = idToken
	}
	s.answer(w, r, tokens, right)
}

func signed(alg jose.SignatureAlgorithm, key any, claims []byte, header map[jose.HeaderKey]any) string {
	options := &jose.SignerOptions{ExtraHeaders: header}
	signer := must(jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, options))
	return must(must(signer.Sign(claims)).CompactSerialize())
}

// reply is one request that is answered in another way than it should be.
type reply struct {
	http.ResponseWriter
	r     *http.Request
	s     *service
	right []byte
}

// raw takes the connection and writes what it likes.
func (x *reply) raw(write func(net.Conn)) {
	c, _, err := x.ResponseWriter.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer c.Close()
	write(c)
}

// sent is what the request carried, as a service might repeat it.
func (x *reply) sent() string {
	var all []string
	for _, values := range x.r.Form {
		all = append(all, values...)
	}
	return strings.Join(all, " and ")
}
