package mailbox

import (
	"bytes"
	"encoding/json"
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

// leaving is such a note.
type leaving struct{ From, To Definition }

func (b *Book) note(name string) string { return filepath.Join(b.dir, FileName(name)+noteSuffix) }

// Replace is Put for a mailbox that was saved under another name, or under none
// yet (""). The old one stays until Remove, so that what belongs to the mailbox can be taken along;
// if the process is killed before, the next one to use the book does both.
func (b *Book) Replace(name string, d Definition) error {
	if strings.EqualFold(name, d.Name) {
		return b.Put(d)
	}
	if err := d.Validate(); err != nil {
		return err
	}
	if old, err := b.Get(name); err == nil {
		data, err := json.Marshal(leaving{old, d})
		if err == nil {
			err = store.WriteFile(b.note(name), data)
		}
		if err != nil {
			return err
		}
	}
	return b.Put(d)
}

// Follow sets what takes along all that belongs to a mailbox which gets another
// name. It may be called more than once for the same names.
func (b *Book) Follow(carry func(from, to Definition) error) { b.carry = carry }

// followUp finishes what a killed process began with Replace.
func (b *Book) followUp() {
	notes, _ := filepath.Glob(filepath.Join(b.dir, "*"+noteSuffix))
	for _, path := range notes {
		var l leaving
		data, err := bounded.ReadFile(path, maxNote)
		if err == nil {
			err = json.Unmarshal(data, &l)
		}
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
	old, err := Read(b.path(l.From.Name))
	if err != nil || !bytes.Equal(old.Format(), l.From.Format()) {
		return false
	}
	_, err = Read(b.path(l.To.Name))
	return err == nil
}
