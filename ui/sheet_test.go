package ui_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailgrant/internal/i18n"
	"mailgrant/ui"
	"mailgrant/ui/scripted"
)

// sheets are all dialogs.
var sheets = map[string]func(*ui.View){
	"forget": (*ui.View).ForgetDialog, "explain": (*ui.View).ExplainDialog, "rename": (*ui.View).RenameDialog, "import": (*ui.View).ImportDialog,
	"export": (*ui.View).ExportDialog, "report": (*ui.View).ReportDialog,
	"about": (*ui.View).AboutDialog, "life": (*ui.View).LifeDialog, "renewal": (*ui.View).RenewalDialog, "round trip": (*ui.View).RoundTripDialog, "language": (*ui.View).LanguageDialog,
}

// tab presses Tab as the toolkit's driver does.
func tab(s *scripted.Stage) {
	if f, ok := s.Window.Canvas().Focused().(fyne.Tabbable); ok && f.AcceptsTab() {
		press(s, fyne.KeyTab)
		return
	}
	s.Window.Canvas().FocusNext()
}

// stops are what Tab leads to on the topmost layer, each once.
func stops(s *scripted.Stage) []fyne.Focusable {
	c := s.Window.Canvas()
	var all []fyne.Focusable
	seen := map[fyne.Focusable]bool{}
	for tab(s); c.Focused() != nil && !seen[c.Focused()]; tab(s) {
		seen[c.Focused()] = true
		if _, does := c.Focused().(fyne.Tabbable); does {
			all = append(all, c.Focused())
		} // else the first of the texts that can be selected, where the toolkit begins
	}
	return all
}

// tap presses the button with these words on the topmost layer.
func tap(t *testing.T, s *scripted.Stage, words string) {
	t.Helper()
	layer := s.Window.Content()
	if top := s.Window.Canvas().Overlays().Top(); top != nil {
		layer = top
	}
	b := button(layer, words)
	if b == nil {
		t.Fatalf("there is no button %q", words)
	}
	test.Tap(b)
}

// button is the visible button with these words, or nil.
func button(o fyne.CanvasObject, words string) *ui.Button {
	if o == nil || !o.Visible() {
		return nil
	}
	if b, ok := o.(*ui.Button); ok && b.Text == words {
		return b
	}
	var inside []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		inside = o.Objects
	case fyne.Widget:
		inside = test.WidgetRenderer(o).Objects()
	}
	for _, child := range inside {
		if b := button(child, words); b != nil {
			return b
		}
	}
	return nil
}

// Wherever the cursor is in a dialog, or nowhere: Escape closes it, and the
// window's own keys do nothing behind it.
func TestKeysInASheet(t *testing.T) {
	for name, show := range sheets {
		t.Run(name, func(t *testing.T) {
			s := open(t, "tested-one-bad", i18n.English, 1024, 700)
			c := s.Window.Canvas()
			reopen := func() {
				if c.Overlays().Top() == nil {
					show(s.View)
					if name == "explain" {
						test.Type(c.Focused(), "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.")
						tap(t, s, "Explain")
					}
				}
			}
			reopen()
			places := len(stops(s))
			if places == 0 {
				t.Fatal("the keyboard reaches nothing")
			}
			for i := range places + 1 {
				reopen()
				all := stops(s)
				c.Unfocus()
				if i > 0 {
					c.Focus(all[i-1])
				}
				press(s, fyne.KeyF5)
				for _, key := range []fyne.KeyName{fyne.KeyN, fyne.KeyR} {
					pressCtrl(s, key)
				}
				if s.State.Welcome != nil || s.State.Auth.Waiting != nil || s.State.Test.Running {
					t.Fatalf("at %d of %d a key reaches the window behind", i, places)
				}
				press(s, fyne.KeyEscape)
				if c.Overlays().Top() != nil {
					t.Fatalf("at %d of %d, %T, Escape does not close it", i, places, c.Focused())
				}
			}
		})
	}
}

// In the plain look the toolkit's own ground of a dialog is not painted.
func TestADialogCoversThePage(t *testing.T) {
	for name, look := range map[string]fyne.Theme{"usual": ui.Look(), "plain": ui.PlainLook()} {
		s := open(t, "none", i18n.English, 1280, 800)
		fyne.CurrentApp().Settings().SetTheme(look)
		s.View.ExplainDialog()
		if !s.View.SheetCovers() {
			t.Errorf("%s: the page is seen through a dialog", name)
		}
	}
}
