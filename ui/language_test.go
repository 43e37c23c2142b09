package ui_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailgrant/internal/i18n"
	"mailgrant/ui/scripted"
)

// TestChooseTheLanguage: in the menu, each by its own name, kept, and with when
// it takes effect; in practice nothing could be kept, which is said.
func TestChooseTheLanguage(t *testing.T) {
	s := open(t, "valid", i18n.English, 1024, 700)
	if !s.View.ChooseMenu("Language…") {
		t.Fatal("there is no such line in the menu")
	}
	if got := overlay(s); !got.has("takes effect when Mailgrant is started again") || got.has("--lang") {
		t.Errorf("%q", got.words)
	}
	press(s, fyne.KeyRight) // as the system, German, English
	if s.Notes.Language != i18n.Languages[0] {
		t.Errorf("kept: %q", s.Notes.Language)
	}
	press(s, fyne.KeyLeft)
	if s.Notes.Language != "" {
		t.Errorf("not the system's again: %q", s.Notes.Language)
	}
	press(s, fyne.KeyEscape)
	s.Presenter.Close()
	asked := scripted.NewStage(i18n.English, scripted.Helpdesk())
	asked.Asked = true
	w := test.NewTempWindow(t, nil)
	if err := scripted.Find("valid").Open(asked, func(s *scripted.Stage) { s.Show(w, fyne.NewSize(1024, 700)) }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(asked.Presenter.Close)
	if asked.View.ChooseMenu("Language…"); !overlay(asked).has("started with --lang") {
		t.Error("what holds before the setting is not said")
	}
	practice := open(t, "practice", i18n.English, 1024, 700)
	if practice.View.ChooseMenu("Language…"); !overlay(practice).has("A practice window keeps no settings") || overlay(practice).has("Same as the system") {
		t.Errorf("in practice: %q", overlay(practice).words)
	}
}

// The guide leads to lines that the menu has; the weekly renewal is there on
// Windows alone.
func TestTheGuideNamesLinesOfTheMenu(t *testing.T) {
	for _, language := range i18n.Languages {
		guide, err := os.ReadFile("../docs/guide." + string(language) + ".md")
		if err != nil {
			t.Fatal(err)
		}
		s := open(t, "valid", language, 1024, 700)
		named := regexp.MustCompile(`\*[⋯⋮] > ([^*]+)\*`).FindAllStringSubmatch(string(guide), -1)
		if len(named) < 3 {
			t.Errorf("%s: only %d are named", language, len(named))
		}
		for _, m := range named {
			if !s.View.InMenu(m[1]) && !strings.HasPrefix(i18n.For(language).Text("ui.renewal.menu"), m[1]) {
				t.Errorf("%s: there is no %q", language, m[1])
			}
		}
	}
}
