package oauth

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// signedIn is the account of the fake's identity tokens at sign-in.
func (f *fakeService) signedIn() Account {
	return Account{User: testUser, Issuer: f.issuer(testTenant), Subject: "subject", TenantID: testTenant, ObjectID: "object"}
}

func TestCheckRenewal(t *testing.T) {
	set := func(name string, value any) func(map[string]any) {
		return func(m map[string]any) { m[name] = value }
	}
	for name, tc := range map[string]struct {
		claims  func(map[string]any)
		account func(*Account)
		cause   diagnosis.Cause
		other   bool
	}{
		"the same":            {},
		"renamed":             {claims: set("preferred_username", "new@contoso.test")},
		"GUID in capitals":    {account: func(a *Account) { a.TenantID = strings.ToUpper(a.TenantID) }},
		"nothing recorded":    {account: func(a *Account) { *a = Account{} }},
		"another issuer":      {claims: set("iss", "https://evil.test"), other: true},
		"another subject":     {claims: set("sub", "somebody"), other: true},
		"capital subject":     {claims: set("sub", "Subject"), other: true},
		"no subject":          {claims: set("sub", ""), other: true},
		"another tenant":      {claims: set("tid", otherTenant), other: true},
		"another object":      {claims: set("oid", "thing"), other: true},
		"no object":           {claims: func(m map[string]any) { delete(m, "oid") }, other: true},
		"another application": {claims: set("aud", "somebody"), cause: diagnosis.CauseIDTokenInvalid},
		"expired":             {claims: set("exp", time.Now().Add(-time.Hour).Unix()), cause: diagnosis.CauseIDTokenInvalid},
		"not yet":             {claims: set("nbf", time.Now().Add(time.Hour).Unix()), cause: diagnosis.CauseIDTokenInvalid},
		"strange claims":      {claims: set("sub", 7), cause: diagnosis.CauseIDTokenInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			f, c := offline()
			f.claims = tc.claims
			account := f.signedIn()
			if tc.account != nil {
				tc.account(&account)
			}
			g, err := c.Refresh(t.Context(), f.definition(), Renewal{RefreshToken: redact.NewSecret("old")})
			if err != nil {
				t.Fatal("the answer is to be stored whatever it says:", err)
			}
			err = c.CheckRenewal(t.Context(), f.definition(), g, account)
			var other *OtherAccount
			switch {
			case tc.other && (!errors.As(err, &other) || other.Diagnosis.Cause != diagnosis.CauseTokenUserMismatch || other.Diagnosis.ServerText == ""):
				t.Errorf("%v", err)
			case !tc.other && causeOf(err) != tc.cause:
				t.Error(err)
			}
		})
	}
}

// What cannot be sent to a mail server is not used, whoever it is of.
func TestCheckRenewalOfUnusableTokens(t *testing.T) {
	f, c := offline()
	for name, g := range map[string]Grant{
		"another type": {TokenType: "mac", AccessToken: redact.NewSecret("an-access-token")},
		"none":         {TokenType: "Bearer"},
		"two words":    {TokenType: "Bearer", AccessToken: redact.NewSecret("an access-token")},
		"no JWT":       {TokenType: "Bearer", AccessToken: redact.NewSecret("an-access-token"), IDToken: redact.NewSecret("nothing-signed")},
	} {
		var d diagnosis.Diagnosis
		if err := c.CheckRenewal(t.Context(), f.definition(), g, f.signedIn()); !errors.As(err, &d) || d.Retry != diagnosis.RetryWait {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := c.CheckRenewal(t.Context(), f.definition(), Grant{AccessToken: redact.NewSecret("a-token")}, f.signedIn()); err != nil {
		t.Errorf("without an identity token, as a renewal may be: %v", err)
	}
}

// Tenants and object ids are Microsoft's; other services change what they
// call so.
func TestCheckRenewalElsewhere(t *testing.T) {
	f, c := offline()
	d := f.custom()
	account := f.signedIn()
	account.Issuer, account.TenantID = strings.TrimPrefix(f.URL, "https://"), "anything"
	g, err := c.Refresh(t.Context(), d, Renewal{RefreshToken: redact.NewSecret("old")})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.CheckRenewal(t.Context(), d, g, account); err != nil {
		t.Error(err)
	}
	if facts := sameSubject(d, Account{Issuer: "accounts.google.com", Subject: "1"}, claims{Issuer: "https://accounts.google.com", Subject: "1"}); facts != nil {
		t.Error(facts)
	}
}

// Without keys an identity token says nothing more than the connection it came
// over; somebody else's is refused all the same.
func TestCheckRenewalWithoutKeys(t *testing.T) {
	for name, breakKeys := range map[string]func(*fakeService, *Client){
		"refused": func(f *fakeService, _ *Client) { f.keysDown = true },
		"slow":    func(_ *fakeService, c *Client) { c.HTTP.Transport = slowKeys{c.HTTP.Transport} },
		"moved": func(f *fakeService, _ *Client) {
			f.metadata = func(m map[string]any) { m["issuer"] = "https://evil.test" }
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, c := offline()
				breakKeys(f, c)
				g, err := c.Refresh(t.Context(), f.definition(), Renewal{RefreshToken: redact.NewSecret("old")})
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				if err := c.CheckRenewal(t.Context(), f.definition(), g, f.signedIn()); err != nil {
					t.Error(err)
				}
				if took := time.Since(began); took > verifyLimit {
					t.Errorf("it took %s", took)
				}
				account := f.signedIn()
				account.Subject = "somebody"
				var other *OtherAccount
				if err := c.CheckRenewal(t.Context(), f.definition(), g, account); !errors.As(err, &other) {
					t.Errorf("somebody else's: %v", err)
				}
			})
		})
	}
}

// slowKeys answers for keys when the question is given up.
type slowKeys struct{ next http.RoundTripper }

func (s slowKeys) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == "/keys" {
		select {
		case <-r.Context().Done():
			return nil, r.Context().Err()
		case <-time.After(25 * time.Second):
			return nil, errors.New("too slow")
		}
	}
	return s.next.RoundTrip(r)
}

// TestTheTokenEndpointMoved: a discovery document that names another origin
// gets no refresh token.
func TestTheTokenEndpointMoved(t *testing.T) {
	f, c := offline()
	d := f.custom()
	recorded := f.URL + "/custom/oauth2/v2.0/token"
	for endpoint, cause := range map[string]diagnosis.Cause{
		"":                                  "", // not recorded
		recorded:                            "",
		f.URL + "/another/path":             "",
		"https://localhost:9/token":         diagnosis.CauseTokenEndpointMoved,
		"http://localhost/token":            diagnosis.CauseTokenEndpointMoved,
		"http://login.example.com:9/token":  diagnosis.CauseTokenEndpointMoved,
		"http://localhost.evil.test:9/toke": diagnosis.CauseTokenEndpointMoved,
	} {
		asked := len(f.requests)
		_, err := c.Refresh(t.Context(), d, Renewal{RefreshToken: redact.NewSecret("old"), Endpoint: endpoint})
		if causeOf(err) != cause || cause != "" && len(f.requests) != asked {
			t.Errorf("%q: %d requests, %v", endpoint, len(f.requests)-asked, err)
		}
	}
	if !sameOrigin("https://a.test/x", "https://A.test:443/y") || sameOrigin("https://a.test/", "http://a.test:443/") || sameOrigin("::", "::") {
		t.Error("sameOrigin")
	}
}

// TestTheAnswerComesAfterTheUserGaveUp: a refresh token that was sent is spent,
// so its answer is waited for a moment.
func TestTheAnswerComesAfterTheUserGaveUp(t *testing.T) {
	for _, tc := range []struct {
		late  time.Duration
		cause diagnosis.Cause
	}{{afterCancel / 2, ""}, {2 * afterCancel, diagnosis.CauseCancelled}} {
		synctest.Test(t, func(t *testing.T) {
			f, c := offline()
			ctx, cancel := context.WithCancel(t.Context())
			c.HTTP.Transport = late{c.HTTP.Transport, tc.late, cancel}
			g, err := c.Refresh(ctx, f.definition(), Renewal{RefreshToken: redact.NewSecret("old")})
			if causeOf(err) != tc.cause || (err == nil) == g.RefreshToken.Empty() {
				t.Errorf("%s late: %v", tc.late, err)
			}
		})
	}
}

// late has the user give up when the question has been sent.
type late struct {
	next   http.RoundTripper
	by     time.Duration
	giveUp func()
}

func (l late) RoundTrip(r *http.Request) (*http.Response, error) {
	l.giveUp()
	select {
	case <-time.After(l.by):
		return l.next.RoundTrip(r)
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// TestUnusableTokensAtSignIn: nothing of such an answer is kept.
func TestUnusableTokensAtSignIn(t *testing.T) {
	for name, member := range map[string]map[string]any{
		"type":          {"token_type": "DPoP"},
		"line break":    {"access_token": "a\r\nb"},
		"separator":     {"access_token": "a\x01b"},
		"letter":        {"access_token": "ä"},
		"refresh token": {"refresh_token": "a\x00b"},
	} {
		t.Run(name, func(t *testing.T) {
			f, c := offline()
			answer := map[string]any{"token_type": "Bearer", "access_token": "good", "expires_in": 3600}
			maps.Copy(answer, member)
			f.token = func(w http.ResponseWriter, _ url.Values) bool { writeTestJSON(w, http.StatusOK, answer); return true }
			s, err := c.discover(t.Context(), f.definition(), diagnosis.PhaseAuthorize)
			if err != nil {
				t.Fatal(err)
			}
			r := Request{Mailbox: f.definition(), Keep: func(context.Context, Grant) error { t.Error("kept"); return nil }}
			at := newAuthRequest(r, s, "http://localhost:1")
			if _, err := c.complete(t.Context(), r, s, nil, at, answerOf("code")); causeOf(err) != diagnosis.CauseSignInServiceAnswer || strings.Contains(err.Error(), "a\x00b") {
				t.Error(err)
			}
		})
	}
}

func answerOf(code string) answer { return answer{code: redact.NewSecret(code)} }

// TestTheSignInServiceHasItsOwnWords: never those about mail servers.
func TestTheSignInServiceHasItsOwnWords(t *testing.T) {
	page := func(status int, body string) func(*Client) {
		return func(c *Client) {
			c.HTTP.Transport = inProcess{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				_, _ = w.Write([]byte(body))
			})}
		}
	}
	bent := func(name string, value any) func(*fakeService) {
		return func(f *fakeService) { f.metadata = func(m map[string]any) { m[name] = value } }
	}
	for name, tc := range map[string]struct {
		client  func(*Client)
		service func(*fakeService)
	}{
		"a portal":             {client: page(http.StatusOK, "<html>portal</html>")},
		"nothing":              {client: page(http.StatusOK, "")},
		"not found":            {client: page(http.StatusNotFound, "<html>404</html>")},
		"redirect":             {client: page(http.StatusFound, "")},
		"no issuer":            {service: bent("issuer", "")},
		"another issuer":       {service: bent("issuer", "https://evil.test")},
		"no keys":              {service: bent("jwks_uri", "")},
		"endpoint without TLS": {service: bent("token_endpoint", "http://login.example.com/")},
	} {
		t.Run(name, func(t *testing.T) {
			f, c := offline()
			if tc.service != nil {
				tc.service(f)
			}
			if tc.client != nil {
				tc.client(c)
				if _, err := c.TenantOf(t.Context(), f.definition(), "contoso.test"); causeOf(err) != diagnosis.CauseSignInServiceAnswer {
					t.Errorf("TenantOf: %v", err)
				}
			}
			for _, d := range []mailbox.Definition{f.custom(), f.definition()} {
				_, err := c.discover(t.Context(), d, diagnosis.PhaseAuthorize)
				if d.OAuth.Provider == mailbox.ProviderMicrosoft && name == "endpoint without TLS" {
					continue // its endpoints are known
				}
				if causeOf(err) != diagnosis.CauseSignInServiceAnswer {
					t.Errorf("%s: %v", d.OAuth.Provider, err)
				}
			}
		})
	}
	f, c := offline()
	f.metadata = func(m map[string]any) { m["issuer"] = "https://login.example.com/" }
	if _, err := c.TenantOf(t.Context(), f.definition(), "contoso.test"); causeOf(err) != diagnosis.CauseSignInServiceAnswer {
		t.Errorf("an issuer without tenant: %v", err)
	}
}
