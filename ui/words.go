package ui

import (
	"encoding/json"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"mailgrant/internal/i18n"
)

// fyneWords are the toolkit's own words that can be seen here, and where ours for
// them stand.
var fyneWords = map[string]string{
	"Copy": "copy", "Cut": "cut", "Paste": "paste", "Quit": "quit", "Redo": "redo", "Select all": "select-all", "Undo": "undo",
}

// UseWords makes the toolkit speak our language. It follows the system's and
// offers no other way than to register ours under the system's name.
func UseWords(texts *i18n.Texts) error {
	words := map[string]string{}
	for theirs, ours := range fyneWords {
		words[theirs] = texts.Text("ui.fyne." + ours)
	}
	data, err := json.Marshal(words)
	if err != nil {
		return err
	}
	system := string(lang.SystemLocale())
	language, _, _ := strings.Cut(system, "-")
	for _, locale := range []string{"en", string(texts.Language()), language, system} {
		if locale == "" {
			continue
		}
		if err := lang.AddTranslationsForLocale(data, fyne.Locale(locale)); err != nil {
			return err
		}
	}
	return nil
}
