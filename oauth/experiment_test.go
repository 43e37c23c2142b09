package oauth

import (
	"context"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"mailgrant/internal/certificate"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/tests/freeport"
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
		"a wrong clock beside it":  {3 * time.Hour, func(claims map[string]any) { claims["iss"] = "https://example.com" }, diagnosis.CauseIDTokenInvalid, ""},
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
			if tried := eventsOf[Tried](events); len(tried) > 1 || (c.result != "") != (len(tried) == 1) || len(tried) == 1 && (tried[0].ID != diagnosis.Clock || tried[0].Result != c.result) {
				t.Errorf("tried %+v", tried)
			}
			var diag diagnosis.Diagnosis
			if errors.As(err, &diag); diag.ServerText == "" {
				t.Error("what was wrong with the token is lost")
			}
		})
	}
}

// ways is a network of this machine's own: what is connected to port 443 or 80
// of any other host ends at one of its servers, or at nobody.
type ways struct{ secure, plain string }

func (w ways) client(t *testing.T, d mailbox.Definition, direct bool) *http.Client {
	t.Helper()
	h, err := HTTPClient(d, redact.Secret{})
	if err != nil {
		t.Fatal(err)
	}
	transport := h.Transport.(limited).Transport
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		switch host, port, _ := net.SplitHostPort(address); {
		case mailbox.IsLoopback(host): // the proxy
		case port == "443":
			address = w.secure
		default:
			address = w.plain
		}
		return dial(ctx, network, address)
	}
	if direct {
		transport.Proxy = nil
	}
	t.Cleanup(h.CloseIdleConnections)
	return h
}

// nobody is an address at which nothing listens.
func nobody(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.77:0") // servers of other tests get ports of 127.0.0.1
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// selfSigned is a server with a certificate of its own for the service's name.
func selfSigned(t *testing.T, name string) string {
	t.Helper()
	c := certificate.Server("example.com")
	c.Subject.CommonName = name
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.TLS = certificate.Sign(c, nil).Config()
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// A sign-in service that is not reached is tried without the proxy, and who
// answers in its place is found out: real proxies and portals, the verdict
// before and after.
func TestProxyAndPortal(t *testing.T) {
	f := newOffline()
	f.Server = &httptest.Server{URL: "https://example.com"} // what the certificate of httptest is for
	service := httptest.NewTLSServer(f.routes())
	t.Cleanup(service.Close)
	d := f.definition()
	d.TrustedCA = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: service.Certificate().Raw}))
	reached := service.Listener.Addr().String()
	answers := func(status int, header, value string) string { // to every request, whatever it asks for
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(header, value)
			w.WriteHeader(status)
		}))
		t.Cleanup(s.Close)
		return s.Listener.Addr().String()
	}
	hotel := answers(http.StatusFound, "Location", "http://login.hotel.example/")
	none := nobody(t)
	const portal, unreachable = diagnosis.CauseSignInServiceAnswer, diagnosis.CauseProxyUnreachable
	for name, c := range map[string]struct {
		proxy   string
		ways    ways
		before  diagnosis.Cause
		certain bool // already before
		result  string
		after   diagnosis.Cause
		still   bool // not certain afterwards
	}{
		"a proxy that refuses":             {none, ways{reached, none}, unreachable, true, "direct-works", unreachable, false},
		"a proxy that hangs up":            {freeport.Serve(t, func(net.Conn) {}).String(), ways{reached, none}, "network-connection-reset", false, "direct-works", unreachable, false},
		"a proxy that lets nobody through": {answers(http.StatusServiceUnavailable, "Retry-After", "60"), ways{reached, none}, "proxy-refuses-host", true, "direct-works", "proxy-refuses-host", false},
		"a proxy that opens TLS":           {startProxy(t, &fakeProxy{target: selfSigned(t, "Contoso Proxy 7")}), ways{reached, none}, "tls-self-signed", false, "direct-works", diagnosis.CauseTLSInterceptionUntrustedCA, false},
		"a proxy that wants a password":    {startProxy(t, &fakeProxy{target: reached, login: "a:b", offers: []string{"Basic"}}), ways{reached, none}, diagnosis.CauseProxyAuthRequired, true, "direct-works", diagnosis.CauseProxyAuthRequired, false},
		"nobody, with a proxy and without": {freeport.Serve(t, func(net.Conn) {}).String(), ways{none, none}, "network-connection-reset", false, "neither", "network-connection-reset", true},
		"nobody at all":                    {"", ways{none, none}, "port-blocked", false, "", "port-blocked", true},
		"a portal that redirects all":      {"", ways{hotel, hotel}, portal, false, "portal", portal, false},
		"a portal behind TLS":              {"", ways{selfSigned(t, "Hotel"), hotel}, "tls-self-signed", false, "portal", portal, false},
		"a portal that blocks the rest":    {"", ways{none, hotel}, "port-blocked", false, "portal", portal, false},
		"a portal by its address":          {"", ways{none, answers(http.StatusFound, "Location", "https://10.0.0.1/login")}, "port-blocked", false, "portal", portal, false},
		"a portal's own status":            {"", ways{none, answers(http.StatusNetworkAuthenticationRequired, "X-Of", "RFC 6585")}, "port-blocked", false, "portal", portal, false},
		"the service's own page":           {"", ways{none, answers(http.StatusFound, "Location", "https://www.office.com/login")}, "port-blocked", false, "", "port-blocked", true},
		"the service's own, in the clear":  {"", ways{none, answers(http.StatusFound, "Location", "http://example.com/other")}, "port-blocked", false, "", "port-blocked", true},
		"a page of anybody's":              {"", ways{none, answers(http.StatusOK, "X-Of", "nobody")}, "port-blocked", false, "", "port-blocked", true},
	} {
		t.Run(name, func(t *testing.T) {
			useProxy(t, "")
			if c.proxy != "" {
				useProxy(t, "http://"+c.proxy)
			}
			client := testClientFor(t)
			client.HTTP, client.direct = c.ways.client(t, d, false), c.ways.client(t, d, true)
			_, err := client.discover(t.Context(), d, diagnosis.PhaseAuthorize)
			var before, after diagnosis.Diagnosis
			if !errors.As(err, &before) || before.Cause != c.before || (before.Certainty == diagnosis.Certain) != c.certain {
				t.Errorf("before: %s %v (%v)", before.Certainty, before.Causes, err)
			}
			_, events, _, err := run(t, client, d)
			tried := eventsOf[Tried](events)
			if len(tried) != 1 || tried[0].ID != diagnosis.ProxyAndPortal || tried[0].Result != c.result || !slices.Equal(tried[0].Decides, before.Causes) {
				t.Errorf("tried %+v", tried)
			}
			if !errors.As(err, &after) || after.Cause != c.after || (after.Certainty == diagnosis.Certain) == c.still || after.ServerText == "" {
				t.Errorf("after: %s %v %q", after.Certainty, after.Causes, after.ServerText)
			}
		})
	}
}

func TestTheDirectWayHasNoProxy(t *testing.T) {
	useProxy(t, "http://127.0.0.1:9")
	if withoutProxy(newOffline().definition()).Transport.(limited).Transport.Proxy != nil {
		t.Error("the client without a proxy has one")
	}
}
