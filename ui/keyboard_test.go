package ui_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/ui"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// controls are what one can do something with, in the order of the tree, as
// far as it is shown and active.
func controls(o fyne.CanvasObject) []fyne.Focusable {
	if o == nil || !o.Visible() {
		return nil
	}
	if f, ok := o.(fyne.Tabbable); ok && f.AcceptsTab() {
		if d, ok := o.(fyne.Disableable); ok && d.Disabled() {
			return nil
		}
		return []fyne.Focusable{o.(fyne.Focusable)}
	}
	var inside []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		inside = o.Objects
	case fyne.Widget:
		inside = test.WidgetRenderer(o).Objects()
	}
	var all []fyne.Focusable
	for _, child := range inside {
		all = append(all, controls(child)...)
	}
	return all
}

// In every state Tab leads to all that can be used, each once and in the order
// in which it is read, and to nothing else.
func TestTabReachesEverythingInOrder(t *testing.T) {
	for _, scene := range scripted.Scenes {
		t.Run(scene.Name, func(t *testing.T) {
			s := open(t, scene.Name, i18n.English, 1280, 800)
			want := controls(s.Window.Content())
			s.Window.Canvas().Unfocus()
			got := stops(s)
			if i := slices.Index(got, want[0]); i >= 0 {
				got = slices.Concat(got[i:], got[:i]) // it goes round
			}
			if !slices.Equal(got, want) {
				t.Errorf("%d stops, %d controls", len(got), len(want))
				for i := range min(len(got), len(want)) {
					if got[i] != want[i] {
						t.Fatalf("the first that differs: %T at %d, not %T", got[i], i, want[i])
					}
				}
			}
		})
	}
}

// What Tab leads to comes into sight.
func TestTabBringsIntoSight(t *testing.T) {
	s := open(t, "tested-one-bad", i18n.German, 1024, 700)
	s.View.OpenMore()
	c := s.Window.Canvas()
	c.Unfocus()
	for range stops(s) {
		tab(s)
		o := c.Focused().(fyne.CanvasObject)
		top, bottom, page := s.View.InSight(o)
		if page && (top < 0 || bottom > s.View.PageHeight()+1) && bottom-top < s.View.PageHeight() {
			t.Errorf("%T %q is at %.0f–%.0f of %.0f", o, ui.OwnText(o), top, bottom, s.View.PageHeight())
		}
	}
}

// In a dialog too.
func TestTabBringsIntoSightInADialog(t *testing.T) {
	s := open(t, "valid", i18n.German, 683, 467)
	s.View.ExplainDialog()
	s.View.Drop(file(t, "mail.log", smtpOff))
	says(t, s, titleOf(s, diagnosis.CauseEXOSMTPAuthDisabledMailbox))
	page := s.View.SheetPage()
	scrolled := false
	for range stops(s) {
		tab(s)
		o := s.Window.Canvas().Focused().(fyne.CanvasObject)
		y, in := ui.Offset(page.Content, o)
		if !in {
			continue
		}
		scrolled = scrolled || page.Offset.Y > 0
		if top := y - page.Offset.Y; top < -1 || top+o.Size().Height > page.Size().Height+1 {
			t.Errorf("%q is at %.0f of %.0f", ui.OwnText(o), top, page.Size().Height)
		}
	}
	if !scrolled {
		t.Error("everything was in sight from the beginning")
	}
}

// The keys of the window take over what is being typed before they do
// something with it.
func TestKeysTakeOverWhatIsTyped(t *testing.T) {
	for name, do := range map[string]func(*scripted.Stage){
		"F5": func(s *scripted.Stage) { press(s, fyne.KeyF5) }, "Ctrl+R": func(s *scripted.Stage) { pressCtrl(s, fyne.KeyR) },
		"Ctrl+N": func(s *scripted.Stage) { pressCtrl(s, fyne.KeyN) }, "Escape, Tab": func(s *scripted.Stage) { press(s, fyne.KeyEscape); tab(s) },
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, "valid", i18n.English, 1280, 800)
			s.Tests = scripted.Tests(scripted.AllGood(), nil)
			steerRequests(s)
			s.Window.Canvas().Focus(s.View.Field(presenter.FieldTenant))
			typeOver(s, "fabrikam.com")
			do(s)
			s.Saved()
			if d, _ := s.Book.Get("Helpdesk"); d.OAuth.Tenant != "fabrikam.com" {
				t.Errorf("saved %s", d.OAuth.Tenant)
			}
		})
	}
}

// Escape closes what is on top, one thing at a time.
func TestEscapeOneThingAtATime(t *testing.T) {
	s := open(t, "waiting", i18n.English, 1280, 800)
	c := s.Window.Canvas()
	s.View.ExplainDialog()
	press(s, fyne.KeyEscape)
	if c.Overlays().Top() != nil || s.State.Auth.Waiting == nil {
		t.Fatal("it does not close the dialog, or more than that")
	}
	test.Tap(s.View.MoreButton())
	if c.Overlays().Top() == nil {
		t.Fatal("there is no menu")
	}
	press(s, fyne.KeyEscape)
	if c.Overlays().Top() != nil || s.State.Auth.Waiting == nil {
		t.Fatal("it does not close the menu, or more than that")
	}
	press(s, fyne.KeyEscape)
	if s.State.Auth.Waiting != nil {
		t.Fatal("it does not end the sign-in")
	}
	s.Presenter.CopyText("x")
	press(s, fyne.KeyEscape)
	if s.State.Notice != nil {
		t.Error("it does not take the notice away")
	}
}

// Enter leads on from a field, past what is wrong with it.
func TestEnterLeadsOnFromAWrongField(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	enter(s, presenter.FieldShared, "no address")
	c := s.Window.Canvas()
	c.Focus(s.View.Field(presenter.FieldShared))
	if press(s, fyne.KeyReturn); c.Focused() != s.View.Field(presenter.FieldProvider) {
		t.Errorf("it leads to %T", c.Focused())
	}
}

// Enter and Space do what they do in other programs.
func TestEnterAndSpace(t *testing.T) {
	s := open(t, "practice", i18n.English, 1280, 800)
	c := s.Window.Canvas()
	s.View.OpenFaults()
	slow := s.View.Fault("slow")
	c.Focus(slow)
	press(s, fyne.KeySpace)
	c.Focused().TypedRune(' ') // the driver tells a space as a key and as a letter
	if !slices.Contains(s.Practice.On, "slow") {
		t.Errorf("Space does not switch: %v", s.Practice.On)
	}
	kind := s.View.Field(presenter.FieldAccountType)
	c.Focus(kind)
	press(s, fyne.KeyReturn)
	top := c.Overlays().Top()
	if top == nil {
		t.Fatal("Enter does not open a list")
	}
	press(s, fyne.KeyDown)
	press(s, fyne.KeyDown)
	press(s, fyne.KeyReturn)
	if c.Overlays().Top() != nil || s.State.Form.Form[presenter.FieldAccountType] == mailbox.AccountTenant {
		t.Errorf("Enter does not choose: %s", s.State.Form.Form[presenter.FieldAccountType])
	}
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace} {
		s.Copied = nil
		b := button(s.Window.Content(), "Explain an error")
		c.Focus(b)
		press(s, key)
		if c.Overlays().Top() == nil {
			t.Errorf("%s does not press a button", key)
		}
		press(s, fyne.KeyEscape)
	}
}

// A line of a menu that is inactive does nothing by the keys either.
func TestEnterOnAnInactiveLineDoesNothing(t *testing.T) {
	s := open(t, "none", i18n.English, 1280, 800)
	c := s.Window.Canvas()
	for _, line := range []fyne.KeyName{fyne.KeyDown, fyne.KeyUp} { // what is known of the authorization, and to delete it: there is none
		c.Focus(button(s.Window.Content(), "More"))
		press(s, fyne.KeyReturn)
		press(s, line)
		press(s, fyne.KeyReturn)
		if top := c.Overlays().Top(); top != nil {
			t.Fatalf("it opens %q", look(top).words)
		}
	}
}

// An opened list shows what is chosen, and the arrows go on from there.
func TestAListShowsWhatIsChosen(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	s.Presenter.Choose(presenter.FieldAccountType, mailbox.AccountCommon)
	for i, line := range s.View.Lines(presenter.FieldAccountType) {
		if line.Checked != (i == 2) {
			t.Errorf("%q is marked: %t", line.Label, line.Checked)
		}
	}
	list := s.View.Field(presenter.FieldAccountType)
	list.(fyne.Tappable).Tapped(nil)
	for _, key := range []fyne.KeyName{fyne.KeyDown, fyne.KeyReturn} {
		press(s, key)
	}
	if s.Window.Canvas().Focused() != fyne.Focusable(list) {
		t.Error("the keys are not at the list")
	}
	if kind := s.State.Form.Form[presenter.FieldAccountType]; kind != mailbox.AccountConsumers {
		t.Errorf("the one below: %s", kind)
	}
	for _, key := range []fyne.KeyName{fyne.KeyUp, fyne.KeyUp, fyne.KeyReturn} { // the first one opens it
		press(s, key)
	}
	if kind := s.State.Form.Form[presenter.FieldAccountType]; kind != mailbox.AccountCommon {
		t.Errorf("the one above: %s", kind)
	}
}

// In a text of several lines Tab leads on; Enter makes a line.
func TestTabInATextArea(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	s.View.ExplainDialog()
	area := s.Window.Canvas().Focused()
	test.Type(area, "first")
	press(s, fyne.KeyReturn)
	test.Type(area, "second")
	tab(s)
	if words, multi := entryText(area.(fyne.CanvasObject)); words != "first\nsecond" || !multi {
		t.Errorf("%q", words)
	}
	if s.Window.Canvas().Focused() == area {
		t.Error("the cursor cannot leave it")
	}
}

// A table's rows are reached and opened by the keys alone; a head sorts, and F5
// tests them.
func TestTheOverviewIsUsedByTheKeyboard(t *testing.T) {
	s := openMany(t, ui.Look(), 5)
	s.Tests = scripted.Tests(scripted.AllGood(), nil)
	press(s, fyne.KeyF5)
	if !s.State.Overview.Running {
		t.Error("F5 tests nothing")
	}
	wait(t, s, func() bool { return !s.State.Overview.Running })
	c := s.Window.Canvas()
	heads := 0
	for _, f := range stops(s) {
		if b, ok := f.(*ui.Button); ok && b.Alignment == widget.ButtonAlignLeading {
			heads++
		}
	}
	if heads != len(presenter.Columns) {
		t.Errorf("%d heads of %d are reached", heads, len(presenter.Columns))
	}
	for !s.View.OverviewFocused() {
		tab(s)
	}
	press(s, fyne.KeyDown)
	press(s, fyne.KeyDown)
	press(s, fyne.KeyReturn)
	if s.State.Name != "Mailbox002" || c.Focused() != nil && s.View.OverviewFocused() {
		t.Errorf("opened %q", s.State.Name)
	}
}
