package oauth

import (
	"bufio"
	"bytes"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

const fuzzState = "st4te-of-the-fuzz-that-nobody-guesses"

// holds reports whether a key set has the RSA key with a modulus.
func holds(set jose.JSONWebKeySet, modulus string) bool {
	for _, k := range set.Keys {
		if public, ok := k.Key.(*rsa.PublicKey); ok && public.N.String() == modulus {
			return true
		}
	}
	return false
}

// FuzzPasted: a pasted text is an answer, an error or neither, and an answer
// only with the right state.
func FuzzPasted(f *testing.F) {
	for _, seed := range []string{
		"http://localhost:51234/?code=" + fuzzCode + "&state={state}", "?code=a&state={state}&code=b", "code=" + fuzzCode + "&amp;state={state}", "error=access_denied&state={state}",
		"AADSTS50011: The redirect URI", "http://localhost/?code=x&state=other", "a://?#&=%zz", "https://login/\r\n common?error=invalid_request", "\x00", "", strings.Repeat("?", 100),
	} {
		f.Add(seed)
	}
	d := newOffline().definition()
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ReplaceAll(text, "{state}", fuzzState)
		p := readPasted(text, d, fuzzState)
		found := 0
		for _, is := range []bool{p.answer != nil, p.failure != nil, p.refused != nil} {
			if is {
				found++
			}
		}
		if found != 1 {
			t.Fatalf("it is %d things at once: %+v", found, p)
		}
		if p.answer != nil && !strings.Contains(strings.Join(strings.Fields(text), ""), fuzzState) && !strings.Contains(text, "%") {
			t.Errorf("an answer without the state: %q", text)
		}
		for _, d := range []any{p.failure, p.refused} {
			if data, err := json.Marshal(d); err != nil || strings.Contains(string(data), "code="+fuzzCode) {
				t.Errorf("the diagnosis shows the code: %s, %v", data, err)
			}
		}
	})
}

// FuzzListener: whatever reaches the loopback port, the answer is taken at
// most once, only with the right state, and the state is never said back.
func FuzzListener(f *testing.F) {
	for _, seed := range []string{
		"GET /?code=a&state={state} HTTP/1.1\r\nHost: localhost:51234\r\n\r\n", "GET {start} HTTP/1.1\r\nHost: 127.0.0.1:51234\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: localhost:51234\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 62\r\n\r\ncode=a&state={state}",
		"GET /done HTTP/1.1\r\nHost: [::1]:51234\r\n\r\n", "GET /?code=a&state={state} HTTP/1.1\r\nHost: evil.test\r\n\r\n", "HEAD / HTTP/1.0\r\n\r\n",
		"GET //evil.test/%2e%2e?state={state}&state={state}&error=x HTTP/1.1\r\nHost: localhost:51234\r\n\r\n", "POST / HTTP/1.1\r\nHost: localhost:51234\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n--x", "\x16\x03\x01", "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		w := newWeb(authRequest{state: fuzzState, url: "https://login.test/authorize"}, "51234")
		close(w.done) // the outcome is there, so that nothing waits
		data = bytes.ReplaceAll(bytes.ReplaceAll(data, []byte("{state}"), []byte(fuzzState)), []byte("{start}"), []byte(w.start))
		for range 2 {
			r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(data)))
			if err != nil {
				return
			}
			answer := httptest.NewRecorder()
			w.ServeHTTP(answer, r)
			if strings.Contains(answer.Body.String(), fuzzState) || strings.Contains(answer.Header().Get("Location"), fuzzState) {
				t.Errorf("it says the state: %v", answer)
			}
			if to := answer.Header().Get("Location"); to != "" && to != "/done" && to != "https://login.test/authorize" {
				t.Errorf("it leads to %q", to)
			}
			if answer.Header().Get("Cache-Control") != "no-store" {
				t.Error("the answer may be kept")
			}
		}
		if w.taken.Load() && !bytes.Contains(data, []byte(fuzzState)) && !bytes.Contains(data, []byte("%")) {
			t.Errorf("an answer without the state was taken: %q", data)
		}
		if len(w.answers) > 1 {
			t.Error("two answers were taken")
		}
	})
}

// FuzzProxySettings: every address that is read out of a list names a host,
// and no list makes the exceptions panic.
func FuzzProxySettings(f *testing.F) {
	for _, seed := range []string{
		"proxy:8080", "http=one:80;https=two:80", "one:8080;two:8080", "socks=s:1080", "https=http://user:pass@p:1/", "=;=;", "http://[::1]:3128", "a b\tc", "PROXY p:1; DIRECT", "\x00://", "",
	} {
		f.Add(seed, "https", "<local>;*.contoso.test", "login.test")
	}
	f.Add("p:1", "http", "[", "x")
	f.Fuzz(func(t *testing.T, list, scheme, exceptions, host string) {
		for _, u := range readProxies(list, scheme) {
			if u.Host == "" {
				t.Errorf("%q gives %q, which has no host", list, u)
			}
			if plain, err := url.Parse(plainProxy(u)); err == nil && plain.User != nil {
				t.Errorf("%q shows credentials", plain)
			}
			_ = portOf(u)
		}
		bypassed(host, exceptions)
	})
}
