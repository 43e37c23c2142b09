package presenter_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"mailgrant/app/overview"
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
