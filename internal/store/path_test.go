package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
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
