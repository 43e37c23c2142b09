package diagnosis

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"mailgrant/internal/i18n"
)

var placeholder = regexp.MustCompile(`\{([a-z]+)\}`)

func placeholdersOf(lines ...string) []string {
	var names []string
	for _, m := range placeholder.FindAllStringSubmatch(strings.Join(lines, " "), -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// englishWords do not occur in German sentences: finding one means
// that a text was not translated.
var englishWords = regexp.MustCompile(`(?i)\b(the|and|with|mailbox|your|account|sign-in|password|is|not|settings|tenant of)\b`)

func TestTexts(t *testing.T) {
	if len(Causes()) != 153 {
		t.Errorf("%d causes", len(Causes()))
	}
	for _, c := range Causes() {
		e := entryOf(c)
		for _, part := range textParts {
			key := e.at.String() + ": " + string(c) + "." + part
			english, german := e.texts(i18n.English, part), e.texts(i18n.German, part)
			if !slices.EqualFunc(english, german, func(a, b textLine) bool { return a.instead == b.instead && a.when == b.when }) {
				t.Errorf("%s: other conditions or alternatives in English than in German", key)
			}
			en, de := lines(english), lines(german)
			if len(en) == 0 || len(en) != len(de) || part != "fix" && len(en) != 1 {
				t.Errorf("%s: %d lines in English, %d in German", key, len(en), len(de))
			}
			checkPlaceholders(t, key, en, de)
			if text := strings.Join(en, " "); strings.ContainsAny(text, "„“”’") {
				t.Errorf("%s: quotation marks of another language: %s", key, text)
			}
			for _, line := range de {
				if strings.Contains(line, `"`) {
					t.Errorf("%s: English quotation marks: %s", key, line)
				}
				if w := englishWords.FindString(quoted.ReplaceAllString(line, "")); w != "" {
					t.Errorf("%s: %q in a German text: %s", key, w, line)
				}
			}
			for _, line := range append(en, de...) {
				checkLine(t, key, part, line)
			}
		}
	}
}

func lines(all []textLine) (out []string) {
	for _, r := range all {
		out = append(out, r.value)
	}
	return out
}

// quoted are names and addresses, which stay as they are.
var quoted = regexp.MustCompile(`„[^“]*“|\{[a-z]+\}|https?://\S+|nslookup \S+|[A-Z][a-z]+-[A-Z][A-Za-z-]+[^.]*`)

func checkPlaceholders(t *testing.T, key string, a, b []string) {
	t.Helper()
	en, de := placeholdersOf(a...), placeholdersOf(b...)
	if !slices.Equal(en, de) {
		t.Errorf("%s: placeholders %v in English, %v in German", key, en, de)
	}
	for _, name := range en {
		if !slices.Contains(placeholders, name) {
			t.Errorf("%s: unknown placeholder %q", key, name)
		}
	}
}

func checkLine(t *testing.T, key, part, line string) {
	t.Helper()
	if n := utf8.RuneCountInString(line); part == "title" && n > 70 || n > 330 {
		t.Errorf("%s: %d characters: %s", key, n, line)
	}
	if part != "title" && !strings.HasSuffix(line, ".") && !strings.HasSuffix(line, "request") {
		t.Errorf("%s: no full stop: %s", key, line)
	}
	if part == "title" && strings.HasSuffix(line, ".") || strings.Contains(line, "  ") || strings.Contains(line, " ;") {
		t.Errorf("%s: %s", key, line) // the words of a saying, by a semicolon
	}
}

// TestUnknownValues: a place that stays empty leaves a whole sentence.
func TestUnknownValues(t *testing.T) {
	for _, lang := range i18n.Languages {
		texts := i18n.For(lang)
		for _, c := range Causes() {
			r := New(c, "", nil).Render(texts)
			for _, line := range append([]string{r.Title, r.Explanation}, r.Fix...) {
				if strings.ContainsAny(line, "{}⟨") || strings.Contains(line, "  ") || strings.Contains(line, " .") || strings.Contains(line, " ,") || strings.Contains(line, "()") {
					t.Errorf("%s %s: %q", lang, c, line)
				}
			}
		}
	}
}

func TestRenderFillsValues(t *testing.T) {
	d := Explain(Input{
		Phase: PhaseIMAP, Provider: Microsoft, Text: "BAD User is authenticated but not connected.",
		Evidence: Evidence{User: "help'desk@contoso.test", Sender: "help'desk@contoso.test", Account: "{admin}@contoso.test"},
	})
	r := d.Render(i18n.For(i18n.German))
	if d.Cause != CauseTokenUserMismatch || !strings.Contains(r.Explanation, "help'desk@contoso.test") || !strings.Contains(r.Explanation, "(admin)@contoso.test") {
		t.Errorf("%s: %s", d.Cause, r.Explanation)
	}
}
