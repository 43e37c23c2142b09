package table

import (
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/pattern"
	"mailgrant/internal/redact"
	"mailgrant/internal/typo"
)

// record is one row of a table as it stands in the file.
type record struct {
	row   int // as a table program counts
	cells []string
}

// sepLine is the first line with which Excel is told the separator; it shows
// no row for it.
var sepLine = pattern.New(`^"?sep=(.)"?\r?\n`)

func readCSV(file, text string) Preview {
	if !strings.Contains(text, "\n") { // what Excel calls "CSV (Macintosh)"
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	separator := guess(text)
	if m := sepLine().FindStringSubmatch(text); m != nil {
		separator = []rune(m[1])[0]
		text = text[len(m[0]):]
	}
	records, wrong := parse(text, separator)
	if errors.Is(wrong.err, csv.ErrBareQuote) {
		// ="00123" is how people keep Excel from making a number of a text.
		if plain := unformula(text, separator); plain != text {
			records, wrong = parse(plain, separator)
		}
	}
	switch {
	case wrong.err != nil:
		p := wholeFile(file, "quote", nil)
		p.Wrong[0].Row, p.Wrong[0].Column = wrong.row, wrong.column
		return p
	case len(records) == 0:
		return wholeFile(file, "nothing", nil)
	case len(records) > maxRows:
		return wholeFile(file, "too-many", i18n.Args{"rows": strconv.Itoa(maxRows)})
	}
	if first := records[0].cells; len(first) == 1 && strings.Contains(first[0], "@") { // a list of addresses
		records = append([]record{{cells: []string{"sender"}}}, records...)
	}
	head, ok := readHeadings(file, records[0])
	if !ok {
		return Preview{Wrong: head.wrong}
	}
	p := Preview{Wrong: head.wrong, Ignored: head.ignored(file, records[0].row)}
	for _, rec := range records[1:] {
		again := slices.Equal(rec.cells, records[0].cells) // the headings, of a table put below another
		if !again && slices.ContainsFunc(rec.cells, func(c string) bool { return c != "" }) {
			p.Rows = append(p.Rows, head.read(file, rec))
		}
	}
	if len(p.Rows) == 0 {
		p.Wrong = append(p.Wrong, wholeFile(file, "nothing", nil).Wrong...)
	}
	p.tellMissingColumns(max(1, records[0].row))
	p.findTwins()
	return p
}

// tellMissingColumns tells what lacks in all rows for want of a column once, at the
// headings. Without a column for it the name is the sender, which is told.
func (p *Preview) tellMissingColumns(row int) {
	for i := range p.Rows {
		r := &p.Rows[i]
		r.Problems = slices.DeleteFunc(r.Problems, func(x Problem) bool {
			missing := x.Column == "" && (x.Problem == "empty" || x.Problem == "tenant-missing")
			told := func(o Problem) bool { return o.Field == x.Field }
			if missing && x.Field != "name" && !slices.ContainsFunc(p.Wrong, told) {
				x.Row, x.FieldError = row, mailbox.FieldError{Field: x.Field, Problem: "column-missing"}
				p.Wrong = append(p.Wrong, x)
			}
			return missing
		})
	}
}

// guess takes the separator that the first line with anything in it has most of,
// outside of quotes.
func guess(text string) rune {
	count, quoted := map[rune]int{}, false
	for _, r := range strings.TrimLeft(text, "\r\n") {
		if r == '"' {
			quoted = !quoted
		}
		if r == '\n' && !quoted {
			break
		}
		if !quoted {
			count[r]++
		}
	}
	best := ','
	for _, candidate := range ";\t" {
		if count[candidate] > count[best] {
			best = candidate
		}
	}
	return best
}

func unformula(text string, separator rune) string {
	sep := regexp.QuoteMeta(string(separator))
	return regexp.MustCompile(`(?m)(^|`+sep+`)="([^"\r\n]*)"`).ReplaceAllString(text, `$1"$2"`)
}

type syntaxError struct {
	row    int
	column string
	err    error
}

// parse reads RFC 4180, as far as the first row that is too many, and counts rows:
// encoding/csv skips empty lines, and a quoted cell may hold several.
func parse(text string, separator rune) ([]record, syntaxError) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.TrimLeadingSpace = separator, -1, separator != '\t'
	var records []record
	row, nextLine, read := 0, 1, int64(0)
	for len(records) <= maxRows {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return records, syntaxError{}
		}
		if at, ok := errors.AsType[*csv.ParseError](err); ok {
			return nil, syntaxError{row: row + 1 + max(0, at.StartLine-nextLine), column: letters(len(cells)), err: at.Err}
		}
		if err != nil {
			return nil, syntaxError{row: row + 1, err: err}
		}
		line, _ := r.FieldPos(0)
		row += 1 + line - nextLine
		nextLine += strings.Count(text[read:r.InputOffset()], "\n")
		read = r.InputOffset()
		for i := range cells {
			cells[i] = unguard(strings.Trim(cells[i], " \t\r\n\u00a0"))
		}
		records = append(records, record{row, cells})
	}
	return records, syntaxError{}
}

// letters names a column as table programs do: 0 is A, 26 is AA.
func letters(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

type headings struct {
	fields  []string // by column; "" = none
	texts   []string
	wrong   []Problem
	foreign []string // those of columns that are not Mailgrant's
}

// readHeadings reads the first row. It is false where that row has not one
// heading that is known.
func readHeadings(file string, rec record) (headings, bool) {
	var h headings
	for _, cell := range rec.cells {
		h.texts = append(h.texts, redact.Line(strings.Join(strings.Fields(cell), " ")))
		h.fields = append(h.fields, fieldOf()[fold(cell)])
	}
	fail := func(i int, problem, meant string) {
		h.wrong = append(h.wrong, Problem{
			File: file, Row: rec.row, Column: letters(i), Heading: h.texts[i],
			FieldError: mailbox.FieldError{Field: "file", Problem: problem, Args: i18n.Args{"heading": h.texts[i], "meant": meant}},
		})
	}
	known := false
	for i, field := range h.fields {
		folded := fold(rec.cells[i])
		near, nearField := meant(folded)
		switch {
		case folded == "":
		case slices.ContainsFunc(secretHeadings, func(s string) bool { return s == folded || typo.Slip(s, folded) }):
			fail(i, "secret-column", "")
		case field != "" && slices.Index(h.fields, field) < i:
			fail(i, "column-twice", "")
		case field != "":
			known = true
		case near != "" && !slices.Contains(h.fields, nearField):
			fail(i, "column-unknown", near)
		default:
			h.foreign = append(h.foreign, h.texts[i])
		}
	}
	if !known {
		h.wrong = wholeFile(file, "no-headings", nil).Wrong
		h.wrong[0].Row = rec.row
	}
	return h, known
}

// mostNamed is how many columns are named that are not taken over: a directory's
// export has dozens.
const mostNamed = 12

// ignored tells of the columns that are not taken over.
func (h headings) ignored(file string, row int) []Problem {
	names := h.foreign
	if len(names) == 0 {
		return nil
	}
	if len(names) > mostNamed {
		names = append(names[:mostNamed:mostNamed], "…")
	}
	e := mailbox.FieldError{Field: "file", Problem: "columns-foreign", Args: i18n.Args{"columns": strings.Join(names, ", ")}}
	return []Problem{{File: file, Row: row, FieldError: e}}
}

// column finds where a field stands.
func (h headings) column(field string) int {
	for _, name := range places(field) {
		if i := slices.Index(h.fields, name); i >= 0 {
			return i
		}
	}
	return -1
}

func (h headings) read(file string, rec record) Row {
	r := Row{File: file, Number: rec.row, head: h}
	cells := map[string]string{}
	for i, cell := range rec.cells {
		switch {
		case i < len(h.fields) && h.fields[i] != "":
			if slices.Index(h.fields, h.fields[i]) == i { // a second one is told already
				cells[h.fields[i]] = value(h.fields[i], cell)
			}
		case i < len(h.texts) && h.texts[i] != "": // told at the heading
		case cell != "": // what it is may be a secret
			r.Problems = append(r.Problems, Problem{
				File: file, Row: rec.row, Column: letters(i),
				FieldError: mailbox.FieldError{Field: "file", Problem: "no-heading"},
			})
		}
	}
	d, wrong := definition(cells)
	invalid, _ := errors.AsType[mailbox.Invalid](d.Validate())
	for _, e := range invalid {
		if _, told := wrong.For(e.Field); !told {
			wrong = append(wrong, e)
		}
	}
	r.Definition = d
	for _, e := range wrong {
		r.add(e)
	}
	return r
}
