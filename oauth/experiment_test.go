package oauth

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"testing"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

// An identity token out of its time, and this machine's clock.
func TestClockDecides(t *testing.T) {
	for name, c := range map[string]struct {
		ahead  time.Duration // our clock
		claims func(map[string]any)
		cause  diagnosis.Cause
		result string
	}{
		"our clock is wrong":       {3 * time.Hour, nil, diagnosis.CauseClockSkew, "wrong"},
		"the token is out of time": {0, func(claims map[string]any) { claims["exp"] = time.Now().Add(-time.Hour).Unix() }, diagnosis.CauseIDTokenInvalid, "right"},
	} {
		t.Run(name, func(t *testing.T) {
			noLeaks(t)
			f := newFake(t)
			f.claims = c.claims
			client := testClientFor(t)
			client.Now = func() time.Time { return time.Now().Add(c.ahead) }
			_, events, _, err := run(t, client, f.definition())
			if got := causeOf(err); got != c.cause {
				t.Errorf("cause %s", got)
			}
			if tried := eventsOf[Tried](events); len(tried) != 1 || tried[0].ID != diagnosis.Clock || tried[0].Result != c.result {
				t.Errorf("tried %+v", tried)
			}
			var diag diagnosis.Diagnosis
			if errors.As(err, &diag); diag.ServerText == "" {
				t.Error("what was wrong with the token is lost")
			}
		})
	}
}

// answersWith stands in for a network.
type answersWith func(*http.Request) (*http.Response, error)

func (f answersWith) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A service that is not reached is tried without the proxy, and a portal is
// recognised.
func TestProxyAndPortal(t *testing.T) {
	broken := func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	}
	says := func(status int, location, body string) answersWith {
		return func(r *http.Request) (*http.Response, error) {
			resp := &http.Response{StatusCode: status, Header: http.Header{}, Body: http.NoBody, Request: r}
			if location != "" {
				resp.Header.Set("Location", location)
			}
			return resp, nil
		}
	}
	for name, c := range map[string]struct {
		direct answersWith
		result string
		cause  diagnosis.Cause // "": as it was
	}{
		"a portal in the clear":   {says(http.StatusFound, "http://login.hotel.example/", ""), "portal", diagnosis.CauseSignInServiceAnswer},
		"a portal by its address": {says(http.StatusFound, "https://10.0.0.1/login", ""), "portal", diagnosis.CauseSignInServiceAnswer},
		"sign in to the network":  {says(http.StatusNetworkAuthenticationRequired, "", ""), "portal", diagnosis.CauseSignInServiceAnswer},
		"the service's own page":  {says(http.StatusFound, "https://www.office.com/login", ""), "neither", ""},
		"nobody":                  {broken, "neither", ""},
	} {
		t.Run(name, func(t *testing.T) {
			client := testClientFor(t)
			client.HTTP = &http.Client{Transport: answersWith(broken)}
			client.direct = &http.Client{Transport: c.direct, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			d := newOffline().definition()
			d.OAuth.Authority = "https://login.contoso.test"
			_, events, _, err := run(t, client, d)
			if tried := eventsOf[Tried](events); len(tried) == 0 || tried[0].ID != diagnosis.ProxyAndPortal || tried[0].Result != c.result {
				t.Fatalf("tried %+v", tried)
			}
			if got := causeOf(err); c.cause != "" && got != c.cause || c.cause == "" && got == diagnosis.CauseSignInServiceAnswer {
				t.Errorf("cause %s", got)
			}
		})
	}
}

// A proxy that does not answer, and a service that does without it.
func TestWithoutTheProxy(t *testing.T) {
	f := newFake(t)
	client := testClientFor(t)
	works := client.HTTP
	client.HTTP = &http.Client{Transport: answersWith(func(r *http.Request) (*http.Response, error) {
		return nil, &url.Error{Op: "Get", URL: r.URL.String(), Err: &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("i/o timeout")}}
	})}
	client.direct = works
	_, events, _, err := run(t, client, f.definition())
	if tried := eventsOf[Tried](events); len(tried) == 0 || tried[0].Result != "direct-works" {
		t.Errorf("tried %+v", tried)
	}
	if got := causeOf(err); got != diagnosis.CauseProxyUnreachable {
		t.Errorf("cause %s", got)
	}
	if !withoutProxyHasNone(t, f.definition()) {
		t.Error("the client without a proxy has one")
	}
}

func withoutProxyHasNone(t *testing.T, d mailbox.Definition) bool {
	t.Helper()
	h := withoutProxy(d)
	return h.Transport.(limited).next.(*http.Transport).Proxy == nil
}
