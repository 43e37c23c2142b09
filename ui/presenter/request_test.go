package presenter_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

func TestRequestShowsWhatHappens(t *testing.T) {
	s := playHelpdesk(t)
	begun := steer(s)
	p := s.Presenter
	p.Request()
	r := <-begun
	st := p.State()
	if st.Auth.Waiting == nil || st.Auth.CanRequest || st.Test.CanTest {
		t.Fatalf("not waiting: %+v", st.Auth)
	}
	r.o.OnEvent(oauth.SignInStarted{URL: "http://localhost:1/start/x", Account: r.d.User, Expires: s.Now.Add(15 * time.Minute)})
	r.o.OnEvent(oauth.BrowserStarted{Way: mailbox.SignInPrivateWindow, Browser: "Firefox"})
	until(t, s, func(st presenter.State) bool { return strings.Contains(st.Auth.Waiting.Hint, "Firefox") })
	w := p.State().Auth.Waiting
	if w.Account != "helpdesk@contoso.com" || w.Left != "15:00" || !w.CanOpen {
		t.Errorf("waiting %+v", w)
	}
	if want := []string{mailbox.SignInDefaultBrowser, mailbox.SignInDeviceCode}; !slices.Equal(w.Ways, want) { // for the link there is a button
		t.Errorf("ways %v; want %v", w.Ways, want)
	}
	s.Now = s.Now.Add(61 * time.Second)
	s.Ticks <- s.Now
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting.Left == "13:59" })
	r.o.OnEvent(oauth.BrowserFetched{})
	r.o.OnEvent(oauth.NextWay{Way: mailbox.SignInDefaultBrowser}) // too late: a browser is there
	r.o.OnEvent(oauth.AnswerTaken{})
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting.Checking })
	if w := p.State().Auth.Waiting; w.Way != "" || w.Left != "" || w.CanOpen {
		t.Errorf("while checking: %+v", w)
	}
	s.Engine.Store(scripted.Valid(s.Now), nil)
	r.done <- nil
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting == nil })
	st = p.State()
	if st.Auth.Status.Mark != presenter.MarkGood || st.Auth.Finding != nil || st.Auth.Primary || !st.Test.Primary {
		t.Errorf("in the end: %+v", st.Auth)
	}
	if st.Notice == nil || !strings.Contains(st.Notice.Text, "Signed in as helpdesk@contoso.com") {
		t.Errorf("notice %+v", st.Notice)
	}
}

func TestTheWrongAccountIsRefused(t *testing.T) {
	s := playValid(t)
	begun := signInFails(t, s, scripted.Somebody())
	p := s.Presenter
	st := p.State()
	if st.Auth.Status.Mark != presenter.MarkGood || !strings.Contains(st.Auth.Hint, "from before is kept") {
		t.Errorf("the old authorization: %+v", st.Auth)
	}
	ids := []presenter.ActionID{}
	for _, a := range st.Auth.Finding.Actions {
		ids = append(ids, a.ID)
	}
	if !slices.Equal(ids, []presenter.ActionID{presenter.ActionPrivateWindow, presenter.ActionUseShared, presenter.ActionUseAccount}) || st.Auth.Primary {
		t.Errorf("actions %v, primary %t", ids, st.Auth.Primary)
	}
	p.Act(presenter.ActionPrivateWindow)
	if r := <-begun; r.o.SignIn != mailbox.SignInPrivateWindow || r.d.User != "helpdesk@contoso.com" {
		t.Errorf("again by %q as %q", r.o.SignIn, r.d.User)
	} else {
		r.done <- scripted.Somebody()
	}
	until(t, s, func(st presenter.State) bool { return st.Auth.Finding != nil })
	p.Act(presenter.ActionUseAccount)
	r := <-begun
	if r.d.User != "admin@contoso.com" || r.d.Sender != "helpdesk@contoso.com" {
		t.Errorf("user %q, sender %q", r.d.User, r.d.Sender)
	}
	s.Saved()
	if saved, _ := s.Book.Get("Helpdesk"); saved.User != "admin@contoso.com" || saved.SharedMailbox != "" {
		t.Errorf("saved user %q, shared mailbox %q", saved.User, saved.SharedMailbox)
	}
	r.done <- nil
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting == nil })
	// That may have been wrong: the test says whose inbox it is of.
	if st := tested(t, s, scripted.AllGood()); !strings.Contains(st.Opened.Text, "inbox of admin@contoso.com was opened") || !strings.Contains(st.Opened.Text, "sender is helpdesk@contoso.com") {
		t.Errorf("%+v, %+v", st.Summary, st.Opened)
	}
}

// A personal account has no shared mailbox.
func TestAPersonalMailboxIsNotShared(t *testing.T) {
	d := scripted.Helpdesk()
	d.OAuth.AccountType, d.OAuth.Tenant = mailbox.AccountConsumers, ""
	s := play(t, nil, d)
	signInFails(t, s, scripted.Somebody())
	var ids []presenter.ActionID
	for _, a := range s.Presenter.State().Auth.Finding.Actions {
		ids = append(ids, a.ID)
	}
	if !slices.Equal(ids, []presenter.ActionID{presenter.ActionPrivateWindow, presenter.ActionUseAccount}) {
		t.Errorf("offered: %v", ids)
	}
}

// Somebody who has access to the mailbox opens it as a shared one, so that it is
// this mailbox that is tested.
func TestAnotherAccountOpensTheMailbox(t *testing.T) {
	s := playHelpdesk(t)
	begun := signInFails(t, s, scripted.Somebody())
	s.Presenter.Act(presenter.ActionUseShared)
	r := <-begun
	if r.d.User != "admin@contoso.com" || r.d.SharedMailbox != "helpdesk@contoso.com" || r.d.Sender != "helpdesk@contoso.com" {
		t.Errorf("user %q, shared mailbox %q, sender %q", r.d.User, r.d.SharedMailbox, r.d.Sender)
	}
	r.done <- nil
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting == nil })
	if st := tested(t, s, scripted.AllGood()); !strings.Contains(st.Opened.Text, "admin@contoso.com may send as helpdesk@contoso.com") {
		t.Errorf("%+v", st.Opened)
	}
}

func TestAGuestIsNotOfferedAsUser(t *testing.T) {
	s := playHelpdesk(t)
	signInFails(t, s, &oauth.OtherAccount{Account: oauth.Account{User: "x@fabrikam.com", Guest: true}, Diagnosis: diagnosis.New(diagnosis.CauseTokenForGuestAccount, "", nil)})
	if n := len(s.Presenter.State().Auth.Finding.Actions); n != 1 {
		t.Errorf("%d actions", n)
	}
}

func TestCancelEndsTheSignInAndDropsItsLastWords(t *testing.T) {
	s := playHelpdesk(t)
	begun := steer(s)
	p := s.Presenter
	p.Request()
	r := <-begun
	p.Cancel()
	<-r.ctx.Done()
	if st := p.State(); st.Auth.Waiting != nil || !st.Auth.CanRequest || st.Auth.Finding != nil {
		t.Fatalf("after cancelling: %+v", st.Auth)
	}
	p.Request()
	second := <-begun
	r.o.OnEvent(oauth.SignInStarted{URL: "http://localhost:1/start/old"})
	second.o.OnEvent(oauth.SignInStarted{URL: "http://localhost:1/start/new", Expires: s.Now.Add(time.Minute)})
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting != nil && st.Auth.Waiting.CanOpen })
	p.CopyLink()
	if !slices.Equal(s.Copied, []string{"http://localhost:1/start/new"}) {
		t.Errorf("copied %v: a late event of the old run was taken", s.Copied)
	}
	second.o.OnEvent(oauth.NextWay{Way: mailbox.SignInDeviceCode}) // too late: the user opens the link
	second.o.OnEvent(oauth.SignInStarted{URL: "http://localhost:1/start/new", Expires: s.Now.Add(2 * time.Minute)})
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting.Left == "2:00" })
	if w := p.State().Auth.Waiting; w.Copied != "Link copied. Waiting for you to sign in." || w.Way != "" {
		t.Errorf("after copying: %q, proposed %q", w.Hint, w.Way)
	}
}

func TestOneJobAtATimeForEachMailbox(t *testing.T) {
	s := play(t, nil, named("A"), named("B"))
	begun := steer(s)
	p := s.Presenter
	p.Request()
	first := <-begun
	p.Request()
	p.Test()
	p.Renew()
	p.Forget()
	p.Select(1)
	if st := p.State(); st.Auth.Waiting != nil || !st.Auth.CanRequest {
		t.Errorf("the other mailbox is busy: %+v", st.Auth)
	}
	p.Request()
	second := <-begun
	if second.d.Name != "B" || len(begun) != 0 {
		t.Errorf("%q, and %d more sign-ins", second.d.Name, len(begun))
	}
	first.done <- nil
	second.done <- nil
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting == nil })
	p.Select(0)
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting == nil })
}

func TestPasteReachesTheSignIn(t *testing.T) {
	s := playHelpdesk(t)
	begun := steer(s)
	p := s.Presenter
	p.Request()
	r := <-begun
	p.Paste("")
	p.Paste("AADSTS50011 …")
	if got := <-r.o.Pasted; got != "AADSTS50011 …" {
		t.Errorf("pasted %q", got)
	}
	r.o.OnEvent(oauth.PasteRefused{Reason: diagnosis.New(diagnosis.CauseAnswerNotOurs, "", nil)})
	until(t, s, func(st presenter.State) bool { return strings.Contains(st.Auth.Waiting.PasteNote, "another sign-in") })
	p.Paste("again")
	if p.State().Auth.Waiting.PasteNote != "" {
		t.Error("the note about the old text stays")
	}
	r.done <- diagnosis.New(diagnosis.CauseRedirectURIMismatch, diagnosis.PhaseAuthorize, nil)
	until(t, s, func(st presenter.State) bool { return st.Auth.Finding != nil })
	if p.State().Auth.Finding.Title == "" {
		t.Error("no title")
	}
}

func TestOtherWays(t *testing.T) {
	s := playHelpdesk(t)
	begun := steer(s)
	p := s.Presenter
	p.Request()
	r := <-begun
	r.o.OnEvent(oauth.SignInStarted{URL: "http://localhost:1/start/x", Expires: s.Now.Add(time.Minute)})
	r.o.OnEvent(oauth.NextWay{Way: mailbox.SignInDefaultBrowser})
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting.Way == mailbox.SignInDefaultBrowser })
	p.UseWay(mailbox.SignInDefaultBrowser)
	if got := <-r.o.Again; got != mailbox.SignInDefaultBrowser || p.State().Auth.Waiting.Way != "" {
		t.Errorf("opened by %q", got)
	}
	p.OpenAgain()
	if got := <-r.o.Again; got != mailbox.SignInDefaultBrowser {
		t.Errorf("again by %q", got)
	}
	p.CopyLink()
	if len(s.Copied) != 1 {
		t.Errorf("copied %v", s.Copied)
	}
	p.UseWay(mailbox.SignInDeviceCode)
	<-r.ctx.Done()
	second := <-begun
	if second.o.SignIn != mailbox.SignInDeviceCode {
		t.Errorf("second sign-in by %q", second.o.SignIn)
	}
	second.o.OnEvent(oauth.DeviceCode{UserCode: "ABC", VerificationURI: "https://x", Expires: s.Now.Add(time.Minute)})
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting.Code == "ABC" })
	if w := p.State().Auth.Waiting; w.CanOpen || len(w.Ways) != 0 {
		t.Errorf("waiting for a code: %+v", w)
	}
}

func TestErrorsWithoutAName(t *testing.T) {
	s := playHelpdesk(t)
	signInFails(t, s, errors.New("disk on fire; PASS geheim"))
	f := s.Presenter.State().Auth.Finding
	if !strings.Contains(f.Words, "disk on fire") || strings.Contains(f.Words, "\x1b") {
		t.Errorf("words %q", f.Words)
	}
}

func TestInvalidValuesStopARequest(t *testing.T) {
	s := playHelpdesk(t)
	begun := steer(s)
	s.Presenter.Edit(presenter.FieldClientID, "")
	s.Presenter.Request()
	if len(begun) != 0 || s.Presenter.State().Form.Errors[presenter.FieldClientID] == "" {
		t.Error("the sign-in began")
	}
}

func TestAStoreThatCannotBeRead(t *testing.T) {
	s := play(t, func(s *scripted.Stage) { s.Engine.Store(authorization.Status{}, errors.New("keyring: locked")) }, scripted.Helpdesk())
	until(t, s, func(st presenter.State) bool { return st.Auth.Finding != nil })
	if st := s.Presenter.State().Auth; st.Status.Mark != presenter.MarkBad || !strings.Contains(st.Finding.Words, "locked") {
		t.Errorf("%+v", st)
	}
}

func TestClosingSavesAndCancels(t *testing.T) {
	s := playHelpdesk(t)
	begun := steer(s)
	p := s.Presenter
	p.Request()
	r := <-begun
	p.Edit(presenter.FieldTenant, "fabrikam.com")
	p.Close()
	<-r.ctx.Done()
	s.Saved()
	if saved, _ := s.Book.Get("Helpdesk"); saved.OAuth.Tenant != "fabrikam.com" {
		t.Error("not saved")
	}
}

// Whose answer has come when it is cancelled may be stored all the same: nothing
// else is told, and what is stored shows.
func TestASignInThatIsCancelledTooLate(t *testing.T) {
	s := playHelpdesk(t)
	asked, goOn := make(chan struct{}), make(chan struct{})
	s.Engine.OnRequest = func(ctx context.Context, _ mailbox.Definition, o authorization.Options) (authorization.Result, error) {
		o.OnEvent(oauth.AnswerTaken{})
		close(asked)
		<-ctx.Done()
		<-goOn
		s.Engine.Store(scripted.Valid(s.Now), nil)
		return authorization.Result{}, nil
	}
	s.Presenter.Request()
	<-asked
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting.Checking })
	s.Presenter.Cancel()
	if n := s.Presenter.State().Notice; n == nil || !strings.Contains(n.Text, "cancelled") || strings.Contains(n.Text, "Nothing was stored") {
		t.Errorf("told %+v", n)
	}
	close(goOn)
	until(t, s, func(st presenter.State) bool { return st.Auth.Status.Mark == presenter.MarkGood })
}

func TestTheWaitingPanelSaysOneThingAtATime(t *testing.T) {
	s := playHelpdesk(t)
	begun := steer(s)
	p := s.Presenter
	p.Request()
	r := <-begun
	address := "http://localhost:1/start/x"
	r.o.OnEvent(oauth.SignInStarted{URL: address, Account: r.d.User, Expires: s.Now.Add(15 * time.Minute)})
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting.Address == address })
	if w := p.State().Auth.Waiting; w.Hint == "" || w.Way != "" {
		t.Errorf("while the browser is being opened: %+v", w)
	}
	r.o.OnEvent(oauth.NextWay{Way: mailbox.SignInLink})
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting.Way != "" })
	if w := p.State().Auth.Waiting; w.Hint != "" || w.Address != address {
		t.Errorf("with a proposal: %+v", w)
	}
	r.o.OnEvent(oauth.BrowserFetched{})
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting.Way == "" })
	if w := p.State().Auth.Waiting; w.Hint == "" {
		t.Errorf("once a browser is there: %+v", w)
	}
	r.o.OnEvent(oauth.AnswerTaken{})
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting.Checking && st.Auth.Waiting.Address == "" })
	r.done <- nil
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting == nil })
}

// While somebody signs in, nobody is told to begin a sign-in.
func TestWhatIsStoredGivesWayToASignIn(t *testing.T) {
	s := play(t, func(s *scripted.Stage) { s.Engine.Store(scripted.Refused(scripted.Clock), nil) }, scripted.Helpdesk())
	begun := steer(s)
	until(t, s, func(st presenter.State) bool { return st.Auth.Finding != nil })
	s.Presenter.Request()
	<-begun
	if a := s.Presenter.State().Auth; a.Waiting == nil || a.Finding != nil || a.Status.Mark != presenter.MarkBad {
		t.Errorf("%+v", a)
	}
	s.Presenter.Cancel()
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting == nil && st.Auth.Finding != nil })
}

// What a sign-in came to goes when the values that it was tried with are
// corrected, and stays while only others are.
func TestWhatAFailedSignInCameToGoesWithTheWrongValues(t *testing.T) {
	s := playHelpdesk(t)
	signInFails(t, s, scripted.Somebody())
	s.Presenter.Edit(presenter.PortOf(mailbox.IMAP), "1993")
	s.Presenter.Leave(presenter.PortOf(mailbox.IMAP))
	if s.Presenter.State().Auth.Finding == nil {
		t.Error("it goes with a port")
	}
	s.Settle()
	s.Presenter.Edit(presenter.FieldClientID, "11111111-2222-3333-4444-555555555555")
	s.Presenter.Leave(presenter.FieldClientID)
	until(t, s, func(st presenter.State) bool { return st.Auth.Finding == nil })
}

// A mailbox that was tested is not called untested while it signs in.
func TestASignInLeavesTheHistoryInSight(t *testing.T) {
	s := play(t, func(s *scripted.Stage) { s.Past = scripted.Past }, scripted.Helpdesk())
	until(t, s, func(st presenter.State) bool { return st.Test.History != nil })
	begun := steer(s)
	s.Presenter.Request()
	<-begun
	if st := s.Presenter.State().Test; st.History == nil || st.Hint != "" {
		t.Errorf("%+v", st)
	}
}

// Nobody signs in as the mailbox where an application does.
func TestAnApplicationSignsInAsItself(t *testing.T) {
	d := scripted.Helpdesk()
	d.OAuth.AccountType = mailbox.AccountApplication
	s := play(t, nil, d)
	begun := steer(s)
	s.Presenter.Request()
	(<-begun).done <- nil
	until(t, s, func(st presenter.State) bool { return st.Notice != nil })
	if n := s.Presenter.State().Notice; n.Bad || !strings.Contains(n.Text, "The application has signed in") {
		t.Errorf("%+v", n)
	}
}
