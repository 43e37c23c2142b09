// Package markup writes small HTML pages, and texts by the same templates. It
// replaces html/template, whose use of reflection makes the linker keep every
// exported method of the program: without it, mailgrant-cli is a sixth smaller.
package markup

import (
	"html"
	"maps"
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

// Values are what the names of a template stand for: a text, a yes or no, or a
// list whose entries are Values again.
type Values map[string]any

// Each gives the Values of every entry of a list.
func Each[T any](list []T, values func(T) Values) []Values {
	all := make([]Values, len(list))
	for i, entry := range list {
		all[i] = values(entry)
	}
	return all
}

// Fill writes a template of the program's own. {{.name}} is a text of values,
// {{name}} what text says of the name; both are escaped as by Add. What is
// between {{#name}} and {{/name}} is written once for each entry of a list,
// whose names come before those around it, or upon a yes, or if a text is not
// empty; what is between {{^name}} and {{/name}} is written where {{#name}} writes
// nothing.
func (p *Page) Fill(template string, values Values, text func(name string) string) {
	for {
		before, rest, found := strings.Cut(template, "{{")
		p.b.WriteString(before)
		if !found {
			return
		}
		tag, rest, _ := strings.Cut(rest, "}}")
		kind, name := tag[0], tag[1:]
		switch kind {
		case '.':
			value, _ := values[name].(string)
			p.Add("%s", value)
		case '#', '^':
			var inner string
			inner, rest, _ = strings.Cut(rest, "{{/"+name+"}}")
			entries := values.entries(name)
			if kind == '^' && len(entries) == 0 {
				p.Fill(inner, values, text)
			} else if kind == '#' {
				for _, entry := range entries {
					all := maps.Clone(values)
					maps.Copy(all, entry)
					p.Fill(inner, all, text)
				}
			}
		default:
			p.Add("%s", text(tag))
		}
		template = rest
	}
}

// entries are those of a list; a yes and a text that is not empty count as one
// without names of its own.
func (v Values) entries(name string) []Values {
	if v[name] == nil || v[name] == "" || v[name] == false {
		return nil
	}
	if list, ok := v[name].([]Values); ok {
		return list
	}
	return []Values{{}}
}
