package ui_test

import (
	"log/slog"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/ui"
	"mailgrant/ui/scripted"
)

// countedBook counts how often it is read.
type countedBook struct {
	*scripted.Book
	reads *atomic.Int32
}

func (b countedBook) All() ([]*mailbox.Saved, error) {
	b.reads.Add(1)
	return b.Book.All()
}

// Who comes back to the window sees what was changed elsewhere.
func TestComingBackReadsTheBook(t *testing.T) {
	a := test.NewTempApp(t)
	book := countedBook{&scripted.Book{}, &atomic.Int32{}}
	c := ui.Config{Title: "Mailgrant", Home: t.TempDir()}
	c.Texts, c.Engine, c.Book, c.Log = i18n.For(i18n.English), &scripted.Engine{}, book, slog.New(slog.DiscardHandler)
	w, err := ui.Open(a, c)
	if err != nil {
		t.Fatal(err)
	}
	w.Fill()
	before := book.reads.Load()
	a.Lifecycle().(interface{ OnEnteredForeground() func() }).OnEnteredForeground()()
	w.Presenter.Flush()
	if n := book.reads.Load() - before; n != 1 {
		t.Errorf("read %d times", n)
	}
	w.Presenter.Close()
}

// TestNoLargerThanTheScreen: 1280×800 are more than a laptop has at 150 %.
func TestNoLargerThanTheScreen(t *testing.T) {
	w := &ui.Window{Window: test.NewTempWindow(t, nil)}
	w.SetPadded(false)
	for screen, want := range map[[2]int]fyne.Size{{1920, 1040}: fyne.NewSize(1280, 800), {1280, 680}: fyne.NewSize(1264, 640), {1100, 1040}: fyne.NewSize(1084, 800)} {
		w.Resize(fyne.NewSize(1280, 800))
		w.FitScreen(screen[0], screen[1])
		if got := w.Canvas().Size(); got != want {
			t.Errorf("%v: %v, want %v", screen, got, want)
		}
	}
}
