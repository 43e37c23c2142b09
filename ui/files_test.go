package ui_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailgrant/internal/i18n"
	"mailgrant/ui"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

func typeOver(s *scripted.Stage, text string) {
	f := s.Window.Canvas().Focused()
	f.(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
	test.Type(f, text)
}

func overlay(s *scripted.Stage) *seen {
	top := s.Window.Canvas().Overlays().Top()
	if top == nil {
		return &seen{}
	}
	return look(top)
}

func TestExportThenImport(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	dir := t.TempDir()
	s.View.SetFolder(dir)
	s.View.ExportDialog()
	says(t, s, "authorization export") // they are not in the file
	says(t, s, "decides the format: .csv, .json.")
	press(s, fyne.KeyReturn)
	closed(t, s)
	file := filepath.Join(dir, "Helpdesk.json")
	data, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(data), "helpdesk@contoso.com") {
		t.Fatalf("%s, %v", data, err)
	}
	if len(overlay(s).lines) != 0 || s.State.Notice == nil || !strings.Contains(s.State.Notice.Text, "Helpdesk.json") {
		t.Errorf("the dialog stays; notice %+v", s.State.Notice)
	}
	// A file that is there is replaced only when asked twice, in each dialog.
	for range 2 {
		s.View.ExportDialog()
		press(s, fyne.KeyReturn)
		says(t, s, "once more")
		press(s, fyne.KeyReturn)
		closed(t, s)
	}
	s.View.ImportDialog()
	says(t, s, "Helpdesk.json")
	typeOver(s, `"`+file+`"`) // as the Explorer copies paths
	press(s, fyne.KeyReturn)
	if err := s.Until(func(st presenter.State) bool { return st.Takeover != nil && st.Takeover.Busy == "" }); err != nil {
		t.Fatal(err)
	}
	if got := look(s.Window.Content()); !got.has("saved already") || len(overlay(s).lines) != 0 {
		t.Errorf("the preview shows %q", got.words)
	}
}

// Whoever pastes a path behind the folder that stands there means that path.
func TestAPathThatIsPastedBehindTheFolder(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	path := filepath.Join(t.TempDir(), "list.csv")
	for _, pasted := range []string{path, `"` + path + `"`} {
		s.View.SetFolder(t.TempDir())
		s.View.ImportDialog()
		clipboard := test.NewClipboard()
		clipboard.SetContent(pasted)
		at := s.Window.Canvas().Focused()
		at.(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutPaste{Clipboard: clipboard})
		if got, _ := entryText(at.(fyne.CanvasObject)); got != path {
			t.Errorf("%s pasted: %s", pasted, got)
		}
		press(s, fyne.KeyEscape)
	}
}

// A quotation mark that encloses nothing belongs to the name.
func TestANameThatEndsInAQuotationMark(t *testing.T) {
	if filepath.Separator != '/' {
		t.Skip("no name has one")
	}
	s := open(t, "valid", i18n.English, 1280, 800)
	path := filepath.Join(t.TempDir(), `19"`)
	s.View.NewCertificateDialog()
	typeOver(s, path)
	press(s, fyne.KeyReturn)
	written(t, s, path)
}

func TestTheReportIsSaved(t *testing.T) {
	s := open(t, "tested-one-bad", i18n.German, 1280, 800)
	dir := t.TempDir()
	s.View.SetFolder(dir)
	s.View.ReportDialog()
	const formats = "bestimmt das Format: .html, .txt, .json, .csv."
	says(t, s, formats)
	typeOver(s, filepath.Join(dir, "Bericht.pdf"))
	press(s, fyne.KeyReturn)
	wait(t, s, func() bool { return strings.Count(strings.Join(overlay(s).words, "\n"), formats) == 2 }) // now also as what is wrong
	for _, name := range []string{"Bericht.html", "Bericht.txt"} {
		typeOver(s, filepath.Join(dir, name))
		press(s, fyne.KeyReturn)
		closed(t, s)
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !strings.Contains(string(data), "helpdesk@contoso.com") || !strings.Contains(string(data), "SMTP") {
			t.Errorf("%s: %v, %.200s", name, err, data)
		}
		s.View.ReportDialog()
	}
}

// A mistyped folder is not made: the file would be where nobody looks for it.
func TestAMistypedFolderIsToldWhereItWasTyped(t *testing.T) {
	dialogs := map[string]func(*ui.View){"definition.json": (*ui.View).ExportDialog, "report.html": (*ui.View).ReportDialog, "public.cer": (*ui.View).NewCertificateDialog}
	for name, show := range dialogs {
		s := open(t, "tested-one-bad", i18n.German, 1280, 800)
		dir := t.TempDir()
		s.View.SetFolder(dir)
		show(s.View)
		typeOver(s, filepath.Join(dir, "Dokumnete", "2026", name))
		press(s, fyne.KeyReturn)
		says(t, s, "Den Ordner "+filepath.Join(dir, "Dokumnete")+" gibt es nicht.")
		if _, err := os.Stat(filepath.Join(dir, "Dokumnete")); err == nil {
			t.Errorf("%s: the folder was made", name)
		}
		typeOver(s, filepath.Join(dir, name))
		press(s, fyne.KeyReturn)
		written(t, s, filepath.Join(dir, name))
	}
}

func TestAPathThatLeadsNowhere(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	dir := t.TempDir()
	for _, name := range []string{"b", "a", ".hidden"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s.View.SetFolder(dir)
	s.View.ImportDialog()
	says(t, s, "a")
	got := overlay(s)
	if got.has(".hidden") || got.has("notes.txt") {
		t.Errorf("listed: %q", got.words)
	}
	typeOver(s, filepath.Join(dir, "none", "x.json"))
	press(s, fyne.KeyReturn)
	says(t, s, "There is no such folder or file")
	press(s, fyne.KeyEscape)
	if len(overlay(s).lines) != 0 {
		t.Error("Escape does not close it")
	}
}

// Who gives a dialog up has chosen nothing, however slow the disk is: what would
// be done then may be about another mailbox.
func TestADialogThatIsGivenUpTakesNothing(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x.csv"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s.View.SetFolder(dir)
	s.View.ImportDialog()
	says(t, s, "x.csv")
	test.Type(s.Window.Canvas().Focused(), "x.csv")
	press(s, fyne.KeyReturn)
	press(s, fyne.KeyEscape)
	s.Next() // the file is there
	if s.State.Takeover != nil {
		t.Error("it is read all the same")
	}
}

func TestEveryFieldHasAWidget(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	for field := range s.State.Form.Form {
		switch field {
		case "name", "trusted_ca", "oauth.cloud": // renamed in the menu, from a file, part of the provider
			continue
		}
		if s.View.Field(field) == nil {
			t.Errorf("%s cannot be edited", field)
		}
	}
}
