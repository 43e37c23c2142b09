package oauth

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// inProcess answers requests without a network, so that the clock of a bubble
// can run.
type inProcess struct{ handler http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if r.Body == nil {
		r.Body = io.NopCloser(strings.NewReader(""))
	}
	rec := httptest.NewRecorder()
	p.handler.ServeHTTP(rec, r)
	resp := rec.Result()
	resp.Request = r
	if resp.StatusCode == http.StatusGatewayTimeout {
		return nil, errors.New("connection lost")
	}
	return resp, nil
}

// offline is a fake and a client that share a bubble.
func offline() (*fakeService, *Client) {
	f := newOffline()
	return f, &Client{HTTP: &http.Client{Transport: inProcess{f.routes()}}, Texts: i18n.For(i18n.English)}
}

// polls makes the fake give these answers to the questions for the token, one
// each: an error code, an HTTP status, or "" for the token.
func (f *fakeService) polls(answers ...any) *[]time.Time {
	var times []time.Time
	f.token = func(w http.ResponseWriter, form url.Values) bool {
		times = append(times, time.Now())
		a := answers[min(len(times), len(answers))-1]
		switch a := a.(type) {
		case int:
			w.WriteHeader(a)
		case string:
			if a == "" {
				return false
			}
			writeTestJSON(w, http.StatusBadRequest, map[string]any{"error": a, "error_description": "echo " + form.Get("device_code")})
		}
		return true
	}
	return &times
}

func TestDeviceCode(t *testing.T) {
	const pending = "authorization_pending"
	cases := []struct {
		name    string
		answers []any
		gaps    []int // seconds before each question
		bend    func(*fakeService, *mailbox.Definition)
		cause   diagnosis.Cause
	}{
		{name: "at once", answers: []any{""}, gaps: []int{5}},
		{name: "pending", answers: []any{pending, pending, ""}, gaps: []int{5, 5, 5}},
		{name: "slow down", answers: []any{"slow_down", pending, ""}, gaps: []int{5, 10, 10}},
		{name: "connection lost", answers: []any{http.StatusGatewayTimeout, ""}, gaps: []int{5, 10}},
		{name: "service down", answers: []any{http.StatusServiceUnavailable, pending, ""}, gaps: []int{5, 10, 10}},
		{name: "too many questions", answers: []any{http.StatusTooManyRequests, pending, ""}, gaps: []int{5, 10, 10}},
		{name: "too slow a question", answers: []any{http.StatusRequestTimeout, ""}, gaps: []int{5, 10}},
		{name: "declined", answers: []any{"authorization_declined"}, cause: "user-declined-consent"},
		{name: "denied", answers: []any{pending, "access_denied"}, cause: "user-declined-consent"},
		{name: "expired at the service", answers: []any{pending, "expired_token"}, cause: diagnosis.CauseDeviceCodeExpired},
		{name: "never confirmed", answers: []any{pending}, cause: diagnosis.CauseDeviceCodeExpired},
		{
			name: "somebody else", answers: []any{""}, cause: diagnosis.CauseTokenUserMismatch,
			bend: func(f *fakeService, _ *mailbox.Definition) {
				f.claims = func(c map[string]any) { c["preferred_username"] = "admin@contoso.test" }
			},
		},
		{
			name: "wrong issuer", answers: []any{""}, cause: diagnosis.CauseIDTokenInvalid,
			bend: func(f *fakeService, _ *mailbox.Definition) {
				f.claims = func(c map[string]any) { c["iss"] = "https://evil.test" }
			},
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, c := offline()
				d := f.definition()
				if tc.bend != nil {
					tc.bend(f, &d)
				}
				times := f.polls(tc.answers...)
				begin := time.Now()
				events := &recorder{}
				g, err := c.SignIn(t.Context(), Request{Mailbox: d, SignIn: mailbox.SignInDeviceCode, Timeout: time.Hour, OnEvent: events.add})
				code := eventsOf[DeviceCode](events)
				if len(code) != 1 || code[0].UserCode != "ABCD-EFGH" || code[0].VerificationURI != f.URL+"/device" || !code[0].Expires.Equal(begin.Add(15*time.Minute)) {
					t.Errorf("device code %+v", code)
				}
				if tc.cause != "" {
					if causeOf(err) != tc.cause || strings.Contains(err.Error(), "device-secret-value") {
						t.Errorf("error %v", err)
					}
					return
				}
				if err != nil || g.Identity != Same {
					t.Fatalf("%v, %v", g.Identity, err)
				}
				for i, at := range *times {
					if gap := at.Sub(begin); gap != time.Duration(tc.gaps[i])*time.Second {
						t.Errorf("question %d came after %s", i, gap)
					}
					begin = at
				}
			})
		})
	}
}

func TestADeviceCodeIsRedeemedWithoutASecretThatIsNotWanted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, c := offline()
		f.refuseSecrets("AADSTS700025")
		g, err := c.SignIn(t.Context(), Request{Mailbox: f.definition(), SignIn: mailbox.SignInDeviceCode, ClientSecret: redact.NewSecret("s3cret-value")})
		if err != nil || !g.Public || len(f.requests) != 2 {
			t.Errorf("%v, public %t, %d requests", err, g.Public, len(f.requests))
		}
	})
}

func TestDeviceCodeEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, c := offline()
		f.polls("authorization_pending")
		begin, events := time.Now(), &recorder{}
		_, err := c.SignIn(t.Context(), Request{Mailbox: f.definition(), SignIn: mailbox.SignInDeviceCode, Timeout: time.Minute, OnEvent: events.add})
		if causeOf(err) != diagnosis.CauseSignInTimeout {
			t.Errorf("timeout: %v", err)
		}
		if code := eventsOf[DeviceCode](events); len(code) != 1 || !code[0].Expires.Equal(begin.Add(time.Minute)) {
			t.Errorf("that it ends after a minute is not told: %+v", code)
		}
		f, c = offline()
		f.polls("authorization_pending")
		asked := f.routes()
		c.HTTP.Transport = inProcess{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "openid-configuration") {
				time.Sleep(20 * time.Second)
			}
			asked.ServeHTTP(w, r)
		})}
		begin = time.Now()
		_, err = c.SignIn(t.Context(), Request{Mailbox: f.definition(), SignIn: mailbox.SignInDeviceCode, Timeout: time.Minute})
		if took := time.Since(begin); causeOf(err) != diagnosis.CauseSignInTimeout || took != time.Minute {
			t.Errorf("a service that is slow to answer: %v after %s", err, took)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(12*time.Second, cancel)
		_, err = c.SignIn(ctx, Request{Mailbox: f.definition(), SignIn: mailbox.SignInDeviceCode})
		if causeOf(err) != diagnosis.CauseCancelled {
			t.Errorf("cancel: %v", err)
		}
	})
}

// The time is that of the waiting: who confirmed the code in the last moment has
// signed in, however long the verdict takes.
func TestADeviceCodeConfirmedInTheLastMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, c := offline()
		asked, keys := f.routes(), 0
		c.HTTP.Transport = inProcess{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/keys" {
				if keys++; keys == 1 { // those fetched ahead
					w.WriteHeader(http.StatusServiceUnavailable)
					return
				}
				time.Sleep(20 * time.Second)
			}
			asked.ServeHTTP(w, r)
		})}
		var late error
		keep := func(ctx context.Context, _ Grant) error { late = ctx.Err(); return nil }
		g, err := c.SignIn(t.Context(), Request{Mailbox: f.definition(), SignIn: mailbox.SignInDeviceCode, Timeout: 6 * time.Second, Keep: keep})
		if err != nil || g.Identity != Same || late != nil {
			t.Errorf("%v, %v, %v", g.Identity, err, late)
		}
	})
}

func TestDeviceCodeRefused(t *testing.T) {
	for name, bend := range map[string]func(*http.ServeMux){
		"no address to trust": func(m *http.ServeMux) {
			m.HandleFunc("POST /{tenant}/oauth2/v2.0/devicecode", func(w http.ResponseWriter, _ *http.Request) {
				writeTestJSON(w, 200, map[string]any{"device_code": "d", "user_code": "u", "verification_uri": "http://evil.test/", "expires_in": 9})
			})
		},
		"an error": func(m *http.ServeMux) {
			m.HandleFunc("POST /{tenant}/oauth2/v2.0/devicecode", func(w http.ResponseWriter, _ *http.Request) {
				writeTestJSON(w, 400, map[string]any{"error": "invalid_client", "error_description": "AADSTS7000218: secret"})
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, c := offline()
			mux := http.NewServeMux()
			mux.Handle("/", f.routes())
			bend(mux)
			c.HTTP.Transport = inProcess{mux}
			_, err := c.SignIn(t.Context(), Request{Mailbox: f.definition(), SignIn: mailbox.SignInDeviceCode, OnEvent: func(e Event) { t.Errorf("event %+v", e) }})
			var d diagnosis.Diagnosis
			if !errors.As(err, &d) || d.Phase != diagnosis.PhaseDevice || strings.Contains(d.ServerText, "AADSTS7000218") != (name == "an error") {
				t.Errorf("%#v", err)
			}
		})
	}
}

func TestApplication(t *testing.T) {
	f, c := offline()
	d := f.definition()
	d.OAuth.AccountType, d.OAuth.Tenant = mailbox.AccountApplication, testTenant
	if _, err := c.SignIn(t.Context(), Request{Mailbox: d}); causeOf(err) != diagnosis.CauseClientSecretMissing {
		t.Errorf("without secret: %v", err)
	}
	secret := redact.NewSecret("s3cret-value")
	var kept []Grant
	keep := func(_ context.Context, g Grant) error { kept = append(kept, g); return nil }
	f.token = func(w http.ResponseWriter, form url.Values) bool {
		if form.Get("grant_type") != "client_credentials" || form.Get("scope") != "https://outlook.office365.com/.default" || form.Get("client_secret") != "s3cret-value" {
			t.Errorf("form %v", form)
		}
		writeTestJSON(w, 200, map[string]any{"access_token": "app-token", "token_type": "Bearer", "expires_in": 3599})
		return true
	}
	g, err := c.SignIn(t.Context(), Request{Mailbox: d, ClientSecret: secret, Keep: keep})
	if err != nil || g.Identity != Same || g.Account.TenantID != testTenant || !g.RefreshToken.Empty() || len(Missing(MailScopes(d), g.Granted)) != 0 || len(kept) != 1 {
		t.Errorf("%+v, %v", g, err)
	}
	full := errors.New("the disk is full")
	if _, err := c.SignIn(t.Context(), Request{Mailbox: d, ClientSecret: secret, Keep: func(context.Context, Grant) error { return full }}); !errors.Is(err, full) {
		t.Errorf("not kept: %v", err)
	}
	if g, err = c.Refresh(t.Context(), d, Renewal{ClientSecret: secret}); err != nil || g.AccessToken.Reveal() != "app-token" {
		t.Errorf("renewal: %v", err)
	}
	f.token = func(w http.ResponseWriter, _ url.Values) bool {
		writeTestJSON(w, 401, map[string]any{"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."})
		return true
	}
	var diag diagnosis.Diagnosis
	if _, err := c.Refresh(t.Context(), d, Renewal{ClientSecret: secret}); !errors.As(err, &diag) || diag.Phase != diagnosis.PhaseRefresh {
		t.Errorf("refused: %v", err)
	}
}

func TestConsent(t *testing.T) {
	f := newFake(t)
	browser := &robot{t: t}
	r := Request{Mailbox: f.definition(), Opener: browser, Timeout: 20 * time.Second}
	result, err := testClientFor(t).Consent(t.Context(), r)
	if err != nil || result.TenantID != testTenant || len(result.Granted) != 6 {
		t.Errorf("%+v, %v", result, err)
	}
	if page := browser.page(); !strings.Contains(page, "Consent granted") {
		t.Error(page)
	}
	f.answer = func(v url.Values) { v.Set("tenant", otherTenant) }
	if _, err := testClientFor(t).Consent(t.Context(), r); causeOf(err) != diagnosis.CauseAnswerNotOurs {
		t.Errorf("another tenant: %v", err)
	}
	f.answer = func(v url.Values) { v.Set("admin_consent", "False"); v.Set("code", "a sign-in's") }
	if _, err := testClientFor(t).Consent(t.Context(), r); causeOf(err) != diagnosis.CauseAnswerNotOurs {
		t.Errorf("no consent: %v", err)
	}
	f.answer = func(v url.Values) {
		v.Del("admin_consent")
		v.Set("error", "consent_required")
		v.Set("error_description", "AADSTS65004: declined")
	}
	var d diagnosis.Diagnosis
	if _, err := testClientFor(t).Consent(t.Context(), r); !errors.As(err, &d) || !strings.Contains(d.ServerText, "AADSTS65004") {
		t.Errorf("declined: %v", err)
	}
	if page := browser.page(); !strings.Contains(page, "AADSTS65004") {
		t.Error(page)
	}
	r.Mailbox = f.custom()
	if _, err := testClientFor(t).Consent(t.Context(), r); causeOf(err) != diagnosis.CauseUnknown {
		t.Errorf("of a provider that knows none: %v", err)
	}
}

func TestConsentAddress(t *testing.T) {
	d := newOffline().definition()
	d.OAuth.AccountType, d.OAuth.Tenant = mailbox.AccountCommon, ""
	u, err := url.Parse(newConsent(Request{Mailbox: d}, "http://localhost:7").url)
	if err != nil || u.Path != "/organizations/v2.0/adminconsent" || u.Query().Get("redirect_uri") != "http://localhost:7" || !strings.Contains(u.Query().Get("scope"), "IMAP.AccessAsUser.All") {
		t.Errorf("%s, %v", u, err)
	}
	d.OAuth.AccountType, d.OAuth.Tenant = mailbox.AccountApplication, "contoso.test"
	u, err = url.Parse(newConsent(Request{Mailbox: d}, "http://localhost:7").url)
	if err != nil || u.Path != "/contoso.test/v2.0/adminconsent" || u.Query().Get("scope") != "https://outlook.office365.com/.default" {
		t.Errorf("%s, %v", u, err)
	}
}

// x/oauth2's own reader ends the program upon "null".
func TestDeviceCodeOfNothing(t *testing.T) {
	for _, body := range []string{"null", "{}", "[]", "1"} {
		if _, err := readDeviceCode(newOffline().definition(), []byte(body)); err == nil {
			t.Errorf("%s holds a device code", body)
		}
	}
}

// What a service leaves out has RFC 8628's value, and numbers may be written as texts.
func TestDeviceCodeTimes(t *testing.T) {
	for times, want := range map[string][2]time.Duration{
		``:                                      {5 * time.Second, DefaultTimeout},
		`,"interval":0,"expires_in":0`:          {5 * time.Second, DefaultTimeout},
		`,"interval":7,"expires_in":60`:         {7 * time.Second, time.Minute},
		`,"interval":"7","expires_in":"60"`:     {7 * time.Second, time.Minute},
		`,"interval":7.5,"expires_in":60.5`:     {7 * time.Second, time.Minute},
		`,"interval":9999,"expires_in":9999999`: {time.Minute, 24 * time.Hour},
	} {
		synctest.Test(t, func(t *testing.T) { // whose clock stands still
			body := `{"device_code":"d","user_code":"u","verification_uri":"https://login.example/device"` + times + `}`
			da, err := readDeviceCode(newOffline().definition(), []byte(body))
			if err != nil || time.Duration(da.Interval)*time.Second != want[0] || time.Until(da.Expiry) != want[1] {
				t.Errorf("%s: %+v, %v", times, da, err)
			}
		})
	}
}

// A code is shown, whatever a service makes of it.
func TestDeviceCodesAreFitToBeShown(t *testing.T) {
	body := `{"device_code":"d","user_code":"\u001b]0;owned\u0007AB\nCD\u202e","verification_uri":"https://login.example/device"}`
	da, err := readDeviceCode(newOffline().definition(), []byte(body))
	if err != nil || da.UserCode != `\u001B]0;owned\u0007AB\nCD\u202E` {
		t.Errorf("%+v, %v", da, err)
	}
}

// silentService never answers.
type silentService struct{}

func (silentService) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// Who allows a moment for a sign-in does not wait longer for a service that is silent.
func TestASilentServiceHasTheTimeOfTheSignIn(t *testing.T) {
	for _, change := range []func(*Request){
		func(r *Request) { r.SignIn = mailbox.SignInLink },
		func(r *Request) { r.SignIn = mailbox.SignInDeviceCode },
		func(r *Request) { r.Mailbox.OAuth.AccountType = mailbox.AccountApplication },
	} {
		synctest.Test(t, func(t *testing.T) { // without a limit the bubble would never end
			r := Request{Mailbox: newOffline().definition(), Timeout: 2 * time.Second, ClientSecret: redact.NewSecret("s3cret-value")}
			change(&r)
			c := &Client{HTTP: &http.Client{Transport: silentService{}}}
			if _, err := c.SignIn(t.Context(), r); causeOf(err) != "server-timeout" {
				t.Error(err)
			}
		})
	}
}

// What a service says of who signed in, and for what, moves no cursor and no
// letters.
func TestAnAccountIsFitToBeShown(t *testing.T) {
	const bad, shown = "\x1b[2J\u202e", `\u001B[2J\u202E`
	a := claims{Preferred: bad + "a", Name: bad + "b", TenantID: bad + "c"}.account()
	if a.User != shown+"a" || a.Name != shown+"b" || a.TenantID != shown+"c" {
		t.Errorf("%+v", a)
	}
	token := (&oauth2.Token{AccessToken: "t"}).WithExtra(map[string]any{"scope": bad + "d e"})
	if g := new(Client).grant(nil, token); strings.Join(g.Granted, " ") != shown+"d e" {
		t.Errorf("%q", g.Granted)
	}
	c, err := readConsent(t.Context(), newOffline().definition(), &service{}, answer{adminConsent: true, tenant: bad, scope: bad + "f"})
	if err != nil || c.TenantID != shown || strings.Join(c.Granted, " ") != shown+"f" {
		t.Errorf("%+v, %v", c, err)
	}
}
