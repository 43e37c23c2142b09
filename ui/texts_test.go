package ui_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/lang"

	"mailgrant/internal/i18n"
	"mailgrant/ui"
)

// The texts that are the same in both languages on purpose.
var sameInBoth = []string{
	"ui.choice.authentication.oauth2", "ui.choice.security.starttls", "ui.choice.security.tls",
	"ui.language.de", "ui.language.en", // each language by its own name
	"ui.overview.column.imap", "ui.overview.column.name", "ui.overview.column.pop3", "ui.overview.column.smtp",
	"ui.step.resolve", "ui.step.tls", "ui.test.result", "ui.watch.attempt", "ui.welcome.example",
}

func TestGermanIsGerman(t *testing.T) {
	en, de := i18n.For(i18n.English), i18n.For(i18n.German)
	for _, key := range en.Keys() {
		if strings.HasPrefix(key, "ui.") && en.Text(key) == de.Text(key) && !slices.Contains(sameInBoth, key) {
			t.Errorf("%s is the same in both languages: %q", key, en.Text(key))
		}
	}
}

func TestTypography(t *testing.T) {
	for _, language := range i18n.Languages {
		texts := i18n.For(language)
		for _, key := range texts.Keys() {
			text := texts.Text(key)
			if !strings.HasPrefix(key, "ui.") {
				continue
			}
			if strings.Contains(text, "...") || strings.Contains(text, "  ") || strings.TrimSpace(text) != text {
				t.Errorf("%s %s: %q", language, key, text)
			}
			if strings.Contains(text, `"`) || language == i18n.German && strings.ContainsAny(text, "”’") {
				t.Errorf("%s %s: quotation marks in %q", language, key, text)
			}
		}
	}
}

func TestFormatsOfTimes(t *testing.T) {
	at := time.Date(2026, 2, 3, 4, 5, 0, 0, time.UTC)
	for language, want := range map[i18n.Language]string{i18n.English: "3 Feb 2026, 04:05", i18n.German: "03.02.2026, 04:05 Uhr"} {
		if got := at.Format(i18n.For(language).Text("ui.format.date-time")); got != want {
			t.Errorf("%s: %q; want %q", language, got, want)
		}
	}
}

// The toolkit's own words, in file dialogs and menus.
func TestTheToolkitSpeaksOurLanguage(t *testing.T) {
	for _, system := range []string{"de_DE.UTF-8", "en_US.UTF-8", "fr_FR.UTF-8", "C"} {
		t.Setenv("LC_ALL", system)
		t.Setenv("LANGUAGE", "")
		for _, language := range i18n.Languages {
			texts := i18n.For(language)
			if err := ui.UseWords(texts); err != nil {
				t.Fatal(err)
			}
			for theirs, ours := range ui.FyneWords {
				got := lang.X(theirs, theirs)
				if want := texts.Text("ui.fyne." + ours); got != want {
					t.Errorf("on %s in %s: %q is %q; want %q", system, language, theirs, got, want)
				}
			}
		}
	}
}
