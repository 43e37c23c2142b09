package presenter_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// A mailbox that somebody else has removed does not come back by itself, but
// what the user has typed is not lost.
func TestWhatOthersRemoveIsGone(t *testing.T) {
	a, _, book := two(t, named("Jane"), named("Paul"))
	if err := book.Remove("Jane"); err != nil {
		t.Fatal(err)
	}
	change(a, presenter.PortOf(mailbox.IMAP), "994")
	if names, _ := book.Names(); !slices.Equal(names, []string{"Paul"}) || a.State.Name != "Jane" {
		t.Fatalf("saved %q, open %q", names, a.State.Name)
	}
	if n := a.State.Notice; n == nil || n.Undo || !n.Bad || !strings.Contains(n.Text, "Jane") {
		t.Fatalf("%+v", n)
	}
	change(a, presenter.PortOf(mailbox.POP3), "996")
	wantSaved(t, book, "Jane", map[presenter.Field]string{presenter.PortOf(mailbox.IMAP): "994", presenter.PortOf(mailbox.POP3): "996"})
}

// Where others remove several, nothing that the user has typed is lost, and what
// he is typing in stays open.
func TestOthersRemoveSeveralThatWereChanged(t *testing.T) {
	a, _, book := two(t, named("Adam"), named("Jane"), named("Paul"), named("Zoe"))
	for i := range 2 {
		a.Presenter.Select(i)
		change(a, presenter.PortOf(mailbox.IMAP), "no port")
	}
	if err := errors.Join(book.Remove("Adam"), book.Remove("Jane"), book.Remove("Paul")); err != nil {
		t.Fatal(err)
	}
	lost := watchLost(a)
	a.Presenter.Reread()
	all(a)
	if st := a.State; len(st.Mailboxes) != 3 || st.Name != "Jane" || *lost || !strings.Contains(notice(a), "Adam, Jane") {
		t.Fatalf("%q, %q is open, lost %t, %q", st.Mailboxes, st.Name, *lost, notice(a))
	}
	if names, _ := book.Names(); !slices.Equal(names, []string{"Zoe"}) {
		t.Errorf("saved by itself: %q", names)
	}
	for i := range 2 {
		a.Presenter.Select(i)
		wantForm(t, a, map[presenter.Field]string{presenter.PortOf(mailbox.IMAP): "no port"})
	}
}

// playOverviewOf opens a window with an overview on a book that others use too.
func playOverviewOf(t *testing.T, saved ...mailbox.Definition) (*scripted.Stage, *mailbox.Book) {
	t.Helper()
	book := mailbox.NewBook(t.TempDir())
	if err := book.Put(saved...); err != nil {
		t.Fatal(err)
	}
	s := scripted.NewStage(i18n.English)
	c := s.Config()
	c.Book = book
	s.Presenter = presenter.New(c)
	t.Cleanup(s.Presenter.Close)
	return s, book
}

// Where others remove what is only looked at, no other mailbox takes its place.
func TestOthersRemoveTheOpenMailbox(t *testing.T) {
	s, book := playOverviewOf(t, named("Adam"), named("Jane"), named("Paul"))
	s.Presenter.Select(1)
	if err := book.Remove("Jane"); err != nil {
		t.Fatal(err)
	}
	s.Presenter.Reread()
	all(s)
	if st := s.State; st.Selected != -1 || st.Overview == nil || st.Notice == nil || !st.Notice.Undo {
		t.Errorf("%q is open, %+v", st.Name, st.Notice)
	}
}

// watchLost tells whether a state was shown in which the open mailbox is gone.
func watchLost(s *scripted.Stage) *bool {
	lost := false
	s.OnRender = func() { lost = lost || s.State.Lost }
	return &lost
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

// What others rename while it is open is open under its new name, and what is being
// typed stays.
func TestTheOpenMailboxIsRenamedElsewhere(t *testing.T) {
	jane := named("Jane")
	jane.Sender, jane.User = "jane@contoso.com", "jane@contoso.com"
	a, _, book := two(t, named("Adam"), jane, named("Paul"))
	a.Presenter.Select(1)
	jane.Name = "Zoe"
	if err := errors.Join(book.Put(jane), book.Remove("Jane")); err != nil {
		t.Fatal(err)
	}
	lost := watchLost(a)
	a.Presenter.Edit(presenter.PortOf(mailbox.IMAP), "994")
	a.Presenter.Reread()
	all(a)
	if st := a.State; st.Name != "Zoe" || *lost || len(st.Mailboxes) != 3 {
		t.Errorf("%q is open of %q; another one is said to be: %t", st.Name, st.Mailboxes, *lost)
	}
	wantForm(t, a, map[presenter.Field]string{presenter.PortOf(mailbox.IMAP): "994"})
}

// The overview of two mailboxes is no overview of the one that is left.
func TestTheOverviewLosesItsMailboxes(t *testing.T) {
	s, book := playOverviewOf(t, named("A"), named("B"))
	if err := book.Remove("B"); err != nil || s.State.Overview == nil {
		t.Fatal(err, s.State.Overview)
	}
	s.Presenter.Reread()
	all(s)
	if st := s.State; st.Overview != nil || st.Name != "A" {
		t.Errorf("%+v", st)
	}
}

// blinking is a book in which a mailbox is not found at one look.
type blinking struct {
	*mailbox.Book
	misses int
}

func (b *blinking) All() ([]*mailbox.Saved, error) {
	all, err := b.Book.All()
	if b.misses--; b.misses == 0 {
		return all[1:], err
	}
	return all, err
}

// A file that is just being replaced is not gone, at whichever look it is not
// there.
func TestOneLookIsNoRemoval(t *testing.T) {
	for at := range 2 {
		home := t.TempDir()
		book := &blinking{Book: mailbox.NewBook(home)}
		if err := book.Put(named("Jane"), named("Paul")); err != nil {
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
