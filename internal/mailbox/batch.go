package mailbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"

	"mailgrant/internal/bounded"
	"mailgrant/internal/store"
)

// batchName is the file that holds mailboxes which are being saved together.
// Once it is there, the whole batch counts as saved; whoever uses the book
// next finishes what a killed process left undone. Its name is no mailbox's.
const batchName = ".batch"

// batchWait is how long one process waits for another that saves a batch.
const batchWait = 30 * time.Second

// Put saves valid definitions in one step, replacing those of the same names:
// after a crash at any moment all of them are saved or none.
func (b *Book) Put(all ...Definition) error {
	return b.Change(func(*Book) ([]Definition, error) { return all, nil })
}

// Change is Put for what decide returns. While it decides nobody else saves
// or removes a mailbox, so that what it reads of the book still holds when the
// definitions are saved. decide must not write to the book itself.
func (b *Book) Change(decide func(*Book) ([]Definition, error)) error {
	return b.changing(func() error {
		all, err := decide(b)
		if err != nil || len(all) == 0 {
			return err
		}
		for _, d := range all {
			if err := d.Validate(); err != nil {
				return err
			}
		}
		data, err := json.Marshal(all)
		if err == nil {
			err = store.WriteFile(filepath.Join(b.dir, batchName), data)
		}
		if err == nil {
			err = b.finish()
		}
		return err
	})
}

// settle finishes what a killed process left behind: a batch, and before the
// book is used for the first time new names.
func (b *Book) settle() error {
	// What is wrong with the folder is told by what follows.
	if _, err := os.Lstat(filepath.Join(b.dir, batchName)); err == nil {
		if err := b.locked(func() error { return nil }); err != nil {
			return err
		}
	}
	b.follow.Do(b.followUp)
	return nil
}

// changing does a change of the book, in which everything is settled and swept.
func (b *Book) changing(change func() error) error {
	if err := b.settle(); err != nil {
		return err
	}
	store.Sweep(b.dir)
	return b.locked(change)
}

// locked does something during which nobody else changes the book. A batch is
// finished first.
func (b *Book) locked(do func() error) error {
	ctx, cancel := context.WithTimeout(context.Background(), batchWait)
	defer cancel()
	unlock, err := store.LockFile(ctx, filepath.Join(b.dir, batchName+".lock"))
	if err != nil {
		return err
	}
	defer unlock()
	if err := b.finish(); err != nil {
		return err
	}
	return do()
}

// finish writes the files of a batch, if there is one, and removes it. The
// caller holds the lock.
func (b *Book) finish() error {
	path := filepath.Join(b.dir, batchName)
	data, err := bounded.ReadHead(path, math.MaxInt64) // ours, whole: a book whose batch is not finished is of no use
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("mailbox: %w", err)
	}
	var all []Definition
	if err := json.Unmarshal(data, &all); err != nil {
		return fmt.Errorf("mailbox: %s: %w", path, err)
	}
	for _, d := range all {
		if err := b.write(d); err != nil {
			return err
		}
	}
	return store.Remove(path)
}

// write saves a definition. Its name is this mailbox's now, whoever was leaving
// it.
func (b *Book) write(d Definition) error {
	err := store.WriteFile(b.path(d.Name), d.Format())
	if err == nil {
		_ = os.Remove(b.note(d.Name))
	}
	return err
}
