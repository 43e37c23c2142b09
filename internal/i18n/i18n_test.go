package i18n

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mailgrant/assets"
)

var placeholder = regexp.MustCompile(`\{[a-z_-]+\}`)

func TestLanguagesHaveTheSameKeysAndPlaceholders(t *testing.T) {
	en, de := For(English), For(German)
	for _, key := range en.Keys() {
		if !de.Has(key) {
			t.Errorf("%s: missing in German", key)
			continue
		}
		if len(en.List(key)) == 0 || strings.TrimSpace(en.Text(key)) == "" || strings.TrimSpace(de.Text(key)) == "" {
			t.Errorf("%s: empty", key)
		}
		if a, b := names(en.Text(key)), names(de.Text(key)); !slices.Equal(a, b) {
			t.Errorf("%s: placeholders differ: %v and %v", key, a, b)
		}
		if strings.Contains(en.Text(key), "’") {
			t.Errorf("%s: an apostrophe is ' in English: %q", key, en.Text(key))
		}
	}
	for _, key := range de.Keys() {
		if !en.Has(key) {
			t.Errorf("%s: missing in English", key)
		}
	}
}

// A key in the file of another area would not be found, and one that stands
// twice would hide a text.
func TestKeysStandOnceInTheFileOfTheirArea(t *testing.T) {
	for _, lang := range Languages {
		files, err := fs.Glob(assets.Translations, For(lang).file("*"))
		if err != nil || len(files) == 0 {
			t.Fatal(err)
		}
		for _, file := range files {
			data, _ := assets.Translations.ReadFile(file)
			seen := map[string]bool{}
			for _, m := range regexp.MustCompile(`(?m)^  "([^"]+)": `).FindAllStringSubmatch(string(data), -1) {
				if name, _, _ := strings.Cut(m[1], "."); name+".json" != path.Base(file) || seen[m[1]] {
					t.Errorf("%s: %s stands twice or elsewhere", file, m[1])
				}
				seen[m[1]] = true
			}
			if name := strings.TrimSuffix(path.Base(file), ".json"); len(seen) != len(For(lang).area(name)) {
				t.Errorf("%s: %d keys at the beginning of a line, %d in all", file, len(seen), len(For(lang).area(name)))
			}
		}
	}
}

func names(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestPlaceholders(t *testing.T) {
	texts := &Texts{lang: English, areas: map[string]area{"a": {"a.k": {"to {host} at {port}", "{host}"}}}}
	if got := texts.Text("a.k", Args{"host": "{port}", "port": "25"}); got != "to {port} at 25\n{port}" {
		t.Errorf("Text = %q: a value must not be read as a placeholder", got)
	}
	if got := texts.Text("none"); !strings.Contains(got, "none") {
		t.Errorf("an unknown key gives %q", got)
	}
}

func TestMatch(t *testing.T) {
	for locale, want := range map[string]Language{
		"de_DE.UTF-8": German, "de-CH": German, "DE": German, "en_GB": English, "fr_FR": English, "": English, "C": English,
	} {
		if got := Match(locale); got != want {
			t.Errorf("Match(%q) = %s; want %s", locale, got, want)
		}
	}
}

func TestTenths(t *testing.T) {
	for lang, want := range map[Language]string{English: "1.2", German: "1,2"} {
		if got := For(lang).Tenths(1.23); got != want {
			t.Errorf("%s: %q; want %q", lang, got, want)
		}
	}
}
