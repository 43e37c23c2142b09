package store

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"
)

// FuzzSealed: of everything that may lie where a sealed file was, only what
// this key has sealed under this name opens.
func FuzzSealed(f *testing.F) {
	f.Setenv("MAILGRANT_KEY_FILE", filepath.Join(f.TempDir(), "key"))
	s := Open(f.TempDir())
	good, err := s.seal("a", []byte("the secret"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)-1])
	f.Add(bytes.Replace(good, []byte("keyfile"), []byte("keyring"), 1))
	f.Add(bytes.ToUpper(good))
	for _, seed := range []string{"", "\n", "mailgrant sealed 1 keyfile\n", "mailgrant sealed 2 keyfile x\n", "mailgrant sealed 1 keyfile " + string(bytes.Repeat([]byte("f"), 5000)), "\x00\n\x00"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, sealed []byte) {
		plain, err := s.open("a", sealed)
		switch {
		case err == nil && string(plain) != "the secret":
			t.Fatalf("%q opens as %q", sealed, plain)
		case err != nil && !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrKeyUnavailable):
			t.Fatalf("%q: %v", sealed, err)
		}
		if _, err := s.open("b", sealed); err == nil {
			t.Fatalf("%q opens under another name", sealed)
		}
	})
}
