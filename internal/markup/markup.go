// Package markup writes small HTML pages, and texts by the same templates. It
// replaces html/template, whose use of reflection makes the linker keep every
// exported method of the program: without it, mailgrant-cli is a sixth smaller.
package markup

import (
	"html"
	"maps"
	"strings"
)

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

// HTML fills a template of the program's own. {{.name}} is a text of values,
// {{name}} what text says of the name; both are escaped for an element's content
// and for an attribute in double quotes. Addresses in href, src or action must
// have been checked by the caller. What is between {{#name}} and {{/name}} is
// written once for each entry of a list, whose names come before those around
// it, or upon a yes, or if a text is not empty; what is between {{^name}} and
// {{/name}} is written where {{#name}} writes nothing.
func HTML(template string, values Values, text func(name string) string) string {
	f := filling{text, html.EscapeString, strings.Builder{}}
	f.fill(template, values)
	return f.String()
}

// Text is HTML of a template of plain text, in which nothing is escaped.
func Text(template string, values Values, text func(name string) string) string {
	f := filling{text, func(s string) string { return s }, strings.Builder{}}
	f.fill(template, values)
	return f.String()
}

// filling is a template that is being filled.
type filling struct {
	text, escape func(string) string
	strings.Builder
}

func (f *filling) fill(template string, values Values) {
	for {
		before, rest, found := strings.Cut(template, "{{")
		f.WriteString(before)
		if !found {
			return
		}
		tag, rest, _ := strings.Cut(rest, "}}")
		kind, name := tag[0], tag[1:]
		switch kind {
		case '.':
			value, _ := values[name].(string)
			f.WriteString(f.escape(value))
		case '#', '^':
			var inner string
			inner, rest, _ = strings.Cut(rest, "{{/"+name+"}}")
			entries := values.entries(name)
			if kind == '^' && len(entries) == 0 {
				f.fill(inner, values)
			} else if kind == '#' {
				for _, entry := range entries {
					all := maps.Clone(values)
					maps.Copy(all, entry)
					f.fill(inner, all)
				}
			}
		default:
			f.WriteString(f.escape(f.text(tag)))
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
