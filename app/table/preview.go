// Package table takes many mailboxes over at once, and writes them out again:
// as a table (CSV) or as a JSON list.
//
// Reading gives a Preview: every row with everything that is wrong in it, at
// its row and column. It changes nothing; only a preview without a problem is
// handed to mailbox.Book.Change, which takes all of it over or nothing.
package table

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// Problem is one mistake at its place.
type Problem struct {
	File    string // its name, as it was given
	Row     int    // as a table program counts, from 1; 0: the whole file. In JSON: the entry
	Column  string // its letters, such as "C"; "": the whole row, or JSON
	Heading string // what stands above the column
	mailbox.FieldError

	inTable bool // not in JSON
}

// About is what has the problem: the column, also one that the table lacks, or
// in JSON the field; "" where the problem says it.
func (p Problem) About(t *i18n.Texts) string {
	switch {
	case p.Field == "file":
		return ""
	case p.Heading == "" && p.inTable:
		return Heading(p.Field, t.Language())
	}
	return cmp.Or(p.Heading, p.Field)
}

// Text is the problem in one line that says where it is.
func (p Problem) Text(t *i18n.Texts) string {
	key := "table.at-cell"
	switch {
	case p.Row == 0:
		key = "table.at-file"
	case p.Column == "" && p.About(t) == "":
		key = "table.at-line"
	case p.Column == "":
		key = "table.at-row"
	}
	return strings.Replace(t.Text(key, i18n.Args{
		"file": p.File, "row": strconv.Itoa(p.Row), "column": p.Column, "heading": p.Heading, "about": p.About(t), "message": p.Message(t),
	}), " ()", "", 1) // a column without a heading
}

// Standing is how a row relates to what is saved.
type Standing int

const (
	New     Standing = iota // its name is free
	Same                    // saved already, just like this
	Changed                 // another definition is saved under its name
)

// Row is one mailbox of a preview.
type Row struct {
	File       string
	Number     int                // see Problem.Row
	Definition mailbox.Definition // as far as it could be read; valid without problems
	Standing   Standing
	Differs    []string // the fields in which it is not like the one that is saved
	Problems   []Problem

	head headings // of its table; none in JSON
}

// Preview is what taking files over would do.
type Preview struct {
	Rows    []Row
	Wrong   []Problem // about files as a whole and their headings
	Ignored []Problem // what is in files and not taken over; it holds nothing up

	compared bool
}

// Add appends another file's preview and finds names that stand twice.
func (p *Preview) Add(more Preview) {
	p.Rows = append(p.Rows, more.Rows...)
	p.Wrong = append(p.Wrong, more.Wrong...)
	p.Ignored = append(p.Ignored, more.Ignored...)
	p.findTwins()
}

// findTwins marks the later of two rows with one name; names differ without
// case, as in the book.
func (p *Preview) findTwins() {
	first := map[string]Row{}
	for i := range p.Rows {
		r := &p.Rows[i]
		name := strings.ToLower(r.Definition.Name)
		if name == "" {
			continue
		}
		twin, found := first[name]
		if !found {
			first[name] = *r
			continue
		}
		r.add(mailbox.FieldError{Field: "name", Problem: "row-twice", Args: i18n.Args{
			"name": r.Definition.Name, "file": twin.File, "row": strconv.Itoa(twin.Number),
		}})
	}
}

// add notes a problem at the field's column, once.
func (r *Row) add(e mailbox.FieldError) {
	if slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.Field == e.Field && p.Problem == e.Problem }) {
		return
	}
	p := Problem{File: r.File, Row: r.Number, FieldError: e, inTable: len(r.head.fields) > 0}
	if c := r.head.column(e.Field); c >= 0 {
		p.Column, p.Heading = letters(c), r.head.texts[c]
	}
	r.Problems = append(r.Problems, p)
}

// Saved looks up what is saved; *mailbox.Book in the program.
type Saved interface {
	Get(name string) (mailbox.Definition, error)
}

// Compare fills in how each row stands to what is saved. Where replace is
// false, another mailbox of that name is a problem of the row.
func (p *Preview) Compare(saved Saved, replace bool) {
	p.compared = true
	for i := range p.Rows {
		r := &p.Rows[i]
		if r.Definition.Name == "" {
			continue
		}
		old, err := saved.Get(r.Definition.Name)
		r.Differs = nil
		if err == nil {
			r.Differs = differences(old, r.Definition)
		}
		switch {
		case errors.Is(err, mailbox.ErrNotSaved):
			r.Standing = New
		case err == nil && len(r.Differs) == 0:
			r.Standing = Same
		default: // one that cannot be read is another one too
			r.Standing = Changed
			if !replace {
				r.add(mailbox.FieldError{Field: "name", Problem: "saved", Args: i18n.Args{"name": r.Definition.Name}})
			}
		}
	}
}

// differences are the fields in which two definitions are not alike, in the
// order of the columns.
func differences(a, b mailbox.Definition) []string {
	was, is := a.Fields(), b.Fields()
	var all []string
	for _, c := range columns() {
		if was[c.Field] != is[c.Field] {
			all = append(all, c.Field)
		}
	}
	return all
}

// Problems lists all of them in the order of the files.
func (p *Preview) Problems() []Problem {
	all := append([]Problem(nil), p.Wrong...)
	for _, r := range p.Rows {
		all = append(all, r.Problems...)
	}
	return all
}

// OK reports whether the preview can be taken over.
func (p *Preview) OK() bool { return len(p.Rows) > 0 && len(p.Problems()) == 0 }

// Definitions lists what taking over would write: all but the rows that are
// saved already.
func (p *Preview) Definitions() []mailbox.Definition {
	var all []mailbox.Definition
	for _, r := range p.Rows {
		if r.Standing != Same {
			all = append(all, r.Definition)
		}
	}
	return all
}
