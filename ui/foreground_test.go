package ui_test

import (
	"log/slog"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2/test"

	"mailgrant/internal/i18n"
	"mailgrant/ui"
	"mailgrant/ui/scripted"
)

// countedBook counts how often it is read.
type countedBook struct {
	*scripted.Book
	reads *atomic.Int32
}

func (b countedBook) Names() ([]string, error) {
	b.reads.Add(1)
	return b.Book.Names()
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
