package presenter_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailgrant/app/overview"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/ui"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// beside opens a window on a book that others use too.
func beside(t *testing.T, home string, notes *scripted.Notes) *scripted.Stage {
	t.Helper()
	s := scripted.NewStage(i18n.English)
	c := s.Config()
	c.Book, c.Notes = mailbox.NewBook(home), notes
	s.Presenter = presenter.New(c)
	t.Cleanup(s.Presenter.Close)
	return s
}

// two opens two windows on one book.
func two(t *testing.T, saved ...mailbox.Definition) (a, b *scripted.Stage, book *mailbox.Book) {
	t.Helper()
	home := t.TempDir()
	book = mailbox.NewBook(home)
	if err := book.PutAll(saved); err != nil {
		t.Fatal(err)
	}
	return beside(t, home, &scripted.Notes{}), beside(t, home, &scripted.Notes{}), book
}

func change(s *scripted.Stage, field presenter.Field, value string) {
	s.Presenter.Edit(field, value)
	s.Presenter.Leave(field)
	all(s)
}

// all waits until everything is saved, also what had to be read anew first.
func all(s *scripted.Stage) {
	for range 6 {
		s.Saved()
	}
}

func wantSaved(t *testing.T, book *mailbox.Book, name string, want map[presenter.Field]string) {
	t.Helper()
	d, err := book.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	for field, value := range want {
		if got := d.Fields()[string(field)]; got != value {
			t.Errorf("saved %s = %q; want %q", field, got, value)
		}
	}
}

func notice(s *scripted.Stage) string {
	if n := s.Presenter.State().Notice; n != nil {
		return n.Text
	}
	return ""
}

// What another window has changed in the same mailbox stays, and is told.
func TestTwoWindowsChangeOneMailbox(t *testing.T) {
	a, b, book := two(t, named("Jane"))
	change(b, presenter.FieldTenant, "fabrikam.com")
	change(a, presenter.PortOf(mailbox.IMAP), "994")
	want := map[presenter.Field]string{presenter.FieldTenant: "fabrikam.com", presenter.PortOf(mailbox.IMAP): "994"}
	wantSaved(t, book, "Jane", want)
	wantForm(t, a, want)
	if a.State.Form.Draft || !strings.Contains(notice(a), "changed elsewhere too") {
		t.Errorf("draft %t, %q", a.State.Form.Draft, notice(a))
	}
	b.Presenter.Reread() // the user comes back to it
	all(b)
	wantForm(t, b, want)
	if notice(b) != "" {
		t.Errorf("b has changed nothing since, and is told %q", notice(b))
	}
}

// The same value: that of the user counts, and the other one is told at it.
func TestTwoWindowsChangeOneValue(t *testing.T) {
	a, b, book := two(t, named("Jane"))
	change(b, presenter.FieldTenant, "fabrikam.com")
	change(a, presenter.FieldTenant, "tailspin.com")
	wantSaved(t, book, "Jane", map[presenter.Field]string{presenter.FieldTenant: "tailspin.com"})
	if note := a.State.Form.Notes[presenter.FieldTenant]; !strings.Contains(note, "fabrikam.com") || notice(a) == "" {
		t.Errorf("note %q, notice %q", note, notice(a))
	}
}

// A mailbox that somebody else has removed does not come back by itself, but
// what the user has typed is not lost.
func TestWhatOthersRemoveIsGone(t *testing.T) {
	a, _, book := two(t, named("Jane"), named("Paul"))
	if err := book.Remove("Jane"); err != nil {
		t.Fatal(err)
	}
	change(a, presenter.PortOf(mailbox.IMAP), "994")
	if names, _ := book.Names(); !slices.Equal(names, []string{"Paul"}) || !slices.Equal(a.State.Mailboxes, names) || a.State.Selected != 0 {
		t.Fatalf("saved %q, shown %q", names, a.State.Mailboxes)
	}
	if n := a.State.Notice; n == nil || !n.Undo || !n.Bad || !strings.Contains(n.Text, "Jane") {
		t.Fatalf("%+v", n)
	}
	a.Presenter.Undo()
	all(a)
	wantSaved(t, book, "Jane", map[presenter.Field]string{presenter.PortOf(mailbox.IMAP): "994"})
}

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

// Of several that others remove, nothing that the user has typed is lost.
func TestOthersRemoveSeveralThatWereChanged(t *testing.T) {
	a, _, book := two(t, named("Adam"), named("Jane"), named("Paul"), named("Zoe"))
	for i := range 2 {
		a.Presenter.Select(i)
		change(a, presenter.PortOf(mailbox.IMAP), "no port")
	}
	if err := errors.Join(book.Remove("Adam"), book.Remove("Jane"), book.Remove("Paul")); err != nil {
		t.Fatal(err)
	}
	a.Presenter.Reread()
	all(a)
	if st := a.State; len(st.Mailboxes) != 2 || !strings.HasPrefix(st.Mailboxes[0], "Adam – ") || st.Name != "Zoe" || !strings.Contains(notice(a), "Jane") {
		t.Fatalf("%q, %q is open, %q", st.Mailboxes, st.Name, notice(a))
	}
	if names, _ := book.Names(); !slices.Equal(names, []string{"Zoe"}) {
		t.Errorf("saved by itself: %q", names)
	}
	typed := map[presenter.Field]string{presenter.PortOf(mailbox.IMAP): "no port"}
	a.Presenter.Undo()
	all(a)
	if a.State.Name != "Jane" {
		t.Errorf("%q is back", a.State.Name)
	}
	wantForm(t, a, typed)
	a.Presenter.Select(0)
	wantForm(t, a, typed)
}

// What the user has deleted himself can be brought back, although somebody else
// removes another one.
func TestUndoIsOfWhatWasDeletedHere(t *testing.T) {
	a, _, book := two(t, named("Adam"), named("Jane"), named("Paul"))
	a.Presenter.Delete()
	if err := book.Remove("Jane"); err != nil {
		t.Fatal(err)
	}
	a.Presenter.Reread()
	all(a)
	if n := a.State.Notice; n == nil || !n.Undo || !strings.Contains(n.Text, "Adam") {
		t.Errorf("%+v", n)
	}
	a.Presenter.Undo()
	all(a)
	if names, _ := book.Names(); !slices.Equal(names, []string{"Adam", "Paul"}) || !slices.Equal(a.State.Mailboxes, names) {
		t.Errorf("saved %q, shown %q", names, a.State.Mailboxes)
	}
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

// blinking is a book in which a mailbox is not found at one look.
type blinking struct {
	*mailbox.Book
	misses int
}

func (b *blinking) Names() ([]string, error) {
	names, err := b.Book.Names()
	if b.misses--; b.misses == 0 {
		return names[1:], err
	}
	return names, err
}

// A file that is just being replaced is not gone, at whichever look it is not
// there.
func TestOneLookIsNoRemoval(t *testing.T) {
	for at := range 2 {
		home := t.TempDir()
		book := &blinking{Book: mailbox.NewBook(home)}
		if err := book.PutAll([]mailbox.Definition{named("Jane"), named("Paul")}); err != nil {
			t.Fatal(err)
		}
		s := scripted.NewStage(i18n.English)
		c := s.Config()
		c.Book = book
		s.Presenter = presenter.New(c)
		t.Cleanup(s.Presenter.Close)
		left := []string{"Jane", "Paul"}
		if at == 1 { // the second look is only for another one that is gone
			if err := book.Remove("Paul"); err != nil {
				t.Fatal(err)
			}
			left = left[:1]
		}
		book.misses = at + 1
		s.Presenter.Reread()
		all(s)
		if !slices.Equal(s.State.Mailboxes, left) || s.State.Notice != nil && strings.Contains(notice(s), "Jane") {
			t.Errorf("at look %d: %q, %q", at+1, s.State.Mailboxes, notice(s))
		}
		if book.misses > 0 {
			t.Errorf("there was no look %d", at+1)
		}
	}
}

// What others rename while it is open is open under its new name.
func TestTheOpenMailboxIsRenamedElsewhere(t *testing.T) {
	jane := named("Jane")
	jane.Sender, jane.User = "jane@contoso.com", "jane@contoso.com"
	a, _, book := two(t, named("Adam"), jane, named("Paul"))
	a.Presenter.Select(1)
	jane.Name = "Zoe"
	if err := errors.Join(book.Put(jane), book.Remove("Jane")); err != nil {
		t.Fatal(err)
	}
	lost := 0
	a.OnRender = func() {
		if a.State.Lost {
			lost++
		}
	}
	a.Presenter.Reread()
	all(a)
	if st := a.State; st.Name != "Zoe" || lost != 1 {
		t.Errorf("%q is open; told %d times that another one is", st.Name, lost)
	}
}

// The overview of two mailboxes is no overview of the one that is left.
func TestTheOverviewLosesItsMailboxes(t *testing.T) {
	home := t.TempDir()
	book := mailbox.NewBook(home)
	if err := book.PutAll([]mailbox.Definition{named("A"), named("B")}); err != nil {
		t.Fatal(err)
	}
	s := scripted.NewStage(i18n.English)
	c := s.Config()
	c.Book, c.Row = book, func(d mailbox.Definition) *overview.Row { return &overview.Row{Definition: d} }
	s.Presenter = presenter.New(c)
	t.Cleanup(s.Presenter.Close)
	if err := book.Remove("B"); err != nil || s.State.Overview == nil {
		t.Fatal(err, s.State.Overview)
	}
	s.Presenter.Reread()
	all(s)
	if st := s.State; st.Overview != nil || st.Name != "A" {
		t.Errorf("%+v", st)
	}
}

// Neither a deletion nor a new name goes over what somebody else has saved.
func TestDeletingAndRenamingSpareOthers(t *testing.T) {
	a, b, book := two(t, named("Jane"))
	change(b, presenter.FieldTenant, "fabrikam.com")
	a.Presenter.Delete()
	all(a)
	if names, _ := book.Names(); !slices.Equal(names, []string{"Jane"}) || !slices.Equal(a.State.Mailboxes, names) || !strings.Contains(notice(a), "not deleted") {
		t.Errorf("saved %q, %q, shown %q", names, notice(a), a.State.Mailboxes)
	}
	a.Presenter.Select(0)
	wantForm(t, a, map[presenter.Field]string{presenter.FieldTenant: "fabrikam.com"})
	paul := named("Paul")
	paul.Sender = "paul@contoso.com"
	if err := book.Put(paul); err != nil {
		t.Fatal(err)
	}
	a.Presenter.Rename("Paul")
	until(t, a, func(presenter.State) bool {
		all(a)
		names, _ := book.Names()
		return slices.Equal(names, []string{"Paul", "Paul (2)"})
	})
	wantSaved(t, book, "Paul", map[presenter.Field]string{presenter.FieldSender: "paul@contoso.com"})
}

// What was half typed when the window was closed is put over what is saved at
// the next start.
func TestADraftIsPutOverWhatOthersSaved(t *testing.T) {
	home := t.TempDir()
	book := mailbox.NewBook(home)
	if err := book.Put(named("Jane")); err != nil {
		t.Fatal(err)
	}
	notes := &scripted.Notes{}
	a := beside(t, home, notes)
	change(a, presenter.PortOf(mailbox.IMAP), "no port")
	a.Presenter.Close()
	change(beside(t, home, &scripted.Notes{}), presenter.FieldTenant, "fabrikam.com")
	again := beside(t, home, notes)
	wantForm(t, again, map[presenter.Field]string{presenter.FieldTenant: "fabrikam.com", presenter.PortOf(mailbox.IMAP): "no port"})
	change(again, presenter.PortOf(mailbox.IMAP), "994")
	wantSaved(t, book, "Jane", map[presenter.Field]string{presenter.FieldTenant: "fabrikam.com", presenter.PortOf(mailbox.IMAP): "994"})
}

// A new mailbox is one draft however often it is left, and none when it is
// complete.
func TestANewMailboxIsOneDraft(t *testing.T) {
	home, log := t.TempDir(), slog.New(slog.DiscardHandler)
	s := scripted.NewStage(i18n.English)
	c := s.Config()
	c.Book, c.Notes = mailbox.NewBook(home), ui.NewNotes(home, log)
	s.Presenter = presenter.New(c)
	t.Cleanup(s.Presenter.Close)
	kept := func(want int) {
		t.Helper()
		all(s)
		if got := ui.NewNotes(home, log).LoadDrafts(); len(got) != want {
			t.Errorf("%d drafts are kept; want %d", len(got), want)
		}
	}
	s.Presenter.Create("jane@contoso.com")
	change(s, presenter.PortOf(mailbox.IMAP), "no port")
	change(s, presenter.PortOf(mailbox.IMAP), "still none")
	kept(1)
	change(s, presenter.PortOf(mailbox.IMAP), "993")
	change(s, presenter.FieldTenant, "contoso.com")
	change(s, presenter.FieldClientID, scripted.Helpdesk().OAuth.ClientID)
	if s.State.Form.Draft {
		t.Fatalf("not complete: %+v", s.State.Form)
	}
	kept(0)
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
