// Package markup writes small HTML pages, and texts by the same templates. It
// replaces html/template, whose use of reflection makes the linker keep every
// exported method of the program: without it, mailgrant-cli is a sixth smaller.
package markup

import (
	"html"
	"strings"
)

// Page collects HTML. Its zero value is an empty page.
type Page struct {
	// Plain makes it a text, in which nothing is escaped.
	Plain bool
	b     strings.Builder
}

// constant is the type of what is written as it is. Only constants of the source
// convert to it outside this package, so that data cannot become markup.
type constant string

// Add writes markup, in which each %s is replaced by one of texts, escaped for
// an element's content and for an attribute in double quotes. Addresses in
// href, src or action must have been checked by the caller.
func (p *Page) Add(m constant, texts ...string) {
	rest := string(m)
	for _, text := range texts {
		before, after, _ := strings.Cut(rest, "%s")
		p.b.WriteString(before)
		if !p.Plain {
			text = html.EscapeString(text)
		}
		p.b.WriteString(text)
		rest = after
	}
	p.b.WriteString(rest)
}

// String is all that was written.
func (p *Page) String() string { return p.b.String() }

// Style writes a style sheet of the program's own as it is, for use between
// the tags of a style element.
func (p *Page) Style(sheet string) { p.b.WriteString(sheet) }
