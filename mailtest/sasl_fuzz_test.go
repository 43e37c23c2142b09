package mailtest

import (
	"strings"
	"testing"
)

// FuzzChallenges: whatever a server asks during a sign-in, the exchange ends,
// says each answer once and keeps nothing of its own secret in what it was told.
func FuzzChallenges(f *testing.F) {
	f.Add(mechXOAUTH2, []byte(`{"status":"400"}`), true)
	f.Add(mechOAuthBearer, []byte(""), false)
	f.Add(mechPlain, []byte("Password:\x00Username:"), true)
	f.Add(mechLogin, []byte("VXNlcm5hbWU6"), false)
	f.Fuzz(func(t *testing.T, mechanism string, challenge []byte, initial bool) {
		x := newExchange(mechanism, identity{user: "helpdesk@contoso.test", secret: "s3cret-of-the-fuzz", host: "localhost", port: 143})
		if len(x.answers) == 0 {
			return // no mechanism of ours
		}
		if initial {
			x.withInitial(0)
		}
		if name, first, err := x.Start(); err != nil || name != mechanism || (first != nil) != initial {
			t.Fatalf("the start is %q %q, %v", name, first, err)
		}
		secrets := 0
		for n := range 10 * maxChallenges {
			answer, err := x.Next(challenge)
			if err != nil {
				if n < maxChallenges {
					t.Fatalf("it gave up at question %d: %v", n, err)
				}
				break
			}
			if n >= maxChallenges {
				t.Fatal("it never gives up")
			}
			if strings.Contains(string(answer), "s3cret-of-the-fuzz") {
				secrets++
			}
		}
		if secrets > 1 || initial && mechanism != mechLogin && secrets > 0 {
			t.Errorf("the secret was said %d times too often", secrets)
		}
	})
}
