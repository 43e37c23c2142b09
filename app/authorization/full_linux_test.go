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
	onSmallDisk(t, r)
	r.signIn(t)
	empty := fill(t, r)
	var full *store.WriteError
	if _, err := r.Refresh(t.Context(), r.d); !errors.As(err, &full) || !full.Full {
		t.Errorf("Refresh = %v", err)
	}
	if _, err := r.Request(t.Context(), r.d, Options{}); !errors.As(err, &full) {
		t.Errorf("Request = %v", err)
	}
	empty()
	// A renewal that had been made and lost would end the family here.
	if _, err := r.Refresh(t.Context(), r.d); err != nil {
		t.Errorf("after making room: %v", err)
	}
}

// TestTheDiskFillsUpMeanwhile: between the question to the service and its
// answer. The room for the answer was taken before.
func TestTheDiskFillsUpMeanwhile(t *testing.T) {
	r := newRig(t)
	b := r.bend(t)
	onSmallDisk(t, r)
	r.signIn(t)
	var empty func()
	b.answer = func(map[string]any) { empty = fill(t, r) }
	if _, err := r.Refresh(t.Context(), r.d); err != nil {
		t.Errorf("Refresh = %v", err)
	}
	rotated := b.lastGiven()
	b.answer = nil
	empty()
	if _, err := r.Refresh(t.Context(), r.d); err != nil || b.lastSent() != rotated {
		t.Errorf("the rotated token was lost: %v", err)
	}
}

// Where the copy of a secret cannot be written nothing is removed.
func TestSecretsStayIfTheyCannotBeCopied(t *testing.T) {
	r := newRig(t)
	onSmallDisk(t, r)
	r.storeSecrets(t)
	fill(t, r)
	to := r.d.Clone()
	to.Name = "Renamed"
	var full *store.WriteError
	if err := r.MoveSecrets(r.d, to); !errors.As(err, &full) {
		t.Errorf("MoveSecrets = %v", err)
	}
	r.want(t, r.d, SecretKinds...)
}

// onSmallDisk gives the rig's home a disk of its own.
func onSmallDisk(t *testing.T, r *rig) {
	t.Helper()
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
}

// fill fills the disk and returns what makes room again.
func fill(t *testing.T, r *rig) (empty func()) {
	t.Helper()
	filler, err := os.Create(filepath.Join(r.home, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = filler.Write(make([]byte, 4096))
	}
	_ = filler.Close()
	return func() {
		if err := os.Remove(filler.Name()); err != nil {
			t.Fatal(err)
		}
	}
}
