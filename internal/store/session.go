package store

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"mailgrant/internal/policy"
)

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
	return filepath.Join(session.dir, filepath.Base(dir)), &symmetric{name: "session", key: session.key}, left
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
	if session.key != nil {
		_ = os.RemoveAll(session.dir) // what stays cannot be opened
		session.dir, session.key = "", nil
	}
}
