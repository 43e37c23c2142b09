package oauth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/redact"
)

// said is a sign-in service that answers to everything as it is told, without
// a network.
type said struct {
	status int
	kind   string
	body   func(r *http.Request) []byte
}

// RoundTrip implements http.RoundTripper.
func (s said) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
	body := s.body(r)
	return &http.Response{
		StatusCode: s.status, Status: http.StatusText(s.status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {s.kind}}, Body: http.MaxBytesReader(nil, io.NopCloser(bytes.NewReader(body)), maxAnswer), ContentLength: int64(len(body)), Request: r,
	}, nil
}

func (s said) client() *Client {
	return &Client{HTTP: &http.Client{Transport: s}, Now: func() time.Time { return fuzzNow }}
}

// fuzzNow makes every run the same.
var fuzzNow = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

const (
	fuzzCode    = "c0de-of-the-fuzz-c0de"
	fuzzRefresh = "refresh-token-of-the-fuzz"
)

// mustBeNamed demands a diagnosis that can be rendered and hides the secrets.
func mustBeNamed(t *testing.T, err error) {
	t.Helper()
	var d diagnosis.Diagnosis
	if !errors.As(err, &d) || d.Cause == "" {
		t.Fatalf("an error without a cause: %v", err)
	}
	text, jsonErr := json.Marshal(d)
	if jsonErr != nil {
		t.Fatal(jsonErr)
	}
	for _, secret := range []string{fuzzCode, fuzzRefresh} {
		if strings.Contains(string(text)+err.Error(), secret) {
			t.Errorf("the diagnosis shows a secret: %s", text)
		}
	}
}

// FuzzTokenAnswers: whatever the token endpoint says, the result is a grant
// with a token that can be sent, a rotated refresh token to be kept, or a
// diagnosis without a secret in it.
func FuzzTokenAnswers(f *testing.F) {
	for _, seed := range []string{
		`{"token_type":"Bearer","expires_in":3600,"access_token":"a","refresh_token":"r","scope":"x y"}`,
		`{"token_type":"Bearer","expires_in":"3600","access_token":"a"}`, `{"access_token":"a","expires_in":-1}`, `{"access_token":"a","expires_in":1e300}`,
		`{"error":"invalid_grant","error_description":"AADSTS70008: {refresh}"}`, `access_token=a&token_type=bearer&expires_in=5`,
		`{"access_token":1}`, `{"access_token":"a","scope":["x"]}`, `[]`, `null`, `{`, "", "\x00", "<html>AADSTS50011</html>",
	} {
		f.Add(200, "application/json", []byte(seed))
		f.Add(400, "text/html; charset=x", []byte(seed))
	}
	offline := newOffline()
	f.Fuzz(func(t *testing.T, status int, kind string, body []byte) {
		if status < 200 || status > 599 {
			return
		}
		body = bytes.ReplaceAll(body, []byte("{refresh}"), []byte(fuzzRefresh))
		c := said{status, kind, func(*http.Request) []byte { return body }}.client()
		d := offline.definition()
		g, err := c.Refresh(t.Context(), d, Renewal{RefreshToken: redact.NewSecret(fuzzRefresh)})
		if err == nil && g.AccessToken.Empty() {
			if r := g.RefreshToken.Reveal(); r == "" || r == fuzzRefresh {
				t.Error("a grant with nothing new in it")
			}
			// A rotated refresh token is worth keeping; the grant is not used.
			if err := c.CheckRenewal(t.Context(), d, g, Account{}); err == nil {
				t.Error("a grant without an access token is good")
			} else {
				mustBeNamed(t, err)
			}
		}
		if err == nil && g.Expires.Before(fuzzNow) {
			t.Errorf("a grant that ends at %s", g.Expires)
		}
		if err != nil {
			mustBeNamed(t, err)
		}
	})
}

// FuzzDiscovery: whatever describes itself as the sign-in service, only https
// and this machine are ever asked for a token.
func FuzzDiscovery(f *testing.F) {
	offline := newOffline()
	for _, seed := range []string{
		`{"issuer":"http://localhost:9","jwks_uri":"http://localhost:9/keys","authorization_endpoint":"https://a/","token_endpoint":"https://b/"}`,
		`{"issuer":"http://localhost:9/` + testTenant + `/v2.0","jwks_uri":"http://localhost:9/keys"}`,
		`{"issuer":"http://localhost:9/{tenantid}/v2.0","jwks_uri":"http://evil.test/keys"}`,
		`{"issuer":"http://localhost:9","jwks_uri":"https://k","authorization_endpoint":"javascript:x","token_endpoint":"file:///etc/passwd"}`,
		`{"issuer":null}`, `{"issuer":["x"]}`, `[[[[[[[[`, `{"issuer":"x","issuer":"y"}`, "", "<html>",
	} {
		f.Add(200, []byte(seed), true)
		f.Add(404, []byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, status int, body []byte, custom bool) {
		if status < 200 || status > 599 {
			return
		}
		d := offline.definition()
		if custom {
			d = offline.custom()
		}
		c := said{status, "application/json", func(*http.Request) []byte { return body }}.client()
		s, err := c.discover(t.Context(), d, diagnosis.PhaseAuthorize)
		if err != nil {
			mustBeNamed(t, err)
			return
		}
		for _, address := range []string{s.endpoint.AuthURL, s.endpoint.TokenURL, s.Keys} {
			if !secureURL(address) {
				t.Errorf("%q is taken for an endpoint", address)
			}
		}
		if custom && strings.TrimSuffix(s.Issuer, "/") != strings.TrimSuffix(d.OAuth.Issuer, "/") {
			t.Errorf("the issuer %q stands for %q", s.Issuer, d.OAuth.Issuer)
		}
	})
}

// fuzzService answers discovery as it should be, with keys of its own.
func fuzzService(f *fakeService, keys []byte) said {
	return said{200, "application/json", func(r *http.Request) []byte {
		if r.URL.Path == "/keys" {
			return keys
		}
		return []byte(`{"issuer":"` + f.issuer(testTenant) + `","jwks_uri":"` + f.URL + `/keys"}`)
	}}
}

func publicKeys(f *fakeService) []byte {
	data, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: f.key.Public(), KeyID: f.keyID, Algorithm: "RS256", Use: "sig"}}})
	if err != nil {
		panic(err)
	}
	return data
}

// verified runs one identity token through the checks.
func verified(t *testing.T, keys []byte, f *fakeService, raw string) (claims, error) {
	t.Helper()
	c := fuzzService(f, keys).client()
	s, err := c.discover(t.Context(), f.definition(), diagnosis.PhaseAuthorize)
	if err != nil {
		t.Fatal(err)
	}
	return c.verify(context.Background(), s, testClient, Grant{AccessToken: redact.NewSecret("a"), IDToken: redact.NewSecret(raw)}, "n0nce")
}

func fuzzIDToken(f *fakeService) string {
	now := fuzzNow.Unix()
	data, err := json.Marshal(map[string]any{
		"iss": f.issuer(testTenant), "aud": testClient, "sub": "subject", "oid": "object", "tid": testTenant,
		"preferred_username": testUser, "nonce": "n0nce", "iat": now, "nbf": now, "exp": now + 3600,
	})
	if err != nil {
		panic(err)
	}
	return signed(jose.RS256, f.key, f.keyID, data)
}

// FuzzIDToken: only the token that the service has signed is ever accepted,
// whatever is made of it.
func FuzzIDToken(f *testing.F) {
	offline := newOffline()
	good, keys := fuzzIDToken(offline), publicKeys(offline)
	f.Add(good)
	f.Add(good + "=")
	f.Add(good + ".")
	f.Add(unsigned([]byte(`{"iss":"x"}`)))
	f.Add(strings.Replace(good, "eyJ", "eyI", 1))
	f.Add(`{"payload":"e30","signatures":[]}`)
	f.Add("..")
	f.Add("")
	payload := func(token string) string { return strings.Split(token, ".")[1] }
	f.Fuzz(func(t *testing.T, raw string) {
		who, err := verified(t, keys, offline, raw)
		if err == nil && (strings.Count(raw, ".") != 2 || payload(raw) != payload(good) || who.Preferred != testUser) {
			t.Errorf("%q is accepted", raw)
		}
	})
}

// FuzzClaims: a token that is signed well may still say anything; what it
// says ends in a verdict, and only the expected account is let in.
func FuzzClaims(f *testing.F) {
	offline := newOffline()
	keys := publicKeys(offline)
	for _, seed := range []string{
		`{"iss":"http://localhost:9/` + testTenant + `/v2.0","aud":"` + testClient + `","tid":"` + testTenant + `","preferred_username":"` + testUser + `","nonce":"n0nce","exp":1795525200}`,
		`{"iss":"x","aud":["` + testClient + `","y"],"exp":99999999999999999999}`, `{"email_verified":"TRUE","email":"` + testUser + `","exp":1e400}`,
		`{"nbf":-9223372036854775808,"exp":9223372036854775807}`, `{}`, `null`, `[]`, "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		who, err := verified(t, keys, offline, signed(jose.RS256, offline.key, offline.keyID, data))
		if err != nil {
			return
		}
		if who.Issuer != offline.issuer(testTenant) && !strings.EqualFold(who.Issuer, offline.issuer(testTenant)) || !strings.EqualFold(who.TenantID, testTenant) {
			t.Errorf("issuer %q, tenant %q are accepted", who.Issuer, who.TenantID)
		}
		want := expectation{user: testUser, manners: entra{}, tenant: testTenant}
		if v := verdict(who, want); v != Other && !sameName(who.Preferred, testUser) && !sameName(who.UPN, testUser) && !sameName(who.Email, testUser) {
			t.Errorf("%+v is %s", who, v)
		}
	})
}

// FuzzKeys: keys that cannot be used accept no token.
func FuzzKeys(f *testing.F) {
	offline := newOffline()
	good := fuzzIDToken(offline)
	f.Add(publicKeys(offline))
	for _, seed := range []string{
		`{"keys":[]}`, `{"keys":[{"kty":"RSA","kid":"k1","n":"AA","e":"AQAB"}]}`, `{"keys":[{"kty":"oct","kid":"k1","k":"AAAA"}]}`, `{"keys":[{"kty":"RSA","n":"","e":""}]}`,
		`{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}`, `{"keys":[{"kty":"RSA","x5c":["AA=="]}]}`, `{"keys":{}}`, `[`, "",
	} {
		f.Add([]byte(seed))
	}
	modulus := offline.key.N.String()
	f.Fuzz(func(t *testing.T, keys []byte) {
		if _, err := verified(t, keys, offline, good); err == nil {
			var set jose.JSONWebKeySet
			if json.Unmarshal(keys, &set) != nil || !holds(set, modulus) {
				t.Errorf("%q verified a token that another key has signed", keys)
			}
		}
	})
}
