package oauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// waiting is a sign-in that waits for its answer, and what a test sends to it.
type waiting struct {
	t       *testing.T
	started SignInStarted
	state   string
	again   chan string
	pasted  chan string
	events  *recorder
	client  http.Client
	result  chan error
	cancel  context.CancelFunc
}

// startWaiting begins a sign-in at the fake and returns once it listens.
func startWaiting(t *testing.T, f *fakeService, change ...func(*Request)) *waiting {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	w := &waiting{
		t: t, again: make(chan string), pasted: make(chan string), result: make(chan error, 1), cancel: cancel,
		client: http.Client{
			Transport:     &http.Transport{DisableKeepAlives: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	begun := make(chan SignInStarted, 1)
	w.events = &recorder{on: func(e Event) {
		if s, ok := e.(SignInStarted); ok {
			begun <- s
		}
	}}
	r := Request{Mailbox: f.definition(), SignIn: mailbox.SignInLink, OnEvent: w.events.add, Pasted: w.pasted, Again: w.again, Timeout: time.Minute}
	for _, c := range change {
		c(&r)
	}
	c := testClientFor(t)
	go func() {
		_, err := c.SignIn(ctx, r)
		w.result <- err
	}()
	select {
	case w.started = <-begun:
	case err := <-w.result:
		t.Fatal(err)
	}
	u, err := url.Parse(w.started.AuthorizeURL)
	if err != nil {
		t.Fatal(err)
	}
	w.state = u.Query().Get("state")
	t.Cleanup(func() { cancel() })
	return w
}

// do sends a request and returns the status.
func (w *waiting) do(r *http.Request) (int, http.Header, string) {
	w.t.Helper()
	resp, err := w.client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(body)
}

func (w *waiting) request(method, target string, body io.Reader) *http.Request {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.started.RedirectURI+target, body)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// code gets a code from the fake, as the user's browser would.
func (w *waiting) code() string {
	w.t.Helper()
	resp, err := w.client.Get(w.started.AuthorizeURL)
	if err != nil {
		w.t.Fatal(err)
	}
	resp.Body.Close()
	u, err := url.Parse(resp.Header.Get("Location"))
	if err != nil {
		w.t.Fatal(err)
	}
	return u.Query().Get("code")
}

// stillWaits fails if the sign-in has ended, then answers it properly.
func (w *waiting) stillWaits() {
	w.t.Helper()
	select {
	case err := <-w.result:
		w.t.Fatalf("the sign-in has ended: %v", err)
	default:
	}
	query := url.Values{"code": {w.code()}, "state": {w.state}}.Encode()
	status, header, _ := w.do(w.request("GET", "/?"+query, nil))
	if status != http.StatusSeeOther || header.Get("Location") != "/done" {
		w.t.Fatalf("status %d, location %q", status, header.Get("Location"))
	}
	if status, _, body := w.do(w.request("GET", "/done", nil)); status != http.StatusOK || !strings.Contains(body, "Signed in") {
		w.t.Fatalf("status %d: %s", status, body)
	}
	if err := <-w.result; err != nil {
		w.t.Fatal(err)
	}
}

// Everything that reaches the port without the right state changes nothing.
func TestListenerIgnores(t *testing.T) {
	cases := []struct {
		name string
		send func(w *waiting) int
		want int
	}{
		{"no state", func(w *waiting) int { return status(w, "GET", "/?code=x", "") }, 404},
		{"wrong state", func(w *waiting) int { return status(w, "GET", "/?code=x&state=wrong", "") }, 404},
		{"wrong state with an error", func(w *waiting) int { return status(w, "GET", "/?error=access_denied&state=wrong", "") }, 404},
		{"error without state", func(w *waiting) int { return status(w, "GET", "/?error=access_denied", "") }, 404},
		{"empty state", func(w *waiting) int { return status(w, "GET", "/?code=x&state=", "") }, 404},
		{"state twice", func(w *waiting) int { return status(w, "GET", "/?code=x&state="+w.state+"&state="+w.state, "") }, 404},
		{"code twice", func(w *waiting) int { return status(w, "GET", "/?code=x&code=y&state="+w.state, "") }, 404},
		{"error twice", func(w *waiting) int { return status(w, "GET", "/?error=x&error=y&state="+w.state, "") }, 404},
		{"issuer twice", func(w *waiting) int { return status(w, "GET", "/?code=x&iss=a&iss=b&state="+w.state, "") }, 404},
		{"state alone", func(w *waiting) int { return status(w, "GET", "/?state="+w.state, "") }, 404},
		{"favicon", func(w *waiting) int { return status(w, "GET", "/favicon.ico", "") }, 404},
		{"root", func(w *waiting) int { return status(w, "GET", "/", "") }, 404},
		{"done too early", func(w *waiting) int { return status(w, "GET", "/done", "") }, 404},
		{"wrong short address", func(w *waiting) int { return status(w, "GET", "/start/AAAAAAAAAAAAAAAAAAAAAA", "") }, 404},
		{"HEAD of the short address", func(w *waiting) int {
			return status(w, "HEAD", strings.TrimPrefix(w.started.URL, w.started.RedirectURI), "")
		}, 405},
		{"HEAD with the answer", func(w *waiting) int { return status(w, "HEAD", "/?code=x&state="+w.state, "") }, 405},
		{"OPTIONS", func(w *waiting) int { return status(w, "OPTIONS", "/?code=x&state="+w.state, "") }, 405},
		{"posted with the state in the address", func(w *waiting) int { return status(w, "POST", "/?code=x&state="+w.state, "a=b") }, 404},
		{"posted form too long", func(w *waiting) int {
			return status(w, "POST", "/", "state="+w.state+"&code="+strings.Repeat("x", maxForm))
		}, 404},
		{"posted JSON", func(w *waiting) int {
			r := w.request("POST", "/", strings.NewReader(`{"code":"x","state":"`+w.state+`"}`))
			r.Header.Set("Content-Type", "application/json")
			s, _, _ := w.do(r)
			return s
		}, 404},
		{"foreign Host", func(w *waiting) int {
			r := w.request("GET", "/?code=x&state="+w.state, nil)
			r.Host = "rebind.evil.test"
			s, _, _ := w.do(r)
			return s
		}, 421},
		{"loopback without port", func(w *waiting) int {
			r := w.request("GET", "/?code=x&state="+w.state, nil)
			r.Host = "localhost"
			s, _, _ := w.do(r)
			return s
		}, 421},
		{"loopback with another port", func(w *waiting) int {
			r := w.request("GET", "/?code=x&state="+w.state, nil)
			r.Host = "localhost:1"
			s, _, _ := w.do(r)
			return s
		}, 421},
		{"header of 8 KB", func(w *waiting) int {
			r := w.request("GET", "/?code=x&state=wrong", nil)
			r.Header.Set("Cookie", strings.Repeat("c", 8<<10))
			s, _, _ := w.do(r)
			return s
		}, 404},
		{"header of 100 KB", func(w *waiting) int {
			r := w.request("GET", "/?code=x&state=wrong", nil)
			r.Header.Set("Cookie", strings.Repeat("c", 100<<10))
			s, _, _ := w.do(r)
			return s
		}, 431},
	}
	f := newFake(t)
	w := startWaiting(t, f)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if got := tc.send(w); got != tc.want {
				t.Errorf("status %d, want %d", got, tc.want)
			}
		})
	}
	if len(eventsOf[BrowserFetched](w.events)) > 0 {
		t.Error("something looked like a browser")
	}
	w.stillWaits()
}

func status(w *waiting, method, target, body string) int {
	w.t.Helper()
	var r *http.Request
	if body == "" {
		r = w.request(method, target, nil)
	} else {
		r = w.request(method, target, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	s, header, _ := w.do(r)
	for name, want := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "X-Frame-Options": "DENY"} {
		if got := header.Get(name); got != want {
			w.t.Errorf("%s %s: %s: %q", method, target, name, got)
		}
	}
	return s
}

func TestListenerWithstandsManyAtOnce(t *testing.T) {
	noLeaks(t)
	w := startWaiting(t, newFake(t))
	var hits sync.WaitGroup
	limit := make(chan struct{}, 100)
	for i := range 1000 {
		limit <- struct{}{}
		hits.Go(func() {
			defer func() { <-limit }()
			resp, err := w.client.Get(fmt.Sprintf("%s/x%d?code=c&state=wrong%d", w.started.RedirectURI, i, i))
			if err != nil {
				t.Error(err)
				return
			}
			resp.Body.Close()
			if resp.StatusCode != http.StatusNotFound {
				t.Errorf("status %d", resp.StatusCode)
			}
		})
	}
	hits.Wait()
	w.stillWaits()
}

// Clients that begin a request and say no more hold up nobody, neither while
// the sign-in waits nor when it ends.
func TestListenerWithstandsHalfRequests(t *testing.T) {
	noLeaks(t)
	w := startWaiting(t, newFake(t))
	u, _ := url.Parse(w.started.RedirectURI)
	for i := range 50 {
		conn, err := net.Dial("tcp", u.Host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if i%2 == 0 {
			fmt.Fprintf(conn, "GET /?code=x&state=y HTTP/1.1\r\nHost: %s\r\nX-Slow: ", u.Host)
		} else {
			fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\nstate=", u.Host)
		}
	}
	w.stillWaits()
}

func TestListenerTakesPostedForms(t *testing.T) {
	f := newFake(t)
	w := startWaiting(t, f)
	form := url.Values{"code": {w.code()}, "state": {w.state}}
	r := w.request("POST", "/any/path", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if s, h, _ := w.do(r); s != http.StatusSeeOther || h.Get("Location") != "/done" {
		t.Fatalf("status %d", s)
	}
	if s, _, body := w.do(w.request("GET", "/done", nil)); s != 200 || !strings.Contains(body, testUser) {
		t.Errorf("status %d: %s", s, body)
	}
	if err := <-w.result; err != nil {
		t.Error(err)
	}
}

// An answer is one on any path, that of the outcome too.
func TestListenerTakesTheAnswerOnThePathOfTheOutcome(t *testing.T) {
	w := startWaiting(t, newFake(t))
	query := url.Values{"code": {w.code()}, "state": {w.state}}.Encode()
	if s, h, _ := w.do(w.request("GET", "/done?"+query, nil)); s != http.StatusSeeOther || h.Get("Location") != "/done" {
		t.Fatalf("status %d", s)
	}
	if s, _, body := w.do(w.request("GET", "/done", nil)); s != 200 || !strings.Contains(body, testUser) {
		t.Errorf("status %d: %s", s, body)
	}
	if err := <-w.result; err != nil {
		t.Error(err)
	}
}

// The first answer counts; later ones end at the same page. The short address
// is gone by then.
func TestSecondAnswer(t *testing.T) {
	f := newFake(t)
	release := make(chan struct{})
	w := startWaiting(t, f, func(r *Request) {
		r.Keep = func(ctx context.Context, _ Grant) error {
			select {
			case <-release:
			case <-ctx.Done():
			}
			return ctx.Err()
		}
	})
	start := strings.TrimPrefix(w.started.URL, w.started.RedirectURI)
	if len(start) < len("/start/")+22 {
		t.Errorf("short address %q", w.started.URL)
	}
	if s, h, _ := w.do(w.request("GET", start, nil)); s != http.StatusFound || h.Get("Location") != w.started.AuthorizeURL {
		t.Errorf("status %d", s)
	}
	code := w.code()
	for _, c := range []string{code, "another", code} {
		if s, _, _ := w.do(w.request("GET", "/?code="+c+"&state="+w.state, nil)); s != http.StatusSeeOther {
			t.Errorf("status %d", s)
		}
	}
	if s, _, _ := w.do(w.request("GET", start, nil)); s != http.StatusGone {
		t.Errorf("the short address: status %d", s)
	}
	close(release)
	if s, _, _ := w.do(w.request("GET", "/done", nil)); s != 200 {
		t.Errorf("status %d", s)
	}
	if err := <-w.result; err != nil {
		t.Error(err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.requests) != 1 {
		t.Errorf("%d token requests", len(f.requests))
	}
}

// A browser that never follows to the page does not hold the result back for
// long.
func TestNobodyReadsThePage(t *testing.T) {
	noLeaks(t)
	f := newFake(t)
	w := startWaiting(t, f)
	if s, _, _ := w.do(w.request("GET", "/?code="+w.code()+"&state="+w.state, nil)); s != http.StatusSeeOther {
		t.Fatalf("status %d", s)
	}
	select {
	case err := <-w.result:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("the sign-in hangs")
	}
}

func TestLoopbackOverIPv6(t *testing.T) {
	probe, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Skip("this machine has no IPv6")
	}
	probe.Close()
	w := startWaiting(t, newFake(t))
	u, _ := url.Parse(w.started.RedirectURI)
	resp, err := w.client.Get("http://[::1]:" + u.Port() + "/")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusNotFound {
		t.Errorf("status %d", resp.StatusCode)
	}
	w.stillWaits()
}

func TestRedirectURIs(t *testing.T) {
	const native = "https://login.microsoftonline.com/common/oauth2/nativeclient"
	for redirect, want := range map[string]string{
		mailbox.RedirectLocalhost: "http://localhost:81", mailbox.RedirectLoopback: "http://127.0.0.1:81", native: native,
	} {
		if got := redirectURI(mailbox.OAuth{Redirect: redirect}, "81"); got != want {
			t.Errorf("%s: %s", redirect, got)
		}
	}
	w := startWaiting(t, newFake(t), func(r *Request) { r.Mailbox.OAuth.Redirect = mailbox.RedirectLoopback })
	if !strings.HasPrefix(w.started.URL, w.started.RedirectURI+"/start/") || !strings.HasPrefix(w.started.RedirectURI, "http://127.0.0.1:") {
		t.Errorf("%+v", w.started)
	}
	w.stillWaits()
}

func TestPagesEscapeWhatTheyShow(t *testing.T) {
	const evil = `<script>alert(1)</script>`
	d := mailbox.Definition{User: testUser}
	for _, p := range []page{
		goodPage(i18n.For(i18n.English), d, Grant{Identity: Same, Account: Account{User: evil}}),
		badPage(i18n.For(i18n.English), &OtherAccount{Account: Account{User: evil}, Expected: testUser}),
		badPage(i18n.For(i18n.English), reason(diagnosis.CauseUnknown, "", evil)),
		badPage(i18n.For(i18n.English), errors.New(evil)),
	} {
		rec := newRecorder()
		p.write(rec)
		if body := rec.Body.String(); strings.Contains(body, "<script") || !strings.Contains(body, "&lt;script") {
			t.Error(body)
		}
	}
}
