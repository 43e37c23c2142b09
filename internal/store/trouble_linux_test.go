package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"mailgrant/internal/i18n"
	"mailgrant/internal/policy"
)

// mount puts a small file system at a new folder. Where that is not permitted
// the test cannot be done.
func mount(t *testing.T, flags uintptr, options string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", flags, options); err != nil {
		t.Skipf("a full disk needs the right to mount (root): %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount %s: %v", dir, err)
		}
	})
	return dir
}

// wantWriteError demands a clear error for people in both languages.
func wantWriteError(t *testing.T, err error, full bool) {
	t.Helper()
	var w *WriteError
	if !errors.As(err, &w) || w.Full != full {
		t.Fatalf("error %v; want a WriteError, full: %v", err, full)
	}
	for _, l := range i18n.Languages {
		if text := w.Text(i18n.For(l)); !strings.Contains(text, w.Folder) || strings.ContainsAny(text, "{}") || (strings.Contains(text, "full") || strings.Contains(text, "voll")) != full {
			t.Errorf("text: %s", text)
		}
	}
}

// wantOld demands that the old state is there and nothing else.
func wantOld(t *testing.T, s *Store, want string) {
	t.Helper()
	if got, err := Open(s.dir).Load("a"); err != nil || string(got) != want {
		t.Errorf("Load = %.20q, %v; want the old state", got, err)
	}
	left, _ := filepath.Glob(filepath.Join(s.dir, ".*"))
	if len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestFullDisk(t *testing.T) {
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(t.TempDir(), "key"))
	s := Open(filepath.Join(mount(t, 0, "size=256k,mode=0700"), "store"))
	mustSave(t, s, "a", "old")
	filler, err := os.Create(filepath.Join(s.dir, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 4096)
	for err == nil {
		_, err = filler.Write(block)
	}
	_ = filler.Close()
	wantWriteError(t, s.Save("a", []byte(strings.Repeat("new ", 5000))), true)
	wantWriteError(t, s.Check(), true)
	wantOld(t, s, "old")
	if _, err := s.Lock(t.Context(), "a"); err != nil {
		wantWriteError(t, err, true)
	}
	if err := os.Remove(filler.Name()); err != nil {
		t.Fatal(err)
	}
	mustSave(t, s, "a", "new")
	wantOld(t, s, "new")
}

// A damaged file on a full disk must stay where it is: "damaged" is not
// "missing".
func TestFullDiskKeepsTheDamagedFile(t *testing.T) {
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(t.TempDir(), "key"))
	s := Open(filepath.Join(mount(t, 0, "size=64k,mode=0700"), "store"))
	mustSave(t, s, "a", "old")
	edit(t, s.path("a"), func(b []byte) []byte { return append(b, 'x') })
	wantWriteError(t, s.Save("a", make([]byte, 128<<10)), true)
	if _, err := s.Load("a"); !errors.Is(err, ErrDamaged) {
		t.Errorf("Load = %v; want damaged", err)
	}
}

func TestReadOnlyFolder(t *testing.T) {
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(t.TempDir(), "key"))
	dir := mount(t, 0, "size=256k,mode=0700")
	s := Open(filepath.Join(dir, "store"))
	mustSave(t, s, "a", "old")
	if err := CheckFolder(dir); err != nil {
		t.Error(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	wantWriteError(t, s.Save("a", []byte("new")), false)
	wantWriteError(t, s.Check(), false)
	wantWriteError(t, s.Delete("a"), false)
	wantWriteError(t, CheckFolder(dir), false)
	wantOld(t, s, "old")
	undo := policy.Set(policy.Policy{NoSecretsOnDisk: true})
	wantWriteError(t, Open(s.dir).Save("a", []byte("new")), false)
	undo()
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("looking left %v, %v", files, err)
	}
}

// nobody has no rights anywhere.
const nobody = 65534

// TestAnotherUsersFiles works as another user on files that are not his.
func TestAnotherUsersFiles(t *testing.T) {
	if dir := os.Getenv("MAILGRANT_TEST_OTHER_USER"); dir != "" {
		otherUser(dir)
	}
	if os.Geteuid() != 0 {
		t.Skip("acting as another user needs root")
	}
	open, err := os.MkdirTemp("/tmp", "mg-store-") // t.TempDir is closed to others
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(open) })
	copied := filepath.Join(open, "test")
	program, err := os.ReadFile(os.Args[0])
	if err == nil {
		err = errors.Join(os.WriteFile(copied, program, 0o755), os.Chmod(copied, 0o755), os.Chmod(open, 0o755))
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(t.TempDir(), "key"))
	s := Open(filepath.Join(open, "store"))
	mustSave(t, s, "a", "old")
	cases := []struct {
		mode      os.FileMode
		key, want string
	}{
		{0o755, keyOf(t, open), "load: key unavailable; save: folder closed"},                 // the folder is another user's
		{0o777, filepath.Join(s.dir, "key"), "load: key unavailable; save: kept aside, done"}, // only the file is
	}
	for _, c := range cases {
		if err := os.Chmod(s.dir, c.mode); err != nil {
			t.Fatal(err)
		}
		before, _ := os.ReadFile(s.path("a"))
		child := exec.Command(copied, "-test.run=^TestAnotherUsersFiles$")
		child.Dir = open
		child.Env = append(os.Environ(), "MAILGRANT_TEST_OTHER_USER="+s.dir, "MAILGRANT_KEY_FILE="+c.key)
		child.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		out, err := child.CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != c.want {
			t.Errorf("mode %o: %q, %v; want %q", c.mode, out, err, c.want)
		}
		kept, _ := filepath.Glob(s.path("a") + "*")
		found := false
		for _, path := range kept {
			data, _ := os.ReadFile(path)
			found = found || string(data) == string(before)
		}
		if !found {
			t.Errorf("mode %o: the other user's file is gone", c.mode)
		}
	}
}

// keyOf makes a key for nobody.
func keyOf(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "key")
	if _, err := keyFile(path).get(true); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(path, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	return path
}

// otherUser is the child: it says what it meets.
func otherUser(dir string) {
	s := Open(dir)
	load, save := "done", "done"
	if _, err := s.Load("a"); errors.Is(err, ErrKeyUnavailable) {
		load = "key unavailable"
	} else if err != nil {
		load = err.Error()
	}
	var w *WriteError
	switch err := s.Save("a", []byte("mine")); {
	case errors.As(err, &w) && !w.Full:
		save = "folder closed"
	case err != nil:
		save = err.Error()
	default:
		if kept, _ := filepath.Glob(s.path("a") + ".kept-*"); len(kept) == 1 {
			save = "kept aside, done"
		}
	}
	fmt.Printf("load: %s; save: %s\n", load, save)
	os.Exit(0)
}

// A device or a pipe stays what it is, and gets what is written.
func TestAPipeIsWrittenTo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	end, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer end.Close()
	if err := WriteShared(path, []byte("found")); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 16)
	if info, err := os.Lstat(path); err != nil || info.Mode() != os.ModeNamedPipe|0o600 {
		t.Fatalf("%v, %v", info, err)
	}
	if n, err := end.Read(got); err != nil || string(got[:n]) != "found" {
		t.Errorf("%q, %v", got[:n], err)
	}
}

// A file in memory lies below /dev too: a crash leaves the old or the new one.
func TestAFileInMemoryIsReplaced(t *testing.T) {
	dir, err := os.MkdirTemp("/dev/shm", "")
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "a")
	if err := WriteFile(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	old, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	if err := WriteFile(path, []byte("new")); err != nil {
		t.Fatal(err)
	}
	before, _ := io.ReadAll(old)
	if after, err := os.ReadFile(path); string(before) != "old" || string(after) != "new" {
		t.Errorf("%q, then %q, %v", before, after, err)
	}
}

// /dev/stdout may lead to a file that the shell has opened: it is that which gets
// what is written, as it is.
func TestWhatALinkOfTheSystemLeadsTo(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := errors.Join(f.Chmod(0o640), WriteShared(fmt.Sprintf("/dev/fd/%d", f.Fd()), []byte("found"))); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 16)
	if n, err := f.Read(got); string(got[:n]) != "found" {
		t.Errorf("%q, %v", got[:n], err)
	}
	if info, err := os.Stat(f.Name()); err != nil || info.Mode() != 0o640 {
		t.Errorf("%v, %v", info, err)
	}
}
