package oauth

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

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

// limited caps every answer.
type limited struct{ *http.Transport }

// RoundTrip implements http.RoundTripper.
func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := l.Transport.RoundTrip(r)
	if err == nil {
		resp.Body = http.MaxBytesReader(nil, resp.Body, maxAnswer)
	}
	return resp, err
}
