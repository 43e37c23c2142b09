package bounded

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// problem is what an error complains about, or "".
func problem(err error) Problem {
	var e *Error
	if errors.As(err, &e) {
		return e.Problem
	}
	return ""
}

func TestReadFileTakesRegularFilesUpToTheLimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("12345678"), 0o600); err != nil {
		t.Fatal(err)
	}
	if data, err := ReadFile(path, 8); err != nil || string(data) != "12345678" {
		t.Errorf("ReadFile = %q, %v", data, err)
	}
	if _, err := ReadFile(path, 7); problem(err) != TooLarge {
		t.Errorf("above the limit: %v", err)
	}
	if data, err := ReadHead(path, 7); err != nil || string(data) != "1234567" {
		t.Errorf("ReadHead = %q, %v", data, err)
	}
	if _, err := ReadFile(filepath.Dir(path), 8); problem(err) != Folder {
		t.Errorf("a folder: %v", err)
	}
	if _, err := ReadFile(os.DevNull, 8); problem(err) != Special {
		t.Errorf("a device: %v", err)
	}
	if _, err := ReadFile(path+"x", 8); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("nothing there: %v", err)
	}
}
