//go:build hostile

package hostile

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// lie is a well-formed answer that says what is not so.
type lie struct {
	name   string
	then   outcome
	waits  bool                                    // until the limit
	bend   func(s *service, right map[string]any)  // an endpoint's answer
	claims func(s *service, claims map[string]any) // the identity token's claims
	sign   func(s *service, claims []byte) string  // its signature
	answer func(s *service, values url.Values)     // what the browser brings back
	before func(back string, values url.Values)    // what comes before that from somebody else
}

func set(name string, value any) func(*service, map[string]any) {
	return func(_ *service, m map[string]any) { m[name] = value }
}

func without(names ...string) func(*service, map[string]any) {
	return func(_ *service, m map[string]any) {
		for _, name := range names {
			delete(m, name)
		}
	}
}

// nameLies are about who signed in. None may be believed.
var nameLies = []lie{
	{name: "another person", then: breaks, claims: set("preferred_username", "admin@contoso.test")},
	{name: "another letter", then: breaks, claims: set("preferred_username", "helpde\u017f\u212a@contoso.test")},
	{name: "a blank behind the name", then: breaks, claims: set("preferred_username", user+" ")},
	{name: "a NUL behind the name", then: breaks, claims: set("preferred_username", user+"\x00")},
	{name: "a name that misleads", then: breaks, claims: set("preferred_username", "\u202e\x1b[2J"+canaryAccess)},
	{name: "a name of 500 KB", then: breaks, claims: set("preferred_username", strings.Repeat("x", 500<<10))},
	{name: "a list of names", then: breaks, claims: set("preferred_username", []string{user})},
	{name: "a guest", then: breaks, claims: set("preferred_username", "helpdesk_contoso.com#EXT#@fabrikam.com")},
	{name: "only an address", then: breaks, claims: func(_ *service, c map[string]any) {
		delete(c, "preferred_username")
		c["email"], c["tid"] = user, anotherID
	}},
	{name: "no name", then: breaks, claims: without("preferred_username")},
	{name: "no token", then: breaks, sign: func(*service, []byte) string { return "" }},
}

// subjectLies are about whose authorization is renewed (OpenID Connect Core
// 1.0, 12.2): the name may change, the subject may not.
var subjectLies = []lie{
	{name: "another subject", then: breaks, claims: set("sub", "somebody")},
	{name: "another object", then: breaks, claims: set("oid", "somebody")},
	{name: "another tenant", then: breaks, claims: set("tid", anotherID)},
	{name: "another name", then: harmless, claims: set("preferred_username", "renamed@contoso.test")},
}

// identityLies are about what an identity token holds and who signed it. None
// may be believed, at a sign-in or later.
var identityLies = []lie{
	{name: "no subject", then: breaks, claims: without("sub")},
	{name: "another audience", then: breaks, claims: set("aud", anotherID)},
	{name: "no audience", then: breaks, claims: without("aud")},
	{name: "a second audience", then: breaks, claims: set("aud", []string{application, anotherID})},
	{name: "a second audience that is authorized", then: breaks, claims: func(_ *service, c map[string]any) {
		c["aud"], c["azp"] = []string{application, anotherID}, anotherID
	}},
	{name: "authorized for another", then: breaks, claims: set("azp", anotherID)},
	{name: "another issuer", then: breaks, claims: set("iss", "https://elsewhere.example")},
	{name: "the issuer with a slash", then: breaks, claims: func(_ *service, c map[string]any) { c["iss"] = c["iss"].(string) + "/" }},
	{name: "no issuer", then: breaks, claims: without("iss")},
	{name: "ended", then: breaks, claims: set("exp", time.Now().Add(-time.Hour).Unix())},
	{name: "no end", then: breaks, claims: without("exp")},
	{name: "an end of text", then: breaks, claims: set("exp", "tomorrow")},
	{name: "an end beyond numbers", then: open, claims: set("exp", 1e300)},
	{name: "not valid yet", then: breaks, claims: set("nbf", time.Now().Add(time.Hour).Unix())},
	{name: "another hash of the access token", then: breaks, claims: set("at_hash", "AAAAAAAAAAAAAAAAAAAAAA")},

	{name: "no signature", then: breaks, sign: func(_ *service, c []byte) string { return unsigned(`{"alg":"none"}`, c, "") }},
	{name: "no algorithm", then: breaks, sign: func(_ *service, c []byte) string { return unsigned(`{}`, c, "AAAA") }},
	{name: "somebody's key", then: breaks, sign: func(_ *service, c []byte) string {
		return signed(jose.RS256, strangerKey(), c, map[jose.HeaderKey]any{"kid": "k1"})
	}},
	{name: "somebody's key within", then: breaks, sign: func(_ *service, c []byte) string {
		return signed(jose.RS256, strangerKey(), c, map[jose.HeaderKey]any{"jwk": jose.JSONWebKey{Key: strangerKey().Public()}})
	}},
	{name: "somebody's key elsewhere", then: breaks, sign: func(s *service, c []byte) string {
		return signed(jose.RS256, strangerKey(), c, map[jose.HeaderKey]any{"jku": s.elsewhere.URL + "/keys", "x5u": s.elsewhere.URL + "/cert", "kid": "../k1"})
	}},
	{name: "the public key as a secret", then: breaks, sign: func(_ *service, c []byte) string {
		return signed(jose.HS256, signingKey().N.Bytes(), c, map[jose.HeaderKey]any{"kid": "k1"})
	}},
	{name: "the client secret as a key", then: breaks, sign: func(_ *service, c []byte) string { return signed(jose.HS256, []byte(canarySecret), c, nil) }},
	{name: "what it must understand", then: breaks, sign: func(_ *service, c []byte) string {
		return unsigned(`{"alg":"RS256","kid":"k1","crit":["exp"],"exp":1}`, c, "AAAA")
	}},
	{name: "a signature cut off", then: breaks, sign: func(_ *service, c []byte) string { t := right(c); return t[:len(t)-20] }},
	{name: "claims exchanged", then: breaks, sign: func(_ *service, c []byte) string {
		parts := strings.Split(right([]byte(`{"sub":"other"}`)), ".")
		return parts[0] + "." + base64.RawURLEncoding.EncodeToString(c) + "." + parts[2]
	}},
	{name: "two signatures", then: breaks, sign: func(_ *service, c []byte) string { return right(c) + "." + right(c) }},
	{name: "encrypted", then: breaks, sign: func(*service, []byte) string { return "e30.e30.e30.e30.e30" }},
	{name: "no parts", then: breaks, sign: func(*service, []byte) string { return "x" }},
	{name: "damaged base64", then: breaks, sign: func(*service, []byte) string { return "!!!.???.***" }},
	{name: "a token of 900 KB", then: breaks, sign: func(*service, []byte) string { return strings.Repeat("A", 900<<10) }},
	{name: "90,000 parts", then: breaks, sign: func(*service, []byte) string { return strings.Repeat("A.", 90<<10) }},
	{name: "nested claims", then: breaks, sign: func(*service, []byte) string {
		return right([]byte(strings.Repeat(`{"a":`, 20<<10) + "1" + strings.Repeat("}", 20<<10)))
	}},
	{name: "claims that are a list", then: breaks, sign: func(*service, []byte) string { return right([]byte("[]")) }},
	{name: "claims that are null", then: breaks, sign: func(*service, []byte) string { return right([]byte("null")) }},
}

// nonceLies are about which sign-in a token belongs to.
var nonceLies = []lie{
	{name: "another sign-in", then: breaks, claims: set("nonce", "somebody's")},
	{name: "no sign-in", then: breaks, claims: without("nonce")},
}

func right(claims []byte) string {
	return signed(jose.RS256, signingKey(), claims, map[jose.HeaderKey]any{"kid": "k1"})
}

func unsigned(header string, claims []byte, signature string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString(claims) + "." + signature
}

// tenantLies are for services whose accounts have a tenant.
var tenantLies = []lie{
	{name: "another tenant", then: breaks, claims: set("tid", anotherID)},
	{name: "no tenant", then: breaks, claims: without("tid")},
	{name: "a tenant that is a path", then: breaks, claims: set("tid", "../"+tenantID)},
}

// tokenLies are about the tokens.
var tokenLies = []lie{
	{name: "no access token", then: breaks, bend: without("access_token", "refresh_token")},
	{name: "another type", then: breaks, bend: set("token_type", "mac")},
	{name: "a type that misleads", then: breaks, bend: set("token_type", "\u202ebearer")},
	{name: "bEaReR", then: harmless, bend: set("token_type", "bEaReR")},
	{name: "control characters", then: breaks, bend: set("access_token", "a\r\nX: b\x00")},
	{name: "a token that is a blank", then: breaks, bend: set("access_token", " ")},
	{name: "a token of letters", then: breaks, bend: set("access_token", "t\u00f6ken")},
	{name: "a lifetime below nothing", then: open, bend: set("expires_in", -5)},
	{name: "a lifetime beyond numbers", then: open, bend: set("expires_in", 1e300)},
	{name: "a lifetime of text", then: open, bend: set("expires_in", "soon")},
	{name: "a lifetime of a fraction", then: open, bend: set("expires_in", 3599.5)},
	{name: "permissions for everything", then: open, bend: set("scope", strings.Repeat("Mail.Everything ", 20<<10))},
	{name: "permissions that mislead", then: open, bend: set("scope", "\u202e\x1b[2J IMAP.AccessAsUser.All")},
	{name: "permissions as a list", then: open, bend: set("scope", []string{"IMAP.AccessAsUser.All"})},
	{name: "no permissions", then: open, bend: set("scope", "x")},
}

// discoveryLies are about where the service is.
var discoveryLies = []lie{
	{name: "another issuer", then: breaks, bend: set("issuer", "https://elsewhere.example")},
	{name: "no issuer", then: breaks, bend: without("issuer")},
	{name: "no keys", then: breaks, bend: without("jwks_uri")},
	{name: "keys in a file", then: breaks, bend: set("jwks_uri", "file:///etc/passwd")},
	{name: "keys in the clear", then: breaks, bend: set("jwks_uri", "http://elsewhere.example/keys")},
	{name: "keys at no address", then: breaks, bend: set("jwks_uri", "\x7f://")},
	{name: "algorithms that are none", then: open, bend: set("id_token_signing_alg_values_supported", []string{"none", "HS256"})},
	{name: "answers with an issuer", then: breaks, bend: set("authorization_response_iss_parameter_supported", true)},
}

// endpointLies are for services that name their endpoints.
var endpointLies = []lie{
	{name: "tokens in the clear", then: breaks, bend: set("token_endpoint", "http://elsewhere.example/token")},
	{name: "tokens in a script", then: breaks, bend: set("token_endpoint", "javascript:alert(1)")},
	{name: "no tokens", then: breaks, bend: without("token_endpoint")},
	{name: "a sign-in in the clear", then: breaks, bend: set("authorization_endpoint", "http://elsewhere.example/authorize")},
	{name: "a sign-in in a file", then: breaks, bend: set("authorization_endpoint", "file:///tmp/x")},
	{name: "no sign-in", then: breaks, bend: without("authorization_endpoint")},
}

// movedLies lead a renewal to another endpoint than the sign-in's.
var movedLies = []lie{
	{name: "tokens elsewhere", then: breaks, bend: func(s *service, m map[string]any) { m["token_endpoint"] = s.elsewhere.URL + "/token" }},
	{name: "tokens at another name", then: breaks, bend: func(s *service, m map[string]any) {
		m["token_endpoint"] = strings.Replace(s.elsewhere.URL, "127.0.0.1", "localhost", 1) + "/token"
	}},
}

// keyLies are about the keys. A token of a key that is not there is not believed.
var keyLies = []lie{
	{name: "no keys", then: breaks, bend: set("keys", []any{})},
	{name: "keys of nothing", then: breaks, bend: set("keys", []any{map[string]any{}, nil, 42})},
	{name: "a key of one bit", then: breaks, bend: set("keys", []any{map[string]any{"kty": "RSA", "kid": "k1", "n": "AQ", "e": "AQ"}})},
	{name: "a key without end", then: breaks, bend: set("keys", []any{map[string]any{"kty": "RSA", "kid": "k1", "n": strings.Repeat("A", 500<<10), "e": "AQAB"}})},
	{name: "a secret key", then: breaks, bend: set("keys", []any{map[string]any{"kty": "oct", "kid": "k1", "k": "AAAA"}})},
	{name: "somebody's key", then: breaks, bend: func(_ *service, m map[string]any) {
		var key map[string]any
		_ = json.Unmarshal(must(json.Marshal(jose.JSONWebKey{Key: strangerKey().Public(), KeyID: "k1", Algorithm: "RS256", Use: "sig"})), &key)
		m["keys"] = []any{key}
	}},
	{name: "3,000 keys", then: open, bend: func(_ *service, m map[string]any) {
		key := m["keys"].([]any)[0].(map[string]any)
		for n := range 3000 {
			m["keys"] = append(m["keys"].([]any), map[string]any{"kty": "RSA", "kid": fmt.Sprint(n), "n": key["n"], "e": "AQAB"})
		}
	}},
}

// deviceLies are about the device code.
var deviceLies = []lie{
	{name: "an address in the clear", then: breaks, bend: set("verification_uri", "http://elsewhere.example/")},
	{name: "an address that is a script", then: breaks, bend: set("verification_uri", "javascript:alert(1)")},
	{name: "an address that is a file", then: breaks, bend: set("verification_uri", `\\elsewhere\share\x.exe`)},
	{name: "no address", then: breaks, bend: without("verification_uri")},
	{name: "no code", then: breaks, bend: without("user_code")},
	{name: "a code that misleads", then: open, bend: set("user_code", "\u202e\x1b[2JABCD")},
	{name: "a code of 500 KB", then: open, bend: set("user_code", strings.Repeat("A", 500<<10))},
	{name: "a pause below nothing", then: open, bend: set("interval", -1<<40)},
	{name: "a life beyond numbers", then: open, bend: set("expires_in", int64(1)<<62)},
	{name: "a life of text", then: harmless, bend: set("expires_in", "soon")},
}

// answerLies are about what comes back by the browser.
var answerLies = []lie{
	{name: "an error", then: refused, answer: func(_ *service, v url.Values) { v.Del("code"); v.Set("error", "access_denied") }},
	{name: "an error with the secrets", then: refused, answer: func(_ *service, v url.Values) {
		v.Del("code")
		v.Set("error", "x")
		v.Set("error_description", repeatedForms(canaryCode+" "+canarySecret))
	}},
	{name: "an error that misleads", then: refused, answer: func(_ *service, v url.Values) {
		v.Del("code")
		v.Set("error", "\x1b[2J\u202e")
		v.Set("error_description", "<script>alert(1)</script>\u2066\x00\xff")
	}},
	{name: "an error of 50 KB", then: refused, waits: true, answer: func(_ *service, v url.Values) { v.Set("error", strings.Repeat("x", 50<<10)) }},
	{name: "a code and an error", then: refused, answer: func(_ *service, v url.Values) { v.Set("error", "server_error") }},
	{name: "another issuer", then: breaks, answer: func(_ *service, v url.Values) { v.Set("iss", "https://elsewhere.example") }},
	{name: "a code of 50 KB", then: open, waits: true, answer: func(_ *service, v url.Values) { v.Set("code", strings.Repeat("x", 50<<10)) }},
	{name: "a code with line breaks", then: open, answer: func(_ *service, v url.Values) { v.Set("code", "a\r\nX: b") }},
}

// intruders are what somebody else on this machine sends before the answer
// comes. It changes nothing.
var intruders = func() []lie {
	var all []lie
	for name, change := range map[string]func(url.Values){
		"no state":      func(v url.Values) { v.Del("state") },
		"another state": func(v url.Values) { v.Set("state", "x") },
		"two states":    func(v url.Values) { v["state"] = append(v["state"], "x") },
		"two codes":     func(v url.Values) { v["code"] = []string{"a", "b"} },
		"nothing":       func(v url.Values) { clear(v) },
		"no answer":     func(v url.Values) { v.Del("code") },
		"50 KB":         func(v url.Values) { v.Set("state", strings.Repeat("x", 50<<10)) },
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			all = append(all, lie{name: method + " with " + name, then: harmless, before: func(back string, values url.Values) {
				v := must(url.ParseQuery(values.Encode()))
				change(v)
				intrude(method, back, v.Encode())
			}})
		}
	}
	for name, request := range map[string]string{
		"another host":       "GET /?%s HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n",
		"no host":            "GET /?%s HTTP/1.1\r\n\r\n",
		"half a request":     "GET /?%s HTT",
		"another method":     "BREW /?%s HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"garbage":            "\x00\xff%s\r\n\r\n",
		"a TLS hello":        "\x16\x03\x01\x02\x00%s",
		"a body without end": "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\nx=%s",
		"a path that climbs": "GET /../../start/x?%s HTTP/1.1\r\nHost: localhost\r\n\r\n",
	} {
		all = append(all, lie{name: name, then: harmless, before: func(back string, _ url.Values) {
			for range 20 {
				knock(back, fmt.Sprintf(request, "code=x&state=y"))
			}
		}})
	}
	return all
}()

func intrude(method, back, query string) {
	req := must(http.NewRequest(method, back, nil))
	if method == http.MethodGet {
		req.URL.RawQuery = query
	} else {
		req.Body, req.ContentLength = io.NopCloser(strings.NewReader(query)), int64(len(query))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	if resp, err := transport.RoundTrip(req); err == nil {
		_ = resp.Body.Close()
	}
}

// knock sends bytes and leaves the connection to itself for a while.
func knock(back, bytes string) {
	u := must(url.Parse(back))
	c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", u.Port()))
	if err != nil {
		return
	}
	_, _ = io.WriteString(c, bytes)
	time.AfterFunc(5*time.Second, func() { _ = c.Close() })
}
