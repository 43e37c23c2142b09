package ui

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"mailgrant/internal/i18n"
	"mailgrant/internal/store"
	"mailgrant/ui/presenter"
)

// The window's own files below the home folder. Neither holds a secret.
const (
	windowFile = "window.json"
	draftsFile = "drafts.json"
)

// Notes keeps what the window remembers: its size, the mailbox that was open
// and what was half typed. A file that cannot be read is as good as none.
type Notes struct {
	home  string
	log   *slog.Logger
	kept  remembered
	saver presenter.Saver

	drafts []presenter.Draft // that this window has read or written
}

// draftsWait is how long one window waits for another that writes its drafts.
const draftsWait = 10 * time.Second

type remembered struct {
	Width  float32 `json:"width"`
	Height float32 `json:"height"`
	presenter.Remembered
}

// The window's size at the first start, and the smallest that is taken over.
const (
	firstWidth, firstHeight = 1280, 800
	leastWidth, leastHeight = 640, 480
	mostWidth, mostHeight   = 8000, 8000
)

// NewNotes reads what is remembered below a home folder.
func NewNotes(home string, log *slog.Logger) *Notes {
	n := &Notes{home: home, log: log, kept: remembered{Width: firstWidth, Height: firstHeight}}
	n.read(windowFile, &n.kept)
	if n.kept.Width < leastWidth || n.kept.Height < leastHeight || n.kept.Width > mostWidth || n.kept.Height > mostHeight {
		n.kept.Width, n.kept.Height = firstWidth, firstHeight
	}
	if !slices.Contains(i18n.Languages, n.kept.Language) {
		n.kept.Language = "" // Mailgrant does not speak it
	}
	return n
}

func (n *Notes) read(name string, into any) {
	data, err := os.ReadFile(filepath.Join(n.home, name))
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		n.log.Warn("ui: what the window remembers cannot be read", "file", name, "error", err)
	}
}

func (n *Notes) write(name string, value any) error {
	data, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return store.WriteFile(filepath.Join(n.home, name), append(data, '\n'))
}

// Size is the window's size.
func (n *Notes) Size() fyne.Size { return fyne.NewSize(n.kept.Width, n.kept.Height) }

// SetSize remembers the window's size.
func (n *Notes) SetSize(s fyne.Size) {
	if s.Width >= leastWidth && s.Height >= leastHeight {
		n.kept.Width, n.kept.Height = s.Width, s.Height
	}
	n.save()
}

// Kept implements presenter.Notes.
func (n *Notes) Kept() presenter.Remembered { return n.kept.Remembered }

// Keep implements presenter.Notes.
func (n *Notes) Keep(r presenter.Remembered) {
	if !reflect.DeepEqual(n.kept.Remembered, r) {
		n.kept.Remembered = r
		n.save()
	}
}

// save writes beside the window what is remembered now.
func (n *Notes) save() {
	kept := n.kept
	n.saver.Add(func() {
		if err := n.write(windowFile, kept); err != nil {
			n.log.Warn("ui: what the window remembers cannot be kept", "error", err)
		}
	})
}

// Close returns when everything is written.
func (n *Notes) Close() { n.saver.Wait() }

// LoadDrafts implements presenter.Notes.
func (n *Notes) LoadDrafts() []presenter.Draft {
	n.drafts = n.readDrafts()
	return n.drafts
}

func (n *Notes) readDrafts() (drafts []presenter.Draft) {
	n.read(draftsFile, &drafts)
	return drafts
}

// SaveDrafts implements presenter.Notes. Those of another window stay.
func (n *Notes) SaveDrafts(drafts []presenter.Draft) error {
	gone, fresh := without(n.drafts, drafts), without(drafts, n.drafts)
	if len(gone)+len(fresh) == 0 {
		return nil
	}
	path := filepath.Join(n.home, draftsFile)
	ctx, cancel := context.WithTimeout(context.Background(), draftsWait)
	defer cancel()
	unlock, err := store.LockFile(ctx, path+".lock")
	if err != nil {
		return err
	}
	defer unlock()
	all := append(without(n.readDrafts(), gone), fresh...)
	if len(all) > 0 {
		err = n.write(draftsFile, all)
	} else if err = os.Remove(path); errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err == nil {
		n.drafts = drafts
	}
	return err
}

// without are those of all that are not among others.
func without(all, others []presenter.Draft) []presenter.Draft {
	return slices.DeleteFunc(slices.Clone(all), func(d presenter.Draft) bool {
		return slices.ContainsFunc(others, func(o presenter.Draft) bool { return reflect.DeepEqual(d, o) })
	})
}
