package store

import (
	"crypto/rand"
	"os"
	"path/filepath"
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

// place chooses folder and key of a store.
func place(dir string) (string, keeper) {
	if !policy.Current().NoSecretsOnDisk {
		return dir, systemKeeper(dir)
	}
	session.Lock()
	defer session.Unlock()
	if session.key == nil {
		session.dir, session.key = filepath.Join(os.TempDir(), "mailgrant-"+rand.Text()), make([]byte, keySize)
		_, _ = rand.Read(session.key) // never fails (crypto/rand)
	}
	return filepath.Join(session.dir, filepath.Base(dir)), &symmetric{name: "session", key: session.key}
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
