package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"mailgrant/internal/i18n"
)

// FolderError is a path to a file in a folder that is not there.
type FolderError struct {
	Folder string // the first of the path that is missing
}

// Error implements error in English, for logs.
func (e *FolderError) Error() string { return "store: there is no folder " + e.Folder }

// Unwrap makes it fs.ErrNotExist.
func (e *FolderError) Unwrap() error { return fs.ErrNotExist }

// Text is the error for people, with what to do.
func (e *FolderError) Text(t *i18n.Texts) string {
	return t.Text("store.no-folder", i18n.Args{"folder": e.Folder})
}

// CheckPath refuses a file that a user named in a folder that is not there
// (*FolderError) or cannot be looked at. WriteFile makes folders as needed, which
// is right for Mailgrant's own; a user's path may be mistyped.
func CheckPath(path string) error {
	missing := ""
	for folder := filepath.Dir(path); ; folder = filepath.Dir(folder) {
		info, err := os.Stat(folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return err
		}
		there := err == nil && info.IsDir()
		if !there {
			missing = folder
		}
		if there || folder == filepath.Dir(folder) {
			break
		}
	}
	if missing != "" {
		return &FolderError{missing}
	}
	return nil
}
