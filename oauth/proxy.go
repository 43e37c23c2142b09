package oauth

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/policy"
	"mailgrant/internal/redact"
)

// pacLimit bounds the search for a proxy: a configuration script may be
// fetched from a server that is not there. dialLimit bounds the try of one
// proxy where a script names several.
const (
	pacLimit  = 5 * time.Second
	dialLimit = 3 * time.Second
)

// EnvironmentProxy finds the proxy that the environment names. net/http reads
// the environment once in a process: tests, which change it, put something here
// that reads it each time. golang.org/x/net/http/httpproxy does, but links
// all tables of Unicode names a second time.
var EnvironmentProxy = http.ProxyFromEnvironment

// platformProxies asks this system for proxies in the order to try; set is false
// where it has no settings. Tests replace it.
var platformProxies = systemProxies

// proxies finds the proxy of a request: the one set in the system, else the
// environment's. This machine itself is never reached through one.
type proxies struct {
	login redact.Secret // the password, or user:password where the address has no user
	dial  func(ctx context.Context, network, address string) (net.Conn, error)
}

func (p proxies) of(r *http.Request) (*url.URL, error) {
	list, err := p.list(r.Context(), r.URL)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return p.withLogin(p.firstThatAnswers(r.Context(), list)), nil
}

func (p proxies) list(ctx context.Context, target *url.URL) ([]*url.URL, error) {
	if mailbox.IsLoopback(target.Hostname()) {
		return nil, nil
	}
	if set := policy.Current().Proxy; set != "" {
		return readProxies(set, target.Scheme), nil
	}
	if list, set := ofSystem(ctx, target); set {
		return list, nil
	}
	u, err := EnvironmentProxy(&http.Request{URL: target})
	if err != nil || u == nil {
		return nil, err
	}
	return []*url.URL{u}, nil
}

// ofSystem asks the system, which may take its time, for no longer than
// pacLimit.
func ofSystem(ctx context.Context, target *url.URL) ([]*url.URL, bool) {
	ask := platformProxies
	var list []*url.URL
	set, answered := false, make(chan struct{})
	go func() {
		defer close(answered)
		list, set = ask(target)
	}()
	ctx, cancel := context.WithTimeout(ctx, pacLimit)
	defer cancel()
	select {
	case <-answered:
		return list, set
	case <-ctx.Done():
		return nil, false
	}
}

// firstThatAnswers tries the proxies in their order. If none answers it is
// the first one's failure that will be told.
func (p proxies) firstThatAnswers(ctx context.Context, list []*url.URL) *url.URL {
	if len(list) == 1 {
		return list[0]
	}
	for _, u := range list {
		try, cancel := context.WithTimeout(ctx, dialLimit)
		c, err := p.dial(try, "tcp", net.JoinHostPort(u.Hostname(), portOf(u)))
		cancel()
		if err == nil {
			_ = c.Close()
			return u
		}
	}
	return list[0]
}

// withLogin adds the stored password. net/http sends it as Basic, the only
// way to sign in at a proxy that it knows.
func (p proxies) withLogin(u *url.URL) *url.URL {
	if p.login.Empty() {
		return u
	}
	if _, has := u.User.Password(); has {
		return u
	}
	out := *u
	user, password := u.User.Username(), p.login.Reveal()
	if user == "" {
		user, password, _ = strings.Cut(password, ":")
	}
	out.User = url.UserPassword(user, password)
	return &out
}

// proxyRefused is what a proxy answers that does not connect: its demand for a
// sign-in (RFC 9110, 15.5.8), or the status that says why not.
type proxyRefused struct {
	proxy, host, status string
	wantsSignIn         bool
	methods             []string // of a sign-in
}

func (e *proxyRefused) Error() string {
	if !e.wantsSignIn {
		return "proxy " + e.proxy + " does not connect to " + e.host + ": " + e.status
	}
	text := "proxy " + e.proxy + ": " + e.status
	if len(e.methods) > 0 {
		text += "; it offers " + strings.Join(e.methods, ", ")
	}
	return text
}

// ArgProxyTakesNoPassword is among a diagnosis' Args where the proxy offers
// none of the ways to sign in that Mailgrant has.
const ArgProxyTakesNoPassword = "proxy-takes-no-password"

// refusedBy names what a proxy demands or refuses.
func refusedBy(proxy *url.URL, req *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	e := &proxyRefused{
		proxy: plainProxy(proxy), host: req.Host, status: strconv.Itoa(resp.StatusCode) + " " + http.StatusText(resp.StatusCode),
		wantsSignIn: resp.StatusCode == http.StatusProxyAuthRequired,
	}
	for _, challenge := range resp.Header.Values("Proxy-Authenticate") {
		if scheme, _, _ := strings.Cut(strings.TrimSpace(challenge), " "); scheme != "" {
			e.methods = append(e.methods, redact.Line(scheme))
		}
	}
	return e
}

func plainProxy(u *url.URL) string { return (&url.URL{Scheme: u.Scheme, Host: u.Host}).String() }

// ProxyFor is the proxy that is set on this machine for an address, without
// its credentials, or "". Mail connections do not go through it; a test whose
// port is shut says so.
func ProxyFor(ctx context.Context, address string) string {
	if u := proxyFor(ctx, address); u != nil {
		return plainProxy(u)
	}
	return ""
}

// ProxyNamesUser reports whether the address of the proxy that is set on this
// machine for the sign-in service names a user, so that a password is enough.
func ProxyNamesUser(ctx context.Context, d mailbox.Definition) bool {
	if d.OAuth == nil {
		return false
	}
	u := proxyFor(ctx, Authority(*d.OAuth))
	return u != nil && u.User.Username() != ""
}

// proxyFor is nil where there is none.
func proxyFor(ctx context.Context, address string) *url.URL {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	if list, _ := (proxies{}).list(ctx, u); len(list) > 0 {
		return list[0]
	}
	return nil
}

// readProxies reads a list as Windows writes it: "proxy:8080",
// "http=one:80;https=two:80", "one:8080;two:8080" (WinHTTP, "WINHTTP_PROXY_INFO").
func readProxies(text, scheme string) []*url.URL {
	var list []*url.URL
	for _, entry := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == ' ' || r == '\t' }) {
		which, address, named := strings.Cut(entry, "=")
		switch {
		case !named:
			address = entry
		case !strings.EqualFold(which, scheme):
			continue
		}
		if !strings.Contains(address, "://") {
			address = "http://" + address
		}
		if u, err := url.Parse(address); err == nil && u.Host != "" {
			list = append(list, u)
		}
	}
	return list
}

// bypassed reports whether a host stands in a list of exceptions as Windows
// writes it: names with * and <local> for names without a dot.
func bypassed(host, exceptions string) bool {
	for _, pattern := range strings.FieldsFunc(strings.ToLower(exceptions), func(r rune) bool { return r == ';' || r == ' ' }) {
		if pattern == "<local>" && !strings.Contains(host, ".") {
			return true
		}
		if ok, err := path.Match(pattern, strings.ToLower(host)); err == nil && ok {
			return true
		}
	}
	return false
}
