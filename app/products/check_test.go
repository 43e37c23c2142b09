package products

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mailgrant/internal/mailbox"
)

// check reads a profile's file, demands that it says nothing that nobody reads,
// and names the first mistake in it with its place.
func check(name string, data []byte) error {
	var p Profile
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(&p)
	if broken, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("%s: line %d: %w", name, 1+bytes.Count(data[:broken.Offset], []byte("\n")), err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	c := &checker{name: name}
	c.profile(p)
	return c.err
}

// checker finds the first mistake in a profile and where it stands.
type checker struct {
	name string
	err  error
}

// fail takes a mistake; at is its place in the file, like "fields[1].value".
func (c *checker) fail(at, format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("%s: %s: %s", c.name, at, fmt.Sprintf(format, args...))
	}
}

func (c *checker) oneOf(at, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		c.fail(at, "%q is none of %s", value, strings.Join(allowed, ", "))
	}
}

// both demands that a text exists in both languages or in none.
func (c *checker) both(at string, t Text) {
	if (t.German == "") != (t.English == "") {
		c.fail(at, "it stands in one language only")
	}
}

func (c *checker) profile(p Profile) {
	if p.ID == "" || p.ID+".json" != c.name {
		c.fail("id", "%q does not fit the file's name", p.ID)
	}
	if p.Name == "" {
		c.fail("name", "it is missing")
	}
	for id, s := range p.Sources {
		c.cited("sources."+id, s)
	}
	c.access(p)
	if r := p.Registration; r != nil {
		c.registration(p, *r)
	} else if p.CanOAuth() {
		c.fail("registration", "a product that can do OAuth2 needs one")
	}
	for i, f := range p.Fields {
		c.field(p, fmt.Sprintf("fields[%d]", i), f)
	}
	if s := p.Servers; s != nil {
		c.both("servers.where", s.Where)
		c.source(p, "servers", s.Source)
	}
	c.notes(p, "ways", p.Ways)
	c.notes(p, "traps", p.Traps)
	if !p.CanOAuth() && p.Access.Flow == FlowPassword && len(p.Ways) == 0 {
		c.fail("access.flow", "a product without OAuth2 needs the ways that are left")
	}
}

func (c *checker) cited(at string, s Source) {
	if _, err := time.Parse(time.DateOnly, s.Checked); err != nil || s.Title == "" {
		c.fail(at, "it lacks its title or the day it was checked")
	}
	if s.URL != "" && !strings.HasPrefix(s.URL, "https://") {
		c.fail(at+".url", "no https address")
	}
}

func (c *checker) source(p Profile, at, id string) {
	if _, known := p.Sources[id]; !known {
		c.fail(at+".source", "%q is not among the sources", id)
	}
}

func (c *checker) access(p Profile) {
	c.oneOf("access.flow", string(p.Access.Flow), string(FlowBrowser), string(FlowDeviceCode), string(FlowApplication), string(FlowPassword), string(FlowUnknown))
	c.oneOf("access.api", p.Access.API, APIMail, APIGraph)
	for _, protocol := range p.Access.Protocols {
		if !mailbox.IsProtocol(protocol) {
			c.fail("access.protocols", "%q is no protocol", protocol)
		}
	}
	c.both("access.note", p.Access.Note)
	c.source(p, "access", p.Access.Source)
}

func (c *checker) registration(p Profile, r Registration) {
	c.oneOf("registration.platform", r.Platform, PlatformWeb, PlatformDesktop, "")
	c.oneOf("registration.secret", r.Secret, "yes", "no", "unknown")
	c.oneOf("registration.authority", r.Authority, "tenant", "organizations", "common", "")
	c.oneOf("registration.personal", r.Personal, "yes", "no", "")
	for _, redirect := range r.Redirects {
		c.placeholders("registration.redirects", redirect)
		if !strings.HasPrefix(redirect, "https://") && !strings.HasPrefix(redirect, "http://localhost") {
			c.fail("registration.redirects", "%q is neither https nor http://localhost", redirect)
		}
	}
	c.both("registration.note", r.Note)
	c.source(p, "registration", r.Source)
}

func (c *checker) field(p Profile, at string, f Field) {
	if f.Name == "" {
		c.fail(at+".name", "it is missing")
	}
	if f.Value == "" && f.Note == (Text{}) {
		c.fail(at, "it has neither value nor note")
	}
	for _, text := range []struct {
		key string
		Text
	}{{"where", f.Where}, {"note", f.Note}} {
		c.both(at+"."+text.key, text.Text)
		c.placeholders(at+"."+text.key, text.German, text.English)
	}
	c.placeholders(at+".value", f.Value)
	c.source(p, at, f.Source)
}

func (c *checker) notes(p Profile, table string, notes []Note) {
	for i, n := range notes {
		at := fmt.Sprintf("%s[%d]", table, i)
		if n.German == "" || n.English == "" {
			c.fail(at, "a language is missing")
		}
		c.placeholders(at, n.German, n.English)
		c.source(p, at, n.Source)
	}
}

func (c *checker) placeholders(at string, texts ...string) {
	for _, t := range texts {
		for _, name := range placeholder().FindAllStringSubmatch(t, -1) {
			if !slices.Contains(known(), name[1]) {
				c.fail(at, "{%s} is no placeholder", name[1])
			}
		}
	}
}

// known are the placeholders that profiles may use.
func known() []string {
	all := []string{"sender", "user", "address", "client_id", "tenant", "secret", "scopes", "authorize_url", "token_url", "redirect", "host"}
	for _, p := range mailbox.Protocols() {
		all = append(all, string(p)+"_host", string(p)+"_port", string(p)+"_security")
	}
	return all
}
