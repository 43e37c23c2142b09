//go:build !windows

package store

import (
	"encoding/base64"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/zalando/go-keyring"
)

// slowRing is a keyring that takes longer for each key it is given, so that
// whoever found nothing overwrites the key of those before.
type slowRing struct {
	mu   sync.Mutex
	key  string
	sets time.Duration
}

func (r *slowRing) get(_, _ string) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.key == "" {
		return "", keyring.ErrNotFound
	}
	return r.key, nil
}

func (r *slowRing) set(_, _, key string) error {
	r.mu.Lock()
	r.sets++
	turn := r.sets
	r.mu.Unlock()
	time.Sleep(turn * 2 * time.Millisecond)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.key = key
	return nil
}

// What is in the keyring and is no key stays there, and so is nothing sealed where
// the keyring says no.
func TestAKeyringWithoutAKey(t *testing.T) {
	get, set := getKey, setKey
	t.Cleanup(func() { getKey, setKey = get, set })
	t.Setenv("MAILGRANT_KEY_FILE", "")
	denied := errors.New("denied")
	for name, ring := range map[string]struct {
		key      string
		get, set error
	}{
		"prose": {key: "not a key"}, "a key and more": {key: base64.StdEncoding.EncodeToString(make([]byte, keySize)) + "!"},
		"a shorter key": {key: base64.StdEncoding.EncodeToString(make([]byte, keySize/2))},
		"closed":        {get: denied}, "not to be written": {get: keyring.ErrNotFound, set: denied},
	} {
		sets := 0
		getKey = func(_, _ string) (string, error) { return ring.key, ring.get }
		setKey = func(_, _, _ string) error { sets++; return ring.set }
		s := Open(filepath.Join(t.TempDir(), "store"))
		if err := s.Save("a", []byte("secret")); !errors.Is(err, ErrKeyUnavailable) || ring.set == nil && sets > 0 {
			t.Errorf("%s: %v, written %d times", name, err, sets)
		}
		if _, err := s.Load("a"); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: sealed: %v", name, err)
		}
	}
}

// Several first starts make one key: none of them seals with one that another
// then overwrites.
func TestFirstStartsShareTheKeyringsKey(t *testing.T) {
	for _, runtime := range []string{"", t.TempDir()} {
		t.Setenv("XDG_RUNTIME_DIR", runtime)
		r := &slowRing{}
		get, set := getKey, setKey
		t.Cleanup(func() { getKey, setKey = get, set })
		getKey, setKey = r.get, r.set
		dir := t.TempDir()
		var wg sync.WaitGroup
		ids := make([]string, 8)
		for i := range ids {
			home := filepath.Join(dir, string(rune('a'+i%2))) // two stores in one home
			if runtime != "" {                                // whoever has one keyring may have several homes
				home = filepath.Join(dir, string(rune('a'+i)), "store")
			}
			wg.Go(func() {
				id, err := platformKeeper(home).prepare()
				if err != nil {
					t.Error(err)
				}
				ids[i] = id
			})
		}
		wg.Wait()
		for _, id := range ids {
			if id != ids[0] {
				t.Fatalf("keys %v", ids)
			}
		}
	}
}
