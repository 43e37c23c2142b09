package ui_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailgrant/internal/i18n"
	"mailgrant/ui/scripted"
)

// placesOf is where every text of the window stands that is none of a notice.
func placesOf(s *scripted.Stage, notice string) map[string]fyne.Position {
	places := map[string]fyne.Position{}
	for _, l := range look(s.Window.Content()).lines {
		if l.text != notice {
			places[l.text] = fyne.NewPos(l.at.x, l.at.y)
		}
	}
	return places
}

// TestNothingMovesBecauseOfANotice: what one wants to click stays under the
// mouse when a notice comes and when it goes, also at the end of a page.
func TestNothingMovesBecauseOfANotice(t *testing.T) {
	for _, scene := range []string{"valid", "tested-one-bad", "overview", "takeover", "queue", "welcome", "practice"} {
		s := open(t, scene, i18n.English, 1024, 700)
		before := placesOf(s, "")
		s.Presenter.CopyText("x")
		if s.State.Notice == nil || !shows(s, s.State.Notice.Text) {
			t.Fatalf("%s: there is no notice", scene)
		}
		during := placesOf(s, s.State.Notice.Text)
		s.View.ScrollToEnd()
		end := s.View.Scrolled()
		s.Presenter.Dismiss()
		after := placesOf(s, "")
		if s.State.Notice != nil || s.View.Scrolled() != end {
			t.Errorf("%s: the page moves from %v to %v when the notice goes", scene, end, s.View.Scrolled())
		}
		for text, at := range before {
			if during[text] != at || after[text] != at {
				t.Errorf("%s: %q stands at %v, with a notice at %v, after it at %v", scene, text, at, during[text], after[text])
			}
		}
	}
}

// TestANoticeCoversWhatIsBelowIt: a click on it does nothing to a button
// that it hides.
func TestANoticeCoversWhatIsBelowIt(t *testing.T) {
	s := open(t, "tested-one-bad", i18n.English, 1024, 700)
	s.Presenter.CopyText("x")
	words := lineOf(s, s.State.Notice.Text)
	if words == nil {
		t.Fatal("there is no notice")
	}
	at := fyne.NewPos(words.at.x-16, words.at.y+4) // its mark
	tappable := func(o fyne.CanvasObject) bool { _, ok := o.(fyne.Tappable); return ok }
	if o := s.View.Top(at, tappable); o == nil || !s.View.OfNotice(o) {
		t.Errorf("at %v a click goes to %T", at, o)
	}
}

// TestANoticeLeavesTheButtonJustPressedInSight: at the foot of the page too.
func TestANoticeLeavesTheButtonJustPressedInSight(t *testing.T) {
	for words, foot := range map[string]bool{"More settings": true, "Copy PowerShell": false} {
		s := open(t, "tested-one-bad", i18n.English, 1024, 700)
		b := button(s.Window.Content(), words)
		test.Tap(b)
		s.Presenter.CopyText("x")
		y := fyne.CurrentApp().Driver().AbsolutePositionForObject(b).Y
		top, bottom := s.View.NoticeAt()
		if s.State.Notice == nil || y < bottom && top < y+b.Size().Height || foot != (top < y) {
			t.Errorf("%s at %v, the notice from %v to %v", words, y, top, bottom)
		}
	}
}

// TestNothingMovesWhenNoBrowserAppears: the pointer is on its way to a button.
func TestNothingMovesWhenNoBrowserAppears(t *testing.T) {
	for _, lang := range i18n.Languages {
		before, after := placesOf(open(t, "waiting", lang, 1024, 700), ""), placesOf(open(t, "waiting-next", lang, 1024, 700), "")
		for _, key := range []string{"open", "copy-link", "other-ways", "cancel", "paste"} {
			words := i18n.For(lang).Text("ui.waiting." + key)
			if from, to := before[words], after[words]; from != to || from.IsZero() {
				t.Errorf("%q moves from %v to %v", words, from, to)
			}
		}
	}
}
