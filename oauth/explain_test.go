package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// Who gives up waits for no script that looks for a proxy, not even to be told
// why something failed before.
func TestNoErrorWaitsForTheProxysScript(t *testing.T) {
	ask := platformProxies
	t.Cleanup(func() { platformProxies = ask })
	d := mailbox.Definition{User: testUser, OAuth: &mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, Tenant: "contoso.test"}}
	for name, explained := range map[string]func(context.Context){
		"an error": func(ctx context.Context) { explain(ctx, d, diagnosis.PhaseToken, errors.New("broken pipe")) },
		"an answer": func(ctx context.Context) {
			explainAnswer(ctx, d, "access_denied")
		},
		"what is to be tried": func(ctx context.Context) {
			(&Client{}).decide(ctx, Request{Mailbox: d}, diagnosis.New(diagnosis.CauseUnknown, diagnosis.PhaseToken, nil), nil)
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			forever := make(chan struct{})
			defer close(forever)
			platformProxies = func(*url.URL) ([]*url.URL, bool) { cancel(); <-forever; return nil, false }
			begun := time.Now()
			explained(ctx)
			if waited := time.Since(begun); waited > 0 { // the bubble's clock
				t.Errorf("%s: waited %s after the end", name, waited)
			}
		})
	}
}

// A status that says "not now" counts where the body says nothing that is
// known: neither a secret nor the authorization is blamed.
func TestTheStatusCountsWhereTheBodySaysNothing(t *testing.T) {
	d := mailbox.Definition{User: testUser, OAuth: &mailbox.OAuth{Provider: mailbox.ProviderCustom, Issuer: "https://id.example.test"}}
	for status, want := range map[int]diagnosis.Cause{http.StatusTooManyRequests: "token-requests-too-many", http.StatusServiceUnavailable: "provider-temporary-error"} {
		for _, phase := range []diagnosis.Phase{diagnosis.PhaseToken, diagnosis.PhaseRefresh} {
			_, err := readTokenAnswer(&http.Response{StatusCode: status, Status: fmt.Sprint(status, " ", http.StatusText(status))}, []byte(`{"error":"too_many"}`))
			if diag := explain(t.Context(), d, phase, err); diag.Cause != want || diag.Retry != diagnosis.RetryWait {
				t.Errorf("%d at %s: %s, %s", status, phase, diag.Cause, diag.Retry)
			}
		}
	}
}

// What answered in the place of a discovery document is told: its status, its
// address, where it leads, and whom it says to be.
func TestWhatAnsweredIsTold(t *testing.T) {
	const issuer = "https://id.example.test/realm"
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		says   []string
		issuer string
	}{
		"not found": {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "nope", http.StatusNotFound) }, []string{"404 Not Found", issuer + wellKnown, "nope"}, ""},
		"a portal": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://portal.example.test/login?session=1")
			w.WriteHeader(http.StatusFound)
		}, []string{"302 Found", issuer + wellKnown, "Location: https://portal.example.test/login"}, ""},
		"another issuer": {func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"issuer":"https://sts.example.test","jwks_uri":"https://sts.example.test/keys"}`)
		}, []string{"https://sts.example.test"}, "https://sts.example.test"},
	} {
		t.Run(name, func(t *testing.T) {
			d := mailbox.Definition{User: testUser, OAuth: &mailbox.OAuth{Provider: mailbox.ProviderCustom, Issuer: issuer}}
			client := &Client{HTTP: &http.Client{Transport: inProcess{c.answer}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
			_, err := client.discover(t.Context(), d, diagnosis.PhaseAuthorize)
			var diag diagnosis.Diagnosis
			if !errors.As(err, &diag) || diag.Cause != diagnosis.CauseSignInServiceAnswer {
				t.Fatal(err)
			}
			for _, part := range c.says {
				if !strings.Contains(diag.ServerText, part) {
					t.Errorf("%q lacks %q", diag.ServerText, part)
				}
			}
			fix := strings.Join(diag.Render(i18n.For(i18n.German)).Fix, " ")
			if strings.Contains(diag.ServerText, "login?") || (c.issuer != "") != strings.Contains(fix, "Der Dienst nennt sich selbst "+c.issuer) {
				t.Errorf("%q; %s", diag.ServerText, fix)
			}
		})
	}
}
