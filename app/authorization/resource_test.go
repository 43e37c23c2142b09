package authorization

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mailgrant/app/practice"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/provider"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
	"mailgrant/oauth"
)

const graph = "https://graph.microsoft.com/"

// pop3TakesGraph makes Microsoft's POP3 servers take tokens for Graph.
func pop3TakesGraph() (forget func()) {
	known := provider.Profiles
	changed := slices.Clone(known())
	provider.Profiles = func() []provider.Profile { return changed }
	for i, p := range changed {
		if p.ID == mailbox.ProviderMicrosoft {
			changed[i].Scopes = maps.Clone(p.Scopes)
			changed[i].Scopes["pop3"] = graph + "Mail.Read"
		}
	}
	return func() { provider.Profiles = known }
}

// audience is what a credential's token is for.
func audience(t *testing.T, c mailtest.Credential, err error) string {
	t.Helper()
	if err != nil || c.Claims == nil || len(c.Claims.Audience) != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
	return c.Claims.Audience[0]
}

const (
	mailAudience  = "https://outlook.office.com"
	graphAudience = "00000003-0000-0000-c000-000000000000"
)

// Each resource has its own token, which is asked for when it is needed and
// kept as long as it lasts; the sign-in and what is known of it stay the mail's.
func TestATokenForEachResource(t *testing.T) {
	t.Cleanup(pop3TakesGraph())
	r := newRig(t)
	b := r.bend(t)
	if result := r.signIn(t); len(result.Missing) > 0 || !slices.Equal(result.Granted, []string{mailAudience + "/IMAP.AccessAsUser.All", mailAudience + "/SMTP.Send"}) {
		t.Errorf("%+v", result)
	}
	get := r.Credential(r.d, nil)
	asked := len(b.sent) // the code, and the renewal that proves the refresh token
	if asked != 2 {
		t.Errorf("%d requests for a sign-in", asked)
	}
	for range 2 {
		mail, err := get(t.Context(), "")
		if got := audience(t, mail, err); got != mailAudience {
			t.Errorf("a token for %s", got)
		}
		other, err := get(t.Context(), graph)
		if got := audience(t, other, err); got != graphAudience || !slices.Equal(other.Granted, []string{graph + "Mail.Read", "openid", "profile", "email"}) {
			t.Errorf("a token for %s, %v", got, other.Granted)
		}
	}
	if len(b.sent) != asked+1 || b.sent[asked].Get("scope") != graph+"Mail.Read openid profile email offline_access" {
		t.Errorf("%d requests more, the last for %q", len(b.sent)-asked, b.sent[len(b.sent)-1].Get("scope"))
	}
	// A mailbox of the same account that knows no other resource says what it wants as well.
	plain := r.d.Clone()
	plain.SetServer(mailbox.POP3, nil)
	if _, err := r.Refresh(t.Context(), plain); err != nil {
		t.Fatal(err)
	}
	mail, err := r.Credential(plain, nil)(t.Context(), "")
	if got := audience(t, mail, err); got != mailAudience {
		t.Errorf("after Graph, a token for %s", got)
	}
	s, err := r.Status(r.d)
	if err != nil || s.State != StateValid || len(s.Missing) > 0 {
		t.Errorf("%+v, %v", s, err)
	}
	asked = len(b.sent)
	r.ahead = time.Until(s.AccessExpires) - early + time.Minute
	if _, err := get(t.Context(), graph); err != nil || len(b.sent) != asked+1 {
		t.Errorf("a token that is about to end: %d requests, %v", len(b.sent)-asked, err)
	}
}

// A sign-in on another device agrees to all resources too.
func TestADeviceSignsInToSeveralResources(t *testing.T) {
	t.Cleanup(pop3TakesGraph())
	r := newRig(t)
	b := r.bend(t)
	_, err := r.Request(t.Context(), r.d, Options{SignIn: mailbox.SignInDeviceCode, OnEvent: func(e oauth.Event) {
		if code, ok := e.(oauth.DeviceCode); ok {
			page := code.VerificationURI + "?" + url.Values{"otc": {code.UserCode}, "practice_user": {practice.Helpdesk.UPN}}.Encode()
			if _, err := practice.Visit(t.Context(), page, "", nil); err != nil {
				t.Error(err)
			}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if scope := b.sent[0].Get("scope"); strings.Contains(scope, graph) || !strings.Contains(scope, "SMTP.Send") {
		t.Errorf("the token was asked for with %q", scope)
	}
	for _, resource := range []string{graph, ""} {
		c, err := r.Credential(r.d, nil)(t.Context(), resource)
		if got := audience(t, c, err); (got == graphAudience) != (resource == graph) {
			t.Errorf("%q: a token for %s", resource, got)
		}
	}
}

// Whoever renews what, at the same time: the tenant ends all tokens of a
// sign-in when a refresh token comes twice.
func TestRenewalsOfSeveralResourcesUseEachRefreshTokenOnce(t *testing.T) {
	t.Cleanup(pop3TakesGraph())
	r := newRig(t)
	r.signIn(t)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			m := r.another()
			for n := range 10 {
				resource := []string{"", graph}[(i+n)%2]
				if _, err := m.Experiments(r.d, nil).Renew(t.Context(), resource); err != nil {
					t.Errorf("%q: %v", resource, err)
					return
				}
			}
		})
	}
	wg.Wait()
	for _, resource := range []string{"", graph} {
		if _, err := r.Experiments(r.d, nil).Renew(t.Context(), resource); err != nil {
			t.Errorf("%q: %v", resource, err)
		}
	}
}

// What a killed process left is taken up for the resource that it is for.
func TestAPendingTokenOfAnotherResourceIsTakenUp(t *testing.T) {
	t.Cleanup(pop3TakesGraph())
	r := newRig(t)
	b := r.bend(t)
	r.signIn(t)
	old, _ := r.load(r.d)
	if _, err := r.Credential(r.d, nil)(t.Context(), graph); err != nil {
		t.Fatal(err)
	}
	answer := b.gave[len(b.gave)-1]
	text := func(name string) redact.Secret { s, _ := answer[name].(string); return redact.NewSecret(s) }
	old.Pending = newPending(time.Now(), graph, oauth.Grant{
		AccessToken: text("access_token"), RefreshToken: text("refresh_token"), IDToken: text("id_token"), Expires: time.Now().Add(time.Hour),
	})
	if err := r.save(r.d, old); err != nil {
		t.Fatal(err)
	}
	asked := len(b.sent)
	c, err := r.Credential(r.d, nil)(t.Context(), graph)
	if audience(t, c, err) != graphAudience || len(b.sent) != asked {
		t.Errorf("%d requests", len(b.sent)-asked)
	}
	if after, _ := r.load(r.d); after.AccessToken != old.AccessToken || after.Pending != nil {
		t.Error("the mail's token is another")
	}
	if _, err := r.Refresh(t.Context(), r.d); err != nil {
		t.Error(err)
	}
}

// A refusal for one resource is not that of the authorization.
func TestARefusalForAnotherResourceEndsNothing(t *testing.T) {
	r := newRig(t)
	r.signIn(t)
	t.Cleanup(pop3TakesGraph())
	if _, err := r.Credential(r.d, nil)(t.Context(), graph); causeOf(err) != "consent-missing" {
		t.Fatal(err)
	}
	if s, err := r.Status(r.d); err != nil || s.State != StateValid || s.Diagnosis != nil {
		t.Errorf("%+v, %v", s, err)
	}
	// The other way round, a token that is there is not asked for again.
	r.signIn(t)
	if _, err := r.Credential(r.d, nil)(t.Context(), graph); err != nil {
		t.Fatal(err)
	}
	_ = r.tenant.SetFaults([]string{practice.FaultConsentMissing})
	if _, err := r.Refresh(t.Context(), r.d); err == nil {
		t.Error("a renewal without consent")
	}
	if c, err := r.Credential(r.d, nil)(t.Context(), graph); err != nil || c.Token.Empty() {
		t.Errorf("the other resource: %v", err)
	}
	if _, err := r.Credential(r.d, nil)(t.Context(), ""); causeOf(err) != diagnosis.Cause("consent-missing") {
		t.Errorf("the mail servers: %v", err)
	}
}
