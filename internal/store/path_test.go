package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"mailgrant/internal/i18n"
)

func TestAMistypedFolderIsNamed(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, missing := range map[string]string{
		file:                                     "",
		dir:                                      dir,
		filepath.Join(dir, "new"):                "",
		"new":                                    "",
		filepath.Join(dir, "a", "x"):             filepath.Join(dir, "a"),
		filepath.Join(dir, "a", "b", "c", "x"):   filepath.Join(dir, "a"),
		filepath.Join(dir, "file", "x"):          file,
		filepath.Join(dir, "file", "below", "x"): file,
		filepath.Join("nowhere", "at", "all", "x"): "nowhere",
	} {
		err := CheckPath(path)
		var wrong *FolderError
		switch {
		case missing == "" && err != nil:
			t.Errorf("%s: %v", path, err)
		case missing == "":
		case !errors.As(err, &wrong) || wrong.Folder != missing || !errors.Is(err, fs.ErrNotExist):
			t.Errorf("%s: %v; want %s", path, err, missing)
		case !strings.Contains(wrong.Text(i18n.For(i18n.German)), missing):
			t.Errorf("%s: the text does not name it: %s", path, wrong.Text(i18n.For(i18n.German)))
		case strings.Contains(wrong.Text(i18n.For(i18n.English)), "is a file") != (missing == file):
			t.Errorf("%s: %s", path, wrong.Text(i18n.For(i18n.English)))
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("it left %v", entries)
	}
}

// A folder of Mailgrant's own that cannot be made is named, too.
func TestAFolderThatCannotBeMadeIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := WriteFile(file, nil); err != nil {
		t.Fatal(err)
	}
	var missing *FolderError
	if err := CheckFolder(filepath.Join(file, "home")); !errors.As(err, &missing) || missing.Folder != file {
		t.Errorf("%v", err)
	}
}

// A folder in a file's place stays, and nothing is left beside it.
func TestAFolderIsNotReplaced(t *testing.T) {
	for name, write := range map[string]func(string, []byte) error{
		"our own": WriteFile, "named": WriteNamed, "shared": WriteShared,
		"new":  func(path string, data []byte) error { return WriteNew(path, data, Public) },
		"room": func(path string, _ []byte) error { _, err := Open(filepath.Dir(path)).Reserve("a"); return err },
	} {
		s, _ := open(t)
		folder := s.room("a")
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := write(folder, []byte("new")); err == nil {
			t.Errorf("%s: no error", name)
		}
		if all, err := os.ReadDir(s.dir); err != nil || len(all) != 1 || !all[0].IsDir() {
			t.Errorf("%s: there is %v, %v", name, all, err)
		}
	}
}

// A link that a user named stays one; in a folder that all share it may be
// somebody else's, who is not obeyed.
func TestALinkIsFollowed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no folder is shared so, and few users may make a link")
	}
	dir := t.TempDir()
	target := filepath.Join(dir, "published", "status.json")
	link := filepath.Join(dir, "status.json")
	shared := filepath.Join(dir, "shared")
	planted := filepath.Join(shared, "status.json")
	err := errors.Join(os.Mkdir(filepath.Dir(target), 0o700), os.Mkdir(shared, 0o700), os.Chmod(shared, 0o777|os.ModeSticky),
		os.Symlink(filepath.Join("published", "status.json"), link), os.Symlink(target, planted))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"made", "written again"} {
		if err := WriteNamed(link, []byte(text)); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(target)
		if info, gone := os.Lstat(link); err != nil || string(got) != text || gone != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("%v: %q, the link %v", err, got, info)
		}
	}
	if err := WriteNamed(planted, []byte("not there")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(target); err != nil || string(got) != "written again" {
		t.Errorf("%v: somebody's link was followed: %q", err, got)
	}
	if err := WriteFile(link, []byte("our own")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || !info.Mode().IsRegular() {
		t.Errorf("%v: a link in a folder of our own stays: %v", err, info)
	}
}

// Of many who write a new file one has written it, and it is whole.
func TestANewFileIsWrittenOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new")
	results := make(chan error, 8)
	for range cap(results) {
		go func() { results <- WriteNew(path, []byte("whole"), Private) }()
	}
	written := 0
	for range cap(results) {
		switch err := <-results; {
		case err == nil:
			written++
		case !errors.Is(err, fs.ErrExist):
			t.Error(err)
		}
	}
	if got, err := os.ReadFile(path); written != 1 || err != nil || string(got) != "whole" {
		t.Errorf("written %d times: %q, %v", written, got, err)
	}
	if all, _ := os.ReadDir(filepath.Dir(path)); len(all) != 1 {
		t.Errorf("left: %v", all)
	}
}
