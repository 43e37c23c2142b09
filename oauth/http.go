package oauth

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// maxAnswer is far more than a discovery document, a key set or a token
// response ever is.
const maxAnswer = 1 << 20

// HTTPClient returns the client for a definition: the proxy of the system or
// the environment (never for loopback), the definition's own root where it
// has one, limits in time and size, TLS 1.2 or newer. Redirects are not
// followed: a sign-in service answers where it says it does, and a code must
// not be carried elsewhere. proxyLogin is the password of the proxy, or its
// user:password where the proxy's address names no user; empty where there is none.
func HTTPClient(d mailbox.Definition, proxyLogin redact.Secret) (*http.Client, error) {
	return httpClient(d, proxies{login: proxyLogin, dial: dial}.of)
}

var dial = (&net.Dialer{Timeout: 10 * time.Second}).DialContext

// httpClient is HTTPClient with another way to find the proxy; nil is none.
func httpClient(d mailbox.Definition, proxy func(*http.Request) (*url.URL, error)) (*http.Client, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if d.TrustedCA != "" {
		roots, err := x509.SystemCertPool()
		if err != nil {
			roots = x509.NewCertPool()
		}
		if !roots.AppendCertsFromPEM([]byte(d.TrustedCA)) {
			return nil, fmt.Errorf("oauth: trusted_ca holds no certificate")
		}
		config.RootCAs = roots
	}
	return &http.Client{
		Transport: limited{&http.Transport{
			Proxy: proxy,
			OnProxyConnectResponse: func(_ context.Context, proxy *url.URL, req *http.Request, resp *http.Response) error {
				return refusedBy(proxy, req, resp)
			},
			DialContext:            dial,
			TLSClientConfig:        config,
			TLSHandshakeTimeout:    10 * time.Second,
			ResponseHeaderTimeout:  20 * time.Second,
			IdleConnTimeout:        DefaultTimeout, // what a sign-in began on is there when it ends
			MaxIdleConnsPerHost:    2,
			MaxResponseHeaderBytes: 64 << 10,
			ForceAttemptHTTP2:      true,
		}},
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

// plainClient serves clients that were given none.
var plainClient = sync.OnceValue(func() *http.Client {
	c, err := HTTPClient(mailbox.Definition{}, redact.Secret{})
	if err != nil {
		panic(err) // only a trusted_ca can fail
	}
	return c
})

type limited struct{ *http.Transport }

func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	// A connection kept since the sign-in began may be closed by now: by the
	// service, a proxy or a firewall. What ends on it without an answer is sent
	// once more on a new one, a form too (RFC 9110, 9.2.2): a code or a token
	// that had arrived is used once by the service, and lost for us either way.
	// An empty key says so to net/http and is not sent.
	r = r.Clone(r.Context())
	r.Header["Idempotency-Key"] = []string{}
	resp, err := l.Transport.RoundTrip(r)
	if err == nil {
		resp.Body = http.MaxBytesReader(nil, resp.Body, maxAnswer)
	}
	return resp, err
}

// answered is a whole answer of the sign-in service, whose body is read.
type answered struct {
	*http.Response
	body []byte
	at   time.Time // half-way between the question and the answer, by this machine's clock
}

// ask posts a form, or gets an address where there is none. Whatever the
// service answers is no error.
func (c *Client) ask(ctx context.Context, address string, form url.Values) (answered, error) {
	method, body, accept := http.MethodGet, io.Reader(nil), "application/json, text/html;q=0.5"
	if form != nil {
		method, body, accept = http.MethodPost, strings.NewReader(form.Encode()), "application/json"
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return answered{}, err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("Accept", accept)
	sent := c.now()
	resp, err := c.http().Do(req)
	if err != nil {
		return answered{}, err
	}
	defer resp.Body.Close()
	at := sent.Add(c.now().Sub(sent) / 2)
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	return answered{resp, data, at}, err
}

func (a answered) refusal() *oauth2.RetrieveError {
	return &oauth2.RetrieveError{Response: a.Response, Body: a.body}
}

// errNoDate is told of an answer that does not say when it was made.
var errNoDate = errors.New("oauth: the sign-in service does not tell the time")

// ahead is how far this machine's clock is ahead of the service's, to a second
// or two (RFC 9110, 6.6.1: Date has whole seconds).
func (a answered) ahead() (time.Duration, error) {
	there, err := http.ParseTime(a.Header.Get("Date"))
	if err != nil {
		return 0, errNoDate
	}
	return a.at.Sub(there), nil
}

// ClockAhead asks the sign-in service for the time and returns how far this
// machine's clock is ahead of it, to a second or two.
func (c *Client) ClockAhead(ctx context.Context, d mailbox.Definition) (time.Duration, error) {
	a, err := c.ask(ctx, discoveryURL(*d.OAuth), nil)
	if a.Response == nil { // a body that breaks off has a date as well
		return 0, err
	}
	return a.ahead()
}
