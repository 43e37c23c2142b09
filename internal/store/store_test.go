package store

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// open returns a store with its own key file.
func open(t *testing.T) (*Store, string) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(dir, "key"))
	return Open(filepath.Join(dir, "store")), dir
}

func mustSave(t *testing.T, s *Store, name, data string) {
	t.Helper()
	if err := s.Save(name, []byte(data)); err != nil {
		t.Fatal(err)
	}
}

func TestRoundTrip(t *testing.T) {
	s, _ := open(t)
	for _, data := range []string{"", "one", strings.Repeat("long ", 100_000)} {
		mustSave(t, s, "a", data)
		got, err := Open(s.dir).Load("a")
		if err != nil || string(got) != data {
			t.Fatalf("Load = %d bytes, %v; want %d bytes", len(got), err, len(data))
		}
	}
}

func TestDelete(t *testing.T) {
	s, _ := open(t)
	mustSave(t, s, "a", "one")
	mustSave(t, s, "b", "another")
	for range 2 { // a missing one is no error
		if err := s.Delete("a"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Load("a"); !errors.Is(err, ErrNotFound) {
		t.Errorf("after Delete: %v", err)
	}
	if got, err := s.Load("b"); err != nil || string(got) != "another" {
		t.Errorf("the other: %q, %v", got, err)
	}
}

// What somebody else put in a file's place is not deleted with it.
func TestDeleteKeepsAFolderAside(t *testing.T) {
	s, _ := open(t)
	if err := os.MkdirAll(filepath.Join(s.path("a"), "somebody's"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete("a"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load("a"); !errors.Is(err, ErrNotFound) {
		t.Errorf("after Delete: %v", err)
	}
	if kept, _ := filepath.Glob(filepath.Join(s.path("a")+".kept-*", "somebody's")); len(kept) != 1 {
		t.Errorf("kept: %q", kept)
	}
}

// The folders are made as needed, and for the user alone.
func TestFoldersArePrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has access lists")
	}
	open(t)
	s := Open(filepath.Join(t.TempDir(), "home", "secrets"))
	unlock, err := s.Lock(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	unlock()
	other := Open(filepath.Join(t.TempDir(), "home", "secrets"))
	mustSave(t, other, "a", "secret")
	for _, dir := range []string{filepath.Join(s.dir, "locks"), s.dir, filepath.Dir(s.dir), other.dir, filepath.Dir(other.dir)} {
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", dir, info.Mode(), err)
		}
	}
}

func TestNothingReadableOnDisk(t *testing.T) {
	s, dir := open(t)
	const canary = "canary-refresh-token-1234567890"
	mustSave(t, s, "a", canary)
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, []byte(canary)) || bytes.Contains(data, []byte(base64.StdEncoding.EncodeToString([]byte(canary)))) {
			t.Errorf("%s holds the secret", path)
		}
		if info, _ := e.Info(); runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %04o", path, info.Mode().Perm())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestLoadTellsReasonsApart(t *testing.T) {
	cases := []struct {
		name  string
		spoil func(t *testing.T, s *Store, path string)
		want  error
	}{
		{"missing", func(t *testing.T, _ *Store, path string) { remove(t, path) }, ErrNotFound},
		{"cut off", func(t *testing.T, _ *Store, path string) {
			edit(t, path, func(b []byte) []byte { return b[:len(b)/2] })
		}, ErrDamaged},
		{"one bit", func(t *testing.T, _ *Store, path string) {
			edit(t, path, func(b []byte) []byte { b[len(b)-1] ^= 1; return b })
		}, ErrDamaged},
		{"empty", func(t *testing.T, _ *Store, path string) { edit(t, path, func([]byte) []byte { return nil }) }, ErrDamaged},
		{"something else", func(t *testing.T, _ *Store, path string) {
			edit(t, path, func([]byte) []byte { return []byte("{\"json\":1}\n") })
		}, ErrDamaged},
		{"a folder", func(t *testing.T, _ *Store, path string) {
			remove(t, path)
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, ErrDamaged},
		{"another name's file", func(t *testing.T, s *Store, path string) {
			mustSave(t, s, "b", "other")
			if err := os.Rename(s.path("b"), path); err != nil {
				t.Fatal(err)
			}
		}, ErrDamaged},
		{"another kind of key", func(t *testing.T, _ *Store, path string) {
			edit(t, path, func(b []byte) []byte { return bytes.Replace(b, []byte(" keyfile "), []byte(" dpapi "), 1) })
		}, ErrKeyUnavailable},
		{"another key", func(t *testing.T, _ *Store, _ string) {
			t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(t.TempDir(), "other"))
			mustSave(t, Open(t.TempDir()), "x", "makes the key")
		}, ErrKeyUnavailable},
		{"no key", func(t *testing.T, _ *Store, _ string) {
			t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(t.TempDir(), "none"))
		}, ErrKeyUnavailable},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, _ := open(t)
			mustSave(t, s, "a", "secret")
			c.spoil(t, s, s.path("a"))
			if _, err := Open(s.dir).Load("a"); !errors.Is(err, c.want) {
				t.Fatalf("Load = %v; want %v", err, c.want)
			}
		})
	}
}

func TestSaveKeepsAnUnreadableFileAside(t *testing.T) {
	s, _ := open(t)
	mustSave(t, s, "a", "old")
	edit(t, s.path("a"), func(b []byte) []byte { return append(b, "x"...) })
	damaged, _ := os.ReadFile(s.path("a"))
	mustSave(t, s, "a", "new")
	kept, _ := filepath.Glob(s.path("a") + ".kept-*")
	if len(kept) != 1 {
		t.Fatalf("kept files: %v; want one", kept)
	}
	if got, _ := os.ReadFile(kept[0]); !bytes.Equal(got, damaged) {
		t.Error("the kept file is not the damaged one")
	}
	if got, err := s.Load("a"); err != nil || string(got) != "new" {
		t.Errorf("Load = %q, %v", got, err)
	}
	if names, _ := filepath.Glob(filepath.Join(s.dir, "*.sealed")); len(names) != 1 || names[0] != s.path("a") {
		t.Errorf("sealed files: %v", names)
	}
}

func TestKeyFileMustBePrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such mode")
	}
	s, dir := open(t)
	mustSave(t, s, "a", "secret")
	if err := os.Chmod(filepath.Join(dir, "key"), 0o640); err != nil {
		t.Fatal(err)
	}
	err := Open(s.dir).Save("a", []byte("x"))
	if !errors.Is(err, ErrKeyUnavailable) || !strings.Contains(err.Error(), "0600") {
		t.Fatalf("Save with a key others can read = %v", err)
	}
}

func TestKeyFileThatHoldsNoKey(t *testing.T) {
	for _, content := range []string{
		"not a key\n",
		base64.StdEncoding.EncodeToString(make([]byte, keySize-1)), base64.StdEncoding.EncodeToString(make([]byte, keySize+1)),
	} {
		s, dir := open(t)
		if err := os.WriteFile(filepath.Join(dir, "key"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.Save("a", []byte("x")); !errors.Is(err, ErrKeyUnavailable) {
			t.Fatalf("Save with %q = %v", content, err)
		}
		if got, _ := os.ReadFile(filepath.Join(dir, "key")); string(got) != content {
			t.Error("the file was overwritten")
		}
	}
}

// A key is written once: neither making it nor a process that was killed
// meanwhile leaves another copy.
func TestAKeyHasNoCopy(t *testing.T) {
	s, dir := open(t)
	left := filepath.Join(dir, strings.TrimSuffix(newPattern, "*")+"left")
	if err := os.WriteFile(left, []byte("a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-2 * staleAfter)
	if err := os.Chtimes(left, old, old); err != nil {
		t.Fatal(err)
	}
	mustSave(t, s, "a", "secret")
	if copies, _ := filepath.Glob(filepath.Join(dir, newPattern)); len(copies) > 0 {
		t.Errorf("beside the key file: %q", copies)
	}
}

// What would fail for want of the key is known before.
func TestRoomIsTakenOnlyWithTheKey(t *testing.T) {
	s, dir := open(t)
	if err := os.WriteFile(filepath.Join(dir, "key"), []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(); !errors.Is(err, ErrKeyUnavailable) {
		t.Errorf("Check: %v", err)
	}
	if _, err := s.Reserve("a"); !errors.Is(err, ErrKeyUnavailable) {
		t.Errorf("Reserve: %v", err)
	}
}

func TestSaveWhereNothingCanBeWritten(t *testing.T) {
	s, dir := open(t)
	if err := os.WriteFile(filepath.Join(dir, "store"), []byte("a file, no folder"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Save("a", []byte("x")); err == nil {
		t.Fatal("Save succeeded below a file")
	}
}

func TestManyProcessesMakeOneKey(t *testing.T) {
	s, _ := open(t)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			own := Open(s.dir)
			if err := own.Save(fmt.Sprintf("n%02d", i), []byte("data")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i := range 20 {
		if _, err := Open(s.dir).Load(fmt.Sprintf("n%02d", i)); err != nil {
			t.Error(err)
		}
	}
}

func TestLockKeepsOthersOut(t *testing.T) {
	s, _ := open(t)
	unlock, err := s.Lock(t.Context(), "abcd")
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := Open(s.dir).Lock(short, "abcd"); !errors.Is(err, ErrLocked) {
		t.Fatalf("second Lock = %v; want ErrLocked", err)
	}
	unlock()
	again, err := Open(s.dir).Lock(t.Context(), "abcd")
	if err != nil {
		t.Fatal(err)
	}
	again()
}

// A lock file that cannot be opened is nobody's lock, also for who does not wait.
func TestALockFileThatCannotBeOpened(t *testing.T) {
	path := filepath.Join(t.TempDir(), ".lock")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, ctx := range []context.Context{t.Context(), ended} {
		if _, err := LockFile(ctx, path); err == nil || errors.Is(err, ErrLocked) {
			t.Errorf("LockFile = %v", err)
		}
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func edit(t *testing.T, path string, change func([]byte) []byte) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, change(data), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestManyAtOnceAskForTheKeyOnce: a keyring that is locked asks the user.
func TestManyAtOnceAskForTheKeyOnce(t *testing.T) {
	first, _ := open(t)
	mustSave(t, first, "a", "content")
	s := Open(first.dir)
	key, ok := s.key.(*symmetric)
	if !ok {
		t.Fatalf("a key of the kind %s", s.key.kind())
	}
	var asked atomic.Int32
	source := key.source
	key.source = func(make bool) ([]byte, error) {
		asked.Add(1)
		return source(make)
	}
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if got, err := s.Load("a"); err != nil || string(got) != "content" {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	all.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
}
