package presenter_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"mailgrant/app/history"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// What others add, change and remove is there when the user comes back; the
// last one they removed leaves an empty window.
func TestComingBackShowsWhatOthersDid(t *testing.T) {
	a, b, book := two(t, named("Jane"))
	b.Presenter.Rename("Janet")
	until(t, b, func(presenter.State) bool { // the old name goes when its secrets have left it
		b.Presenter.Flush()
		names, _ := book.Names()
		return slices.Equal(names, []string{"Janet"})
	})
	if err := book.Put(named("Adam")); err != nil {
		t.Fatal(err)
	}
	a.Presenter.Reread()
	all(a)
	if st := a.State; !slices.Equal(st.Mailboxes, []string{"Adam", "Janet"}) || st.Name == "Jane" || st.Selected < 0 {
		t.Errorf("%q, selected %q", st.Mailboxes, st.Name)
	}
	if err := errors.Join(book.Remove("Adam"), book.Remove("Janet")); err != nil {
		t.Fatal(err)
	}
	a.Presenter.Reread()
	all(a)
	if st := a.State; st.Welcome == nil || st.Selected != -1 {
		t.Errorf("%+v", st.Mailboxes)
	}
}

// The open mailbox shows what the monitor has found meanwhile.
func TestComingBackShowsWhatWasTested(t *testing.T) {
	past := worked(scripted.Helpdesk().Name)
	s := play(t, func(s *scripted.Stage) {
		s.Engine.Store(scripted.Valid(scripted.Clock), nil)
		s.Past = func(string) []history.Entry { return past }
	}, scripted.Helpdesk())
	until(t, s, func(st presenter.State) bool {
		return st.Test.History != nil && st.Test.History.Line.Mark == presenter.MarkGood
	})
	failed := past[len(past)-1]
	failed.At, failed.Cause = failed.At.Add(10*time.Minute), "mailbox-locked"
	failed.Results = map[mailtest.Protocol]history.Result{mailbox.IMAP: {State: mailtest.Failed, Cause: failed.Cause}}
	past = append(slices.Clone(past), failed)
	s.Presenter.Reread()
	until(t, s, func(st presenter.State) bool { return st.Test.History.Line.Mark == presenter.MarkBad })
}

// What was read before the user saved something is older than what he sees.
func TestWhatWasReadBeforeASaveIsNotShown(t *testing.T) {
	a, _, book := two(t, named("Jane"))
	a.Presenter.Reread()
	a.Presenter.Flush() // read, but not shown yet
	change(a, presenter.FieldTenant, "fabrikam.com")
	want := map[presenter.Field]string{presenter.FieldTenant: "fabrikam.com"}
	wantSaved(t, book, "Jane", want)
	wantForm(t, a, want)
}

// The old name of a mailbox whose secrets are on their way to the new one is no
// mailbox of somebody else.
func TestANameThatIsBeingLeftIsNotNew(t *testing.T) {
	a, _, book := two(t, named("Jane"))
	arrived := make(chan struct{})
	a.Engine.OnCarry = func() { <-arrived }
	a.Presenter.Rename("Janet")
	a.Presenter.Flush()
	if names, _ := book.Names(); !slices.Equal(names, []string{"Jane", "Janet"}) {
		t.Fatalf("the old name does not wait: %q", names)
	}
	a.Presenter.Reread()
	all(a)
	if !slices.Equal(a.State.Mailboxes, []string{"Janet"}) {
		t.Errorf("%q", a.State.Mailboxes)
	}
	close(arrived)
	until(t, a, func(presenter.State) bool {
		a.Presenter.Flush()
		names, _ := book.Names()
		return slices.Equal(names, []string{"Janet"})
	})
}

// A preview and a queue show what they have read; what others did meanwhile is
// there when they are closed.
func TestNothingChangesBelowAPreviewOrAQueue(t *testing.T) {
	for what, begin := range map[string]func(*scripted.Stage){
		"preview": func(s *scripted.Stage) { preview(t, s, "one.json") },
		"queue": func(s *scripted.Stage) {
			until(t, s, func(st presenter.State) bool { return st.Overview.SignIn != "" })
			s.Presenter.ShowQueue()
		},
	} {
		s := playSeveral(t)
		begin(s)
		was := len(s.Presenter.State().Mailboxes)
		if err := s.Book.Put(named("Zoe")); err != nil {
			t.Fatal(err)
		}
		s.Presenter.Reread()
		all(s)
		if st := s.Presenter.State(); len(st.Mailboxes) != was || st.Takeover == nil && st.Queue == nil {
			t.Errorf("%s: %q", what, st.Mailboxes)
		}
		s.Presenter.Cancel()
		all(s)
		if st := s.Presenter.State(); len(st.Mailboxes) != was+1 || st.Takeover != nil || st.Queue != nil {
			t.Errorf("%s, when it is closed: %q", what, st.Mailboxes)
		}
	}
}

// So it is when a preview ends by taking over.
func TestWhatOthersDidIsThereAfterATakeOver(t *testing.T) {
	s := play(t, scripted.Tables, scripted.Helpdesk())
	preview(t, s, "one.json")
	if err := s.Book.Put(named("Zoe")); err != nil {
		t.Fatal(err)
	}
	s.Presenter.TakeOver()
	until(t, s, func(st presenter.State) bool { return st.Takeover == nil })
	all(s)
	if st := s.Presenter.State(); !slices.Equal(st.Mailboxes, []string{"Helpdesk", "Scanner", "Zoe"}) || st.Name != "Scanner" {
		t.Errorf("%q, %q is open", st.Mailboxes, st.Name)
	}
}

// A file that somebody has damaged is told and left as it is.
func TestADamagedFileIsNotOverwritten(t *testing.T) {
	home := t.TempDir()
	if err := mailbox.NewBook(home).Put(named("Jane")); err != nil {
		t.Fatal(err)
	}
	a := beside(t, home, &scripted.Notes{})
	file := filepath.Join(home, "mailboxes", "jane.json")
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	change(a, presenter.FieldTenant, "fabrikam.com")
	if data, _ := os.ReadFile(file); string(data) != "{" || !a.State.Form.Draft || notice(a) == "" {
		t.Errorf("%s, draft %t, %q", data, a.State.Form.Draft, notice(a))
	}
	a.Presenter.Reread()
	all(a)
	if len(a.State.Mailboxes) != 1 {
		t.Errorf("%q", a.State.Mailboxes)
	}
}
