//go:build !windows

package store

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/zalando/go-keyring"
)

// platformKeeper keeps the key in the Secret Service or the Keychain.
func platformKeeper(dir string) keeper {
	return &symmetric{name: "keyring", source: keyringSource{dir}.get}
}

// The key is this entry of the keyring.
const (
	keyringService = "Mailgrant"
	keyringUser    = "sealing key"
)

// How the keyring is read and written; tests replace it.
var getKey, setKey = keyring.Get, keyring.Set

// keyringSource is the user's keyring, for a store in dir.
type keyringSource struct{ dir string }

func (s keyringSource) get(make bool) ([]byte, error) {
	text, err := getKey(keyringService, keyringUser)
	if errors.Is(err, keyring.ErrNotFound) && make {
		return s.create()
	}
	if err != nil {
		return nil, fmt.Errorf("%w: keyring: %w", ErrKeyUnavailable, err)
	}
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(key) != keySize {
		return nil, fmt.Errorf("%w: the keyring's entry is not a key of %d bytes", ErrKeyUnavailable, keySize)
	}
	return key, nil
}

// createLimit leaves whoever is asked to unlock the keyring time for it.
const createLimit = time.Minute

// create makes the key under a lock: a keyring overwrites without a word, and
// what another first start has sealed meanwhile could never be opened again.
// All stores and homes of a user share the keyring, so the lock lies in the session's
// folder, where there is one, or else beside the stores.
func (s keyringSource) create() ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), createLimit)
	defer cancel()
	unlock, err := LockFile(ctx, filepath.Join(cmp.Or(os.Getenv("XDG_RUNTIME_DIR"), filepath.Dir(s.dir)), "mailgrant-key.lock"))
	if err != nil {
		return nil, fmt.Errorf("%w: keyring: %w", ErrKeyUnavailable, err)
	}
	defer unlock()
	if key, err := s.get(false); !errors.Is(err, keyring.ErrNotFound) {
		return key, err // another was faster
	}
	key := newKey()
	if err := setKey(keyringService, keyringUser, base64.StdEncoding.EncodeToString(key)); err != nil {
		return nil, fmt.Errorf("%w: keyring: %w", ErrKeyUnavailable, err)
	}
	return key, nil
}
