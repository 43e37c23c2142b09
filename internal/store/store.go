// Package store keeps secrets sealed on disk.
//
// One file holds one secret under a name. What is written is never there in
// part: a new file is written and synced, then renamed over the old one, so
// that a crash leaves the old or the new state. A file that cannot be opened
// is told apart from a missing one and is never overwritten: Save moves it
// aside first.
//
// The key comes from exactly one place: $MAILGRANT_KEY_FILE if it is set,
// else DPAPI on Windows, else the system's keyring. Nothing is ever written
// unsealed.
package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"mailgrant/internal/bounded"
)

// Errors that callers tell apart. They are wrapped with the reason.
var (
	ErrNotFound       = errors.New("store: nothing stored")
	ErrDamaged        = errors.New("store: the sealed file is damaged")
	ErrKeyUnavailable = errors.New("store: the key is not available")
	ErrLocked         = errors.New("store: another process holds the lock")
)

// lockPoll is how often a waiting process asks for the lock again.
const lockPoll = 25 * time.Millisecond

// Store is a folder of sealed files.
type Store struct {
	dir  string
	key  keeper
	left error // what a policy forbids could not be removed: nothing is saved
	now  func() time.Time

	tidy sync.Once
}

// Open returns the store in dir. It reads and makes nothing yet, so that a
// command which needs no secret never asks for a key; where a policy forbids
// to keep secrets, it removes those that are there.
func Open(dir string) *Store {
	dir, key, left := place(dir)
	return &Store{dir: dir, key: key, left: left, now: time.Now}
}

func (s *Store) path(name string) string { return filepath.Join(s.dir, name+".sealed") }

// Save seals data under name, replacing what was there. The old state stays
// until the new one is safely on disk. Its errors are *WriteError where the
// disk is full or the folder closed, or ErrKeyUnavailable.
func (s *Store) Save(name string, data []byte) error {
	if s.left != nil {
		return s.left
	}
	s.tidy.Do(func() { Sweep(s.dir) })
	sealed, err := s.seal(name, data)
	if err != nil {
		return err
	}
	tmp, err := newFile(s.dir, sealed)
	if err != nil {
		return writeError(s.dir, err)
	}
	defer os.Remove(tmp) // no-op once renamed
	return s.replace(name, tmp)
}

// replace gives a complete new file the name, and a file that cannot be opened
// another one first.
func (s *Store) replace(name, tmp string) error {
	path := s.path(name)
	if _, err := s.Load(name); err != nil && !errors.Is(err, ErrNotFound) {
		if err := s.keepAside(path); err != nil {
			return err
		}
	}
	return putInPlace(tmp, path)
}

// keepAside gives a file that this store cannot open a second name, before
// the first one goes to the new file. Its owner may still hold the key, and
// support may want to see it.
func (s *Store) keepAside(path string) error {
	aside := fmt.Sprintf("%s.kept-%s", path, s.now().UTC().Format("20060102T150405.000000000Z"))
	err := os.Link(path, aside)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		err = os.Rename(path, aside) // file systems without links
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("store: keep the unreadable file aside: %w", err)
	}
	return nil
}

// maxSealed is far more than a record with its tokens has.
const maxSealed = 1 << 20

// Load opens the sealed file of name: ErrNotFound if there is none,
// ErrKeyUnavailable if it was sealed with a key that cannot be had now,
// ErrDamaged if it is not what was written.
func (s *Store) Load(name string) ([]byte, error) {
	sealed, err := bounded.ReadFile(s.path(name), maxSealed)
	_, unreadable := errors.AsType[*bounded.Error](err)
	switch {
	case err == nil:
		return s.open(name, sealed)
	case unreadable:
		return nil, fmt.Errorf("%w: it %w", ErrDamaged, err)
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrNotFound
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%w: the file is another user's: %w", ErrKeyUnavailable, err)
	}
	return nil, fmt.Errorf("store: %w", err)
}

// Delete removes the sealed file of name; a missing one is no error.
func (s *Store) Delete(name string) error {
	path := s.path(name)
	if info, err := os.Lstat(path); err == nil && info.IsDir() {
		return s.keepAside(path) // whatever it holds is not ours to delete
	}
	if err := Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Lock waits until no other process works on name and returns the function
// that releases it. What a killed process had saved is there then. It fails
// with ErrLocked when ctx ends first.
func (s *Store) Lock(ctx context.Context, name string) (func(), error) {
	// A lock file cannot be removed without a race, so names share 256 of them.
	unlock, err := LockFile(ctx, filepath.Join(s.dir, "locks", stripe(name)))
	if err != nil {
		return nil, err
	}
	if err := s.takeUp(name); err != nil {
		unlock()
		return nil, err
	}
	return unlock, nil
}

// LockFile is Lock for any file, which is made as needed and never removed.
// With a context that has ended it only tries once.
func LockFile(ctx context.Context, path string) (func(), error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, writeError(dir, err)
	}
	lock := flock.New(path, flock.SetPermissions(0o600))
	ok, err := lock.TryLock()
	if err == nil && !ok {
		ok, err = lock.TryLockContext(ctx, lockPoll)
	}
	switch {
	case err != nil && err != ctx.Err():
		return nil, writeError(dir, err)
	case !ok:
		return nil, fmt.Errorf("%w: %w", ErrLocked, context.Cause(ctx))
	}
	return func() { _ = lock.Unlock() }, nil
}

func stripe(name string) string {
	if len(name) < 2 {
		return "00"
	}
	return name[:2]
}

// header is the first line of a sealed file. It is readable, and sealed as
// associated data, so that neither kind nor name can be exchanged.
func header(kind, keyID string) []byte {
	return fmt.Appendf(nil, "mailgrant sealed 1 %s %s\n", kind, keyID)
}

func (s *Store) seal(name string, data []byte) ([]byte, error) {
	keyID, err := s.key.prepare()
	if err != nil {
		return nil, err
	}
	head := header(s.key.kind(), keyID)
	body, err := s.key.seal(data, append(head, name...))
	if err != nil {
		return nil, err
	}
	return append(head, body...), nil
}

func (s *Store) open(name string, sealed []byte) ([]byte, error) {
	line, body, found := bytes.Cut(sealed, []byte("\n"))
	fields := strings.Fields(string(line))
	if !found || len(fields) != 5 || fields[0] != "mailgrant" || fields[1] != "sealed" || fields[2] != "1" {
		return nil, ErrDamaged
	}
	kind, keyID := fields[3], fields[4]
	if kind != s.key.kind() {
		return nil, fmt.Errorf("%w: it was sealed with the key of kind %q and this store uses %q", ErrKeyUnavailable, kind, s.key.kind())
	}
	have, err := s.key.find()
	if err != nil {
		return nil, err
	}
	if have != keyID {
		return nil, fmt.Errorf("%w: it was sealed with another key (%s, this one is %s)", ErrKeyUnavailable, keyID, have)
	}
	return s.key.open(body, append(header(kind, keyID), name...))
}
