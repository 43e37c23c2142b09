package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"mailgrant/internal/policy"
)

// keeper is one way to seal. find and prepare return an identifier of the key
// that tells nothing about it, so that a foreign file and a damaged one differ.
type keeper interface {
	// kind is where the key comes from: keyfile, dpapi, dpapi-machine, keyring, or
	// session where a policy forbids to keep secrets.
	kind() string
	find() (keyID string, err error)             // the key as it is; ErrKeyUnavailable
	prepare() (keyID string, err error)          // like find, but makes a missing key
	seal(plain, context []byte) ([]byte, error)  // context is bound to the result
	open(sealed, context []byte) ([]byte, error) // ErrDamaged
}

// systemKeeper chooses the place of the key for a store in dir.
func systemKeeper(dir string) keeper {
	if path := os.Getenv("MAILGRANT_KEY_FILE"); path != "" {
		return &symmetric{name: "keyfile", source: keyFile(path).get}
	}
	return platformKeeper(dir)
}

// symmetric seals with AES-256-GCM under a key from a source, which is asked
// once: a keyring may ask the user.
type symmetric struct {
	name   string
	source func(make bool) (key []byte, err error) // 32 bytes; make: a missing key may be made

	mu   sync.Mutex
	id   string
	aead cipher.AEAD // nil until find or prepare was called
}

const keySize = 32

func (k *symmetric) kind() string { return k.name }

func (k *symmetric) find() (string, error) { return k.load(false) }

func (k *symmetric) prepare() (string, error) { return k.load(true) }

func (k *symmetric) load(make bool) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.aead == nil {
		key, err := k.source(make)
		if err != nil {
			return "", err
		}
		block, err := aes.NewCipher(key)
		if err == nil {
			k.aead, err = cipher.NewGCMWithRandomNonce(block)
		}
		if err != nil {
			return "", fmt.Errorf("store: %w", err)
		}
		sum := sha256.Sum256(append([]byte("mailgrant key id\n"), key...))
		k.id = hex.EncodeToString(sum[:6])
	}
	return k.id, nil
}

func (k *symmetric) seal(plain, context []byte) ([]byte, error) {
	return k.aead.Seal(nil, nil, plain, context), nil
}

func (k *symmetric) open(sealed, context []byte) ([]byte, error) {
	plain, err := k.aead.Open(nil, nil, sealed, context)
	if err != nil {
		return nil, ErrDamaged
	}
	return plain, nil
}

func newKey() []byte {
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // never fails (crypto/rand)
	return key
}

// session is where secrets are while a policy forbids to keep them: sealed, in
// a temporary folder, under a key that is in memory alone. Whatever happens to
// the folder, nobody can open it once the process has ended.
var session struct {
	sync.Mutex
	dir string
	key []byte
}

// place chooses folder and key of a store. Where a policy forbids to keep
// secrets, what was sealed in the folder before is removed; left says that it
// could not be.
func place(dir string) (at string, key keeper, left error) {
	if !policy.Current().NoSecretsOnDisk {
		return dir, systemKeeper(dir), nil
	}
	left = clear(dir)
	session.Lock()
	defer session.Unlock()
	if session.key == nil {
		session.dir, session.key = filepath.Join(os.TempDir(), "mailgrant-"+rand.Text()), newKey()
	}
	kept := session.key
	key = &symmetric{name: "session", source: func(bool) ([]byte, error) { return kept, nil }}
	return filepath.Join(session.dir, filepath.Base(dir)), key, left
}

// clear removes all that is sealed in a folder, also what was kept aside or
// half-written.
func clear(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		if e.Type().IsRegular() && (strings.Contains(e.Name(), ".sealed") || strings.HasPrefix(e.Name(), strings.TrimSuffix(newPattern, "*"))) {
			if wrong := os.Remove(filepath.Join(dir, e.Name())); !errors.Is(wrong, fs.ErrNotExist) {
				err = errors.Join(err, wrong)
			}
		}
	}
	return writeError(dir, err)
}

// EndSession removes what a policy forbids to keep. Nothing may be working on
// a store any more.
func EndSession() {
	session.Lock()
	defer session.Unlock()
	_ = os.RemoveAll(session.dir) // what stays cannot be opened; "" is nothing
	session.dir, session.key = "", nil
}
