package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"mailgrant/internal/bounded"
	"mailgrant/internal/i18n"
)

// WriteError is a failure to write for a reason that lies outside Mailgrant.
type WriteError struct {
	Folder string
	Full   bool // the disk is full; else the folder may not be written
	Err    error
}

func (e *WriteError) Error() string { return "store: " + e.Err.Error() }

func (e *WriteError) Unwrap() error { return e.Err }

// Text is the error for people, with what to do.
func (e *WriteError) Text(t *i18n.Texts) string {
	key := "store.unwritable"
	if e.Full {
		key = "store.full"
	}
	return t.Text(key, i18n.Args{"folder": e.Folder})
}

// writeError names the reasons that people can mend.
func writeError(folder string, err error) error {
	switch {
	case err == nil:
		return nil
	case isFull(err):
		return &WriteError{Folder: folder, Full: true, Err: err}
	case errors.Is(err, fs.ErrPermission), isReadOnly(err):
		return &WriteError{Folder: folder, Err: err}
	}
	if missing, ok := errors.AsType[*FolderError](CheckPath(filepath.Join(folder, "file"))); ok {
		return missing
	}
	return fmt.Errorf("store: %w", err)
}

// newPattern names files that are being written. Only a killed process leaves
// one behind.
const newPattern = ".mailgrant-new-*"

// WriteFile replaces path by data so that a crash at any moment leaves the
// old or the new content: a new file in the same folder is written, synced
// and renamed. Folders are made as needed; only the user may read the file. A
// device or a pipe is written to instead, and so is what a name of the system's
// leads to: root would lose /dev/null, and /dev/stdout that is sent to a file. Its
// errors are *WriteError where the disk is full or the folder closed, and
// *FolderError where it cannot be made.
func WriteFile(path string, data []byte) error { return writeFile(path, data, Private, false) }

// WriteNamed is WriteFile for a file that a user named: a link stays one, and the
// file to which it leads is written.
func WriteNamed(path string, data []byte) error { return writeFile(path, data, Private, true) }

// Who may read a file: the user alone, or everybody where there is no secret in it.
const Private, Public fs.FileMode = 0o600, 0o644

// WriteNew is WriteFile for a file that is not to be there yet: fs.ErrExist if it
// is. Of two who write it at the same time one does. Not every share takes a mode;
// Private needs none.
func WriteNew(path string, data []byte, mode fs.FileMode) error {
	dir := filepath.Dir(path)
	tmp, err := newFile(dir, data)
	if err != nil {
		return writeError(dir, err)
	}
	defer Remove(tmp) // no-op once renamed
	if mode != Private {
		err = os.Chmod(tmp, mode)
	}
	if err == nil {
		err = os.Link(tmp, path)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) { // file systems without links: who makes the name may fill it
		var mine *os.File
		if mine, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600); err == nil {
			if err = errors.Join(mine.Close(), putInPlace(tmp, path)); err != nil {
				_ = os.Remove(path)
			}
			return err
		}
	}
	return writeError(dir, err)
}

// WriteShared is WriteNamed for what every user may read.
func WriteShared(path string, data []byte) error { return writeFile(path, data, Public, true) }

// linked is the file to which a link leads, there or not. A link in a folder where
// every user may put one, such as /tmp, leads nowhere.
func linked(path string) string {
	for range 40 { // as many as Linux follows (path_resolution(7))
		folder, err := os.Stat(filepath.Dir(path))
		to, unlinked := os.Readlink(path)
		if err != nil || unlinked != nil || folder.Mode()&fs.ModeSticky != 0 {
			break
		}
		if !filepath.IsAbs(to) {
			to = filepath.Dir(path) + string(filepath.Separator) + to
		}
		path = to
	}
	return path
}

func writeFile(path string, data []byte, mode fs.FileMode, named bool) error {
	dir := filepath.Dir(path)
	info, err := os.Stat(path)
	if err == nil && (!info.Mode().IsRegular() && !info.IsDir() || dir == "/dev" || dir == "/dev/fd" || strings.HasPrefix(path, "/proc/")) {
		return writeError(dir, os.WriteFile(path, data, 0))
	}
	if named {
		path = linked(path)
		dir = filepath.Dir(path)
	}
	tmp, err := newFile(dir, data)
	if err != nil {
		return writeError(dir, err)
	}
	defer os.Remove(tmp) // no-op once renamed
	if err := os.Chmod(tmp, mode); err != nil {
		return writeError(dir, err)
	}
	return putInPlace(tmp, path)
}

// putInPlace renames a complete new file over the old one.
func putInPlace(tmp, path string) error {
	dir := filepath.Dir(path)
	if err := Rename(tmp, path); err != nil {
		return writeError(dir, err)
	}
	return syncDir(dir)
}

// newFile writes a file under a name of its own and makes sure it is on disk.
func newFile(dir string, data []byte) (path string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	tmp, err := os.CreateTemp(dir, newPattern) // mode 0600
	if err != nil {
		return "", err
	}
	if err := fill(tmp, data); err != nil {
		_ = os.Remove(tmp.Name())
		return "", err
	}
	return tmp.Name(), nil
}

// CheckFolder reports whether WriteFile would work in a folder now, with the
// same errors.
func CheckFolder(dir string) error {
	tmp, err := newFile(dir, nil)
	if err != nil {
		return writeError(dir, err)
	}
	return Remove(tmp)
}

// Remove deletes a file. Its errors are those of WriteFile.
func Remove(path string) error {
	return writeError(filepath.Dir(path), bounded.Patiently(func() error { return os.Remove(path) }, fs.ErrPermission))
}

func fill(f *os.File, data []byte) error {
	_, err := f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// staleAfter is many times longer than a file is ever being written.
const staleAfter = time.Hour

// Sweep removes what killed processes left half-written in one of Mailgrant's
// own folders. A file that is young may be another process's work.
func Sweep(dir string) {
	prefix := strings.TrimSuffix(newPattern, "*")
	entries, err := os.ReadDir(dir)
	if err != nil {
		return // nothing to tidy up
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && info.Mode().IsRegular() && strings.HasPrefix(e.Name(), prefix) && time.Since(info.ModTime()) > staleAfter {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// Rename is os.Rename. Windows denies it, and removing, where the file is open.
func Rename(from, to string) error {
	return bounded.Patiently(func() error { return os.Rename(from, to) }, fs.ErrPermission)
}

// FolderError is a path to a file in a folder that is not there, or to a folder.
type FolderError struct {
	Folder string // the first of the path that is missing, or what is in its place
	Key    string // of its text
}

func (e *FolderError) Error() string { return "store: " + e.Text(i18n.For(i18n.English)) }

func (e *FolderError) Unwrap() error { return fs.ErrNotExist }

// Text is the error for people, with what to do.
func (e *FolderError) Text(t *i18n.Texts) string { return t.Text(e.Key, i18n.Args{"folder": e.Folder}) }

// CheckPath refuses a file that a user named in a folder that is not there or that
// is a folder itself (*FolderError) or cannot be looked at. WriteFile makes folders
// as needed, which is right for Mailgrant's own; a user's path may be mistyped.
func CheckPath(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return &FolderError{path, "store.is-a-folder"}
	}
	var missing error
	for folder := filepath.Dir(path); ; folder = filepath.Dir(folder) {
		info, err := os.Stat(folder)
		switch {
		case err == nil && info.IsDir():
			return missing
		case err == nil:
			return &FolderError{folder, "store.not-a-folder"}
		case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR):
			return err
		}
		missing = &FolderError{folder, "store.no-folder"}
		if folder == filepath.Dir(folder) {
			return missing
		}
	}
}
