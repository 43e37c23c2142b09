package ui_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailgrant/app/authorization"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/ui"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

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
