package store

import (
	"errors"
	"os"
)

// probe is a little more than a sealed file ever has.
const probe = 64 << 10

// Room is space on the disk for one sealed file. Whoever asks a service for
// what exists only once takes it first: a disk that is full by the time of the
// answer then does not matter.
type Room struct {
	store *Store
	path  string // "" once it is used
}

// Reserve takes room for one Save: the key is there, and the space is taken.
// Its errors are those of Save. Room.Release gives back what was not used.
func (s *Store) Reserve() (*Room, error) {
	if _, err := s.key.prepare(s.dir); err != nil {
		return nil, err
	}
	path, err := newFile(s.dir, make([]byte, probe))
	if err != nil {
		return nil, writeError(s.dir, err)
	}
	return &Room{store: s, path: path}, nil
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
	room, err := s.Reserve()
	if err != nil {
		return err
	}
	return room.Release()
}
