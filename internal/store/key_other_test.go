//go:build !windows

package store

import (
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
