//go:build windows && wine

package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/windows"
)

// A virus scanner looks into a file as soon as it is written: for that moment it can
// neither get another name nor go.
func TestWineScannersAreWaitedFor(t *testing.T) {
	dir, err := os.MkdirTemp("", "scanned *") // Wine cannot remove a tree
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "a.json")
	scan := func(file string) {
		t.Helper()
		name, err := windows.UTF16PtrFromString(file)
		if err != nil {
			t.Fatal(err)
		}
		handle, err := windows.CreateFile(name, windows.GENERIC_READ, windows.FILE_SHARE_READ, nil, windows.OPEN_EXISTING, 0, 0)
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
			scan(tmp)
		} else {
			scan(path)
		}
		if err := putInPlace(tmp, path); err != nil {
			t.Errorf("the new file is looked into: %t: %v", newOne, err)
		}
	}
	scan(path)
	if err := Remove(path); err != nil {
		t.Error(err)
	}
}
