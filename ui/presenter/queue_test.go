package presenter_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/policy"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// playQueue opens the queue of the overview: Orders and Sales have no good
// authorization.
func playQueue(t *testing.T) (*scripted.Stage, <-chan *request) {
	t.Helper()
	s := playSeveral(t)
	begun := steer(s)
	until(t, s, func(st presenter.State) bool { return st.Overview.SignIn != "" })
	s.Presenter.ShowQueue()
	return s, begun
}

// turns are how far each mailbox of the queue is.
func turns(s *scripted.Stage) string {
	var all []string
	for _, r := range s.Presenter.State().Queue.Rows {
		all = append(all, r[1].Text+" "+r[0].Text)
	}
	return strings.Join(all, ", ")
}

func wantTurns(t *testing.T, s *scripted.Stage, want string) {
	t.Helper()
	until(t, s, func(st presenter.State) bool { return st.Queue != nil && turns(s) == want })
}

func TestOneAfterAnother(t *testing.T) {
	s, begun := playQueue(t)
	p := s.Presenter
	wantTurns(t, s, "Orders next, Sales waits")
	p.StartQueue()
	first := <-begun
	if first.d.Name != "Orders" || first.o.SignIn != mailbox.SignInPrivateWindow {
		t.Errorf("%s begins in %q", first.d.Name, first.o.SignIn)
	}
	wantTurns(t, s, "Orders signs in, Sales next")
	until(t, s, func(st presenter.State) bool {
		return st.Queue.Waiting != nil && st.Queue.Waiting.Account == "orders@contoso.com"
	})
	first.done <- nil
	wantTurns(t, s, "Orders signed in, Sales signs in")
	second := <-begun
	second.done <- nil
	wantTurns(t, s, "Orders signed in, Sales signed in")
	if st := p.State().Queue; st.Running || st.CanStart || st.CanSkip || !strings.Contains(st.Sum.Text, "All mailboxes are signed in: 2") {
		t.Errorf("%+v", st)
	}
	p.Cancel()
	if p.State().Overview == nil {
		t.Error("it does not lead back to the overview")
	}
}

// What was given without a refresh token needs nobody before it is about to end.
func TestWhatCannotBeRenewedSignsInAgainAtItsEnd(t *testing.T) {
	for left, want := range map[time.Duration]string{time.Hour: "Sign in (1)…", time.Minute: "Sign in (2)…"} {
		s := play(t, func(s *scripted.Stage) {
			scripted.Several(s)
			several := s.Engine.OnStatus
			s.Engine.OnStatus = func(d mailbox.Definition) (authorization.Status, error) {
				st, err := several(d)
				if d.Name == "Sales" {
					why := oauth.NotRenewable(d)
					st.State, st.Renewable, st.EndsIfUnusedBy, st.AccessExpires, st.Diagnosis = authorization.StateValid, false, time.Time{}, scripted.Clock.Add(left), &why
				}
				return st, err
			}
		})
		until(t, s, func(st presenter.State) bool {
			return st.Overview != nil && st.Overview.SignIn == want && !st.Overview.SignsIn
		})
	}
}

// Why a sign-in failed stands in the overview too, not only that there is none.
func TestTheOverviewTellsWhyASignInFailed(t *testing.T) {
	s, begun := playQueue(t)
	s.Presenter.StartQueue()
	(<-begun).done <- diagnosis.New("app-not-found-in-tenant", diagnosis.PhaseToken, nil)
	until(t, s, func(st presenter.State) bool { return !st.Queue.Running })
	s.Presenter.Cancel()
	until(t, s, func(st presenter.State) bool { return st.Overview != nil })
	for _, r := range s.Presenter.State().Overview.Rows {
		if told := r.Cells[7].Text; r.Cells[0].Text == "Orders" && !strings.Contains(told, "application") {
			t.Errorf("Orders: %q", told)
		}
	}
}

// How many have to sign in is told when all have been read.
func TestHowManySignInIsNotGuessed(t *testing.T) {
	gate := make(chan struct{})
	s := play(t, func(s *scripted.Stage) {
		for n := range 20 {
			_ = s.Book.Put(scripted.Named(fmt.Sprintf("Box%02d", n)))
		}
		s.Engine.OnStatus = func(d mailbox.Definition) (authorization.Status, error) {
			if d.Name == "Box19" {
				<-gate
			}
			return authorization.Status{State: authorization.StateNone}, nil
		}
	})
	until(t, s, func(st presenter.State) bool { return st.Standing[0].Text != "" })
	if o := s.Presenter.State().Overview; o.SignIn != "" {
		t.Errorf("while they are read: %s", o.SignIn)
	}
	close(gate)
	until(t, s, func(st presenter.State) bool { return st.Overview.SignIn == "Sign in (20)…" })
}

func TestSomebodyElseIsRefusedAndStaysInTheQueue(t *testing.T) {
	s, begun := playQueue(t)
	s.Presenter.StartQueue()
	(<-begun).done <- scripted.Somebody()
	wantTurns(t, s, "Orders not signed in, Sales next")
	st := s.Presenter.State().Queue
	if why := st.Rows[0][2].Text; !strings.Contains(why, "admin@contoso.com") || st.Running || !st.CanStart || !st.CanSkip || st.Start != "Try again" {
		t.Errorf("%q, %+v", why, st)
	}
	s.Presenter.StartQueue()
	again := <-begun
	if again.d.Name != "Orders" {
		t.Errorf("%s tries again", again.d.Name)
	}
	again.done <- nil
	wantTurns(t, s, "Orders signed in, Sales signs in")
	if next := <-begun; next.d.Name != "Sales" {
		t.Errorf("then %s", next.d.Name)
	}
}

// Why a sign-in failed is told with its remedy, and once: a cause that holds for
// all mailboxes is not repeated in each row.
func TestTheQueueTellsWhatToDoAboutAFailure(t *testing.T) {
	s, begun := playQueue(t)
	p := s.Presenter
	broken := diagnosis.New(diagnosis.CauseStoreKeyUnavailable, "", nil)
	p.StartQueue()
	(<-begun).done <- broken
	wantTurns(t, s, "Orders not signed in, Sales next")
	st := p.State().Queue
	if st.Finding == nil || len(st.Finding.Fix) == 0 || !st.CanStart || !strings.Contains(st.Sum.Text, "Orders is not signed in: “Try again”") {
		t.Fatalf("%+v", st)
	}
	p.SkipTurn()
	(<-begun).done <- broken
	wantTurns(t, s, "Orders skipped, Sales not signed in")
	for _, r := range p.State().Queue.Rows {
		if r[2].Text == st.Finding.Title {
			t.Errorf("%s repeats the cause", r[1].Text)
		}
	}
}

// A host that may not have the token yet is allowed there too.
func TestTheQueueAsksForAHost(t *testing.T) {
	s, begun := playQueue(t)
	p := s.Presenter
	p.StartQueue()
	(<-begun).done <- diagnosis.New(diagnosis.CauseHostNotAllowed, "", i18n.Args{"host": "mail.example.com", "mailbox": "orders@contoso.com"})
	until(t, s, func(st presenter.State) bool { return st.Queue.Finding != nil })
	if st := p.State().Queue; st.CanStart || !st.CanSkip {
		t.Errorf("%+v", st)
	}
	p.Act(presenter.ActionAllowHost + "mail.example.com")
	if r := <-begun; r.d.Name != "Orders" || !slices.Contains(r.o.AllowHosts, "mail.example.com") {
		t.Errorf("%s with %v", r.d.Name, r.o.AllowHosts)
	}
}

func TestSkipStopAndGoOn(t *testing.T) {
	s, begun := playQueue(t)
	p := s.Presenter
	p.StartQueue()
	first := <-begun
	p.SkipTurn()
	second := <-begun
	if first.ctx.Err() == nil || second.d.Name != "Sales" {
		t.Errorf("the skipped sign-in goes on, or %s is next", second.d.Name)
	}
	p.Cancel()
	if second.ctx.Err() == nil || p.State().Queue == nil {
		t.Error("stopping did not end the sign-in, or closed the queue")
	}
	wantTurns(t, s, "Orders skipped, Sales next")
	p.StartQueue()
	third := <-begun
	third.done <- nil
	wantTurns(t, s, "Orders skipped, Sales signed in")
	p.StartQueue() // the skipped one has another turn
	if r := <-begun; r.d.Name != "Orders" {
		t.Errorf("%s has another turn", r.d.Name)
	}
	p.Select(0)
	if st := p.State(); st.Queue != nil || st.Selected != 0 {
		t.Errorf("opening a mailbox does not leave the queue: %+v", st.Queue)
	}
}

// Applications need nobody: all of them sign in at once, with the secret that
// was entered for one.
func TestApplicationsSignInAllAtOnce(t *testing.T) {
	app := func(name string) mailbox.Definition {
		d := scripted.Named(name)
		d.OAuth.AccountType = mailbox.AccountApplication
		return d
	}
	s := play(t, func(s *scripted.Stage) {
		for _, d := range []mailbox.Definition{app("A"), app("B"), app("C"), scripted.Named("U")} {
			_ = s.Book.Put(d)
		}
		_ = s.Engine.SetSecret(app("A"), authorization.ClientSecret, redact.NewSecret("secret"))
	})
	begun := steer(s)
	until(t, s, func(st presenter.State) bool { return strings.Contains(st.Overview.SignIn, "4") })
	s.Presenter.ShowQueue()
	s.Presenter.StartQueue()
	var all []*request
	for range 4 { // none waits for another
		all = append(all, <-begun)
	}
	for _, r := range all {
		want := ""
		if r.d.Name == "U" {
			want = mailbox.SignInPrivateWindow
		}
		if r.o.SignIn != want {
			t.Errorf("%s signs in by %q", r.d.Name, r.o.SignIn)
		}
		r.done <- nil
	}
	until(t, s, func(st presenter.State) bool { return st.Queue.Sum.Mark == presenter.MarkGood })
}

// What keeps many applications from signing in is told once, with its remedy, and
// tried again for all of them at once.
func TestTheQueueTellsOnceWhatManyApplicationsLack(t *testing.T) {
	const missing = diagnosis.CauseConsentMissing
	var all []mailbox.Definition
	for _, name := range []string{"A", "B", "C"} {
		d := scripted.Named(name)
		d.OAuth.AccountType = mailbox.AccountApplication
		all = append(all, d)
	}
	s, begun := playQueueOf(t, "3", all...)
	p := s.Presenter
	p.StartQueue()
	for range all {
		r := <-begun
		cause := missing
		if r.d.Name == "A" {
			cause = diagnosis.CausePortBlocked
		}
		r.done <- diagnosis.New(cause, diagnosis.PhaseToken, nil)
	}
	wantTurns(t, s, "A not signed in, B not signed in, C not signed in")
	st := p.State().Queue
	if st.Finding == nil || st.Finding.Title != title(missing) || len(st.Finding.Fix) == 0 || !strings.Contains(st.Sum.Text, "reason below: 2.") || st.CanSkip || st.Start != "Try again" {
		t.Fatalf("%+v", st)
	}
	for i, more := range []string{title(diagnosis.CausePortBlocked), "application access", "application access"} {
		if got := st.Rows[i][2].Text; got != more {
			t.Errorf("%s: %q", st.Rows[i][1].Text, got)
		}
	}
	p.StartQueue()
	for range all {
		(<-begun).done <- diagnosis.New(diagnosis.CauseHostNotAllowed, "", i18n.Args{"host": "mail.example.com"})
	}
	until(t, s, func(st presenter.State) bool { return !st.Queue.Running && !st.Queue.CanStart })
	p.Act(presenter.ActionAllowHost + "mail.example.com")
	allowed := 0
	for range all {
		r := <-begun
		allowed += len(r.o.AllowHosts)
		r.done <- nil
	}
	if until(t, s, func(st presenter.State) bool { return st.Queue.Sum.Mark == presenter.MarkGood }); allowed != 1 {
		t.Errorf("the host was allowed %d times", allowed)
	}
}

func TestTheQueueKeepsToAllowedWays(t *testing.T) {
	forbid(t, mailbox.SignInDefaultBrowser, mailbox.SignInDeviceCode)
	s, begun := playQueue(t)
	s.Presenter.StartQueue()
	if r := <-begun; r.o.SignIn != "" {
		t.Errorf("forced into %q", r.o.SignIn)
	}
}

func TestDeviceCodeInTheQueue(t *testing.T) {
	s, begun := playQueue(t)
	s.Presenter.StartQueue()
	first := <-begun
	s.Presenter.UseWay(mailbox.SignInDeviceCode)
	if r := <-begun; r.d.Name != "Orders" || r.o.SignIn != mailbox.SignInDeviceCode || first.ctx.Err() == nil {
		t.Errorf("%s by %q", r.d.Name, r.o.SignIn)
	}
}

// forbid leaves only these ways to sign in.
func forbid(t *testing.T, allowed ...string) {
	t.Helper()
	t.Cleanup(policy.Set(policy.Policy{SignInWays: allowed}))
}

// keycloak is a mailbox whose sign-in service is none that Mailgrant knows.
func keycloak(name string) mailbox.Definition {
	d := scripted.Named(name)
	d.OAuth.Provider, d.OAuth.Cloud, d.OAuth.AccountType, d.OAuth.Tenant = mailbox.ProviderCustom, "", "", ""
	d.OAuth.Issuer = "https://login.example.com/realms/mail"
	return d
}

// playQueueOf opens the queue of mailboxes without an authorization, which need
// so many sign-ins.
func playQueueOf(t *testing.T, signIns string, all ...mailbox.Definition) (*scripted.Stage, <-chan *request) {
	t.Helper()
	s := playOverview(t, nil, all...)
	begun := steer(s)
	until(t, s, func(st presenter.State) bool {
		return st.Overview != nil && strings.Contains(st.Overview.SignIn, signIns)
	})
	s.Presenter.ShowQueue()
	return s, begun
}

// A service that is no preset is confirmed in the queue, once for all mailboxes
// that sign in there.
func TestTheQueueAsksForAServiceOnce(t *testing.T) {
	s, begun := playQueueOf(t, "2", keycloak("A"), keycloak("B"))
	p := s.Presenter
	p.StartQueue()
	st := p.State().Queue
	if st.Finding == nil || !strings.Contains(st.Finding.Title, "login.example.com") || st.CanStart || !st.CanSkip {
		t.Fatalf("it does not ask: %+v", st)
	}
	p.Act(presenter.ActionAllowService)
	(<-begun).done <- nil
	wantTurns(t, s, "A signed in, B signs in")
	if r := <-begun; r.d.Name != "B" || p.State().Queue.Finding != nil {
		t.Errorf("%s signs in, %+v", r.d.Name, p.State().Queue.Finding)
	}
}

// Who leaves the queue answers on the mailbox's page.
func TestTheQuestionOfTheQueueIsOnTheMailboxsPageToo(t *testing.T) {
	s, begun := playQueueOf(t, "2", keycloak("A"), keycloak("B"))
	p := s.Presenter
	p.StartQueue()
	p.Select(0)
	if f := p.State().Auth.Finding; f == nil || !strings.Contains(f.Title, "login.example.com") {
		t.Fatalf("the question is not on the page: %+v", f)
	}
	p.Act(presenter.ActionAllowService)
	if r := <-begun; r.d.Name != "A" || r.o.SignIn != "" {
		t.Errorf("%s signs in by %q", r.d.Name, r.o.SignIn)
	}
}

// Mailboxes that share an authorization are signed in together.
func TestTheQueueAsksAnAccountOnce(t *testing.T) {
	shared := func(name string) mailbox.Definition {
		d := scripted.Named(name)
		d.SharedMailbox, d.User, d.Sender = name+"@contoso.com", "svc@contoso.com", name+"@contoso.com"
		return d
	}
	s, begun := playQueueOf(t, "2", shared("a"), scripted.Named("b"), shared("c"))
	p := s.Presenter
	if sum := p.State().Queue.Sum.Text; !strings.Contains(sum, "authorization: 3") || !strings.Contains(sum, "needed: 2") {
		t.Errorf("it counts %q", sum)
	}
	p.StartQueue()
	(<-begun).done <- nil
	wantTurns(t, s, "a signed in, c signed in, b signs in")
	(<-begun).done <- nil
	until(t, s, func(st presenter.State) bool { return st.Queue.Sum.Mark == presenter.MarkGood })
}

// What failed before is told nowhere once an application has signed in.
func TestAnApplicationThatSignsInAtLastTellsNoFailure(t *testing.T) {
	d := scripted.Named("A")
	d.OAuth.AccountType = mailbox.AccountApplication
	s, begun := playQueueOf(t, "2", d, scripted.Named("B"))
	s.Presenter.StartQueue()
	for range 2 {
		(<-begun).done <- diagnosis.New(diagnosis.CauseConsentMissing, diagnosis.PhaseToken, nil)
	}
	wantTurns(t, s, "A not signed in, B not signed in")
	s.Presenter.StartQueue()
	for range 2 {
		(<-begun).done <- nil
	}
	wantTurns(t, s, "A signed in, B signed in")
	s.Presenter.Select(0)
	if f := s.Presenter.State().Auth.Finding; f != nil {
		t.Errorf("%+v", f)
	}
}

// What an application proves itself by goes to nobody unknown without a question.
func TestTheQueueAsksForTheServiceOfAnApplication(t *testing.T) {
	var all []mailbox.Definition
	for _, name := range []string{"A", "B"} {
		d := scripted.Named(name)
		d.OAuth.AccountType, d.OAuth.Authority = mailbox.AccountApplication, "https://login.example.com"
		all = append(all, d)
	}
	s, begun := playQueueOf(t, "2", all...)
	p := s.Presenter
	p.StartQueue()
	st := p.State().Queue
	if st.Finding == nil || !strings.Contains(st.Finding.Title, "login.example.com") || st.Running {
		t.Fatalf("it does not ask: %+v", st)
	}
	p.Act(presenter.ActionAllowService)
	(<-begun).done <- nil
	(<-begun).done <- nil
	wantTurns(t, s, "A signed in, B signed in")
}
