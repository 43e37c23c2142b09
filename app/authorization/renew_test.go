package authorization

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"mailgrant/app/practice"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

// The tenant rotates refresh tokens and ends the whole family when one is used
// twice: if an answer is lost, the renewal after it fails for good.

func TestARenewalThatDoesNotHoldIsNotLost(t *testing.T) {
	for name, tc := range map[string]struct {
		bend  func(map[string]any)
		ahead time.Duration
		cause diagnosis.Cause
	}{
		"signature":          {bend: tampered, cause: diagnosis.CauseIDTokenInvalid},
		"no JWT":             {bend: func(a map[string]any) { a["id_token"] = "x" }, cause: diagnosis.CauseIDTokenInvalid},
		"slow clock":         {ahead: -10 * time.Minute, cause: diagnosis.CauseIDTokenInvalid},
		"another type":       {bend: func(a map[string]any) { a["token_type"] = "mac" }, cause: diagnosis.CauseSignInServiceAnswer},
		"control characters": {bend: func(a map[string]any) { a["access_token"] = "a\x01b\r\n" }, cause: diagnosis.CauseSignInServiceAnswer},
		"no access token":    {bend: func(a map[string]any) { delete(a, "access_token") }, cause: diagnosis.CauseSignInServiceAnswer},
		"odd access token":   {bend: func(a map[string]any) { a["access_token"] = 7 }, cause: diagnosis.CauseSignInServiceAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			b := r.bend(t)
			r.signIn(t)
			before, err := r.AccessToken(t.Context(), r.d, nil)
			if err != nil {
				t.Fatal(err)
			}
			b.answer, r.ahead = tc.bend, tc.ahead
			if _, err := r.Refresh(t.Context(), r.d); causeOf(err) != tc.cause {
				t.Fatalf("Refresh = %v", err)
			}
			s, err := r.Status(r.d)
			if err != nil || s.State != StateValid || s.Diagnosis == nil || s.Diagnosis.Cause != tc.cause || s.Account.User != practice.Helpdesk.UPN {
				t.Errorf("status %+v, %v", s, err)
			}
			if token, err := r.AccessToken(t.Context(), r.d, nil); err != nil || token.Reveal() != before.Reveal() {
				t.Errorf("another access token than the verified one: %v", err)
			}
			rotated := b.lastGiven()
			b.answer, r.ahead = nil, 0
			if _, err := r.Refresh(t.Context(), r.d); err != nil {
				t.Fatalf("the rotated token was lost: %v", err)
			}
			if b.lastSent() != rotated {
				t.Error("the renewal was not made with the rotated token")
			}
			if s, _ := r.Status(r.d); s.Diagnosis != nil {
				t.Errorf("the mark stays: %v", s.Diagnosis)
			}
		})
	}
}

func TestOddMembersOfAnAnswerHurtNothing(t *testing.T) {
	r := newRig(t)
	b := r.bend(t)
	r.signIn(t)
	for name, bend := range map[string]func(map[string]any){
		"fraction":   func(a map[string]any) { a["expires_in"] = 3599.5 },
		"text":       func(a map[string]any) { a["expires_in"] = "3600" },
		"nonsense":   func(a map[string]any) { a["expires_in"] = []int{1} },
		"odd scope":  func(a map[string]any) { a["scope"] = 1 },
		"lower case": func(a map[string]any) { a["token_type"] = "bEARER" },
		"no type":    func(a map[string]any) { delete(a, "token_type") },
	} {
		b.answer = bend
		if _, err := r.Refresh(t.Context(), r.d); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestARenewalForSomebodyElse: an identity token that is good in every way,
// but another account's (OpenID Connect Core 1.0, 12.2).
func TestARenewalForSomebodyElse(t *testing.T) {
	r := newRig(t)
	b := r.bend(t)
	stranger := r.d.Clone()
	stranger.Sender, stranger.User = practice.Admin.UPN, practice.Admin.UPN
	if _, err := r.Request(t.Context(), stranger, Options{Opener: practice.Browser(practice.Admin.UPN)}); err != nil {
		t.Fatal(err)
	}
	theirs := maps.Clone(b.gave[len(b.gave)-1])
	r.signIn(t)
	before, _ := r.load(r.d)
	b.answer = func(a map[string]any) { maps.Copy(a, theirs) }
	var other *oauth.OtherAccount
	_, err := r.Refresh(t.Context(), r.d)
	if !errors.As(err, &other) || other.Account.User != practice.Admin.UPN || other.Diagnosis.Phase != diagnosis.PhaseRefresh {
		t.Fatalf("Refresh = %v", err)
	}
	s, err := r.Status(r.d)
	if err != nil || s.State != StateValid || s.Account.User != practice.Helpdesk.UPN || s.Diagnosis == nil || s.Diagnosis.Cause != diagnosis.CauseTokenUserMismatch {
		t.Errorf("status %+v, %v", s, err)
	}
	after, _ := r.load(r.d)
	if after.Pending != nil || after.AccessToken.Reveal() != before.AccessToken.Reveal() || after.RefreshToken.Reveal() != before.RefreshToken.Reveal() {
		t.Error("the old authorization is not the one in use")
	}
	b.answer = nil
	_, _ = r.Refresh(t.Context(), r.d) // whatever the service thinks of it by now
	if b.lastSent() != before.RefreshToken.Reveal() {
		t.Error("somebody else's refresh token was sent")
	}
}

// TestAPendingRenewalIsTakenUp: what a killed process left is verified and
// used, without asking the service for another.
func TestAPendingRenewalIsTakenUp(t *testing.T) {
	r := newRig(t)
	b := r.bend(t)
	r.signIn(t)
	old, _ := r.load(r.d)
	if _, err := r.Refresh(t.Context(), r.d); err != nil {
		t.Fatal(err)
	}
	answer := b.gave[len(b.gave)-1]
	text := func(name string) redact.Secret { s, _ := answer[name].(string); return redact.NewSecret(s) }
	old.Expires = time.Now()
	old.Pending = newPending(time.Now(), "", oauth.Grant{
		AccessToken: text("access_token"), RefreshToken: text("refresh_token"), IDToken: text("id_token"), Expires: time.Now().Add(time.Hour),
	})
	if err := r.save(r.d, old); err != nil {
		t.Fatal(err)
	}
	asked := len(b.sent)
	token, err := r.AccessToken(t.Context(), r.d, nil)
	if err != nil || token.Reveal() != text("access_token").Reveal() || len(b.sent) != asked {
		t.Errorf("%d requests, %v", len(b.sent)-asked, err)
	}
	if _, err := r.Refresh(t.Context(), r.d); err != nil {
		t.Error(err)
	}
}

// TestCancelledWithTheAnswerInHand: giving up at the very moment in which the
// answer comes does not lose it.
func TestCancelledWithTheAnswerInHand(t *testing.T) {
	r := newRig(t)
	b := r.bend(t)
	r.signIn(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b.answer = func(map[string]any) { cancel() }
	_, _ = r.Refresh(ctx, r.d) // its outcome is open, what is stored is not
	rotated := b.lastGiven()
	if _, err := r.Refresh(t.Context(), r.d); err != nil || b.lastSent() != rotated {
		t.Errorf("the rotated token was lost: %v", err)
	}
}

// cancelling gives up as soon as the service is asked for tokens.
type cancelling struct {
	next   http.RoundTripper
	cancel func()
}

func (c cancelling) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "/token") {
		return c.next.RoundTrip(r)
	}
	c.cancel()
	return nil, r.Context().Err()
}

// Who gives up was not refused: the authorization is as good as before, and so is
// what waits for its verification.
func TestWhoGivesUpIsNotRefused(t *testing.T) {
	r := newRig(t)
	b := r.bend(t)
	r.signIn(t)
	inner := r.http
	for _, pending := range []bool{false, true} {
		if r.http = inner; pending {
			b.answer = tampered
			_, _ = r.Refresh(t.Context(), r.d)
		}
		before, _ := r.load(r.d)
		ctx, cancel := context.WithCancel(t.Context())
		r.http = func(d mailbox.Definition, login redact.Secret) (*http.Client, error) {
			c, err := inner(d, login)
			c.Transport = cancelling{c.Transport, cancel}
			return c, err
		}
		if _, err := r.Refresh(ctx, r.d); causeOf(err) != diagnosis.CauseCancelled {
			t.Errorf("Refresh = %v", err)
		}
		after, _ := r.load(r.d)
		if s, err := r.Status(r.d); s.State != StateValid || err != nil || pending != (after.Pending != nil) || after.next() != before.next() {
			t.Errorf("pending %t: status %+v, %v; pending afterwards %t", pending, s, err, after.Pending != nil)
		}
	}
}

// TestTheRefreshTokenGoesNowhereElse than to the origin of the sign-in.
func TestTheRefreshTokenGoesNowhereElse(t *testing.T) {
	r := newRig(t)
	b := r.bend(t)
	r.signIn(t)
	kept, _ := r.load(r.d)
	kept.Endpoint = "https://login.example.com/token"
	if err := r.save(r.d, kept); err != nil {
		t.Fatal(err)
	}
	asked := len(b.sent)
	if _, err := r.Refresh(t.Context(), r.d); causeOf(err) != diagnosis.CauseTokenEndpointMoved || len(b.sent) != asked {
		t.Errorf("%d requests, %v", len(b.sent)-asked, err)
	}
	r.signIn(t)
	if _, err := r.Refresh(t.Context(), r.d); err != nil {
		t.Errorf("after a new sign-in: %v", err)
	}
}

// TestARefusedPendingRenewal falls back on the tokens before it: at a service
// that does not rotate they are still good.
func TestARefusedPendingRenewal(t *testing.T) {
	r := newRig(t)
	r.signIn(t)
	kept, _ := r.load(r.d)
	kept.Pending = newPending(time.Now(), "", oauth.Grant{RefreshToken: redact.NewSecret("nonsense")})
	if err := r.save(r.d, kept); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Refresh(t.Context(), r.d); err != nil {
		t.Error(err)
	}
}

// TestAnExportCarriesWhatIsPending: the next renewal on the other machine is
// made with it.
func TestAnExportCarriesWhatIsPending(t *testing.T) {
	r := newRig(t)
	b := r.bend(t)
	r.signIn(t)
	b.answer = tampered
	if _, err := r.Refresh(t.Context(), r.d); err == nil {
		t.Fatal("no error")
	}
	out, err := r.exportable(r.d)
	if err != nil {
		t.Fatal(err)
	}
	data, err := out.encode()
	if err != nil {
		t.Fatal(err)
	}
	in, err := decodeRecord(data)
	if err != nil || in.next().Reveal() != b.lastGiven() || in.RefreshToken.Reveal() == b.lastGiven() {
		t.Errorf("the pending renewal was not carried: %v", err)
	}
}

// TestAClockThatWasAhead: the end of an access token was reckoned from a clock
// that is right by now, and the service lets it end hours before.
func TestAClockThatWasAhead(t *testing.T) {
	r := newRig(t)
	b := r.bend(t)
	r.signIn(t)
	b.answer = func(a map[string]any) { delete(a, "id_token") } // which would tell
	wrong := func(renew func() error) {
		r.ahead = 4 * time.Hour
		if _, err := r.Refresh(t.Context(), r.d); err != nil {
			t.Fatal(err)
		}
		r.ahead = 0
		asked := len(b.sent)
		for range 2 {
			if err := renew(); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(b.sent) - asked; n != 1 {
			t.Errorf("%d renewals, wanted one", n)
		}
	}
	wrong(func() error { _, err := r.AccessToken(t.Context(), r.d, nil); return err })
	began := time.Now()
	wrong(func() error { _, err := r.RefreshUnlessSince(t.Context(), r.d, began); return err })
}

// What a server product needs is stored beside the authorization and disturbs
// it neither when it is renewed nor at the next sign-in; the service refuses it
// once and is not asked with it again.
func TestASecretOfAServerProductDisturbsNothing(t *testing.T) {
	r := newRig(t)
	b := r.bend(t)
	refused := func() (n int) {
		for _, form := range b.sent {
			if form.Has("client_secret") {
				n++
			}
		}
		return n
	}
	r.signIn(t)
	if err := r.SetSecret(r.d, ClientSecret, redact.NewSecret("the-product's")); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if s, err := r.Refresh(t.Context(), r.d); err != nil || s.State != StateValid || s.Diagnosis != nil {
			t.Fatalf("renewal: %+v, %v", s, err)
		}
	}
	if n := refused(); n != 1 {
		t.Errorf("renewals: the secret was sent %d times", n)
	}
	if result := r.signIn(t); result.Renewal != nil {
		t.Errorf("sign-in: %+v", result)
	}
	if n := refused(); n != 2 {
		t.Errorf("with the sign-in: the secret was sent %d times", n)
	}
	// Registered as confidential since: from now on the secret goes along.
	b.secret = "the-product's"
	for _, requests := range []int{2, 1} {
		asked := len(b.sent)
		if s, err := r.Refresh(t.Context(), r.d); err != nil || s.State != StateValid {
			t.Fatalf("confidential: %+v, %v", s, err)
		}
		if n := len(b.sent) - asked; n != requests {
			t.Errorf("confidential: %d requests, want %d", n, requests)
		}
	}
}

// A service that gives no refresh token says so at the sign-in already; what it
// gave is good until its access token ends.
func TestASignInWithoutARefreshTokenNamesItself(t *testing.T) {
	r := newRig(t)
	r.bend(t).answer = func(answer map[string]any) { delete(answer, "refresh_token") }
	if result := r.signIn(t); causeOf(result.Renewal) != diagnosis.CauseRefreshTokenMissing || result.AccessExpires.IsZero() {
		t.Errorf("sign-in: %+v", result)
	}
	if _, err := r.Refresh(t.Context(), r.d); causeOf(err) != diagnosis.CauseRefreshTokenMissing {
		t.Errorf("renewal: %v", err)
	}
	for ahead, want := range map[time.Duration]State{0: StateValid, 2 * time.Hour: StateExpired} {
		r.ahead = ahead
		s, err := r.Status(r.d)
		if err != nil || s.State != want || s.Renewable || s.Diagnosis == nil || s.Diagnosis.Cause != diagnosis.CauseRefreshTokenMissing {
			t.Errorf("status: %+v, %v", s, err)
		}
		if _, err := r.Credential(r.d, nil)(t.Context(), ""); (err == nil) != (want == StateValid) {
			t.Errorf("%s: the credential: %v", want, err)
		}
	}
}

// TestARefusalThatSomebodyCanMend: the sign-in service refuses for a reason that
// no new sign-in mends; what is stored is good again once it is mended.
func TestARefusalThatSomebodyCanMend(t *testing.T) {
	r := newRig(t)
	b := r.bend(t)
	r.signIn(t)
	b.secret = "registered otherwise since"
	if _, err := r.Refresh(t.Context(), r.d); causeOf(err) != diagnosis.CausePublicClientFlowDisabled {
		t.Fatalf("Refresh = %v", err)
	}
	s, err := r.Status(r.d)
	if err != nil || s.State != StateValid || s.Diagnosis == nil || s.Diagnosis.Cause != diagnosis.CausePublicClientFlowDisabled {
		t.Errorf("status does not tell it: %+v, %v", s, err)
	}
	if _, err := r.AccessToken(t.Context(), r.d, nil); err != nil {
		t.Errorf("the token before it is good until it ends: %v", err)
	}
	b.secret = ""
	if s, err := r.Refresh(t.Context(), r.d); err != nil || s.Diagnosis != nil {
		t.Errorf("mended: %+v, %v", s, err)
	}
}
