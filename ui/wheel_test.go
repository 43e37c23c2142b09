package ui_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// TestTheWheelMovesThePageOverAField: a field to type in does not swallow it.
func TestTheWheelMovesThePageOverAField(t *testing.T) {
	s := open(t, "valid", i18n.English, 1024, 700)
	s.View.OpenMore()
	for _, f := range []presenter.Field{presenter.FieldSender, presenter.PortOf(mailbox.IMAP)} {
		s.View.ScrollTo(0)
		turn(t, s, f)
		if s.View.ScrolledLeft() == 0 {
			t.Errorf("over %s the page stays", f)
		}
	}
}

// turn turns the wheel over a field, as the driver does.
func turn(t *testing.T, s *scripted.Stage, f presenter.Field) {
	t.Helper()
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(s.View.Field(f).(fyne.CanvasObject)).AddXY(20, 10)
	o := s.View.Top(at, func(o fyne.CanvasObject) bool { _, ok := o.(fyne.Scrollable); return ok })
	if o == nil {
		t.Fatalf("%s: nothing can be scrolled at %v", f, at)
	}
	o.(fyne.Scrollable).Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -60)})
}
