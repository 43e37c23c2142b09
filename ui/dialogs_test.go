package ui_test

import (
	"fmt"
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"mailgrant/internal/i18n"
	"mailgrant/ui"
	"mailgrant/ui/scripted"
)

// Every dialog, in both languages, opened at every size: nothing is cut, nothing
// lies on something else, what one would copy can be selected, Escape closes it.
func TestEveryDialogCanBeReadEverywhere(t *testing.T) {
	speeches := map[i18n.Language]speech{i18n.English: speechOf(i18n.English), i18n.German: speechOf(i18n.German)}
	other := map[i18n.Language]i18n.Language{i18n.English: i18n.German, i18n.German: i18n.English}
	folder, err := os.MkdirTemp("", "m") // that of the test has a long name
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	for name, show := range map[string]func(*ui.View){
		"forget": (*ui.View).ForgetDialog, "explain": (*ui.View).ExplainDialog, "rename": (*ui.View).RenameDialog, "import": (*ui.View).ImportDialog,
		"report": (*ui.View).ReportDialog, "about": (*ui.View).AboutDialog, "life": (*ui.View).LifeDialog, "renewal": (*ui.View).RenewalDialog,
		"round trip": (*ui.View).RoundTripDialog, "language": (*ui.View).LanguageDialog,
	} {
		for _, language := range i18n.Languages {
			t.Run(name+"/"+string(language), func(t *testing.T) {
				s := open(t, "tested-good", language, 1280, 800)
				s.View.SetFolder(folder)
				for _, size := range windowSizes {
					s.Window.Resize(size)
					show(s.View)
					t.Run(fmt.Sprintf("%.0f×%.0f", size.Width, size.Height), func(t *testing.T) { readDialog(t, s, size, speeches[language], speeches[other[language]]) })
					press(s, fyne.KeyEscape)
					if s.Window.Canvas().Overlays().Top() != nil {
						t.Fatal("Escape does not close it")
					}
				}
			})
		}
	}
}

func readDialog(t *testing.T, s *scripted.Stage, size fyne.Size, own, other speech) {
	top := s.Window.Canvas().Overlays().Top()
	if top == nil {
		t.Fatal("nothing opened")
	}
	got := look(top)
	got.check(t, size.Width)
	for _, l := range got.lines {
		if l.at.y+l.at.h > size.Height && l.page == nil {
			t.Errorf("below the window: %q at %s", l.text, l.at)
		}
	}
	quotes := quoted(s.State)
	for _, fact := range s.State.Auth.Life {
		quotes = append(quotes, fact.Value)
	}
	got.checkLanguage(t, own, other, quotes)
	entriesCut(t, top)
	labels(top, func(l *widget.Label) {
		if worthCopying.MatchString(l.Text) && !l.Selectable {
			t.Errorf("cannot be selected: %q", l.Text)
		}
	})
}

// TestExplainWithoutAText says at the field what is missing, and puts the
// cursor there; what is typed takes it away.
func TestExplainWithoutAText(t *testing.T) {
	s := open(t, "valid", i18n.English, 1024, 700)
	s.View.ExplainDialog()
	area := s.Window.Canvas().Focused()
	s.Window.Canvas().Unfocus()
	const need = "First paste the error message here"
	tap(t, s, "Explain")
	if got := overlay(s); !got.has(need) || s.Window.Canvas().Focused() != area {
		t.Fatalf("what is missing is not said, or the cursor is in %T: %q", s.Window.Canvas().Focused(), got.words)
	}
	test.Type(area, "AADSTS700082")
	if overlay(s).has(need) {
		t.Error("it stays")
	}
}
