package authorization

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

// mark names a refresh token without saying it.
func mark(token string) string {
	if token == "" {
		return "none"
	}
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:8])
}

// ledger stands before the token endpoint of a practice tenant and writes down
// which refresh token became which, before the client hears of it. What it
// knows and the client does not is what was lost.
type ledger struct {
	service string // the tenant's address

	mu    sync.Mutex
	next  map[string]string // a refresh token that is spent, and its successor
	given []string          // every refresh token, in the order of the answers
	twice int               // requests with a token that was spent already
}

// open lets clients in. close returns when what they asked has been answered,
// also where a client is dead: nothing then changes behind the test's back.
func (l *ledger) open() (address string, close func() error, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: l}
	go func() { _ = server.Serve(listener) }()
	return listener.Addr().String(), func() error { return server.Shutdown(context.Background()) }, nil
}

// ServeHTTP implements http.Handler.
func (l *ledger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	form, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client died before all of it was sent
	}
	status, body, err := l.pass(r, form)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	l.enter(form, body)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// pass asks the service. It answers also where the client has gone.
func (l *ledger) pass(r *http.Request, form []byte) (status int, body []byte, err error) {
	req, err := http.NewRequestWithContext(context.WithoutCancel(r.Context()), r.Method, l.service+r.URL.Path, bytes.NewReader(form))
	if err != nil {
		return 0, nil, err
	}
	req.Header = r.Header
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	return resp.StatusCode, body, err
}

func (l *ledger) enter(form, body []byte) {
	asked, _ := url.ParseQuery(string(form))
	spent, given := asked.Get("refresh_token"), refreshTokenIn(body)
	l.mu.Lock()
	defer l.mu.Unlock()
	if spent != "" && l.next[mark(spent)] != "" {
		l.twice++
	}
	if given == "" {
		return
	}
	l.given = append(l.given, mark(given))
	if spent != "" {
		l.next[mark(spent)] = mark(given)
	}
}

func refreshTokenIn(body []byte) string {
	var answer struct {
		RefreshToken string `json:"refresh_token"`
	}
	_ = json.Unmarshal(body, &answer) // a refusal has none
	return answer.RefreshToken
}

// successor is what a token became, "" while it is good.
func (l *ledger) successor(token string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.next[token]
}

// count is how many tokens were given, and how many requests came twice.
func (l *ledger) count() (given, twice int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.given), l.twice
}

// since are the tokens that were given after the first n.
func (l *ledger) since(n int) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.given[n:]...)
}

// past is the way to a ledger: token requests go there, everything else to the
// tenant itself. read is told each answer that has arrived as a whole.
type past struct {
	next   http.RoundTripper
	ledger string
	read   func(refreshToken string)
}

// client makes a manager's clients go past the ledger.
func (p past) client(d mailbox.Definition, login redact.Secret) (*http.Client, error) {
	c, err := oauth.HTTPClient(d, login)
	if err == nil {
		p.next = c.Transport
		c.Transport = p
	}
	return c, err
}

// RoundTrip implements http.RoundTripper.
func (p past) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "/token") {
		return p.next.RoundTrip(r)
	}
	r = r.Clone(r.Context())
	r.Host, r.URL.Host = r.URL.Host, p.ledger
	resp, err := p.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if token := refreshTokenIn(body); token != "" && p.read != nil {
		p.read(mark(token))
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// CloseIdleConnections is found by http.Client.CloseIdleConnections.
func (p past) CloseIdleConnections() {
	if c, ok := p.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}
