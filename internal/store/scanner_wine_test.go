//go:build windows && wine

package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/windows"

	"mailgrant/internal/bounded"
)

// A virus scanner looks into a file as soon as it is written: for that moment it can
// not be read by others, nor get another name, nor go.
func TestWineScannersAreWaitedFor(t *testing.T) {
	dir, err := os.MkdirTemp("", "scanned *") // Wine cannot remove a tree
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "a.json")
	scan := func(file string, shared uint32) {
		t.Helper()
		name, err := windows.UTF16PtrFromString(file)
		if err != nil {
			t.Fatal(err)
		}
		handle, err := windows.CreateFile(name, windows.GENERIC_READ, shared, nil, windows.OPEN_EXISTING, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(100*time.Millisecond, func() { _ = windows.CloseHandle(handle) })
	}
	for _, newOne := range []bool{true, false} {
		tmp, err := newFile(dir, []byte("new"))
		if err := errors.Join(err, WriteFile(path, []byte("old"))); err != nil {
			t.Fatal(err)
		}
		if newOne {
			scan(tmp, windows.FILE_SHARE_READ)
		} else {
			scan(path, windows.FILE_SHARE_READ)
		}
		if err := putInPlace(tmp, path); err != nil {
			t.Errorf("the new file is looked into: %t: %v", newOne, err)
		}
	}
	scan(path, 0)
	if data, err := bounded.ReadFile(path, maxSealed); err != nil || string(data) != "new" {
		t.Errorf("%q, %v", data, err)
	}
	scan(path, windows.FILE_SHARE_READ)
	if err := Remove(path); err != nil {
		t.Error(err)
	}
}
