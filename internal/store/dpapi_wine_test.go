//go:build windows && wine

package store

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What one process seals with DPAPI another opens; a changed file, or one
// under another name, is refused.
func TestWineDPAPI(t *testing.T) {
	const secret = "Erneuerungstoken äöü"
	if dir := os.Getenv("SEALED_IN"); dir != "" {
		got, err := Open(dir).Load("a")
		if err != nil || string(got) != secret {
			t.Fatalf("%q, %v", got, err)
		}
		return
	}
	if err := os.Unsetenv("MAILGRANT_KEY_FILE"); err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "Große Ablage *")
	if err != nil {
		t.Fatal(err)
	}
	s := Open(dir)
	if s.key.kind() != "dpapi" {
		t.Fatalf("sealed by %q", s.key.kind())
	}
	mustSave(t, s, "a", strings.Repeat("long ", 10_000))
	mustSave(t, s, "a", secret)
	file := filepath.Join(dir, "a.sealed")
	sealed, err := os.ReadFile(file)
	if err != nil || bytes.Contains(sealed, []byte("Erneuerung")) || !bytes.Contains(sealed, []byte("dpapi")) {
		t.Fatalf("%q, %v", sealed, err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestWineDPAPI$")
	cmd.Env = append(os.Environ(), "SEALED_IN="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("another process: %v\n%s", err, out)
	}

	if err := os.WriteFile(filepath.Join(dir, "b.sealed"), sealed, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Load("b"); err == nil {
		t.Errorf("another's file was opened: %q", got)
	}
	sealed[len(sealed)-5] ^= 1
	if err := os.WriteFile(file, sealed, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Load("a"); !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrKeyUnavailable) {
		t.Errorf("a changed file: %q, %v", got, err)
	}
}
