package presenter_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"mailgrant/app/authorization"
	"mailgrant/app/practice"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/tests/practicetest"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// atThePractice is the program's engine with somebody at the browser who signs
// in as one account after the other.
type atThePractice struct {
	*authorization.Manager
	t        *testing.T
	accounts chan string
}

// Open implements oauth.Opener.
func (a atThePractice) Open(_ context.Context, _, start string) (string, error) {
	go func() { _, _ = practice.Visit(a.t.Context(), start, <-a.accounts, nil) }()
	return "test", nil
}

// Request implements presenter.Engine.
func (a atThePractice) Request(ctx context.Context, d mailbox.Definition, o authorization.Options) (authorization.Result, error) {
	o.Opener = a
	return a.Manager.Request(ctx, d, o)
}

// The queue at a real sign-in service: somebody else is refused, and in the end each mailbox has the authorization of its own account.
func TestTheQueueAtThePracticeTenant(t *testing.T) {
	home := t.TempDir()
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(home, "key"))
	tenant := practicetest.Start(t, practice.Options{})
	texts := i18n.For(i18n.English)
	m := authorization.New(home, texts, slog.New(slog.DiscardHandler))
	engine := atThePractice{m, t, make(chan string, 3)}
	for _, account := range []practice.Account{practice.Admin, practice.Helpdesk, practice.Admin} {
		engine.accounts <- account.UPN
	}
	desk := tenant.Definition()
	desk.Name = "A desk"
	boss := desk.Clone()
	boss.Name, boss.Sender, boss.User = "B boss", practice.Admin.UPN, practice.Admin.UPN
	if err := m.Book.Put(desk, boss); err != nil {
		t.Fatal(err)
	}
	s := scripted.NewStage(i18n.English)
	c := s.Config()
	c.Engine, c.Book = engine, m.Book
	c.Practice = &scripted.Practice{} // so that its service is not asked about
	s.Presenter = presenter.New(c)
	t.Cleanup(s.Presenter.Close)
	until(t, s, func(st presenter.State) bool { return st.Overview != nil && strings.Contains(st.Overview.SignIn, "2") })
	s.Presenter.ShowQueue()
	s.Presenter.StartQueue()
	wantTurns(t, s, "A desk not signed in, B boss next")
	if why := s.Presenter.State().Queue.Rows[0][2].Text; !strings.Contains(why, practice.Admin.UPN) {
		t.Errorf("who signed in instead is not told: %q", why)
	}
	if st, err := m.Status(desk); err != nil || st.State != authorization.StateNone {
		t.Errorf("something was stored: %v, %+v", err, st)
	}
	s.Presenter.StartQueue()
	wantTurns(t, s, "A desk signed in, B boss signed in")
	for name, d := range map[string]mailbox.Definition{practice.Helpdesk.UPN: desk, practice.Admin.UPN: boss} {
		if st, err := m.Status(d); err != nil || st.State != authorization.StateValid || st.Account.User != name {
			t.Errorf("%s: %v, %+v", name, err, st)
		}
	}
	s.Presenter.Cancel()
	until(t, s, func(st presenter.State) bool { return st.Overview != nil && st.Overview.SignIn == "" })
}
