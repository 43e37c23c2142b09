package table

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"mailgrant/assets"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/provider"
	"mailgrant/internal/typo"
)

//go:embed columns.json
var columnsData embed.FS

// column is one field of a definition as a column of a table.
type column struct {
	Field string   `json:"field"` // its path in the definition
	En    string   `json:"en"`    // the headings that are written
	De    string   `json:"de"`
	Also  []string `json:"also"` // and those that are understood too
	// Words are other names, folded, of the fixed values; nil: any text is one.
	Words map[string]string `json:"words"`
}

func (c column) heading(lang i18n.Language) string {
	if lang == i18n.German {
		return c.De
	}
	return c.En
}

// Heading is what the column of a field is called.
func Heading(field string, lang i18n.Language) string {
	for _, own := range places(field) {
		if heading := columnOf(own).heading(lang); heading != "" {
			return heading
		}
	}
	return field
}

// Columns says in a sentence which columns a table may have.
func Columns(t *i18n.Texts) string {
	var all []string
	for _, c := range columns() {
		all = append(all, c.heading(t.Language()))
	}
	return t.Text("table.columns", i18n.Args{"columns": strings.Join(all, ", ")})
}

// places are the columns in which a field stands, of which there is one: a
// server's own field means its host.
func places(field string) []string {
	return []string{field, field + ".host", field + ".client_id"}
}

// columnOf is the column of a field; an empty one of a field that has none.
func columnOf(field string) column {
	for _, c := range columns() {
		if c.Field == field {
			return c
		}
	}
	return column{}
}

// columns are all columns in the order in which they are written. Those of a
// server are in the data once and in the table for each protocol.
var columns = sync.OnceValue(func() []column {
	parts := strings.SplitAfter(assets.Text(columnsData, "columns.json"), "\n")
	ofServer := func(line string) bool { return strings.Contains(line, "{protocol}") }
	first := slices.IndexFunc(parts, ofServer)
	rest := slices.IndexFunc(parts[first:], func(line string) bool { return !ofServer(line) })
	text := strings.Join(parts[:first], "")
	for _, k := range mailbox.Kinds() {
		fill := strings.NewReplacer("{protocol}", string(k.Protocol), "{title}", k.Title, "{short}", k.Short)
		text += fill.Replace(strings.Join(parts[first:first+rest], ""))
	}
	var all []column
	if err := json.Unmarshal([]byte(text+strings.Join(parts[first+rest:], "")), &all); err != nil {
		panic(fmt.Errorf("table: the embedded columns: %w", err)) // every test meets this
	}
	return all
})

// fieldOf finds the field that a heading means in any language.
var fieldOf = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, c := range columns() {
		for _, heading := range append([]string{c.Field, c.En, c.De}, c.Also...) {
			all[fold(heading)] = c.Field
		}
	}
	return all
})

// fold leaves of a heading what does not depend on taste: letters and digits
// in lower case.
func fold(heading string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

// meant finds the heading that another one, folded, is but for one slip of the
// hand; "" where there is none, as with a column that has nothing to do here.
func meant(folded string) (heading, field string) {
	for _, c := range columns() {
		for _, heading := range append([]string{c.En, c.De}, c.Also...) {
			if typo.Slip(folded, fold(heading)) {
				return heading, c.Field
			}
		}
	}
	return "", ""
}

// secretHeadings are what a column of secrets is called. None is taken over:
// a table travels by mail.
var secretHeadings = []string{"password", "passwort", "kennwort", "secret", "geheimnis", "clientsecret", "clientgeheimnis", "geheimerclientschlüssel", "clientschlüssel", "token"}

// value is a cell's text as the definition wants it: fixed words in lower case
// and by their own name. What is no known word stays as it was typed, so that
// the message about it shows that.
func value(field, cell string) string {
	words := columnOf(field).Words
	switch word, known := words[fold(cell)]; {
	case field == "name" && strings.Contains(cell, "\n"): // Alt+Enter in Excel
		return strings.Join(strings.Fields(cell), " ")
	case words == nil:
		return cell
	case known:
		return word
	}
	if p, ok := provider.ByName(fold(cell)); ok && field == "oauth.provider" {
		return p.ID
	}
	return strings.ToLower(cell)
}
