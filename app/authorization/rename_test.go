package authorization

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// withSecrets is a rig whose mailbox has one of each kind.
func withSecrets(t *testing.T) *rig {
	t.Helper()
	r := newRig(t)
	r.storeSecrets(t)
	return r
}

func (r *rig) storeSecrets(t *testing.T) {
	t.Helper()
	for _, kind := range SecretKinds {
		if err := r.SetSecret(r.d, kind, redact.NewSecret("old: "+string(kind))); err != nil {
			t.Fatal(err)
		}
	}
}

// want tells which kinds a definition has to have.
func (r *rig) want(t *testing.T, d mailbox.Definition, kinds ...SecretKind) {
	t.Helper()
	wanted := map[SecretKind]bool{}
	for _, kind := range kinds {
		wanted[kind] = true
	}
	for _, kind := range SecretKinds {
		s, err := r.secret(d, kind)
		if err != nil || (s.Value == "old: "+string(kind)) != wanted[kind] {
			t.Errorf("%s of %q: stored %t, %v; wanted %t", kind, d.Name, s.Value != "", err, wanted[kind])
		}
	}
}

func TestSecretsGoAlongWithTheName(t *testing.T) {
	r := withSecrets(t)
	to := r.d.Clone()
	to.Name = "Renamed"
	if err := r.MoveSecrets(r.d, to); err != nil {
		t.Fatal(err)
	}
	r.want(t, to, SecretKinds...)
	r.want(t, r.d)
	hosts, err := r.secret(to, Password)
	if err != nil || len(hosts.Hosts) == 0 {
		t.Errorf("the hosts of the password: %v, %v", hosts.Hosts, err)
	}
	if err := r.MoveSecrets(r.d, to); err != nil { // nothing is left to move
		t.Error(err)
	}
	r.want(t, to, SecretKinds...)
}

func TestAnotherCaseOfTheNameLosesNothing(t *testing.T) {
	r := withSecrets(t)
	to := r.d.Clone()
	to.Name = strings.ToUpper(r.d.Name)
	if to.Name == r.d.Name {
		t.Fatal("the name has no other case")
	}
	if err := r.MoveSecrets(r.d, to); err != nil {
		t.Fatal(err)
	}
	r.want(t, to, SecretKinds...)
}

func TestACopyLeavesTheOldSecrets(t *testing.T) {
	r := withSecrets(t)
	to := r.d.Clone()
	to.Name = "Second"
	if err := r.CopySecrets(r.d, to); err != nil {
		t.Fatal(err)
	}
	r.want(t, to, SecretKinds...)
	r.want(t, r.d, SecretKinds...)
}

// The binding to user, application and service protects: a secret does not
// follow where one of them changes with the name.
func TestASecretStaysWithItsUserAndApplication(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*mailbox.Definition)
		follow []SecretKind
	}{
		"user":      {func(d *mailbox.Definition) { d.User = "other@" + d.User }, []SecretKind{ClientSecret, ProxyPassword}},
		"client":    {func(d *mailbox.Definition) { d.OAuth.ClientID = "00000000-0000-0000-0000-000000000000" }, []SecretKind{Password, ProxyPassword}},
		"authority": {func(d *mailbox.Definition) { d.OAuth.Authority = "http://127.0.0.1:9" }, []SecretKind{Password, ProxyPassword}},
		"tenant":    {func(d *mailbox.Definition) { d.OAuth.Tenant = "fabrikam.com" }, SecretKinds},
	} {
		t.Run(name, func(t *testing.T) {
			r := withSecrets(t)
			to := r.d.Clone()
			to.Name = "Renamed"
			c.change(&to)
			if err := r.MoveSecrets(r.d, to); err != nil {
				t.Fatal(err)
			}
			r.want(t, to, c.follow...)
			for _, kind := range SecretKinds {
				if !strings.Contains(join(c.follow), string(kind)) && !r.HasSecret(r.d, kind) {
					t.Errorf("%s is lost", kind)
				}
			}
		})
	}
}

func join(kinds []SecretKind) string {
	text := ""
	for _, kind := range kinds {
		text += string(kind) + " "
	}
	return text
}

// A secret that cannot be opened stays where it is, and the others follow.
func TestADamagedSecretStays(t *testing.T) {
	r := withSecrets(t)
	file := filepath.Join(r.home, "secrets", secretName(r.d, Password)+".sealed")
	if err := os.WriteFile(file, []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	to := r.d.Clone()
	to.Name = "Renamed"
	if err := r.MoveSecrets(r.d, to); causeOf(err) != diagnosis.CauseStoreDamaged {
		t.Errorf("error %v", err)
	}
	r.want(t, to, ClientSecret, ProxyPassword)
	if data, err := os.ReadFile(file); err != nil || string(data) != "broken" {
		t.Errorf("the damaged file: %q, %v", data, err)
	}
}
