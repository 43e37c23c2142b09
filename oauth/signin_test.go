package oauth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// run is one sign-in by the robot.
func run(t *testing.T, c *Client, d mailbox.Definition, change ...func(*Request)) (Grant, *recorder, *robot, error) {
	t.Helper()
	events, browser := &recorder{}, &robot{t: t}
	r := Request{Mailbox: d, Opener: browser, OnEvent: events.add, Timeout: 20 * time.Second}
	for _, f := range change {
		f(&r)
	}
	g, err := c.SignIn(t.Context(), r)
	return g, events, browser, err
}

// causeOf is the cause of an error, "" for none.
func causeOf(err error) diagnosis.Cause {
	var d diagnosis.Diagnosis
	if errors.As(err, &d) {
		return d.Cause
	}
	if err != nil {
		return diagnosis.Cause("not a diagnosis: " + err.Error())
	}
	return ""
}

func TestSignIn(t *testing.T) {
	noLeaks(t)
	f := newFake(t)
	c := testClientFor(t)
	var kept []Grant
	started := make(chan struct{})
	g, events, browser, err := run(t, c, f.definition(), func(r *Request) {
		r.Keep = func(_ context.Context, g Grant) error { kept = append(kept, g); return nil }
		r.Opener.(*robot).wait = started // this browser is slower than its launcher
		tell := r.OnEvent
		r.OnEvent = func(e Event) {
			tell(e)
			if _, is := e.(BrowserStarted); is {
				close(started)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if g.Identity != Same || g.Account.User != testUser || g.Account.TenantID != testTenant || g.Account.Name != "Help Desk" {
		t.Errorf("grant %+v", g)
	}
	if len(kept) != 1 || kept[0].RefreshToken.Reveal() != g.RefreshToken.Reveal() || g.RefreshToken.Empty() {
		t.Errorf("kept %d grants", len(kept))
	}
	if left := time.Until(g.Expires); left < 50*time.Minute || left > time.Hour {
		t.Errorf("expires in %s", left)
	}
	if missing := Missing(MailScopes(f.definition()), g.Granted); len(missing) != 0 || len(g.Granted) != 2 {
		t.Errorf("granted %v, missing %v", g.Granted, missing)
	}
	begin := eventsOf[SignInStarted](events)[0]
	if begin.AuthorizeURL == "" || !begin.Foreign || begin.Account != testUser {
		t.Errorf("begin %+v", begin)
	}
	if _, isStart := events.events[0].(SignInStarted); !isStart {
		t.Errorf("first event %T", events.events[0])
	}
	if len(eventsOf[BrowserStarted](events)) != 1 || len(eventsOf[BrowserFetched](events)) != 1 || len(eventsOf[AnswerTaken](events)) != 1 {
		t.Errorf("events %#v", events.events)
	}
	page := browser.page()
	for _, want := range []string{testUser, "Signed in", "You can close this window", `lang="en"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	checkPageHeaders(t, browser.last)
	if browser.last.Request.URL.Path != "/done" || browser.last.Request.URL.RawQuery != "" {
		t.Errorf("the code stays in the address bar: %s", browser.last.Request.URL)
	}
	if conn, err := net.DialTimeout("tcp", browser.last.Request.URL.Host, time.Second); err == nil {
		conn.Close()
		t.Error("the port is still open")
	}
}

func checkPageHeaders(t *testing.T, resp *http.Response) {
	t.Helper()
	csp := resp.Header.Get("Content-Security-Policy")
	if !strings.HasPrefix(csp, "default-src 'none'; style-src 'nonce-") || strings.Contains(csp, "unsafe") {
		t.Errorf("CSP %q", csp)
	}
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		"Content-Type": "text/html; charset=utf-8",
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if !resp.Close {
		t.Error("the connection stays open")
	}
}

func TestOtherAccount(t *testing.T) {
	f := newFake(t)
	f.claims = func(c map[string]any) { c["preferred_username"] = "admin@contoso.test" }
	kept := false
	c := testClientFor(t)
	c.Texts = i18n.For(i18n.German)
	_, events, browser, err := run(t, c, f.definition(), func(r *Request) {
		r.Keep, r.SignIn = func(context.Context, Grant) error { kept = true; return nil }, mailbox.SignInDefaultBrowser
	})
	if next := eventsOf[NextWay](events); len(next) != 1 || next[0] != (NextWay{Way: mailbox.SignInPrivateWindow, Refused: true}) {
		t.Errorf("proposed: %+v", next)
	}
	var other *OtherAccount
	if !errors.As(err, &other) {
		t.Fatalf("error %v", err)
	}
	if other.Account.User != "admin@contoso.test" || other.Expected != testUser || causeOf(err) != diagnosis.CauseTokenUserMismatch || kept {
		t.Errorf("%+v, kept %t", other, kept)
	}
	page := browser.page()
	for _, want := range []string{"admin@contoso.test", testUser, "Das ist ein anderes Konto", `lang="de"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
}

func TestGrantedScopes(t *testing.T) {
	f := newFake(t)
	d := f.definition()
	d.SetServer(mailbox.POP3, &mailbox.Server{Host: "localhost", Port: 995, Security: mailbox.SecurityTLS})
	g, _, _, err := run(t, testClientFor(t), d)
	if err != nil {
		t.Fatal(err)
	}
	if missing := Missing(MailScopes(d), g.Granted); len(missing) != 1 || missing[0] != "https://outlook.office.com/POP.AccessAsUser.All" {
		t.Errorf("granted %v", g.Granted)
	}
}

func TestErrorAnswers(t *testing.T) {
	f := newFake(t)
	f.answer = func(v url.Values) {
		v.Del("code")
		v.Set("error", "access_denied")
		v.Set("error_description", "AADSTS65004: User declined to consent to access the app.")
	}
	_, _, browser, err := run(t, testClientFor(t), f.definition())
	if err == nil {
		t.Fatal("no error")
	}
	var d diagnosis.Diagnosis
	if !errors.As(err, &d) || !strings.Contains(d.ServerText, "AADSTS65004") {
		t.Errorf("error %#v", err)
	}
	if !strings.Contains(browser.page(), "AADSTS65004") {
		t.Error("the page does not show the service's words")
	}
}

func TestTokenErrors(t *testing.T) {
	f := newFake(t)
	f.token = func(w http.ResponseWriter, form url.Values) bool {
		writeTestJSON(w, http.StatusUnauthorized, map[string]any{
			"error": "invalid_client", "error_description": "AADSTS7000218: The request body must contain client_secret. echo=" + form.Get("code"),
		})
		return true
	}
	_, _, _, err := run(t, testClientFor(t), f.definition())
	var d diagnosis.Diagnosis
	if !errors.As(err, &d) || d.Phase != diagnosis.PhaseToken || !strings.Contains(d.ServerText, "AADSTS7000218") {
		t.Errorf("error %#v", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.requests) != 1 {
		t.Errorf("the code was redeemed %d times", len(f.requests))
	}
}

func TestTokenRedirectIsNotFollowed(t *testing.T) {
	f := newFake(t)
	stolen := false
	trap := newServer(t, func(http.ResponseWriter, *http.Request) { stolen = true })
	f.token = func(w http.ResponseWriter, _ url.Values) bool {
		w.Header().Set("Location", trap)
		w.WriteHeader(http.StatusTemporaryRedirect)
		return true
	}
	if _, _, _, err := run(t, testClientFor(t), f.definition()); err == nil || stolen {
		t.Errorf("error %v, stolen %t", err, stolen)
	}
}

func TestIssuerOfAnswer(t *testing.T) {
	for name, tc := range map[string]struct {
		iss   string
		sends bool
		cause diagnosis.Cause
	}{
		"right":                {iss: "ours"},
		"wrong":                {iss: "https://evil.test", cause: diagnosis.CauseAnswerNotOurs},
		"left out":             {},
		"left out, but always": {sends: true, cause: diagnosis.CauseAnswerNotOurs},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.metadata = func(m map[string]any) { m["authorization_response_iss_parameter_supported"] = tc.sends }
			f.answer = func(v url.Values) {
				switch tc.iss {
				case "":
				case "ours":
					v.Set("iss", f.issuer(testTenant))
				default:
					v.Set("iss", tc.iss)
				}
			}
			_, _, _, err := run(t, testClientFor(t), f.definition())
			if causeOf(err) != tc.cause {
				t.Errorf("cause %q, want %q (%v)", causeOf(err), tc.cause, err)
			}
		})
	}
}

func TestKeepFails(t *testing.T) {
	f := newFake(t)
	broken := diagnosis.New(diagnosis.CauseStoreLocked, "", nil)
	_, _, browser, err := run(t, testClientFor(t), f.definition(), func(r *Request) {
		r.Keep = func(context.Context, Grant) error { return broken }
	})
	if causeOf(err) != diagnosis.CauseStoreLocked {
		t.Errorf("error %v", err)
	}
	if page := browser.page(); strings.Contains(page, "The authorization is stored") || !strings.Contains(page, `class="bad"`) {
		t.Errorf("the page claims success:\n%s", page)
	}
}

func TestCustomProvider(t *testing.T) {
	f := newFake(t)
	f.claims = func(c map[string]any) {
		delete(c, "preferred_username")
		c["email"], c["email_verified"] = testUser, "true"
	}
	g, _, _, err := run(t, testClientFor(t), f.custom())
	if err != nil || g.Identity != Alias {
		t.Errorf("%v, %v", g.Identity, err)
	}
}

func TestClientSecretIsSent(t *testing.T) {
	f := newFake(t)
	_, _, _, err := run(t, testClientFor(t), f.definition(), func(r *Request) { r.ClientSecret = redact.NewSecret("s3cret-value") })
	if err != nil {
		t.Fatal(err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.requests[0].Get("client_secret") != "s3cret-value" || f.requests[0].Get("code_verifier") == "" {
		t.Errorf("request %v", f.requests[0])
	}
}

// The secret may be that of a server product: the same application is a public
// client at the redirect address of Mailgrant. Other refusals end the sign-in.
func TestASecretThatIsNotWantedIsLeftOut(t *testing.T) {
	secret := redact.NewSecret("s3cret-value")
	for _, tc := range []struct {
		says  string
		asked int
		ask   func(*Client, Request) (Grant, error)
	}{
		{"AADSTS700025: Client is public so neither 'client_assertion' nor 'client_secret' should be presented.", 2, func(c *Client, r Request) (Grant, error) {
			g, _, _, err := run(t, c, r.Mailbox, func(own *Request) { own.ClientSecret = secret })
			return g, err
		}},
		{"AADSTS700025", 2, func(c *Client, r Request) (Grant, error) {
			return c.Refresh(t.Context(), r.Mailbox, Renewal{RefreshToken: redact.NewSecret("old"), ClientSecret: secret})
		}},
		{"AADSTS7000215: Invalid client secret provided.", 1, func(c *Client, r Request) (Grant, error) {
			return c.Refresh(t.Context(), r.Mailbox, Renewal{RefreshToken: redact.NewSecret("old"), ClientSecret: secret})
		}},
	} {
		f := newFake(t)
		f.refuseSecrets(tc.says)
		g, err := tc.ask(testClientFor(t), Request{Mailbox: f.definition()})
		again := tc.asked == 2
		if len(f.requests) != tc.asked || (err == nil) != again || g.Public != again || again == g.AccessToken.Empty() {
			t.Errorf("%s: %d requests, public %t, %v", tc.says, len(f.requests), g.Public, err)
		}
		first, last := f.requests[0], f.requests[len(f.requests)-1]
		if first.Get("client_secret") != secret.Reveal() || again && last.Has("client_secret") || last.Get("code") != first.Get("code") || last.Get("code_verifier") != first.Get("code_verifier") {
			t.Errorf("%s: asked with %v", tc.says, f.requests)
		}
	}
}

// A service that spends the code with the first refusal tells of the secret; a
// refresh token is not spent, and its own end is what counts.
func TestACodeThatWasSpentWithTheSecret(t *testing.T) {
	secret := redact.NewSecret("s3cret-value")
	f := newFake(t)
	f.token = func(w http.ResponseWriter, form url.Values) bool {
		kind, says := "invalid_grant", "AADSTS54005: OAuth2 Authorization code was already redeemed."
		switch {
		case form.Has("client_secret"):
			kind, says = "invalid_client", "AADSTS700025"
		case form.Has("refresh_token"):
			says = "AADSTS700082: The refresh token has expired due to inactivity."
		}
		writeTestJSON(w, http.StatusBadRequest, map[string]any{"error": kind, "error_description": says})
		return true
	}
	_, _, _, err := run(t, testClientFor(t), f.definition(), func(own *Request) { own.ClientSecret = secret })
	_, late := testClientFor(t).Refresh(t.Context(), f.definition(), Renewal{RefreshToken: redact.NewSecret("old"), ClientSecret: secret})
	for want, err := range map[diagnosis.Cause]error{diagnosis.CauseClientSecretUnwanted: err, diagnosis.CauseRefreshTokenExpired: late} {
		if d, _ := errors.AsType[diagnosis.Diagnosis](err); d.Cause != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if len(f.requests) != 4 {
		t.Errorf("%d requests", len(f.requests))
	}
}

func (f *fakeService) refuseSecrets(says string) {
	f.token = func(w http.ResponseWriter, form url.Values) bool {
		if form.Has("client_secret") {
			writeTestJSON(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client", "error_description": says})
		}
		return form.Has("client_secret")
	}
}

func TestTimeoutAndCancel(t *testing.T) {
	f := newFake(t)
	silent := func(r *Request) { r.SignIn = mailbox.SignInLink }
	t.Run("timeout", func(t *testing.T) {
		noLeaks(t)
		_, _, _, err := run(t, testClientFor(t), f.definition(), silent, func(r *Request) { r.Timeout = 20 * time.Millisecond })
		if causeOf(err) != diagnosis.CauseSignInTimeout {
			t.Errorf("error %v", err)
		}
	})
	t.Run("cancel", func(t *testing.T) {
		noLeaks(t)
		ctx, cancel := context.WithCancel(t.Context())
		events := &recorder{on: func(Event) { cancel() }}
		_, err := testClientFor(t).SignIn(ctx, Request{Mailbox: f.definition(), SignIn: mailbox.SignInLink, OnEvent: events.add})
		if causeOf(err) != diagnosis.CauseCancelled {
			t.Errorf("error %v", err)
		}
		u, _ := url.Parse(eventsOf[SignInStarted](events)[0].URL)
		if conn, err := net.DialTimeout("tcp", u.Host, time.Second); err == nil {
			conn.Close()
			t.Error("the port is still open")
		}
	})
	t.Run("cancel while the token is asked for", func(t *testing.T) {
		noLeaks(t)
		ctx, cancel := context.WithCancel(t.Context())
		slow := newFake(t)
		slow.token = func(http.ResponseWriter, url.Values) bool { cancel(); time.Sleep(50 * time.Millisecond); return false }
		browser := &robot{t: t}
		_, err := testClientFor(t).SignIn(ctx, Request{Mailbox: slow.definition(), Opener: browser})
		if causeOf(err) != diagnosis.CauseCancelled {
			t.Errorf("error %v", err)
		}
		browser.wg.Wait()
	})
}

// No code, token, verifier or secret appears in events, errors, pages, logs.
func TestNoSecretLeaves(t *testing.T) {
	var log bytes.Buffer
	f := newFake(t)
	c := testClientFor(t)
	c.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	secret := redact.NewSecret("client-secret-canary")
	g, events, browser, err := run(t, c, f.definition(), func(r *Request) { r.ClientSecret = secret })
	if err != nil {
		t.Fatal(err)
	}
	f.mu.Lock()
	form := f.requests[0]
	f.mu.Unlock()
	f.token = func(w http.ResponseWriter, form url.Values) bool {
		http.Error(w, "you sent "+form.Encode(), http.StatusBadRequest)
		return true
	}
	_, _, second, failed := run(t, c, f.definition(), func(r *Request) { r.ClientSecret = secret })
	_, refused := c.Refresh(t.Context(), f.definition(), Renewal{RefreshToken: g.RefreshToken, ClientSecret: secret})
	text := log.String() + browser.page() + second.page() + fmt.Sprintf("%v %+v %#v %v %v", g, events.events, g, failed, refused)
	if data, err := json.Marshal(g); err == nil {
		text += string(data)
	}
	var d diagnosis.Diagnosis
	for _, err := range []error{failed, refused} {
		if !errors.As(err, &d) {
			t.Fatalf("error %v", err)
		}
		text += fmt.Sprintf("%+v", d)
	}
	canaries := []string{g.AccessToken.Reveal(), g.RefreshToken.Reveal(), form.Get("code"), form.Get("code_verifier"), secret.Reveal()}
	for _, canary := range canaries {
		for _, form := range []string{canary, url.QueryEscape(canary), jsonBase64([]byte(canary))} {
			if strings.Contains(text, form) {
				t.Errorf("%.8s… leaves the package", form)
			}
		}
	}
}
