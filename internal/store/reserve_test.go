package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRoomIsUsedOnceAndGivenBack(t *testing.T) {
	s, _ := open(t)
	room, err := s.Reserve("a")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"first", strings.Repeat("second, which is longer ", 9000)} {
		if err := room.Save("a", []byte(want)); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Load("a"); err != nil || string(got) != want {
			t.Errorf("%.20q, %v", got, err)
		}
	}
	if err := room.Release(); err != nil {
		t.Error(err)
	}
	unused, err := s.Reserve("a")
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(s.room("a")); len(left) != 1 {
		t.Errorf("room taken by %v", left)
	} else if info, err := os.Stat(left[0]); err != nil || info.Size() != probe || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := unused.Release(); err != nil {
		t.Error(err)
	}
	lost, err := s.Reserve("a")
	if err == nil {
		err = os.Remove(lost.path)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := lost.Save("a", []byte("nowhere")); err == nil {
		t.Error("saved in room that somebody else has removed")
	}
	if left, _ := filepath.Glob(filepath.Join(s.dir, "*")); len(left) != 1 || left[0] != s.path("a") {
		t.Errorf("left behind: %v", left)
	}
}

// TestWhatWasSavedIsTakenUp: a process was killed when the content stood in the
// room that it had taken, before the file had its name.
func TestWhatWasSavedIsTakenUp(t *testing.T) {
	for name, tc := range map[string]struct {
		change func([]byte) []byte
		want   string
	}{
		"written":       {func(sealed []byte) []byte { return sealed }, "new"},
		"half of it":    {func(sealed []byte) []byte { return sealed[:len(sealed)/2] }, "old"},
		"not shortened": {func(sealed []byte) []byte { return append(sealed, make([]byte, probe)...) }, "old"},
		"not written":   {func([]byte) []byte { return nil }, "old"},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := open(t)
			mustSave(t, s, "a", "old")
			room, err := s.Reserve("a")
			if err != nil {
				t.Fatal(err)
			}
			sealed, err := s.seal("a", []byte("new"))
			if err == nil {
				err = os.WriteFile(room.path, tc.change(sealed), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			unlock, err := Open(s.dir).Lock(t.Context(), "a")
			if err != nil {
				t.Fatal(err)
			}
			defer unlock()
			if got, err := s.Load("a"); err != nil || string(got) != tc.want {
				t.Errorf("%q, %v", got, err)
			}
			if _, err := os.Lstat(room.path); err == nil {
				t.Error("the room is still taken")
			}
		})
	}
}

// TestALockThatFailsIsGivenBack: what is left behind cannot be opened for want
// of the key. Once that is there again nothing stands in the way.
func TestALockThatFailsIsGivenBack(t *testing.T) {
	s, _ := open(t)
	if _, err := s.Reserve("a"); err != nil {
		t.Fatal(err)
	}
	sealed, err := s.seal("a", []byte("new"))
	if err == nil {
		err = os.WriteFile(s.room("a"), sealed, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	key := os.Getenv("MAILGRANT_KEY_FILE")
	t.Setenv("MAILGRANT_KEY_FILE", key+".missing")
	if _, err := Open(s.dir).Lock(t.Context(), "a"); !errors.Is(err, ErrKeyUnavailable) {
		t.Fatalf("Lock without the key: %v", err)
	}
	t.Setenv("MAILGRANT_KEY_FILE", key)
	ended, cancel := context.WithCancel(t.Context())
	cancel() // it tries once
	unlock, err := Open(s.dir).Lock(ended, "a")
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	if got, err := s.Load("a"); err != nil || string(got) != "new" {
		t.Errorf("%q, %v", got, err)
	}
}
