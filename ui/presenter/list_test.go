package presenter_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

func named(name string) mailbox.Definition {
	d := scripted.Helpdesk()
	d.Name = name
	return d
}

// What is imported into the practice tenant talks to the real service.
func TestInPracticeARealMailboxIsToldAsOne(t *testing.T) {
	s := play(t, func(s *scripted.Stage) { s.Practice = &scripted.Practice{} }, scripted.Helpdesk())
	if !s.Presenter.State().Practice.Real {
		t.Error("it passes for one of the practice tenant")
	}
	s.Presenter.Choose(presenter.FieldAuthority, s.Practice.URL())
	if s.Presenter.State().Practice.Real {
		t.Error("one of the practice tenant passes for real")
	}
}

// A domain with umlauts is written otherwise, and how is known.
func TestADomainWithUmlautsIsWrittenAsItHasToBe(t *testing.T) {
	s := play(t, nil)
	s.Presenter.Create("mailto:desk@müller-söhne.test")
	if st := s.Presenter.State(); st.Welcome != nil || st.Form.Form[presenter.FieldSender] != "desk@xn--mller-shne-kcb9d.test" {
		t.Errorf("%+v, %q", st.Welcome, st.Form.Form[presenter.FieldSender])
	}
}

// A whole list that is pasted belongs into an import.
func TestSeveralAddressesAreToldHowToBeImported(t *testing.T) {
	s := play(t, nil)
	s.Presenter.Create("desk@contoso.com scanner@contoso.com")
	if w := s.Presenter.State().Welcome; w == nil || !strings.Contains(w.Error, "Import") {
		t.Errorf("%+v", w)
	}
}

func TestFirstRunAsksForTheSender(t *testing.T) {
	s := play(t, nil)
	p := s.Presenter
	if st := p.State(); st.Welcome == nil || st.Welcome.CanCancel || st.Selected != -1 {
		t.Fatalf("state %+v", st)
	}
	p.CancelWelcome()
	if p.State().Welcome == nil {
		t.Error("there is nothing to go back to")
	}
	for _, wrong := range []string{"", "helpdesk", "help desk@contoso.com"} {
		p.Create(wrong)
		if st := p.State(); st.Welcome == nil || st.Welcome.Error == "" {
			t.Errorf("%q is accepted", wrong)
		}
	}
	p.Create(" helpdesk@contoso.com ")
	st := p.State()
	if st.Welcome != nil || !st.Form.Draft || !st.Form.Searching {
		t.Fatalf("after the sender: %+v", st)
	}
	until(t, s, func(st presenter.State) bool { return !st.Form.Searching })
	wantForm(t, s, map[presenter.Field]string{
		presenter.FieldSender: "helpdesk@contoso.com", presenter.FieldUser: "helpdesk@contoso.com", presenter.FieldName: "helpdesk@contoso.com",
		presenter.FieldTenant: "8f3a2c61-5d0e-4b7a-9c1f-2e6d4a90b713", presenter.HostOf(mailbox.IMAP): "outlook.office365.com",
	})
	if note := p.State().Form.Notes[presenter.FieldProvider]; !strings.Contains(note, "contoso.com") {
		t.Errorf("note %q", note)
	}
	s.Saved()
	if len(s.Notes.Drafts) != 1 {
		t.Error("the new mailbox is not kept as a draft")
	}
}

func TestAProposalLeavesAloneWhatWasTyped(t *testing.T) {
	s := play(t, nil)
	p := s.Presenter
	p.Create("helpdesk@contoso.com")
	p.Edit(presenter.FieldTenant, "mine.example")
	until(t, s, func(st presenter.State) bool { return !st.Form.Searching })
	wantForm(t, s, map[presenter.Field]string{presenter.FieldTenant: "mine.example"})
}

func TestNothingFoundIsSaid(t *testing.T) {
	s := play(t, nil)
	s.Presenter.Create("a@nowhere.example")
	until(t, s, func(st presenter.State) bool { return !st.Form.Searching })
	if note := s.Presenter.State().Form.Notes[presenter.FieldProvider]; !strings.Contains(note, "Nothing was found about nowhere.example") {
		t.Errorf("note %q", note)
	}
}

func TestSelectRemembersTheLastMailbox(t *testing.T) {
	s := play(t, func(s *scripted.Stage) { s.Notes.Mailbox = "B" }, named("A"), named("B"), named("C"))
	p := s.Presenter
	if st := p.State(); st.Selected != 1 || !slices.Equal(st.Mailboxes, []string{"A", "B", "C"}) {
		t.Fatalf("%d of %v", st.Selected, st.Mailboxes)
	}
	p.Select(2)
	p.Select(7)
	p.Select(-1)
	if s.Notes.Mailbox != "C" || p.State().Selected != 2 {
		t.Errorf("last %q, selected %d", s.Notes.Mailbox, p.State().Selected)
	}
	p.NewMailbox()
	p.CancelWelcome()
	if st := p.State(); st.Welcome != nil || st.Selected != 2 {
		t.Errorf("back at %d", st.Selected)
	}
}

func TestDuplicate(t *testing.T) {
	s := play(t, nil, named("A"))
	s.Presenter.Duplicate()
	s.Presenter.Duplicate()
	if st := s.Presenter.State(); !slices.Equal(st.Mailboxes, []string{"A", "A (2)", "A (2) (2)"}) || st.Selected != 2 {
		t.Errorf("%d of %v", st.Selected, st.Mailboxes)
	}
	s.Saved()
	if names, _ := s.Book.Names(); len(names) != 3 {
		t.Errorf("saved %v", names)
	}
}

func TestDeleteCanBeTakenBack(t *testing.T) {
	s := play(t, nil, named("A"), named("B"))
	p := s.Presenter
	p.Delete()
	st := p.State()
	if !slices.Equal(st.Mailboxes, []string{"B"}) || st.Selected != 0 || st.Notice == nil || !st.Notice.Undo || strings.Contains(st.Notice.Text, "authorization") {
		t.Fatalf("after deleting: %v, %+v", st.Mailboxes, st.Notice)
	}
	s.Saved()
	if names, _ := s.Book.Names(); !slices.Equal(names, []string{"B"}) {
		t.Errorf("saved %v", names)
	}
	p.Undo()
	st = p.State()
	if !slices.Equal(st.Mailboxes, []string{"A", "B"}) || st.Selected != 0 || st.Notice != nil {
		t.Errorf("after undo: %d of %v", st.Selected, st.Mailboxes)
	}
	s.Saved()
	if d, err := s.Book.Get("A"); err != nil || d.Sender != "helpdesk@contoso.com" {
		t.Errorf("saved %+v, %v", d, err)
	}
	p.Undo()
	if len(p.State().Mailboxes) != 2 {
		t.Error("undone twice")
	}
}

// Each of several can be taken back, the last one first, and the notice says
// which one is next.
func TestDeletesAreTakenBackOneAfterAnother(t *testing.T) {
	s := play(t, nil, named("A"), named("B"), named("C"), named("D"))
	p := s.Presenter
	for range 3 {
		p.Delete()
	}
	for _, want := range []struct{ next, list string }{{"C", "C D"}, {"B", "B C D"}, {"A", "A B C D"}} {
		if n := p.State().Notice; n == nil || !n.Undo || !strings.Contains(n.Text, "“"+want.next+"”") {
			t.Fatalf("before %s is taken back: %+v", want.next, n)
		}
		p.Undo()
		if st := p.State(); strings.Join(st.Mailboxes, " ") != want.list || st.Name != want.next {
			t.Errorf("after %s: %q, %s is open", want.next, st.Mailboxes, st.Name)
		}
	}
	if n := p.State().Notice; n != nil {
		t.Errorf("nothing is left, but %q", n.Text)
	}
	s.Saved()
	if names, _ := s.Book.Names(); strings.Join(names, "") != "ABCD" {
		t.Errorf("saved: %q", names)
	}
}

// Other news covers the offer to take a deletion back for as long as it is shown.
func TestUndoOutlastsOtherNews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(t, nil, named("A"), named("B"))
		p := s.Presenter
		wait := func(d time.Duration) {
			time.Sleep(d)
			synctest.Wait()
			all(s)
		}
		p.Delete()
		offer := notice(s)
		if p.CopyText("x"); s.State.Notice.Undo {
			t.Errorf("what was copied is taken back: %q", notice(s))
		}
		if wait(7 * time.Second); notice(s) != offer || !s.State.Notice.Undo {
			t.Errorf("after the other news: %q", notice(s))
		}
		if wait(14 * time.Second); s.State.Notice != nil {
			t.Errorf("after its time: %q", notice(s))
		}
		if p.Undo(); len(p.State().Mailboxes) != 1 {
			t.Errorf("taken back after its time: %q", p.State().Mailboxes)
		}
	})
}

// What was dismissed is not offered with the next.
func TestADismissedDeleteIsNotOfferedAgain(t *testing.T) {
	s := play(t, nil, named("A"), named("B"), named("C"))
	p := s.Presenter
	p.Delete()
	p.Dismiss()
	p.Undo()
	p.Delete()
	p.Undo()
	if st := p.State(); strings.Join(st.Mailboxes, " ") != "B C" || st.Notice != nil {
		t.Errorf("%q, %+v", st.Mailboxes, st.Notice)
	}
}

func TestDeletingTheLastAsksForANewOne(t *testing.T) {
	s := play(t, nil, named("A"))
	s.Presenter.Delete()
	if st := s.Presenter.State(); st.Welcome == nil || st.Selected != -1 {
		t.Errorf("state %+v", st)
	}
	s.Presenter.Undo()
	if st := s.Presenter.State(); st.Welcome != nil || st.Selected != 0 {
		t.Errorf("after undo %+v", st)
	}
}

func TestRename(t *testing.T) {
	s := play(t, nil, named("A"), named("B"))
	p := s.Presenter
	for name, want := range map[string]string{"": "empty", "b": "exists", "a/b": "letters", "NUL": "letters"} {
		if got := p.Rename(name); !strings.Contains(got, want) {
			t.Errorf("Rename(%q) = %q; want %q in it", name, got, want)
		}
	}
	if got := p.Rename("Z"); got != "" {
		t.Fatal(got)
	}
	until(t, s, saved(s, "B", "Z"))
	if got := p.Rename("z"); got != "" {
		t.Errorf("another case of the same name: %s", got)
	}
	s.Saved()
	if names, _ := s.Book.Names(); !slices.Equal(names, []string{"B", "z"}) {
		t.Errorf("saved %v", names)
	}
}

func TestExport(t *testing.T) {
	s := play(t, nil, named("A"))
	p := s.Presenter
	name, export, ok := p.Export()
	if !ok || name != "A.json" || export("A.pdf") != nil {
		t.Fatalf("Export = %q, %t", name, ok)
	}
	for file, begins := range map[string]string{name: "{", "a.CSV": "\ufeffName,Sender,"} {
		if data, err := export(file)(); err != nil || !strings.HasPrefix(string(data), begins) || !strings.Contains(string(data), "helpdesk@contoso.com") {
			t.Errorf("%s: %v, %q", file, err, data)
		}
	}
	p.Edit(presenter.FieldTenant, "")
	if _, _, ok := p.Export(); ok {
		t.Error("a draft was exported")
	}
	if p.State().Form.Errors[presenter.FieldTenant] == "" {
		t.Error("the missing field is not marked")
	}
	p.FileFailed(errors.New("no such file"))
	if n := p.State().Notice; n == nil || !strings.Contains(n.Text, "no such file") {
		t.Errorf("notice %+v", n)
	}
	p.FileWritten("x.json")
	if n := p.State().Notice; n == nil || !strings.Contains(n.Text, "x.json") || n.Bad {
		t.Errorf("notice %+v", n)
	}
	p.Dismiss()
	if p.State().Notice != nil {
		t.Error("the notice stays")
	}
}

func TestFindTenant(t *testing.T) {
	s := playHelpdesk(t)
	p := s.Presenter
	p.FindTenant()
	if !p.State().Form.Searching {
		t.Error("it does not show that it looks")
	}
	until(t, s, func(st presenter.State) bool { return !st.Form.Searching })
	wantForm(t, s, map[presenter.Field]string{presenter.FieldTenant: "8f3a2c61-5d0e-4b7a-9c1f-2e6d4a90b713"})
	p.Edit(presenter.FieldUser, "a@nowhere.example")
	p.FindTenant()
	until(t, s, func(st presenter.State) bool { return !st.Form.Searching })
	if note := p.State().Form.Notes[presenter.FieldTenant]; !strings.Contains(note, "No tenant of nowhere.example") {
		t.Errorf("note %q", note)
	}
	p.Edit(presenter.FieldUser, "")
	p.Edit(presenter.FieldSender, "")
	p.FindTenant()
	if note := p.State().Form.Notes[presenter.FieldTenant]; !strings.Contains(note, "sender first") {
		t.Errorf("note %q", note)
	}
}

// The first page tells what has to be prepared and offers to try it without.
func TestTheFirstPageTellsWhatIsNeeded(t *testing.T) {
	s := play(t, func(s *scripted.Stage) { s.Practises = make(chan struct{}, 1) })
	p := s.Presenter
	if w := p.State().Welcome; !w.CanPractise || !slices.Contains(diagnosis.New("scope-invalid", "", nil).Links, w.Guide) {
		t.Errorf("welcome %+v; is the guide one of our links?", w)
	}
	p.Practise()
	<-s.Practises
	if n := p.State().Notice; n == nil || n.Bad {
		t.Errorf("notice %+v", n)
	}
	s.PractiseFails = errors.New("no such program")
	p.Practise()
	until(t, s, func(st presenter.State) bool {
		return st.Notice.Bad && strings.Contains(st.Notice.Text, "no such program")
	})
}

func TestThePageIsQuietInPracticeAndLater(t *testing.T) {
	s := play(t, func(s *scripted.Stage) { s.Practises, s.Practice = make(chan struct{}, 1), &scripted.Practice{} })
	if w := s.Presenter.State().Welcome; w.CanPractise || w.Guide != "" {
		t.Errorf("in practice: %+v", w)
	}
	s = play(t, func(s *scripted.Stage) { s.Practises = make(chan struct{}, 1) }, named("A"))
	s.Presenter.NewMailbox()
	if w := s.Presenter.State().Welcome; w.CanPractise || w.Guide == "" {
		t.Errorf("for a second mailbox: %+v", w)
	}
}
