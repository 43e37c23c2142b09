// Package i18n gives every text people read, in German or English.
//
// Texts live in assets/translations/<language>/*.json under dotted keys. They
// are whole sentences with named placeholders ({host}); callers never join
// pieces. A key that a language lacks falls back to English; the tests of
// this package demand that none does.
package i18n

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"mailgrant/assets"
	"mailgrant/internal/redact"
)

// Language is a language Mailgrant speaks.
type Language string

// The languages. English is the fallback.
const (
	English Language = "en"
	German  Language = "de"
)

// Languages lists all of them.
var Languages = []Language{English, German}

// Args are the values of a text's named placeholders.
type Args map[string]string

// Texts are the texts of one language. The zero value is not usable; see For.
type Texts struct {
	lang  Language
	texts map[string][]string
}

// For returns the texts of a language; an unknown one gives English.
func For(lang Language) *Texts {
	if lang == German {
		return german()
	}
	return english()
}

var (
	english = sync.OnceValue(func() *Texts { return load(English) })
	german  = sync.OnceValue(func() *Texts { return load(German) })
)

// Match finds the language for a locale name such as "de_AT.UTF-8" or "de-CH".
func Match(locale string) Language {
	if strings.HasPrefix(strings.ToLower(locale), "de") {
		return German
	}
	return English
}

// Language tells whose texts these are.
func (t *Texts) Language() Language { return t.lang }

// Text returns the text under key with its placeholders filled in. A list is
// joined by line breaks. An unknown key returns the key in angle brackets, so
// that it shows in a test and not as an empty place in a window.
func (t *Texts) Text(key string, args ...Args) string {
	return strings.Join(t.List(key, args...), "\n")
}

// List returns the texts of a list, for numbered steps.
func (t *Texts) List(key string, args ...Args) []string {
	found, ok := t.texts[key]
	if !ok && t.lang != English {
		found, ok = english().texts[key]
	}
	if !ok {
		return []string{"⟨" + key + "⟩"}
	}
	out := make([]string, len(found))
	for i, text := range found {
		out[i] = Fill(text, args...)
	}
	return out
}

// Has reports whether the key exists in this very language.
func (t *Texts) Has(key string) bool { _, ok := t.texts[key]; return ok }

// Keys returns all keys of this language, unordered.
func (t *Texts) Keys() []string {
	keys := make([]string, 0, len(t.texts))
	for k := range t.texts {
		keys = append(keys, k)
	}
	return keys
}

// Fill puts values in the place of a text's placeholders.
func Fill(text string, args ...Args) string {
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	var pairs []string
	for _, a := range args {
		for name, value := range a {
			pairs = append(pairs, "{"+name+"}", redact.Visible(value)) // data: it may be a file's or an account's name
		}
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// load reads all files of a language. The files are embedded, so an error is
// a mistake in the build that every test meets at once.
func load(lang Language) *Texts {
	t := &Texts{lang: lang, texts: map[string][]string{}}
	files, err := fs.Glob(assets.Translations, path.Join("translations", string(lang), "*.json"))
	if err != nil {
		panic(fmt.Errorf("i18n: %w", err))
	}
	for _, name := range files {
		data, err := assets.Translations.ReadFile(name)
		if err == nil {
			err = t.add(data)
		}
		if err != nil {
			panic(fmt.Errorf("i18n: %s: %w", name, err))
		}
	}
	return t
}

func (t *Texts) add(data []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	for key, value := range raw {
		if _, twice := t.texts[key]; twice {
			return fmt.Errorf("key %q stands twice", key)
		}
		var list []string
		if err := json.Unmarshal(value, &list); err != nil {
			var one string
			if err := json.Unmarshal(value, &one); err != nil {
				return fmt.Errorf("key %q: %w", key, err)
			}
			list = []string{one}
		}
		t.texts[key] = list
	}
	return nil
}
