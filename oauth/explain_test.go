package oauth

import (
	"context"
	"errors"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"mailgrant/internal/diagnosis"
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
