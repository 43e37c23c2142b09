// Package i18n gives every text people read, in German or English.
//
// Texts live in assets/translations/<language>/<area>.json under dotted keys
// that begin with the area. They are whole sentences with named placeholders
// ({host}); callers never join pieces. A key that a language lacks falls back
// to English; the tests of this package demand that none does.
package i18n

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
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

// Pairs are the placeholders name, value, name, value …
func Pairs(pairs ...string) Args {
	args := Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	return args
}

// Texts are the texts of one language, each area read when its first text is
// asked for. The zero value is not usable; see For.
type Texts struct {
	lang  Language
	mu    sync.Mutex
	areas map[string]area
}

// area is one file of texts by their keys.
type area map[string]text

// For returns the texts of a language; an unknown one gives English.
func For(lang Language) *Texts {
	if lang == German {
		return german
	}
	return english
}

var (
	english = &Texts{lang: English, areas: map[string]area{}}
	german  = &Texts{lang: German, areas: map[string]area{}}
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
	found, ok := t.find(key)
	if !ok && t.lang != English {
		found, ok = english.find(key)
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

// Tenths returns a number with one place behind the decimal sign, which is the
// language's own: 1.2 or 1,2.
func (t *Texts) Tenths(number float64) string {
	return strings.Replace(strconv.FormatFloat(number, 'f', 1, 64), ".", t.Text("format.decimal"), 1)
}

// Has reports whether the key exists in this very language.
func (t *Texts) Has(key string) bool { _, ok := t.find(key); return ok }

// Keys returns all keys of this language, unordered.
func (t *Texts) Keys() (keys []string) {
	files, _ := fs.Glob(assets.Translations, t.file("*"))
	for _, file := range files {
		for key := range t.area(strings.TrimSuffix(path.Base(file), ".json")) {
			keys = append(keys, key)
		}
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

func (t *Texts) find(key string) (text, bool) {
	name, _, _ := strings.Cut(key, ".")
	found, ok := t.area(name)[key]
	return found, ok
}

func (t *Texts) file(area string) string {
	return path.Join("translations", string(t.lang), area+".json")
}

// area returns the texts of an area; one that does not exist has none. The
// files are embedded, so an error is a mistake in the build that a test meets.
func (t *Texts) area(name string) area {
	t.mu.Lock()
	defer t.mu.Unlock()
	a, read := t.areas[name]
	if read {
		return a
	}
	data, err := assets.Read(assets.Translations, t.file(name))
	if err == nil {
		err = json.Unmarshal(data, &a)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		panic(fmt.Errorf("i18n: %s: %w", t.file(name), err))
	}
	t.areas[name] = a
	return a
}

// text is a text, or a list of them.
type text []string

func (t *text) UnmarshalJSON(data []byte) error {
	if data[0] == '[' {
		return json.Unmarshal(data, (*[]string)(t))
	}
	*t = make(text, 1)
	return json.Unmarshal(data, &(*t)[0])
}
