// Package report writes what mailbox tests found as one file to keep or to
// hand to support: HTML, text, JSON or, for a table program, CSV.
//
// Every text of a report passes record.clean once more, whatever it went
// through before, so that no form of it has secrets to forget.
package report

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"mailgrant/app/assistant"
	"mailgrant/app/overview"
	"mailgrant/app/products"
	"mailgrant/internal/i18n"
	"mailgrant/internal/native"
	"mailgrant/mailtest"
)

// Format is a kind of file.
type Format string

// The formats, by the ending of a file's name.
const (
	HTML Format = "html"
	Text Format = "txt"
	JSON Format = "json"
	CSV  Format = "csv"
)

// Formats lists all of them.
var Formats = []Format{HTML, Text, JSON, CSV}

// FormatOf tells the format from a file's name.
func FormatOf(name string) (Format, bool) {
	f := Format(strings.ToLower(strings.TrimPrefix(filepath.Ext(name), ".")))
	if f == "htm" {
		f = HTML
	}
	return f, slices.Contains(Formats, f)
}

// Options say what a report looks like. JSON and CSV are in the first
// language alone.
type Options struct {
	Version       string          // of the program
	Made          time.Time       // when the report is written
	Languages     []i18n.Language // at least one
	HideAddresses bool            // mail addresses become address-1, address-2 …
	Product       *products.Card  // the server product that is to use the mailbox; nil: not known

	Checked func(*i18n.Texts) []assistant.CheckResult // what its check found; nil: it was not checked
}

// Subject is a test with how the mailbox's authorization stands.
type Subject struct {
	*mailtest.Report
	Life  *overview.Row // its end and that of the secret, and who signs in where; nil: not told
	Proxy string        // on the way to the sign-in service, without its credentials; "" is none, or not known
}

// Write puts tests into one report. Its error is a mistake of the program:
// any test can be written.
func Write(f Format, o Options, tests ...Subject) ([]byte, error) {
	clean := cleaner{hide: o.HideAddresses}
	tests = slices.Clone(tests)
	sort.SliceStable(tests, func(i, j int) bool {
		a, b := tests[i], tests[j]
		if a.OK() == b.OK() {
			return i18n.Compare(a.Mailbox, b.Mailbox) < 0
		}
		return b.OK() // what is broken comes first
	})
	var books []book
	for _, lang := range o.Languages {
		b := book{texts: i18n.For(lang), version: o.Version, made: o.Made}
		for _, test := range tests {
			r, err := o.record(test, len(tests) == 1, b.texts, &clean)
			if err != nil {
				return nil, err
			}
			b.records = append(b.records, r)
		}
		books = append(books, b)
	}
	switch f {
	case HTML:
		return writeHTML(books), nil
	case Text:
		return writeText(books), nil
	case CSV:
		return writeCSV(books[0])
	case JSON:
		return writeJSON(books[0])
	}
	return nil, fmt.Errorf("report: no format %q", f)
}

// book is a report in one language.
type book struct {
	texts   *i18n.Texts
	version string
	made    time.Time
	records []record
}

func (b book) text(key string, pairs ...string) string {
	return b.texts.Text("report."+key, i18n.Pairs(pairs...))
}

func (b book) good() (n int) {
	for _, r := range b.records {
		if r.OK {
			n++
		}
	}
	return n
}

func writeJSON(b book) ([]byte, error) {
	raw := make([]any, len(b.records))
	for i, r := range b.records {
		raw[i] = r.raw
	}
	out, err := json.MarshalIndent(map[string]any{
		"program": "Mailgrant", "version": b.version, "system": native.System(), "made": b.made.UTC().Format(time.RFC3339), "reports": raw,
	}, "", "  ")
	return append(out, '\n'), err
}
