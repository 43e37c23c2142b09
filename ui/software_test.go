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
		c.Texts, c.Engine, c.Book, c.Log = i18n.For(i18n.English), &scripted.Engine{}, &scripted.Book{}, slog.New(slog.DiscardHandler)
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

// opening is an app whose windows are shown as the driver of OpenGL does it: when
// it is loaded, it asks for the size of what is in the window, then draws that.
type opening struct {
	fyne.App
	drawn func()
}

type openingWindow struct {
	fyne.Window
	drawn func()
}

func (o opening) NewWindow(title string) fyne.Window {
	return openingWindow{o.App.NewWindow(title), o.drawn}
}

func (w openingWindow) Show() {
	w.Content().MinSize()
	w.drawn()
	w.Window.Show()
}

// The toolkit draws nothing while widgets are made beside it.
func TestNothingIsDrawnBesideTheMaking(t *testing.T) {
	var w *ui.Window
	drawn := false
	a := opening{test.NewTempApp(t), func() {
		if drawn = true; w.Presenter == nil {
			t.Error("before the content is made")
		}
	}}
	c := ui.Config{Title: "Mailgrant", Home: t.TempDir()}
	c.Texts, c.Engine, c.Book, c.Log = i18n.For(i18n.English), &scripted.Engine{}, &scripted.Book{}, slog.New(slog.DiscardHandler)
	w, err := ui.Open(a, c)
	if err != nil {
		t.Fatal(err)
	}
	w.Fill()
	if !drawn {
		t.Error("nothing was drawn")
	}
	w.Presenter.Close()
}
