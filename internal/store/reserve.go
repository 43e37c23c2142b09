package store

import (
	"errors"
	"os"

	"mailgrant/internal/bounded"
)

// probe is a little more than a sealed file ever has.
const probe = 64 << 10

// Room is space on the disk for one sealed file. Whoever asks a service for
// what exists only once takes it first: a disk that is full by the time of the
// answer then does not matter, and neither does a process that is killed while
// the answer is on its way from the system's memory to the disk (takeUp).
type Room struct {
	store *Store
	path  string // "" once it is used
}

// room is where Reserve takes the room for a name.
func (s *Store) room(name string) string { return s.path(name) + ".next" }

// Reserve takes room for one Save of a name, whose lock the caller holds: the
// key is there, and the space is taken. Its errors are those of Save.
// Room.Release gives back what was not used.
func (s *Store) Reserve(name string) (*Room, error) {
	tmp, err := s.space()
	if err != nil {
		return nil, err
	}
	path := s.room(name)
	if err := Rename(tmp, path); err != nil {
		_ = os.Remove(tmp)
		return nil, writeError(s.dir, err)
	}
	return &Room{store: s, path: path}, nil
}

// space takes space under a name of its own.
func (s *Store) space() (path string, err error) {
	if s.left != nil {
		return "", s.left
	}
	if _, err := s.key.prepare(); err != nil {
		return "", err
	}
	path, err = newFile(s.dir, make([]byte, probe))
	return path, writeError(s.dir, err)
}

// takeUp finishes a Room.Save whose process was killed when the content was
// written, and before the file had its name. The caller holds the lock, so
// there is no such process any more.
func (s *Store) takeUp(name string) error {
	path := s.room(name)
	sealed, err := bounded.ReadFile(path, maxSealed)
	if err != nil {
		return nil // nothing is left, as nearly always
	}
	switch _, err := s.open(name, sealed); {
	case errors.Is(err, ErrDamaged): // nothing was written, or not all of it
		return Remove(path)
	case err != nil:
		return err
	}
	if err := refill(path, sealed); err != nil { // it may not be on the disk yet
		return writeError(s.dir, err)
	}
	return s.replace(name, path)
}

// Release gives back the room, if Save did not use it.
func (r *Room) Release() error {
	if r.path == "" {
		return nil
	}
	err := os.Remove(r.path)
	r.path = ""
	return writeError(r.store.dir, err)
}

// Save is Store.Save in the room that was taken. It works once.
func (r *Room) Save(name string, data []byte) error {
	if r.path == "" {
		return r.store.Save(name, data)
	}
	sealed, err := r.store.seal(name, data)
	if err != nil {
		return err
	}
	if err := refill(r.path, sealed); err != nil {
		return writeError(r.store.dir, err)
	}
	if err := r.store.replace(name, r.path); err != nil {
		return err
	}
	r.path = ""
	return nil
}

// refill writes over the content of a file, so that no new space is needed.
func refill(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(data, 0)
	if err == nil {
		err = f.Truncate(int64(len(data)))
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// Check reports whether Save would work now: the key is there and there is
// room.
func (s *Store) Check() error {
	path, err := s.space()
	if err != nil {
		return err
	}
	return Remove(path)
}
