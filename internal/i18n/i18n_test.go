package i18n

import (
	"regexp"
	"slices"
	"strings"
	"testing"
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
	}
	for _, key := range de.Keys() {
		if !en.Has(key) {
			t.Errorf("%s: missing in English", key)
		}
	}
}

func names(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestPlaceholders(t *testing.T) {
	texts := &Texts{lang: English, texts: map[string][]string{"k": {"to {host} at {port}", "{host}"}}}
	if got := texts.Text("k", Args{"host": "{port}", "port": "25"}); got != "to {port} at 25\n{port}" {
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
