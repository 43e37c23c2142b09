package ui

import (
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"

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
}

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
	if n.kept.Remembered != r {
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
	var drafts []presenter.Draft
	n.read(draftsFile, &drafts)
	return drafts
}

// SaveDrafts implements presenter.Notes.
func (n *Notes) SaveDrafts(drafts []presenter.Draft) error {
	path := filepath.Join(n.home, draftsFile)
	if len(drafts) == 0 {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	return n.write(draftsFile, drafts)
}
