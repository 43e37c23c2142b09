package presenter_test

import (
	"log/slog"
	"slices"
	"strings"
	"testing"

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

// two opens two windows on one book, with the first mailbox.
func two(t *testing.T, saved ...mailbox.Definition) (a, b *scripted.Stage, book *mailbox.Book) {
	t.Helper()
	home := t.TempDir()
	book = mailbox.NewBook(home)
	if err := book.Put(saved...); err != nil {
		t.Fatal(err)
	}
	notes := func() *scripted.Notes {
		return &scripted.Notes{Remembered: presenter.Remembered{Mailbox: saved[0].Name}}
	}
	return beside(t, home, notes()), beside(t, home, notes()), book
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
	notes := ui.NewNotes(home, log)
	c.Book, c.Notes = mailbox.NewBook(home), notes
	s.Presenter = presenter.New(c)
	t.Cleanup(notes.Close)
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
