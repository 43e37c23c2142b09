package ui_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"mailgrant/app/authorization"
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

// After a mailbox was deleted nothing is typed into the one that is shown then.
func TestTheCursorAfterADelete(t *testing.T) {
	s := open(t, "overview", i18n.English, 1280, 800)
	s.Presenter.Select(0)
	sender := s.View.Field(presenter.FieldSender)
	s.Window.Canvas().Focus(sender)
	test.Type(sender, "x")
	gone, neighbour := s.State.Name, s.State.Mailboxes[1]
	if !s.View.ChooseMenu("Delete") || s.State.Name != neighbour {
		t.Fatalf("%s is open; want %s", s.State.Name, neighbour)
	}
	if got := s.Window.Canvas().Focused(); got != fyne.Focusable(s.View.MailboxList()) {
		t.Errorf("the cursor is in %T", got)
	}
	if want := strings.ToLower(neighbour) + "@contoso.com"; s.State.Form.Form[presenter.FieldSender] != want {
		t.Errorf("the sender of %s is %q", neighbour, s.State.Form.Form[presenter.FieldSender])
	}
	s.Presenter.Undo()
	if got := s.State.Form.Form[presenter.FieldSender]; s.State.Name != gone || !strings.Contains(got, "x") {
		t.Errorf("what was typed is lost: %s, %q", s.State.Name, got)
	}
}

// Who tests again by a finding's button has the keys there when that found the
// same again.
func TestTheKeysStayAtWhatIsOffered(t *testing.T) {
	s := open(t, "tested-one-bad", i18n.English, 1280, 800)
	c := s.Window.Canvas()
	again := func() (all []fyne.Focusable) {
		for _, f := range stops(s) {
			if strings.Join(ui.OwnText(f.(fyne.CanvasObject)), "") == "Test mailbox" {
				all = append(all, f)
			}
		}
		return all
	}
	offered := again()
	c.Focus(offered[len(offered)-1]) // the first is that of the card
	press(s, fyne.KeyReturn)
	if err := s.Until(func(st presenter.State) bool { return st.Test.CanTest }); err != nil {
		t.Fatal(err)
	}
	at := c.Focused()
	if len(offered) != 2 || !slices.Contains(again(), at) {
		t.Errorf("of %d the keys are at one that is not there any more", len(offered))
	}
}

// Where a button does nothing while it works, or is gone, Tab leads on from its place.
func TestTabLeadsOnFromAButtonThatWorks(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	c := s.Window.Canvas()
	c.Focus(button(s.Window.Content(), "Find"))
	press(s, fyne.KeyReturn)
	if tab(s); !s.State.Form.Searching || c.Focused() != s.View.Field(presenter.FieldSignIn) {
		t.Errorf("from Find to %T", c.Focused())
	}
	gate := make(chan struct{})
	defer close(gate)
	s.Tests = scripted.Tests(scripted.AllGood(), gate)
	c.Focus(button(s.Window.Content(), "Test mailbox"))
	press(s, fyne.KeyReturn)
	if tab(s); !s.State.Test.Running || c.Focused() == nil || c.Focused() == controls(s.Window.Content())[0] {
		t.Errorf("from Test mailbox to %T", c.Focused())
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

// After a dialog the cursor is where it was.
func TestTheCursorAfterADialog(t *testing.T) {
	for name, show := range sheets {
		t.Run(name, func(t *testing.T) {
			s := open(t, "tested-one-bad", i18n.English, 1280, 800)
			c := s.Window.Canvas()
			tenant := s.View.Field(presenter.FieldTenant)
			c.Focus(tenant)
			show(s.View)
			if c.Focused() == nil || c.Focused() == tenant {
				t.Errorf("the dialog has no cursor: %T", c.Focused())
			}
			press(s, fyne.KeyEscape)
			if c.Focused() != tenant {
				t.Errorf("the cursor is in %T", c.Focused())
			}
		})
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

// steerRequests lets sign-ins wait until they are cancelled.
func steerRequests(s *scripted.Stage) {
	s.Engine.OnRequest = func(ctx context.Context, _ mailbox.Definition, _ authorization.Options) (authorization.Result, error) {
		<-ctx.Done()
		return authorization.Result{}, ctx.Err()
	}
}

// Who presses a button with the keys goes on from where it stood, though
// something else stands there now.
func TestKeysStayWhereTheSignInIs(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	steerRequests(s)
	c := s.Window.Canvas()
	request := button(s.Window.Content(), "Request new authorization token")
	c.Focus(request)
	press(s, fyne.KeyReturn)
	wait(t, s, func() bool { return s.State.Auth.Waiting != nil })
	for range 5 { // it is held down
		c.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	}
	press(s, fyne.KeyReturn) // and pressed again
	if s.State.Auth.Waiting == nil {
		t.Fatal("the key that began the sign-in ends it")
	}
	s.Settle()
	if open := button(s.Window.Content(), "Open again"); open != nil && c.Focused() != open {
		t.Errorf("while it waits the keys are at %T", c.Focused())
	}
	press(s, fyne.KeyEscape)
	wait(t, s, func() bool { return s.State.Auth.Waiting == nil })
	if got := c.Focused(); got != request {
		t.Errorf("afterwards the keys are at %T", got)
	}
}

// After a sign-in, however late its answer is known, the keys are at what comes next.
func TestKeysGoOnToTheTest(t *testing.T) {
	for name, late := range map[string]bool{"in time": false, "cancelled too late": true} {
		t.Run(name, func(t *testing.T) {
			s := open(t, "none", i18n.English, 1280, 800)
			answer := make(chan struct{})
			s.Engine.OnRequest = func(context.Context, mailbox.Definition, authorization.Options) (authorization.Result, error) {
				<-answer
				s.Engine.Store(scripted.Valid(s.Now), nil)
				return authorization.Result{}, nil
			}
			c := s.Window.Canvas()
			c.Focus(button(s.Window.Content(), "Request new authorization token"))
			press(s, fyne.KeyReturn)
			wait(t, s, func() bool { return s.State.Auth.Waiting != nil })
			s.Settle()
			if late {
				press(s, fyne.KeyEscape)
				wait(t, s, func() bool { return s.State.Auth.Waiting == nil })
			}
			close(answer)
			wait(t, s, func() bool { return s.State.Test.Primary })
			if got := c.Focused(); got != button(s.Window.Content(), "Test mailbox") {
				t.Errorf("the keys are at %T: %+v", got, got)
			}
		})
	}
}

// A second click on the button that stores a secret meets the same button, not
// the one that removes it.
func TestStoringTwiceRemovesNothing(t *testing.T) {
	s := open(t, "none", i18n.English, 1280, 800)
	s.View.OpenMore()
	at := func() fyne.Position {
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(button(s.Window.Content(), "Store"))
	}
	before := at()
	s.Presenter.SetSecret(authorization.ClientSecret, "kept", func() {})
	wait(t, s, func() bool { return s.State.Form.Secrets[authorization.ClientSecret] })
	if button(s.Window.Content(), "Remove") == nil || at() != before {
		t.Errorf("the button was at %v and is at %v", before, at())
	}
}

// Who has begun a sign-in with the mouse goes on from its card with the keys.
func TestTheKeysAreAtASignInThatTheMouseBegan(t *testing.T) {
	s := open(t, "waiting", i18n.English, 1280, 800)
	if b, ok := s.Window.Canvas().Focused().(interface{ MinSize() fyne.Size }); !ok || b != any(button(s.Window.Content(), "Open again")) {
		t.Errorf("the keys are at %T", s.Window.Canvas().Focused())
	}
}

// The keys stay at a button of the assistant or of the product's values while
// something is checked and shown.
func TestTheKeysStayAtAButtonBesideAChange(t *testing.T) {
	s := open(t, "assistant-done", i18n.English, 1280, 800)
	words := func(f fyne.Focusable) string { return strings.Join(ui.OwnText(f.(fyne.CanvasObject)), "") }
	for _, f := range stops(s) {
		if strings.HasPrefix(words(f), "5. ") || strings.HasPrefix(words(f), "6. ") {
			s.Window.Canvas().Focus(f)
			press(s, fyne.KeyReturn) // unfolds it
		}
	}
	tried := map[string]int{}
	for _, f := range stops(s) {
		what := words(f)
		switch {
		case strings.HasPrefix(what, "6. "):
			what = "head"
		case !slices.Contains([]string{"Copy", "Show the values", "Check suitability for this product"}, what):
			continue
		}
		if tried[what]++; tried[what]%5 > 2 { // there are many to copy
			continue
		}
		s.Window.Canvas().Focus(f)
		s.Presenter.CheckProduct()
		if err := s.Until(func(st presenter.State) bool { return st.Product.CanCheck }); err != nil {
			t.Fatal(err)
		}
		if at := s.Window.Canvas().Focused(); at != f || !slices.Contains(stops(s), at) {
			t.Errorf("%q %d has lost the keys", what, tried[what])
		}
	}
	if len(tried) != 4 {
		t.Errorf("tried only %v", tried)
	}
}
