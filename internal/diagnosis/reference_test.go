package diagnosis

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailgrant/internal/i18n"
)

// The error reference, docs/causes.en.md and docs/causes.de.md, is written
// from the data files: "make docs" sets MAILGRANT_WRITE_DOCS.

// chapter holds the words of the reference in one language.
type chapter struct{ title, intro, tell, fix, command, examples, links string }

var chapters = map[i18n.Language]chapter{
	i18n.English: {
		"The causes that Mailgrant knows",
		"[Deutsch](causes.de.md) · [Guide](guide.en.md)\n\nEach section is one cause, by the ID that reports and `--json` give it and `mailgrant explain ID` takes; an ID never changes. This page is written from the data by `make docs`.",
		"How to tell", "What to do", "In Exchange Online PowerShell", "What it looks like", "More",
	},
	i18n.German: {
		"Die Ursachen, die Mailgrant kennt",
		"[English](causes.en.md) · [Anleitung](guide.de.md)\n\nJeder Abschnitt ist eine Ursache, mit der Kennung, die Berichte und `--json` nennen und die `mailgrant explain KENNUNG` annimmt; eine Kennung ändert sich nie. Diese Seite schreibt `make docs` aus den Daten.",
		"Woran man es erkennt", "Was zu tun ist", "In der Exchange-Online-PowerShell", "So sieht es aus", "Mehr",
	},
}

// reference writes the page of one language.
func reference(lang i18n.Language) string {
	var b strings.Builder
	c := chapters[lang]
	fmt.Fprintf(&b, "# %s\n\n%s\n", c.title, c.intro)
	var body strings.Builder
	family := ""
	for _, cause := range Causes() {
		e := entryOf(cause)
		if name := strings.TrimSuffix(e.at.file, ".txt"); name != family {
			family = name
			fmt.Fprintf(&body, "\n## %s\n", family)
			fmt.Fprintf(&b, "\n- **%s:** ", family)
		} else {
			b.WriteString(" · ")
		}
		fmt.Fprintf(&b, "[%s](#%s)", cause, cause)
		c.section(&body, e, lang)
	}
	return b.String() + "\n" + body.String()
}

// section writes one cause. Headings of Markdown become anchors: the name of
// the cause is one that cannot break.
func (c chapter) section(b *strings.Builder, e *entry, lang i18n.Language) {
	r := Diagnosis{Cause: Cause(e.name)}.Render(i18n.For(lang))
	fmt.Fprintf(b, "\n### %s\n\n**%s.** %s\n", e.name, r.Title, r.Explanation)
	for _, tell := range e.texts(lang, "tell") {
		fmt.Fprintf(b, "\n%s: %s\n", c.tell, tell.value)
	}
	fmt.Fprintf(b, "\n%s:\n\n", c.fix)
	for _, step := range Steps(i18n.For(lang), r.Fix) {
		label := step.Label()
		if label == "" {
			label = "   -" // below the step that it can be done instead of
		}
		fmt.Fprintf(b, "%s %s\n", label, step.Text)
	}
	if command := e.commandFor(&facts{}); command != "" {
		fmt.Fprintf(b, "\n%s:\n\n    %s\n", c.command, command)
	}
	if len(e.examples()) > 0 {
		fmt.Fprintf(b, "\n%s:\n\n", c.examples)
	}
	for _, x := range e.examples() {
		fmt.Fprintf(b, "    %s\n", x.text)
	}
	for _, name := range e.links {
		fmt.Fprintf(b, "\n%s: <%s>\n", c.links, theBook().urls[name])
	}
}

func TestReferenceIsFresh(t *testing.T) {
	for _, lang := range i18n.Languages {
		path, want := filepath.Join("../../docs", "causes."+string(lang)+".md"), reference(lang)
		if os.Getenv("MAILGRANT_WRITE_DOCS") != "" {
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || strings.ReplaceAll(string(got), "\r\n", "\n") != want {
			t.Errorf("%s is not what the data say: run \"make docs\" (%v)", path, err)
		}
	}
}
