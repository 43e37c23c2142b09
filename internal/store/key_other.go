//go:build !windows

package store

import (
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/zalando/go-keyring"
)

// platformKeeper keeps the key in the Secret Service or the Keychain.
func platformKeeper(string) keeper {
	return &symmetric{name: "keyring", source: keyringSource{}}
}

// The entry of the keyring.
const (
	keyringService = "Mailgrant"
	keyringUser    = "sealing key"
)

type keyringSource struct{}

func (keyringSource) get(make bool) ([]byte, error) {
	text, err := keyring.Get(keyringService, keyringUser)
	if errors.Is(err, keyring.ErrNotFound) && make {
		return createInKeyring()
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

func createInKeyring() ([]byte, error) {
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	if err := keyring.Set(keyringService, keyringUser, base64.StdEncoding.EncodeToString(key)); err != nil {
		return nil, fmt.Errorf("%w: keyring: %w", ErrKeyUnavailable, err)
	}
	// Another process may have set its own key in between: what the keyring
	// holds now is the key.
	return keyringSource{}.get(false)
}
