package ui_test

import (
	"context"
	"image/color"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"mailgrant/app/authorization"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/ui"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// rings counts what is drawn around something in the colour of the text.
func rings(o fyne.CanvasObject, at fyne.Position, found *[]box) {
	if o == nil || !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	switch o := o.(type) {
	case *canvas.Rectangle:
		if o.StrokeWidth == 2 && sameColor(o.StrokeColor, theme.Color(theme.ColorNameForeground)) {
			*found = append(*found, box{at.X, at.Y, o.Size().Width, o.Size().Height})
		}
	case *fyne.Container:
		for _, child := range o.Objects {
			rings(child, at, found)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			rings(child, at, found)
		}
	}
}

func sameColor(a, b color.Color) bool {
	return color.NRGBAModel.Convert(a) == color.NRGBAModel.Convert(b)
}

// With Tab alone one gets to everything, and sees where one is: exactly one
// thing has the ring, or it is a field, whose border tells.
func TestTheFocusIsSeen(t *testing.T) {
	for _, scene := range []string{"tested-one-bad", "overview", "takeover", "takeover-problems", "queue", "queue-waiting", "queue-refused"} {
		t.Run(scene, func(t *testing.T) {
			s := open(t, scene, i18n.English, 1280, 800)
			c := s.Window.Canvas()
			c.Unfocus()
			all := stops(s)
			for _, f := range all {
				c.Focus(f)
				var found []box
				rings(s.Window.Content(), fyne.NewPos(0, 0), &found)
				if _, field := f.(*ui.Entry); field && len(found) != 0 || !field && len(found) != 1 {
					t.Errorf("%T: rings at %v", f, found)
				}
			}
			if len(all) < 5 {
				t.Errorf("Tab reaches %d things", len(all))
			}
		})
	}
}

// The row that the arrow keys have reached has the ring.
func TestTheRowOfTheKeysIsSeen(t *testing.T) {
	s := open(t, "overview", i18n.English, 1280, 800)
	for range 30 {
		if s.View.OverviewFocused() {
			break
		}
		tab(s)
	}
	var last float32
	for i := range 3 {
		var found []box
		rings(s.Window.Content(), fyne.NewPos(0, 0), &found)
		if len(found) != 1 || i > 0 && found[0].y <= last {
			t.Fatalf("row %d: rings at %v", i, found)
		}
		last = found[0].y
		press(s, fyne.KeyDown)
	}
	press(s, fyne.KeyReturn)
	if s.State.Selected < 0 {
		t.Error("Enter opens no mailbox")
	}
}

// A file that is mended beside the window is read again, and the keys are at what
// is next.
func TestReadingAFileAgainByTheKeyboard(t *testing.T) {
	for name, read := range map[string]func(*scripted.Stage){
		"button": func(s *scripted.Stage) { pressButton(t, s, "Read again") },
		"F5":     func(s *scripted.Stage) { press(s, fyne.KeyF5) },
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, "takeover-problems", i18n.English, 1280, 800)
			s.Importer.Files["bad.csv"] = s.Importer.Files["good.csv"]
			read(s)
			if err := s.Until(func(st presenter.State) bool { return st.Takeover.CanDo }); err != nil {
				t.Fatal(err)
			}
			if got, want := focusedWords(s), map[string]string{"button": "Import 4 mailboxes", "F5": "Cancel"}[name]; got != want {
				t.Errorf("the keys are at %q", got)
			}
		})
	}
}

// The whole way from files to signed-in mailboxes by the keyboard alone.
func TestTakingOverAndTheQueueByTheKeyboard(t *testing.T) {
	s := open(t, "takeover", i18n.English, 1280, 800)
	pressButton(t, s, "Import 5 mailboxes")
	if err := s.Until(func(st presenter.State) bool { return st.Takeover == nil && len(st.Mailboxes) == 5 }); err != nil {
		t.Fatal(err)
	}
	q := open(t, "queue", i18n.English, 1280, 800)
	ended := make(chan struct{})
	q.Engine.OnRequest = func(context.Context, mailbox.Definition, authorization.Options) (authorization.Result, error) {
		<-ended
		return authorization.Result{}, scripted.Somebody()
	}
	pressButton(t, q, "Start")
	if got := focusedWords(q); got != "Stop" {
		t.Errorf("while it runs the keys are at %q", got)
	}
	close(ended)
	if err := q.Until(func(st presenter.State) bool { return st.Queue.CanStart }); err != nil {
		t.Fatal(err)
	}
	if got := focusedWords(q); got != "Try again" {
		t.Errorf("after a failure the keys are at %q", got)
	}
	q = open(t, "queue-refused", i18n.English, 1280, 800)
	pressButton(t, q, "Skip")
	if err := q.Until(func(st presenter.State) bool { return st.Queue.Rows[0][0].Text == "skipped" }); err != nil {
		t.Fatal(err)
	}
	press(q, fyne.KeyEscape) // stops, then closes
	press(q, fyne.KeyEscape)
	if q.Presenter.State().Overview == nil {
		t.Error("Escape does not lead back")
	}
}

// focusedWords are those of the widget that has the keys.
func focusedWords(s *scripted.Stage) string {
	o, _ := s.Window.Canvas().Focused().(fyne.CanvasObject)
	return strings.Join(ui.OwnText(o), " ")
}

// pressButton goes to a button by Tab and presses it by Enter.
func pressButton(t *testing.T, s *scripted.Stage, words string) {
	t.Helper()
	for range 100 {
		tab(s)
		f := s.Window.Canvas().Focused()
		if o, ok := f.(fyne.CanvasObject); ok && slices.Contains(ui.OwnText(o), words) {
			press(s, fyne.KeyReturn)
			return
		}
	}
	t.Fatalf("Tab does not reach %q", words)
}
