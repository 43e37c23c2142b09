package mailbox

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"mailgrant/internal/bounded"
	"mailgrant/internal/store"
)

// noteSuffix ends the name of a note that a mailbox is getting another name.
// It is named by the old one, and goes with it.
const noteSuffix = ".leaving"

// maxNote is far more than two definitions have.
const maxNote = 1 << 20

type leaving struct{ From, To Definition }

func (b *Book) note(name string) string { return filepath.Join(b.dir, FileName(name)+noteSuffix) }

// Replace is Put for a mailbox as it was read or saved last, or for a new one,
// which was nothing (no name). What others have saved meanwhile stays: it is
// ErrNotSaved, or ErrChanged, also where the new name is somebody else's. An
// old name stays until Discard, so that what belongs to the mailbox can be taken along;
// if the process is killed before, the next one to use the book does both.
func (b *Book) Replace(was, d Definition) error {
	if err := d.Validate(); err != nil {
		return err
	}
	return b.changing(func() error {
		if was.Name != "" {
			if err := b.unchanged(was); err != nil {
				return err
			}
		}
		if !strings.EqualFold(was.Name, d.Name) {
			if err := b.rename(was, d); err != nil {
				return err
			}
		}
		return b.write(d)
	})
}

// rename notes that a mailbox gets another name, if that is free.
func (b *Book) rename(was, d Definition) error {
	_, err := Read(b.path(d.Name))
	switch l, left := readNote(b.note(d.Name)); {
	case err == nil && (left != nil || !b.halfway(l)):
		return ErrChanged
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	case was.Name == "":
		return nil
	}
	data, err := json.Marshal(leaving{was, d})
	if err == nil {
		err = store.WriteFile(b.note(was.Name), data)
	}
	return err
}

func readNote(path string) (l leaving, err error) {
	data, err := bounded.ReadFile(path, maxNote)
	if err == nil {
		err = json.Unmarshal(data, &l)
	}
	return l, err
}

// Follow sets what takes along all that belongs to a mailbox which gets another
// name. It may be called more than once for the same names.
func (b *Book) Follow(carry func(from, to Definition) error) { b.carry = carry }

// followUp finishes what a killed process began with Replace.
func (b *Book) followUp() {
	files, _ := os.ReadDir(b.dir) // not by a pattern, which the folder's name would be part of
	for _, f := range files {
		path := filepath.Join(b.dir, f.Name())
		if filepath.Ext(path) != noteSuffix {
			continue
		}
		l, err := readNote(path)
		if err == nil && b.halfway(l) {
			if b.carry == nil || b.carry(l.From, l.To) != nil {
				continue // both names stay, and so does the note
			}
			err = b.remove(l.From.Name)
		}
		if err == nil {
			_ = os.Remove(path)
		}
	}
}

// halfway reports whether both names are there: the new one was saved, and
// nobody has changed or taken the old one since.
func (b *Book) halfway(l leaving) bool {
	if b.unchanged(l.From) != nil {
		return false
	}
	_, err := Read(b.path(l.To.Name))
	return err == nil
}
