package table

import (
	"bytes"
	"encoding/csv"
	"slices"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/pattern"
)

// WriteJSON writes definitions as a list.
func WriteJSON(all []mailbox.Definition) ([]byte, error) {
	if all == nil {
		all = []mailbox.Definition{}
	}
	return mailbox.Encode(all, "  ")
}

// WriteCSV writes definitions as a table. Columns that no mailbox fills are left out. Reading it gives
// the same again.
func WriteCSV(all []mailbox.Definition, lang i18n.Language) ([]byte, error) {
	var used []column
	for _, c := range columns() {
		filled := func(d mailbox.Definition) bool { return d.Fields()[c.Field] != "" }
		if len(all) == 0 || slices.ContainsFunc(all, filled) {
			used = append(used, c)
		}
	}
	rows := make([][]string, 1, len(all)+1)
	for _, c := range used {
		rows[0] = append(rows[0], c.heading(lang))
	}
	for _, d := range all {
		fields := d.Fields()
		row := make([]string, len(used))
		for i, c := range used {
			row[i] = fields[c.Field]
		}
		rows = append(rows, row)
	}
	return Sheet(rows, lang)
}

// Sheet writes rows for Excel and its like: with a byte order mark, with
// semicolons in German, where the comma is taken, and with no cell that would be
// taken for a formula.
func Sheet(rows [][]string, lang i18n.Language) ([]byte, error) {
	for _, row := range rows {
		for i, cell := range row {
			row[i] = guard(cell)
		}
	}
	var b bytes.Buffer
	b.WriteString("\ufeff") // Excel takes a file for UTF-8 only with it
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if lang == i18n.German {
		w.Comma = ';'
	}
	err := w.WriteAll(rows)
	return b.Bytes(), err
}

// A table program takes a cell that begins like this for a formula (OWASP,
// "CSV Injection"). An apostrophe in front makes it text; one that is there
// already gets another, so that unguard gives back what was written.
var (
	formula = pattern.New(`^'*[=+\-@\t\r\n]`)
	guarded = pattern.New(`^'+[=+\-@\t\r\n]`)
)

func guard(cell string) string {
	if formula().MatchString(cell) {
		return "'" + cell
	}
	return cell
}

func unguard(cell string) string {
	if guarded().MatchString(cell) {
		return cell[1:]
	}
	return cell
}
