package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRoomIsUsedOnceAndGivenBack(t *testing.T) {
	s, _ := open(t)
	room, err := s.Reserve()
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
	unused, err := s.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(s.dir, newPattern)); len(left) != 1 {
		t.Errorf("room taken by %v", left)
	} else if info, err := os.Stat(left[0]); err != nil || info.Size() != probe || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := unused.Release(); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(s.dir, newPattern)); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}
