package products

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// The pages docs/products/<id>.<language>.md are written from the profiles:
// "make docs" sets MAILGRANT_WRITE_DOCS.

const pages = "../../docs/products"

// chapter holds the words of the pages in one language.
type chapter struct{ other, title, list, back, proof, where, field, value, file string }

var chapters = map[i18n.Language]chapter{
	i18n.English: {
		"[Deutsch](%s.de.md)", "Server products", "What each product needs and where its values are typed, in its own words. `make docs` writes these pages from the data; every statement has a source and the day on which it was checked. What is not known is left out.",
		"[All products](index.en.md) · [Guide](../guide.en.md)",
		"Filled in with the values of a mailbox: `mailgrant products %s --mailbox NAME`, or in the window the card *Enter this in your product*. What can be proved from here: `--check`.",
		"Where", "Field", "What is entered", "index.en.md",
	},
	i18n.German: {
		"[English](%s.en.md)", "Serverprodukte", "Was jedes Produkt braucht und wo seine Werte eingetragen werden, in seinen eigenen Worten. `make docs` schreibt diese Seiten aus den Daten; jede Aussage hat eine Quelle und den Tag, an dem sie geprüft wurde. Was nicht bekannt ist, fehlt.",
		"[Alle Produkte](index.de.md) · [Anleitung](../guide.de.md)",
		"Mit den Werten eines Postfachs ausgefüllt: `mailgrant products %s --mailbox NAME`, oder im Fenster die Karte *In Ihrem Produkt eintragen*. Was sich von hier nachweisen lässt: `--check`.",
		"Wo", "Feld", "Was eingetragen wird", "index.de.md",
	},
}

// servers are Microsoft's own; all other values stay open.
func servers() mailbox.Definition {
	o := mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, Cloud: mailbox.CloudGlobal, AccountType: mailbox.AccountTenant}
	return mailbox.Definition{Servers: o.Presets()}
}

func plain(text string) string {
	return strings.NewReplacer("|", `\|`, "*", `\*`, "<", "&lt;", "_", `\_`, "`", "\\`").Replace(text)
}

func page(p *Profile, lang i18n.Language) string {
	t, words := i18n.For(lang), chapters[lang]
	c := p.For(servers(), "", t)
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s · %s\n\n**%s.**", plain(c.Name), fmt.Sprintf(words.other, c.ID), words.back, capital(t.Text("products.flow."+string(c.Flow))))
	for _, line := range c.Remarks(t) {
		fmt.Fprintf(&b, " %s", plain(line))
	}
	fmt.Fprintf(&b, "\n\n"+words.proof+"\n", c.ID)
	bullets := func(key string, lines []string) {
		if len(lines) > 0 {
			fmt.Fprintf(&b, "\n## %s\n\n", t.Text(key))
		}
		for _, line := range lines {
			fmt.Fprintf(&b, "- %s\n", line)
		}
	}
	bullets("products.ways", plainAll(c.Ways))
	var rows []string
	for _, row := range c.registrationRows(t) {
		rows = append(rows, row.Name+": "+shownValue(row.Value, row.Copy))
	}
	bullets("products.registration", rows)
	fields(&b, c, t, words)
	bullets("products.traps", plainAll(c.Traps))
	var sources []string
	for _, s := range c.Sources {
		source := plain(s.Title)
		if s.URL != "" {
			source = "[" + source + "](" + s.URL + ")"
		}
		sources = append(sources, source+", "+t.Text("products.checked", i18n.Args{"day": s.Checked}))
	}
	bullets("products.sources", sources)
	return b.String()
}

func fields(b *strings.Builder, c Card, t *i18n.Texts, words chapter) {
	if len(c.Fields) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s\n\n| %s | %s | %s |\n|---|---|---|\n", t.Text("products.fields"), words.where, words.field, words.value)
	where := ""
	for _, f := range c.Fields {
		name, cell := plain(f.Name), ""
		if f.Means != "" {
			name += " (" + plain(f.Means) + ")"
		}
		if f.Value != "" {
			cell = shownValue(f.Value, true)
		}
		if f.Note != "" {
			cell = strings.TrimSpace(cell + " " + plain(f.Note))
		}
		at := ""
		if f.Where != where {
			where, at = f.Where, plain(f.Where)
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", at, name, cell)
	}
}

// shownValue sets what is typed as it stands apart from descriptions.
func shownValue(value string, typed bool) string {
	if typed && !strings.ContainsAny(value, "‹`|") {
		return "`" + value + "`"
	}
	return plain(value)
}

func plainAll(lines []string) (all []string) {
	for _, line := range lines {
		all = append(all, plain(line))
	}
	return all
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

func index(lang i18n.Language) string {
	t, words := i18n.For(lang), chapters[lang]
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n%s\n\n", words.title, fmt.Sprintf(words.other, "index"), words.list)
	for _, p := range All() {
		fmt.Fprintf(&b, "- [%s](%s.%s.md): %s\n", plain(p.Label(lang)), p.ID, lang, t.Text("products.flow."+string(p.Access.Flow)))
	}
	return b.String()
}

func TestReferenceIsFresh(t *testing.T) {
	want := map[string]string{}
	for _, lang := range i18n.Languages {
		want[chapters[lang].file] = index(lang)
		for _, p := range All() {
			want[p.ID+"."+string(lang)+".md"] = page(p, lang)
		}
	}
	if os.Getenv("MAILGRANT_WRITE_DOCS") != "" {
		if err := os.RemoveAll(pages); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(pages, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range want {
			if err := os.WriteFile(filepath.Join(pages, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	var there []string
	entries, _ := os.ReadDir(pages)
	for _, e := range entries {
		there = append(there, e.Name())
	}
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(pages, name))
		if err != nil || strings.ReplaceAll(string(got), "\r\n", "\n") != text {
			t.Errorf("docs/products/%s is not what the data say: run \"make docs\" (%v)", name, err)
		}
		if strings.ContainsAny(text, "⟨⟩") || strings.Contains(text, "{") {
			t.Errorf("docs/products/%s: something is left to fill in", name)
		}
		there = slices.DeleteFunc(there, func(s string) bool { return s == name })
	}
	if len(there) > 0 {
		t.Errorf("docs/products has pages of no product: %v", there)
	}
}
