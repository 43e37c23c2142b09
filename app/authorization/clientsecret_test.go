package authorization

import (
	"strings"
	"sync"
	"testing"
	"time"

	"mailgrant/app/practice"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// A new client secret does not end the one in use: that goes when the sign-in
// service has taken the new one.
func TestAFormerSecretServesUntilTheNewOneIsTaken(t *testing.T) {
	r := newRig(t)
	r.d.OAuth.ClientID, r.d.OAuth.AccountType = practice.WebClientID, mailbox.AccountApplication
	set := func(value string) {
		t.Helper()
		if err := r.SetSecret(r.d, ClientSecret, redact.NewSecret(value)); err != nil {
			t.Fatal(err)
		}
	}
	renew := func(want bool, when string) {
		t.Helper()
		_, err := r.Refresh(t.Context(), r.d)
		if c, _ := r.Credentials(r.d); err != nil || (c.Next != nil) != want {
			t.Errorf("%s: %v, %+v", when, err, c)
		}
	}
	for _, value := range []string{"never taken", practice.WebClientSecret} {
		set(value)
		if c, _ := r.Credentials(r.d); c.Next != nil {
			t.Errorf("in use before there was anything to renew: %+v", c)
		}
	}
	if _, err := r.Request(t.Context(), r.d, Options{}); err != nil {
		t.Fatal(err)
	}
	ends := time.Date(2027, 2, 3, 0, 0, 0, 0, time.UTC)
	if err := r.SetSecretEnds(r.d, ends); err != nil {
		t.Fatal(err)
	}
	set(practice.WebClientSecret)
	if c, _ := r.Credentials(r.d); !c.Ends.Equal(ends) || c.Next != nil {
		t.Errorf("the same again: %+v", c)
	}
	for _, value := range []string{"not uploaded", "nor this one"} {
		set(value)
		c, _ := r.Credentials(r.d)
		if text := c.Text(i18n.For(i18n.English)); !c.Ends.Equal(ends) || !strings.Contains(text, "3 Feb 2027, in use until") {
			t.Errorf("%q: %+v", text, c)
		}
		renew(true, value)
	}
	set(practice.WebClientSecret)
	if c, _ := r.Credentials(r.d); !c.Ends.Equal(ends) || c.Next != nil {
		t.Errorf("back to the one before: %+v", c)
	}
	set("not uploaded")
	bad, _ := r.secret(r.d, ClientSecret)
	bad.Value, bad.Former.Value = bad.Former.Value, bad.Value
	if err := r.seal(r.d, ClientSecret, bad); err != nil {
		t.Fatal(err)
	}
	renew(false, "the new one is taken")
	if data, _ := r.keys.Load(secretName(r.d, ClientSecret)); strings.Contains(string(data), "former") {
		t.Error("the former one stays")
	}
	set("not uploaded")
	if err := r.RemoveSecret(r.d, ClientSecret); err != nil || r.HasSecret(r.d, ClientSecret) {
		t.Errorf("what is removed comes back: %v", err)
	}
}

// A client secret may be set, or removed, at the very moment at which another
// process' renewal lets go of the former one.
func TestAChangedSecretOutlivesAnothersAcceptance(t *testing.T) {
	r := newRig(t)
	r.signIn(t) // with something to renew the former one stays
	other := r.another()
	for round := range 150 {
		if err := r.seal(r.d, ClientSecret, sealedSecret{Value: "second", Former: &sealedSecret{Value: "first"}}); err != nil {
			t.Fatal(err)
		}
		remove := round%3 == 0
		var both sync.WaitGroup
		both.Go(func() { other.accepted(r.d, redact.NewSecret("second")) })
		both.Go(func() {
			err := error(nil)
			if remove {
				err = r.RemoveSecret(r.d, ClientSecret)
			} else {
				err = r.SetSecret(r.d, ClientSecret, redact.NewSecret("third"))
			}
			if err != nil {
				t.Error(err)
			}
		})
		both.Wait()
		s, err := r.secret(r.d, ClientSecret)
		switch {
		case err != nil:
			t.Fatal(err)
		case remove && s.Value != "":
			t.Fatalf("round %d: what was removed is back", round)
		case !remove && (s.Value != "third" || s.Former == nil):
			t.Fatalf("round %d: the secret that was set is lost, %t, or the one before it", round, s.Value != "third")
		}
	}
}

// A public client sends no secret, so its renewals say nothing about one.
func TestAFormerSecretStaysWhereNoneIsSent(t *testing.T) {
	r := newRig(t)
	r.signIn(t)
	for _, value := range []string{"first", "second"} {
		if err := r.SetSecret(r.d, ClientSecret, redact.NewSecret(value)); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if _, err := r.Refresh(t.Context(), r.d); err != nil {
			t.Fatal(err)
		}
	}
	if s, err := r.secret(r.d, ClientSecret); err != nil || s.Value != "second" || s.Former == nil {
		t.Errorf("the former one is gone though the new one was never taken: %v", err)
	}
}
