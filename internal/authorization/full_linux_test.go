package authorization

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"mailgrant/internal/store"
)

// TestNothingIsRenewedThatCannotBeStored: on a full disk the service is not
// even asked, so that no rotated refresh token is lost.
func TestNothingIsRenewedThatCannotBeStored(t *testing.T) {
	r := newRig(t)
	if err := os.MkdirAll(r.home, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", r.home, "tmpfs", 0, "size=512k,mode=0700"); err != nil {
		t.Skipf("a full disk needs the right to mount (root): %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(r.home, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	r.signIn(t)
	filler, err := os.Create(filepath.Join(r.home, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = filler.Write(make([]byte, 4096))
	}
	_ = filler.Close()
	var full *store.WriteError
	if _, err := r.Refresh(t.Context(), r.d); !errors.As(err, &full) || !full.Full {
		t.Errorf("Refresh = %v", err)
	}
	if _, err := r.Request(t.Context(), r.d, Options{}); !errors.As(err, &full) {
		t.Errorf("Request = %v", err)
	}
	if err := os.Remove(filler.Name()); err != nil {
		t.Fatal(err)
	}
	// A renewal that had been made and lost would end the family here.
	if _, err := r.Refresh(t.Context(), r.d); err != nil {
		t.Errorf("after making room: %v", err)
	}
}
