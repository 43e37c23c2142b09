package ui_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailgrant/internal/i18n"
	"mailgrant/ui"
	"mailgrant/ui/presenter"
)

func TestNotesRememberTheWindow(t *testing.T) {
	home := t.TempDir()
	log := slog.New(slog.DiscardHandler)
	n := ui.NewNotes(home, log)
	if n.Size() != fyne.NewSize(1280, 800) || n.Kept().Mailbox != "" || len(n.LoadDrafts()) != 0 {
		t.Errorf("first start: %v %q", n.Size(), n.Kept().Mailbox)
	}
	n.SetSize(fyne.NewSize(1100, 720))
	n.SetSize(fyne.NewSize(10, 10))
	n.Keep(presenter.Remembered{Mailbox: "A", Language: i18n.German})
	if err := n.SaveDrafts([]presenter.Draft{{Saved: "A", Form: presenter.Form{presenter.FieldSender: "x"}}}); err != nil {
		t.Fatal(err)
	}
	n.Close()
	again := ui.NewNotes(home, log)
	if d := again.LoadDrafts(); again.Size() != fyne.NewSize(1100, 720) || again.Kept().Mailbox != "A" || len(d) != 1 || d[0].Form[presenter.FieldSender] != "x" {
		t.Errorf("again: %v %q %v", again.Size(), again.Kept().Mailbox, d)
	}
	if again.Kept().Language != i18n.German || ui.KeptLanguage(home) != i18n.German || ui.KeptLanguage(t.TempDir()) != "" {
		t.Errorf("the language: %q", again.Kept().Language)
	}
	for range 2 {
		if err := again.SaveDrafts(nil); err != nil {
			t.Error(err)
		}
	}
	if files, _ := filepath.Glob(filepath.Join(home, "*")); len(files) != 2 { // and the drafts' lock
		t.Errorf("files %v", files)
	}
	if err := os.WriteFile(filepath.Join(home, "window.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if n := ui.NewNotes(home, log); n.Size() != fyne.NewSize(1280, 800) {
		t.Errorf("a broken file: %v", n.Size())
	}
	if err := os.WriteFile(filepath.Join(home, "window.json"), []byte(`{"language":"xx"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if l := ui.KeptLanguage(home); l != "" {
		t.Errorf("a language that is none: %q", l)
	}
}

// A window writes only the drafts that it has changed itself.
func TestTwoWindowsKeepTheirDrafts(t *testing.T) {
	home, log := t.TempDir(), slog.New(slog.DiscardHandler)
	draft := func(sender string) presenter.Draft {
		return presenter.Draft{Form: presenter.Form{presenter.FieldSender: sender}}
	}
	a, b := ui.NewNotes(home, log), ui.NewNotes(home, log)
	save := func(n *ui.Notes, senders ...string) {
		var drafts []presenter.Draft
		for _, sender := range senders {
			drafts = append(drafts, draft(sender))
		}
		if err := n.SaveDrafts(drafts); err != nil {
			t.Fatal(err)
		}
	}
	want := func(senders ...string) {
		t.Helper()
		var got []string
		for _, d := range ui.NewNotes(home, log).LoadDrafts() {
			got = append(got, d.Form[presenter.FieldSender])
		}
		if !slices.Equal(got, senders) {
			t.Errorf("kept %q; want %q", got, senders)
		}
	}
	save(a, "x")
	b.LoadDrafts()
	save(b, "x", "y")
	save(a, "x2")
	save(b, "x", "y2")
	want("x2", "y2")
	save(a)
	want("y2")
	save(b)
	want()
}

// What was open is open again at the next start.
func TestOpenPanelsAreRemembered(t *testing.T) {
	home, log := t.TempDir(), slog.New(slog.DiscardHandler)
	n := ui.NewNotes(home, log)
	n.Keep(presenter.Remembered{Panels: presenter.Panels{Assistant: true, More: true}})
	n.Close()
	if got := ui.NewNotes(home, log).Kept().Panels; !got.Assistant || !got.More {
		t.Errorf("from the file: %+v", got)
	}
	s := open(t, "none", i18n.English, 1280, 800)
	if s.View.MoreOpen() {
		t.Fatal("open from the start")
	}
	s.View.TapMore()
	if !s.View.MoreOpen() || !s.Notes.Panels.More {
		t.Errorf("tapped: %+v", s.Notes.Panels)
	}
	s.View.TapMore()
	if s.View.MoreOpen() || s.Notes.Panels.More {
		t.Errorf("tapped again: %+v", s.Notes.Panels)
	}
	s.Notes.Panels.More = true
	again := ui.NewView(test.NewTempWindow(t, nil), s.Texts)
	again.Bind(s.Presenter)
	again.Render(s.Presenter.State())
	if !again.MoreOpen() {
		t.Error("closed at the next start")
	}
}
