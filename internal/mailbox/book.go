package mailbox

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"mailgrant/internal/i18n"
	"mailgrant/internal/store"
)

// ErrNotSaved is returned for a name that no saved mailbox has.
var ErrNotSaved = errors.New("mailbox: no mailbox of that name is saved")

// ErrChanged is returned for a mailbox of which something else is saved by now
// than the caller has seen: somebody else has saved it meanwhile.
var ErrChanged = errors.New("mailbox: something else is saved of this mailbox by now")

// Book is the folder of saved definitions: one readable file each.
type Book struct {
	dir, history string

	carry  func(from, to Definition) error // nil: nothing belongs to a mailbox
	follow sync.Once
}

// NewBook returns the book below a home folder. It makes nothing yet.
func NewBook(home string) *Book {
	return &Book{dir: filepath.Join(home, "mailboxes"), history: HistoryFolder(home)}
}

const bookSuffix = ".json"

// FileName is the name of a mailbox's files, without an ending. It escapes
// what a file system might mind. Names differ without case, because Windows'
// file names do, and have no blanks around them. An escape is three times as long
// as what it stands for: a name in another script may become too long for a file,
// and is then told by its hash.
func FileName(name string) string {
	escaped := url.PathEscape(strings.ToLower(strings.TrimSpace(name)))
	if len(escaped) <= maxFileName-len(bookSuffix) {
		return escaped
	}
	sum := sha256.Sum256([]byte(escaped))
	return hex.EncodeToString(sum[:])
}

// maxFileName is how long a file's name may be, in bytes (NAME_MAX of Linux; NTFS
// takes as many characters).
const maxFileName = 255

// HistoryFolder holds the results of each mailbox (package history). They go
// with the mailbox.
func HistoryFolder(home string) string { return filepath.Join(home, "history") }

// HistoryFile is the file of one mailbox's results.
func HistoryFile(folder, name string) string { return filepath.Join(folder, FileName(name)+".jsonl") }

func (b *Book) path(name string) string { return filepath.Join(b.dir, FileName(name)+bookSuffix) }

// Saved is a saved mailbox as it was read.
type Saved struct {
	Name       string // of one that cannot be read, that of its file
	Definition Definition
	Err        error // of Get
}

// All reads the saved mailboxes, sorted by name as one looks for them.
func (b *Book) All() ([]*Saved, error) {
	if err := b.settle(); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(b.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("mailbox: %w", err)
	}
	var all []*Saved
	for _, e := range entries {
		base, ok := strings.CutSuffix(e.Name(), bookSuffix)
		name, wrong := url.PathUnescape(base)
		if !ok || wrong != nil || e.IsDir() {
			continue
		}
		saved := &Saved{Name: name}
		saved.read(filepath.Join(b.dir, e.Name()))
		switch {
		case errors.Is(saved.Err, fs.ErrNotExist): // removed since
			continue
		case saved.Err == nil && FileName(saved.Name) != base: // put there by hand under another name
			saved.Definition, saved.Err = b.Get(saved.Name)
			told := func(other *Saved) bool { return FileName(other.Name) == FileName(saved.Name) }
			if !errors.Is(saved.Err, ErrNotSaved) || slices.ContainsFunc(all, told) {
				continue // the file of that name tells
			}
		}
		all = append(all, saved)
	}
	slices.SortFunc(all, func(a, b *Saved) int { return i18n.Compare(a.Name, b.Name) })
	return all, nil
}

func (s *Saved) read(path string) {
	if s.Definition, s.Err = Read(path); s.Err == nil {
		s.Name = s.Definition.Name
	}
}

// Names lists the names of All.
func (b *Book) Names() ([]string, error) { return NamesOf(b.All()) }

// NamesOf lists the names of what All returns.
func NamesOf(all []*Saved, err error) ([]string, error) {
	names := make([]string, len(all))
	for i, saved := range all {
		names[i] = saved.Name
	}
	return names, err
}

// Get reads a saved mailbox: ErrNotSaved, or the error of Read.
func (b *Book) Get(name string) (Definition, error) {
	if err := b.settle(); err != nil {
		return Definition{}, err
	}
	d, err := Read(b.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return Definition{}, ErrNotSaved
	}
	return d, err
}

// Remove deletes a saved mailbox and its results: ErrNotSaved if there is none.
func (b *Book) Remove(name string) error {
	if _, err := os.Lstat(b.dir); errors.Is(err, fs.ErrNotExist) {
		return ErrNotSaved
	}
	return b.changing(func() error { return b.remove(name) })
}

// Discard is Remove for a mailbox as it was read or saved last: ErrChanged,
// where it is not that any more.
func (b *Book) Discard(was Definition) error {
	return b.changing(func() error {
		if err := b.unchanged(was); err != nil {
			return err
		}
		return b.remove(was.Name)
	})
}

// unchanged is nil where a mailbox is saved just so, else ErrNotSaved,
// ErrChanged or the error of Read.
func (b *Book) unchanged(was Definition) error {
	now, err := Read(b.path(was.Name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ErrNotSaved
	case err == nil && !now.Equal(was):
		return ErrChanged
	}
	return err
}

func (b *Book) remove(name string) error {
	if _, err := os.Lstat(b.path(name)); err == nil {
		// First: a new mailbox of this name must not find them.
		_ = store.Remove(HistoryFile(b.history, name))
	}
	err := store.Remove(b.path(name))
	_ = os.Remove(b.note(name))
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNotSaved
	}
	return err
}
