package ui_test

import (
	"log/slog"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"mailgrant/internal/i18n"
	"mailgrant/ui"
	"mailgrant/ui/scripted"
)

// A window that the processor draws is plain and still; any other is neither.
func TestSoftwareMakesThePlainStillWindow(t *testing.T) {
	for _, software := range []bool{false, true} {
		a := test.NewTempApp(t)
		c := ui.Config{Title: "Mailgrant", Home: t.TempDir(), Software: software}
		c.Texts, c.Engine, c.Book, c.Log = i18n.For(i18n.English), &scripted.Engine{}, scripted.Book{}, slog.New(slog.DiscardHandler)
		w, err := ui.Open(a, c)
		if err != nil {
			t.Fatal(err)
		}
		w.Fill()
		if w.Canvas().Focused() == nil {
			t.Error("nobody has the keys")
		}
		if square := theme.Size(theme.SizeNameInputRadius) == 0; square != software {
			t.Errorf("drawn by the processor: %t, corners are square: %t", software, square)
		}
		if moves := fyne.CurrentApp().Settings().ShowAnimations(); moves == software {
			t.Errorf("drawn by the processor: %t, it moves: %t", software, moves)
		}
		w.Presenter.Close()
	}
}
