package presenter_test

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/store"
	"mailgrant/mailtest"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// slowDisk makes saving wait for the test. A window that waits with it would
// wait for ever, so this gives up.
func slowDisk(s *scripted.Stage) (arrive chan struct{}) {
	arrive = make(chan struct{})
	s.Book.OnSave = func() error {
		select {
		case <-arrive:
			return nil
		case <-time.After(time.Minute):
			return errors.New("the window waits for the disk")
		}
	}
	return arrive
}

// While a mailbox is on its way to the disk the window answers, and what is
// edited in the meantime is saved after it.
func TestTheWindowAnswersWhileItSaves(t *testing.T) {
	s := playHelpdesk(t)
	arrive := slowDisk(s)
	p := s.Presenter
	p.Edit(presenter.FieldTenant, "fabrikam.com")
	p.Leave(presenter.FieldTenant)
	if form(s, presenter.FieldTenant) != "fabrikam.com" || s.State.Form.Draft {
		t.Errorf("after leaving the field: %+v", s.State.Form)
	}
	p.Edit(presenter.HostOf(mailbox.IMAP), "imap.fabrikam.com")
	p.Leave(presenter.HostOf(mailbox.IMAP))
	p.ShowAssistant(true)
	if !s.State.Assistant.Open || form(s, presenter.HostOf(mailbox.IMAP)) != "imap.fabrikam.com" {
		t.Error("the window does not answer")
	}
	if d, _ := s.Book.Get("Helpdesk"); d.OAuth.Tenant != "contoso.com" {
		t.Error("saved on the window's goroutine")
	}
	close(arrive)
	until(t, s, func(st presenter.State) bool {
		d, _ := s.Book.Get("Helpdesk")
		return d.OAuth.Tenant == "fabrikam.com" && d.Server(mailbox.IMAP).Host == "imap.fabrikam.com" && !st.Form.Draft
	})
	if n := s.State.Notice; n != nil && n.Bad {
		t.Error(n.Text)
	}
}

// A test uses what is saved, so it begins when that is written.
func TestATestWaitsForWhatIsBeingSaved(t *testing.T) {
	s := playValid(t)
	arrive := slowDisk(s)
	begun := make(chan string, 1)
	s.Presenter.Edit(presenter.HostOf(mailbox.IMAP), "imap.contoso.com")
	s.Tests = func(ctx context.Context, c mailtest.Config) iter.Seq[mailtest.Event] {
		begun <- c.Mailbox.Server(mailbox.IMAP).Host
		return scripted.Tests(scripted.AllGood(), nil)(ctx, c)
	}
	s.Presenter.Test()
	if !s.State.Test.Running {
		t.Fatal("the window does not say that the test begins")
	}
	s.Settle()
	if len(begun) != 0 {
		t.Error("the test did not wait")
	}
	close(arrive)
	if host := <-begun; host != "imap.contoso.com" {
		t.Errorf("tested %s", host)
	}
	until(t, s, func(st presenter.State) bool { return !st.Test.Running })
}

// What cannot be written is told, is a draft again, and is tried again.
func TestASaveThatFails(t *testing.T) {
	s := playHelpdesk(t)
	s.Book.OnSave = func() error { return errors.New("disk full") }
	s.Presenter.Edit(presenter.FieldTenant, "fabrikam.com")
	s.Presenter.Leave(presenter.FieldTenant)
	until(t, s, func(st presenter.State) bool { return st.Form.Draft })
	if n := s.State.Notice; n == nil || !n.Bad || !strings.Contains(n.Text, "disk full") {
		t.Fatalf("%+v", n)
	}
	s.Saved()
	if d := s.Notes.Drafts; len(d) != 1 || d[0].Saved != "Helpdesk" || d[0].Form[presenter.FieldTenant] != "fabrikam.com" {
		t.Errorf("what was typed is lost: %+v", d)
	}
	s.Book.OnSave = nil
	s.Presenter.Leave(presenter.FieldTenant)
	s.Saved()
	if d, _ := s.Book.Get("Helpdesk"); d.OAuth.Tenant != "fabrikam.com" || s.State.Form.Draft || len(s.Notes.Drafts) != 0 {
		t.Errorf("saved %+v, drafts %v", d.OAuth, s.Notes.Drafts)
	}
}

// A folder that may not be written is told in the user's words: at the first
// save, and before anything was typed.
func TestAClosedFolderIsTold(t *testing.T) {
	closed := &store.WriteError{Folder: "/srv/mailgrant", Err: fs.ErrPermission}
	s := scripted.NewStage(i18n.German, scripted.Helpdesk())
	c := s.Config()
	c.CheckFolder = func() error { return closed }
	s.Presenter = presenter.New(c)
	t.Cleanup(s.Presenter.Close)
	told := func(begins string) func(presenter.State) bool {
		return func(st presenter.State) bool {
			return st.Notice != nil && st.Notice.Bad && st.Notice.Text == begins+closed.Text(s.Texts)
		}
	}
	until(t, s, told("Mailgrant kann nichts speichern. "))
	s.Presenter.Dismiss()
	s.Book.OnSave = func() error { return closed }
	s.Presenter.Edit(presenter.FieldTenant, "fabrikam.com")
	s.Presenter.Leave(presenter.FieldTenant)
	until(t, s, told("Das ließ sich nicht speichern: "))
}

// A new name that cannot be written leaves everything under the old one.
func TestARenameThatIsNotWritten(t *testing.T) {
	s := play(t, nil, named("A"))
	s.Book.OnSave = func() error { return errors.New("disk full") }
	s.Presenter.Rename("B")
	until(t, s, func(st presenter.State) bool { return st.Form.Draft })
	s.Saved()
	s.Settle()
	if names, _ := s.Book.Names(); !slices.Equal(names, []string{"A"}) || len(s.Engine.Moved()) != 0 {
		t.Errorf("saved %v, moved %v", names, s.Engine.Moved())
	}
	s.Book.OnSave = nil
	s.Presenter.Leave(presenter.FieldName)
	until(t, s, saved(s, "B"))
	if got := s.Engine.Moved(); !slices.Equal(got, []string{"A → B"}) {
		t.Errorf("moved %v", got)
	}
}

// What cannot be removed is in the list again.
func TestADeleteThatFails(t *testing.T) {
	s := play(t, nil, named("A"), named("B"))
	s.Book.OnSave = func() error { return errors.New("in use") }
	s.Presenter.Delete()
	if st := s.State; !slices.Equal(st.Mailboxes, []string{"B"}) {
		t.Errorf("%v", st.Mailboxes)
	}
	until(t, s, func(st presenter.State) bool { return slices.Equal(st.Mailboxes, []string{"A", "B"}) })
	if n := s.State.Notice; n == nil || !n.Bad || n.Undo || !strings.Contains(n.Text, "in use") {
		t.Errorf("%+v", n)
	}
}

// A window that is closed writes everything first, also what was edited while
// something was on its way.
func TestClosingWritesEverything(t *testing.T) {
	s := playHelpdesk(t)
	arrive := slowDisk(s)
	p := s.Presenter
	p.Edit(presenter.FieldTenant, "fabrikam.com")
	p.Leave(presenter.FieldTenant)
	p.Edit(presenter.HostOf(mailbox.IMAP), "imap.fabrikam.com")
	p.Leave(presenter.HostOf(mailbox.IMAP))
	go close(arrive)
	p.Close()
	if d, _ := s.Book.Get("Helpdesk"); d.OAuth.Tenant != "fabrikam.com" || d.Server(mailbox.IMAP).Host != "imap.fabrikam.com" || len(s.Notes.Drafts) != 0 {
		t.Errorf("saved %+v, %s; drafts %v", d.OAuth, d.Server(mailbox.IMAP).Host, s.Notes.Drafts)
	}
}
