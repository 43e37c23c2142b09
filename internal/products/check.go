package products

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// checker finds the first mistake in a profile and where it stands.
type checker struct {
	name  string
	lines [][]byte
	err   error
}

func (c *checker) fail(line int, format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("%s:%d: %s", c.name, line, fmt.Sprintf(format, args...))
	}
}

// line finds the key of the nth table of a name (counted from 0, negative: of
// any; "" is the top of the file), or the table where the key is missing.
func (c *checker) line(table string, nth int, key string) int {
	at, seen, current := 1, -1, ""
	if table == "" {
		seen = 0
	}
	for i, raw := range c.lines {
		text := string(bytes.TrimSpace(raw))
		if strings.HasPrefix(text, "[") {
			current = strings.Trim(text, "[]")
			if current == table {
				seen++
				if seen == nth {
					at = i + 1
				}
			}
			continue
		}
		written, _, assigns := strings.Cut(text, "=")
		if assigns && current == table && (nth < 0 || seen == nth) && (strings.TrimSpace(written) == key || strings.HasPrefix(text, key+".")) {
			return i + 1
		}
	}
	return at
}

func (c *checker) oneOf(table, key, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		c.fail(c.line(table, 0, key), "%s %q is none of %s", key, value, strings.Join(allowed, ", "))
	}
}

// both demands that a text exists in both languages or in none.
func (c *checker) both(line int, what string, t Text) {
	if (t.German == "") != (t.English == "") {
		c.fail(line, "%s stands in one language only", what)
	}
}

func (c *checker) profile(p Profile) {
	if p.ID == "" || p.ID+".toml" != c.name {
		c.fail(c.line("", 0, "id"), "id %q does not fit the file's name", p.ID)
	}
	if p.Name == "" {
		c.fail(c.line("", 0, "name"), "the name is missing")
	}
	for id, s := range p.Sources {
		if s.Title == "" || s.Checked.IsZero() {
			c.fail(c.line("sources."+id, 0, "title"), "source %s lacks its title or the day it was checked", id)
		}
		if s.URL != "" && !strings.HasPrefix(s.URL, "https://") {
			c.fail(c.line("sources."+id, 0, "url"), "source %s has no https address", id)
		}
	}
	c.access(p)
	if r := p.Registration; r != nil {
		c.registration(p, *r)
	} else if p.CanOAuth() {
		c.fail(1, "a product that can do OAuth2 needs a registration")
	}
	for i, f := range p.Fields {
		c.field(p, i, f)
	}
	c.notes(p, "ways", p.Ways)
	c.notes(p, "traps", p.Traps)
	if !p.CanOAuth() && p.Access.Flow == FlowPassword && len(p.Ways) == 0 {
		c.fail(c.line("access", 0, "flow"), "a product without OAuth2 needs the ways that are left")
	}
}

func (c *checker) source(p Profile, table string, nth int, id string) {
	if _, known := p.Sources[id]; !known {
		c.fail(c.line(table, nth, "source"), "source %q is not among the sources", id)
	}
}

func (c *checker) access(p Profile) {
	c.oneOf("access", "flow", string(p.Access.Flow), string(FlowBrowser), string(FlowDeviceCode), string(FlowApplication), string(FlowPassword), string(FlowUnknown))
	c.oneOf("access", "api", p.Access.API, APIMail, APIGraph)
	for _, protocol := range p.Access.Protocols {
		c.oneOf("access", "protocols", protocol, "imap", "pop3", "smtp")
	}
	c.both(c.line("access", 0, "note"), "note", p.Access.Note)
	c.source(p, "access", 0, p.Access.Source)
}

func (c *checker) registration(p Profile, r Registration) {
	c.oneOf("registration", "platform", r.Platform, PlatformWeb, PlatformDesktop, "")
	c.oneOf("registration", "secret", r.Secret, "yes", "no", "unknown")
	c.oneOf("registration", "authority", r.Authority, "tenant", "organizations", "common", "")
	for _, redirect := range r.Redirects {
		c.placeholders("registration", 0, "redirects", redirect)
		if !strings.HasPrefix(redirect, "https://") && !strings.HasPrefix(redirect, "http://localhost") {
			c.fail(c.line("registration", 0, "redirects"), "redirect %q is neither https nor http://localhost", redirect)
		}
	}
	c.both(c.line("registration", 0, "note"), "note", r.Note)
	c.source(p, "registration", 0, r.Source)
}

func (c *checker) field(p Profile, i int, f Field) {
	if f.Name == "" {
		c.fail(c.line("fields", i, "name"), "the field has no name")
	}
	if f.Value == "" && f.Note == (Text{}) {
		c.fail(c.line("fields", i, "value"), "the field has neither value nor note")
	}
	for key, t := range map[string]Text{"where": f.Where, "note": f.Note} {
		c.both(c.line("fields", i, key), key, t)
		c.placeholders("fields", i, key, t.German, t.English)
	}
	c.placeholders("fields", i, "value", f.Value)
	c.source(p, "fields", i, f.Source)
}

func (c *checker) notes(p Profile, table string, notes []Note) {
	for i, n := range notes {
		if n.German == "" || n.English == "" {
			c.fail(c.line(table, i, "de"), "a language is missing")
		}
		c.placeholders(table, i, "de", n.German, n.English)
		c.source(p, table, i, n.Source)
	}
}

func (c *checker) placeholders(table string, nth int, key string, texts ...string) {
	for _, t := range texts {
		for _, name := range placeholder().FindAllStringSubmatch(t, -1) {
			if !slices.Contains(known, name[1]) {
				c.fail(c.line(table, nth, key), "{%s} is no placeholder", name[1])
			}
		}
	}
}
