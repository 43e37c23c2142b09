package oauth

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/http/httpproxy"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/tests/freeport"
)

// fakeProxy takes CONNECT requests for any name to one server. With login set
// it demands that as Basic; offers are the ways to sign in that it names.
type fakeProxy struct {
	t      *testing.T
	target string
	login  string
	offers []string
	asked  chan string // what was to be connected
}

func startProxy(t *testing.T, p *fakeProxy) (address string) {
	t.Helper()
	p.t, p.asked = t, make(chan string, 16)
	return freeport.Serve(t, p.serve).String()
}

func (p *fakeProxy) serve(c net.Conn) {
	r, err := http.ReadRequest(bufio.NewReader(c))
	if err != nil || r.Method != http.MethodConnect {
		return
	}
	p.asked <- r.Host
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte(p.login))
	if p.login != "" && r.Header.Get("Proxy-Authorization") != want {
		fmt.Fprintf(c, "HTTP/1.1 407 Proxy Authentication Required\r\n")
		for _, offer := range p.offers {
			fmt.Fprintf(c, "Proxy-Authenticate: %s\r\n", offer)
		}
		fmt.Fprintf(c, "Content-Length: 0\r\n\r\n")
		return
	}
	to, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer to.Close()
	fmt.Fprintf(c, "HTTP/1.1 200 OK\r\n\r\n")
	go func() { _, _ = io.Copy(to, c); _ = to.Close() }()
	_, _ = io.Copy(c, to)
}

// behindProxy is a server that only the proxy reaches under its name, and
// the definition that trusts it.
func behindProxy(t *testing.T) (target string, d mailbox.Definition) {
	t.Helper()
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "reached") }))
	t.Cleanup(s.Close)
	d = mailbox.Definition{TrustedCA: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))}
	d.OAuth = &mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, Authority: "https://example.com"}
	return s.Listener.Addr().String(), d
}

// The environment as it is now, not as it was at the first request.
func init() {
	EnvironmentProxy = func(r *http.Request) (*url.URL, error) { return httpproxy.FromEnvironment().ProxyFunc()(r.URL) }
}

// useProxy sets the environment as a person does; nothing else counts.
func useProxy(t *testing.T, address string) {
	t.Helper()
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
		t.Setenv(name, address)
	}
	for _, name := range []string{"NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", "REQUEST_METHOD"} {
		t.Setenv(name, "")
	}
}

func get(t *testing.T, d mailbox.Definition, login, address string) (string, error) {
	t.Helper()
	c, err := HTTPClient(d, redact.NewSecret(login))
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseIdleConnections()
	resp, err := c.Get(address)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

func TestTheProxyIsUsedWithItsPassword(t *testing.T) {
	target, d := behindProxy(t)
	p := &fakeProxy{target: target, login: "anna:p:w", offers: []string{`Basic realm="web"`}}
	address := startProxy(t, p)
	for name, c := range map[string]struct{ proxy, login string }{
		"user and password stored":      {"http://" + address, "anna:p:w"},
		"user in the address":           {"http://anna@" + address, "p:w"},
		"both in the address":           {"http://anna:p%3Aw@" + address, "ignored"},
		"an address without http://":    {address, "anna:p:w"},
		"HTTP_PROXY's user is kept too": {"http://anna@" + address + "/", "p:w"},
	} {
		t.Run(name, func(t *testing.T) {
			useProxy(t, c.proxy)
			if got, err := get(t, d, c.login, "https://example.com/"); err != nil || got != "reached" {
				t.Fatalf("%q, %v", got, err)
			}
			if asked := <-p.asked; asked != "example.com:443" {
				t.Errorf("the proxy was asked for %s", asked)
			}
		})
	}
}

func TestWhatAProxyRefuses(t *testing.T) {
	target, d := behindProxy(t)
	dead, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = dead.Close()
	for name, c := range map[string]struct {
		offers []string
		proxy  string
		cause  diagnosis.Cause
		says   []string
	}{
		"Basic":              {[]string{`Basic realm="web"`}, "", diagnosis.CauseProxyAuthRequired, []string{"407", "Basic"}},
		"Negotiate and NTLM": {[]string{"Negotiate", "NTLM"}, "", diagnosis.CauseProxyAuthRequired, []string{"Negotiate, NTLM"}},
		"nothing offered":    {nil, "", diagnosis.CauseProxyAuthRequired, []string{"407"}},
		"an address it blocks": {nil, freeport.Serve(t, func(c net.Conn) {
			_, _ = http.ReadRequest(bufio.NewReader(c))
			fmt.Fprintf(c, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
		}).String(), "proxy-refuses-host", []string{"403 Forbidden", "example.com:443"}},
		"nobody there": {nil, dead.Addr().String(), diagnosis.CauseProxyUnreachable, nil},
	} {
		t.Run(name, func(t *testing.T) {
			proxy := c.proxy
			if proxy == "" {
				proxy = startProxy(t, &fakeProxy{target: target, login: "anna:right", offers: c.offers})
			}
			useProxy(t, "http://"+proxy)
			_, err := get(t, d, "anna:wr0ng-canary", "https://example.com/token")
			if err == nil {
				t.Fatal("it went through")
			}
			diag := explain(t.Context(), d, diagnosis.PhaseRefresh, err)
			if diag.Cause != c.cause || diag.Args["proxy"] != "http://"+proxy || diag.Retry == diagnosis.RetrySignIn {
				t.Errorf("cause %s, proxy %q, retry %s (%v)", diag.Cause, diag.Args["proxy"], diag.Retry, err)
			}
			if takesNone := diag.Args[ArgProxyTakesNoPassword] != ""; takesNone != (name == "Negotiate and NTLM") {
				t.Errorf("takes no password: %t", takesNone)
			}
			if diag.Args["host"] != "example.com" {
				t.Errorf("host %q", diag.Args["host"])
			}
			for _, part := range c.says {
				if !strings.Contains(diag.ServerText, part) {
					t.Errorf("server text %q lacks %q", diag.ServerText, part)
				}
			}
			if strings.Contains(err.Error()+diag.ServerText, "wr0ng-canary") {
				t.Error("the password shows")
			}
		})
	}
}

func TestAProxyWhoseNameDoesNotResolve(t *testing.T) {
	useProxy(t, "http://proxy.invalid:8080")
	_, d := behindProxy(t)
	err := &url.Error{Op: "Get", URL: "https://example.com/", Err: &net.OpError{
		Op: "proxyconnect", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "proxy.invalid", IsNotFound: true},
	}}
	if diag := explain(t.Context(), d, diagnosis.PhaseRefresh, err); diag.Cause != diagnosis.CauseProxyUnreachable {
		t.Errorf("cause %s", diag.Cause)
	}
}

// useSystem replaces the system's proxies during a test.
func useSystem(t *testing.T, answer func(*url.URL) ([]*url.URL, bool)) {
	before := platformProxies
	t.Cleanup(func() { platformProxies = before })
	platformProxies = answer
}

func TestThisMachineIsNeverReachedThroughAProxy(t *testing.T) {
	useProxy(t, "http://127.0.0.1:1")
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "direct") }))
	defer s.Close()
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	useSystem(t, func(*url.URL) ([]*url.URL, bool) { return readProxies("127.0.0.1:1", "https"), true })
	for _, host := range []string{"localhost", "127.0.0.1"} {
		if got, err := get(t, mailbox.Definition{}, "", "http://"+host+":"+port); err != nil || got != "direct" {
			t.Errorf("%s: %q, %v", host, got, err)
		}
		r, _ := http.NewRequest(http.MethodGet, "https://"+host+"/", nil)
		if u, err := (proxies{}).of(r); err != nil || u != nil {
			t.Errorf("%s: the system's proxy %v, %v", host, u, err)
		}
	}
}

func TestTheSystemsProxiesComeFirstAndInOrder(t *testing.T) {
	useProxy(t, "http://environment:3128")
	alive := startProxy(t, &fakeProxy{})
	dialled := []string{}
	p := proxies{dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		dialled = append(dialled, address)
		if address != alive {
			return nil, net.ErrClosed
		}
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}}
	r, _ := http.NewRequest(http.MethodGet, "https://login.example.com/", nil)
	for _, c := range []struct {
		list string
		set  bool
		want string
	}{
		{"one:8080;" + alive + ";three:8080", true, "http://" + alive},
		{"one:8080;two", true, "http://one:8080"}, // none answers: the first one's failure is told
		{"", true, ""}, // the script says DIRECT
		{"", false, "http://environment:3128"},
	} {
		useSystem(t, func(*url.URL) ([]*url.URL, bool) { return readProxies(c.list, "https"), c.set })
		u, err := p.of(r)
		got := ""
		if u != nil {
			got = u.String()
		}
		if err != nil || got != c.want {
			t.Errorf("%q: %q, %v; want %q", c.list, got, err, c.want)
		}
	}
	if want := "one:8080 " + alive + " one:8080 two:80"; strings.Join(dialled, " ") != want {
		t.Errorf("tried %v; want %s", dialled, want)
	}
}

func TestReadProxies(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "",
		"proxy:8080":                  "http://proxy:8080",
		"http=one:80;https=two:81":    "http://two:81",
		"ftp=one:80":                  "",
		"https=https://secure:443":    "https://secure:443",
		"one:1 two:2;http://three:3/": "http://one:1 http://two:2 http://three:3/",
		"::::":                        "",
	} {
		var got []string
		for _, u := range readProxies(text, "https") {
			got = append(got, u.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %v; want %s", text, got, want)
		}
	}
}

func TestBypassed(t *testing.T) {
	const exceptions = "*.contoso.com;<local>;10.0.*; Login.Example.COM"
	for host, want := range map[string]bool{
		"mail.contoso.com": true, "contoso.com": false, "intranet": true, "10.0.3.4": true,
		"login.example.com": true, "login.microsoftonline.com": false,
		"contoso.com.evil.test": false,
	} {
		if bypassed(host, exceptions) != want {
			t.Errorf("%s: want %v", host, want)
		}
	}
	if bypassed("intranet", "*.contoso.com") {
		t.Error("a name without a dot, which no exception names")
	}
}
