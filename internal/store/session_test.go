package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailgrant/internal/policy"
)

// What was sealed before a policy forbids it is gone once a store is opened,
// and nothing else is.
func TestAPolicyRemovesWhatWasSealed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "secrets")
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(t.TempDir(), "key"))
	before := Open(dir)
	if err := before.Save("a", []byte("secret")); err != nil {
		t.Fatal(err)
	}
	sealed, err := os.ReadFile(before.path("a"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"b.sealed.kept-20261128T000000", strings.Replace(newPattern, "*", "1", 1), filepath.Base(before.room("c"))} {
		if err := os.WriteFile(filepath.Join(dir, name), sealed, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(policy.Set(policy.Policy{NoSecretsOnDisk: true}))
	t.Cleanup(EndSession)
	after := Open(dir)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	if strings.Join(names, " ") != "notes.txt" {
		t.Errorf("there is %q", names)
	}
	if _, err := after.Load("a"); !errors.Is(err, ErrNotFound) {
		t.Errorf("it can be opened: %v", err)
	}
	if err := after.Save("a", []byte("another")); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(before.path("a")); err == nil {
		t.Error("it was saved where it must not be")
	}
}

// Where it cannot be looked for or removed, nothing new is saved.
func TestWhatAPolicyForbidsAndCannotBeRemoved(t *testing.T) {
	noFolder := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(noFolder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(policy.Set(policy.Policy{NoSecretsOnDisk: true}))
	t.Cleanup(EndSession)
	s := Open(noFolder)
	if err := s.Save("b", nil); err == nil || !strings.Contains(err.Error(), noFolder) {
		t.Errorf("saved: %v", err)
	}
	if err := s.Check(); err == nil {
		t.Error("it could be saved")
	}
	if err := Open(filepath.Join(t.TempDir(), "new")).Save("b", nil); err != nil {
		t.Errorf("where nothing was: %v", err)
	}
}
