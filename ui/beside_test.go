package ui_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// wait runs what is queued until something is so.
func wait(t *testing.T, s *scripted.Stage, so func() bool) {
	t.Helper()
	until(t, s, func(presenter.State) bool { return so() })
}

// says waits for words on the topmost layer.
func says(t *testing.T, s *scripted.Stage, words string) {
	t.Helper()
	wait(t, s, func() bool { return overlay(s).has(words) })
}

// closed waits until no dialog is open.
func closed(t *testing.T, s *scripted.Stage) {
	t.Helper()
	wait(t, s, func() bool { return s.Window.Canvas().Overlays().Top() == nil })
}

// written waits until no dialog is open and a file is there, and closes the
// window. A certificate's file comes when its key is made, which may take longer
// than a window that is closed waits.
func written(t *testing.T, s *scripted.Stage, path string) {
	t.Helper()
	closed(t, s)
	wait(t, s, func() bool { _, err := os.Stat(path); return err == nil })
	s.Presenter.Close()
}

// file makes a file and returns its path.
func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const smtpOff = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox."

func titleOf(s *scripted.Stage, c diagnosis.Cause) string {
	return diagnosis.New(c, "", nil).Render(s.Texts).Title
}

// The window's goroutine neither reads a log nor looks through it: the answer
// comes later, and until then everything works.
func TestALogIsExplainedBesideTheWindow(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	log := file(t, "mail.log", strings.Repeat("2026-11-23 mail fetched\n", 1000)+smtpOff+"\n")
	s.View.ExplainDialog()
	s.View.Drop(log)
	title := titleOf(s, diagnosis.CauseEXOSMTPAuthDisabledMailbox)
	if got := overlay(s); got.has(title) || !got.has("The text is being looked at…") {
		t.Fatalf("explained on the window's goroutine, or not said to be: %q", got.words)
	}
	test.Type(s.Window.Canvas().Focused(), "x")
	if words, _ := entryText(s.Window.Canvas().Focused().(fyne.CanvasObject)); words != "x" {
		t.Errorf("typing is not heard meanwhile: %q", words)
	}
	says(t, s, title)
	if got := overlay(s); got.has("The text is being looked at…") {
		t.Error("it still says that it is busy")
	}
	// A file that is none is told where one looks.
	s.View.Drop(t.TempDir())
	says(t, s, "folder")
	if len(s.State.Mailboxes) != 1 {
		t.Error("a log is taken for mailboxes")
	}
}

// Of several errors the first fills the page: how many there are stands above it,
// and what each is about is not folded.
func TestSeveralErrorsAreSaidToBe(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	s.View.ExplainDialog()
	test.Type(s.Window.Canvas().Focused(), "IMAP: i/o timeout\nPOP3: i/o timeout\nSMTP: "+smtpOff)
	tap(t, s, "Explain")
	says(t, s, titleOf(s, diagnosis.CauseEXOSMTPAuthDisabledMailbox))
	for _, words := range []string{"The text tells of several errors: 2. The most important one comes first.", titleOf(s, diagnosis.CauseServerTimeout), "IMAP: i/o timeout\nPOP3: i/o timeout"} {
		if got := overlay(s); !got.has(words) {
			t.Errorf("%q is not said: %q", words, got.words)
		}
	}
}

// An answer that comes after the dialog was closed, or after something else
// was asked, is nobody's.
func TestALateExplanation(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	s.View.ExplainDialog()
	s.View.Drop(file(t, "mail.log", smtpOff))
	press(s, fyne.KeyEscape)
	s.View.ExplainDialog()
	test.Type(s.Window.Canvas().Focused(), "AADSTS700082")
	tap(t, s, "Explain")
	expired, off := titleOf(s, diagnosis.CauseRefreshTokenExpired), titleOf(s, diagnosis.CauseEXOSMTPAuthDisabledMailbox)
	says(t, s, expired)
	for range 3 {
		s.Settle()
	}
	if overlay(s).has(off) {
		t.Error("it shows the answer to another question")
	}
}

// What is dropped goes to the dialog that is open, and to no other.
func TestWhereADropGoes(t *testing.T) {
	d := scripted.Named("Dropped")
	definition := file(t, "dropped.json", string(d.Format()))
	s := open(t, "valid", i18n.English, 1280, 800)
	s.View.RenameDialog()
	s.View.Drop(definition)
	s.Settle()
	if s.State.Takeover != nil {
		t.Error("it is taken over behind a dialog")
	}
	press(s, fyne.KeyEscape)
	s.View.ExplainDialog()
	press(s, fyne.KeyEscape)
	s.View.ImportDialog()
	s.View.Drop(definition)
	press(s, fyne.KeyReturn)
	wait(t, s, func() bool { return s.State.Takeover != nil && s.State.Takeover.CanDo })
	if at := s.Window.Canvas().Focused(); at != button(s.Window.Content(), "Cancel") {
		t.Errorf("the keys are not at the preview but at %T", at)
	}
	press(s, fyne.KeyReturn)
	s.View.Drop(definition)
	wait(t, s, func() bool { return s.State.Takeover != nil && s.State.Takeover.CanDo })
	s.Presenter.Cancel()
	s.View.Drop(file(t, "mail.LOG", smtpOff))
	says(t, s, titleOf(s, diagnosis.CauseEXOSMTPAuthDisabledMailbox))
	if s.State.Takeover != nil {
		t.Error("a log is taken for mailboxes")
	}
}

// A folder is read beside the window, and once: not for every key.
func TestAFolderIsReadOnce(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "first.json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s.View.SetFolder(dir)
	s.View.ImportDialog()
	if overlay(s).has("first.json") {
		t.Error("read on the window's goroutine")
	}
	says(t, s, "first.json")
	if err := os.WriteFile(filepath.Join(dir, "second.json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	test.Type(s.Window.Canvas().Focused(), "sec")
	for range 3 {
		s.Settle()
	}
	if got := overlay(s); got.has("second.json") || !got.has("first.json") {
		t.Errorf("read again while typing a name: %q", got.words)
	}
	typeOver(s, dir+string(filepath.Separator)+"none"+string(filepath.Separator))
	says(t, s, "There is no such folder or file")
	if overlay(s).has("first.json") {
		t.Error("the files of another folder are listed")
	}
}

// What fails after the dialog was closed is told all the same.
func TestAFileThatCannotBeWrittenIsToldAfterEscape(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	s.View.SetFolder(filepath.Join(file(t, "no-folder", ""), "below"))
	s.View.ExportDialog()
	press(s, fyne.KeyReturn)
	press(s, fyne.KeyEscape)
	wait(t, s, func() bool { return s.State.Notice != nil && s.State.Notice.Bad })
	if !slices.Equal(s.State.Mailboxes, []string{"Helpdesk"}) {
		t.Errorf("%v", s.State.Mailboxes)
	}
}

// Where somebody else removes the mailbox in which the user is typing, the next
// letter, and what a dialog would do, goes into no other mailbox.
func TestNothingIsTypedIntoAnotherMailbox(t *testing.T) {
	for _, during := range []string{"a field", "a dialog"} {
		s := open(t, "valid", i18n.English, 1280, 800)
		jane := scripted.Named("Jane")
		if err := s.Book.Put(jane); err != nil {
			t.Fatal(err)
		}
		s.Presenter.Reread()
		wait(t, s, func() bool { return len(s.State.Mailboxes) == 2 })
		s.Presenter.Select(1)
		s.Window.Canvas().Focus(s.View.Field(presenter.FieldTenant))
		if during == "a dialog" {
			s.View.RenameDialog()
		}
		if err := s.Book.Discard(jane); err != nil {
			t.Fatal(err)
		}
		s.Presenter.Reread()
		wait(t, s, func() bool { return len(s.State.Mailboxes) == 1 })
		if f := s.Window.Canvas().Focused(); f != nil {
			test.Type(f, "x")
			press(s, fyne.KeyReturn)
		}
		s.Saved()
		if d, err := s.Book.Get("Helpdesk"); err != nil || d.OAuth.Tenant != "contoso.com" || s.State.Name != "Helpdesk" || s.State.Form.Form[presenter.FieldTenant] != "contoso.com" {
			t.Errorf("%s: typed into %q: %+v, %v", during, s.State.Name, d.OAuth, err)
		}
		if during == "a dialog" && s.Window.Canvas().Overlays().Top() != nil {
			t.Error("the dialog about another mailbox is still open")
		}
		s.Window.Canvas().Focus(s.View.Field(presenter.FieldTenant))
		typeOver(s, "fabrikam.com")
		s.Window.Canvas().Unfocus()
		s.Saved()
		if d, _ := s.Book.Get("Helpdesk"); d.OAuth.Tenant != "fabrikam.com" {
			t.Errorf("%s: the field hands nothing over any more", during)
		}
	}
}
