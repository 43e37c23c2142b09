package presenter_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"mailgrant/app/authorization"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// saved tells whether exactly these mailboxes are in the book.
func saved(s *scripted.Stage, names ...string) func(presenter.State) bool {
	return func(presenter.State) bool {
		s.Presenter.Flush()
		got, _ := s.Book.Names()
		return slices.Equal(got, names)
	}
}

// At no moment is the mailbox without its secrets: the old definition stays
// until they are sealed under the new name, and nothing uses them before.
func TestARenamedMailboxIsCompleteAtEveryMoment(t *testing.T) {
	arrive := make(chan struct{})
	s := play(t, func(s *scripted.Stage) { s.Engine.OnCarry = func() { <-arrive } }, named("A"))
	begun := steer(s)
	s.Presenter.Rename("B")
	s.Saved()
	if !saved(s, "A", "B")(presenter.State{}) {
		t.Error("the old definition is gone before the secrets came")
	}
	s.Presenter.Request()
	if len(begun) != 0 || len(s.Engine.Moved()) != 0 {
		t.Error("the sign-in did not wait for the secrets")
	}
	close(arrive)
	r := <-begun
	if got := s.Engine.Moved(); !slices.Equal(got, []string{"A → B"}) || r.d.Name != "B" {
		t.Errorf("moved %q, then %s signed in", got, r.d.Name)
	}
	until(t, s, saved(s, "B"))
}

// A test of all waits too, and a sign-in of all applications.
func TestAllWaitForTheSecrets(t *testing.T) {
	app := named("A")
	app.OAuth.AccountType = mailbox.AccountApplication
	arrive := make(chan struct{})
	s := play(t, func(s *scripted.Stage) { s.Engine.OnCarry = func() { <-arrive } }, app, named("B"))
	until(t, s, func(st presenter.State) bool { return st.Standing[0].Text != "" && st.Standing[1].Text != "" })
	begun, tests := steer(s), make(chan string, 2)
	s.Tests = func(ctx context.Context, c mailtest.Config) iter.Seq[mailtest.Event] {
		tests <- c.Mailbox.Name
		return scripted.Tests(scripted.AllGood(), nil)(ctx, c)
	}
	s.Presenter.Rename("C")
	s.Presenter.ShowOverview()
	s.Presenter.TestAll()
	until(t, s, func(st presenter.State) bool { return st.Overview.Progress.Text == "1 of 2 tested" })
	if name := <-tests; name != "B" || len(tests) != 0 {
		t.Errorf("%s is tested, and %d more", name, len(tests))
	}
	s.Presenter.Cancel()
	s.Presenter.ShowQueue()
	s.Presenter.StartQueue()
	if r := <-begun; r.d.Name != "B" || len(begun) != 0 {
		t.Errorf("%s signs in, and %d more", r.d.Name, len(begun))
	}
	close(arrive)
	if r := <-begun; r.d.Name != "C" || len(s.Engine.Moved()) != 1 {
		t.Errorf("%s signs in", r.d.Name)
	}
}

func TestClosingWaitsForTheSecrets(t *testing.T) {
	arrive, begun := make(chan struct{}), make(chan struct{})
	s := play(t, func(s *scripted.Stage) { s.Engine.OnCarry = func() { close(begun); <-arrive } }, named("A"))
	s.Presenter.Rename("B")
	<-begun
	go close(arrive)
	s.Presenter.Close()
	if !saved(s, "B")(presenter.State{}) || len(s.Engine.Moved()) != 1 {
		t.Errorf("moved %q, saved %v", s.Engine.Moved(), s.Book)
	}
}

// What was asked for and is nearly done is done though the window is closed: a
// certificate whose public part is on the disk has its key, a file is whole.
func TestClosingWaitsForWhatIsOnItsWay(t *testing.T) {
	s := play(t, nil, named("A"))
	p := s.Presenter
	arrive, begun := make(chan struct{}), make(chan struct{}, 2)
	p.NewCertificate("public.cer", func([]byte) error { begun <- struct{}{}; <-arrive; return nil })
	written := false
	p.Lasting(func() func() { begun <- struct{}{}; <-arrive; written = true; return func() {} })
	<-begun
	<-begun
	go close(arrive)
	p.Close()
	if s.Engine.Secret(authorization.ClientSecret) == "" || !written {
		t.Errorf("key %t, file %t", s.Engine.Secret(authorization.ClientSecret) != "", written)
	}
}

// A renewal that is cancelled keeps what the answer brings all the same, and what
// is to be deleted is.
func TestClosingWaitsForTheAuthorization(t *testing.T) {
	s := playValid(t)
	begun, kept := make(chan struct{}), false
	s.Engine.OnRefresh = func(ctx context.Context, _ mailbox.Definition) (authorization.Status, error) {
		close(begun)
		<-ctx.Done()
		kept = true
		return authorization.Status{}, ctx.Err()
	}
	s.Presenter.Renew()
	<-begun
	if s.Presenter.Close(); !kept {
		t.Error("the renewal was left alone")
	}
	s = playValid(t)
	s.Presenter.Forget()
	s.Presenter.Close()
	if st, _ := s.Engine.Status(scripted.Helpdesk()); st.State == authorization.StateValid {
		t.Errorf("it is still there: %+v", st)
	}
}

// So does a test of all.
func TestClosingWaitsForTheTestOfAll(t *testing.T) {
	s := playOverview(t, nil, named("A"), named("B"))
	begun, ended := make(chan struct{}, 2), make(chan struct{}, 2)
	s.Tests = func(ctx context.Context, _ mailtest.Config) iter.Seq[mailtest.Event] {
		begun <- struct{}{}
		<-ctx.Done()
		ended <- struct{}{} // what a renewal brings is stored
		return func(func(mailtest.Event) bool) {}
	}
	s.Presenter.TestAll()
	<-begun
	<-begun
	if s.Presenter.Close(); len(ended) != 2 {
		t.Errorf("%d tests have ended", len(ended))
	}
}

// So do sign-ins of applications, all at once.
func TestClosingWaitsForTheApplications(t *testing.T) {
	app := func(name string) mailbox.Definition {
		d := scripted.Named(name)
		d.OAuth.AccountType = mailbox.AccountApplication
		return d
	}
	s, _ := playQueueOf(t, "2", app("A"), app("B"))
	begun, ended := make(chan struct{}, 2), make(chan struct{}, 2)
	s.Engine.OnRequest = func(ctx context.Context, _ mailbox.Definition, _ authorization.Options) (authorization.Result, error) {
		begun <- struct{}{}
		<-ctx.Done()
		ended <- struct{}{} // what came by then is stored
		return authorization.Result{}, ctx.Err()
	}
	s.Presenter.StartQueue()
	<-begun
	<-begun
	if s.Presenter.Close(); len(ended) != 2 {
		t.Errorf("%d sign-ins have ended", len(ended))
	}
}

// A name that was given up may be taken again before the secrets have left it.
func TestANameThatIsTakenAgainStays(t *testing.T) {
	arrive := make(chan struct{})
	s := play(t, func(s *scripted.Stage) { s.Engine.OnCarry = func() { <-arrive } }, named("A"))
	s.Presenter.Rename("B")
	s.Presenter.Rename("A")
	close(arrive)
	until(t, s, func(presenter.State) bool { return len(s.Engine.Moved()) == 2 })
	until(t, s, saved(s, "A"))
	if got := s.Engine.Moved(); !slices.Equal(got, []string{"A → B", "B → A"}) {
		t.Errorf("moved %q", got)
	}
}

// Names that differ in case only are one file: there is nothing to move.
func TestAnotherCaseOfTheNameMovesNothing(t *testing.T) {
	s := play(t, nil, named("Desk"))
	s.Presenter.Rename("DESK")
	until(t, s, settled)
	s.Saved()
	if d, err := s.Book.Get("desk"); err != nil || d.Name != "DESK" || len(s.Engine.Moved()) != 0 {
		t.Errorf("%q, %v, moved %q", d.Name, err, s.Engine.Moved())
	}
}

func TestSecretsThatCannotFollowAreAskedForAgain(t *testing.T) {
	s := play(t, func(s *scripted.Stage) { s.Engine.MoveFails = errors.New("no room") }, named("A"))
	s.Presenter.Rename("C")
	until(t, s, func(st presenter.State) bool { return st.Notice != nil && st.Notice.Bad })
	if text := s.Presenter.State().Notice.Text; !strings.Contains(text, "C") {
		t.Errorf("notice %q", text)
	}
}

// What comes back under another name, because its own was taken meanwhile, has
// its secrets too, and the other mailbox keeps those of that name.
func TestUndoUnderAnotherNameCopiesTheSecrets(t *testing.T) {
	s := play(t, nil, named("A"), named("B"))
	p := s.Presenter
	p.Delete()
	p.Rename("a") // B, which is open now
	p.Undo()
	until(t, s, func(presenter.State) bool { return len(s.Engine.Moved()) == 2 })
	if got := s.Engine.Moved(); !slices.Equal(got, []string{"B → a", "A ⇒ A (2)"}) && !slices.Equal(got, []string{"A ⇒ A (2)", "B → a"}) {
		t.Errorf("carried %q", got)
	}
	until(t, s, saved(s, "a", "A (2)"))
}

func TestUndoUnderItsOwnNameMovesNothing(t *testing.T) {
	s := play(t, func(s *scripted.Stage) { s.Engine.Store(authorization.Status{}, nil) }, named("A"))
	s.Presenter.Delete()
	s.Presenter.Undo()
	until(t, s, settled)
	if got := s.Engine.Moved(); len(got) != 0 {
		t.Errorf("carried %q", got)
	}
}

// The name that is proposed for a draft's renaming is its own, without the mark
// that the list puts behind it.
func TestADraftsNameCarriesNoMark(t *testing.T) {
	s := playValid(t)
	s.Presenter.Edit(presenter.FieldClientID, "no GUID")
	st := s.Presenter.State()
	if shown := st.Mailboxes[st.Selected]; shown == st.Name || !strings.HasPrefix(shown, st.Name) || strings.Contains(st.Name, "–") {
		t.Errorf("the list shows %q, the name is %q", shown, st.Name)
	}
}

// The proxy's password has the user in its place, so a change of the user is
// one of the place too; another change is not.
func TestAnotherUserTakesTheSecretsAlong(t *testing.T) {
	s := play(t, nil, named("A"))
	p := s.Presenter
	for field, value := range map[presenter.Field]string{presenter.FieldSender: "sender@contoso.com", presenter.FieldUser: "user@contoso.com"} {
		p.Edit(field, value)
		p.Leave(field)
	}
	until(t, s, func(presenter.State) bool { return len(s.Engine.Moved()) > 0 })
	p.Edit(presenter.HostOf(mailbox.IMAP), "imap.contoso.com")
	p.Leave(presenter.HostOf(mailbox.IMAP))
	until(t, s, settled)
	for _, moved := range s.Engine.Moved() {
		if moved != "A → A" {
			t.Errorf("moved %q", moved)
		}
	}
	s.Saved()
	if d, err := s.Book.Get("A"); err != nil || d.User != "user@contoso.com" || d.Server(mailbox.IMAP).Host != "imap.contoso.com" || len(s.Engine.Moved()) > 2 {
		t.Errorf("%s at %v, %v, moved %d times", d.User, d.Server(mailbox.IMAP), err, len(s.Engine.Moved()))
	}
}

// A test goes by the name it began with: it finds the password there, and what it
// came to is kept under it.
func TestAMailboxThatIsTestedKeepsItsName(t *testing.T) {
	s := play(t, nil, named("A"), named("B"))
	p := s.Presenter
	s.Tests = func(ctx context.Context, _ mailtest.Config) iter.Seq[mailtest.Event] {
		<-ctx.Done()
		return func(func(mailtest.Event) bool) {}
	}
	for what, begin := range map[string]func(){"test": p.Test, "watch": p.Watch, "test of all": func() { p.ShowOverview(); p.TestAll(); p.Select(0) }} {
		if begin(); !strings.Contains(p.Rename("C"), "“A” is being worked on") || p.State().Name != "A" {
			t.Errorf("%s: it is called %s", what, p.State().Name)
		}
		if p.Cancel(); what == "test of all" {
			p.ShowOverview()
			p.Cancel()
			p.Select(0)
		}
	}
	if why := p.Rename("C"); why != "" {
		t.Errorf("after it: %s", why)
	}
}
