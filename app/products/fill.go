package products

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/pattern"
	"mailgrant/oauth"
)

var placeholder = pattern.New(`\{([a-z0-9_]+)\}`)

// Card is a profile for one mailbox in one language: what to do at the
// registration and what to type where. Open says what nobody knows yet.
type Card struct {
	ID           string      `json:"id"`
	Name         string      `json:"name"`
	Versions     string      `json:"versions,omitempty"`
	Flow         Flow        `json:"flow"`
	API          string      `json:"api"`
	OAuth        bool        `json:"oauth"`
	Protocols    []string    `json:"protocols"`
	Note         string      `json:"note,omitempty"`
	Registration *Registrant `json:"registration,omitempty"`
	Fields       []CardField `json:"fields"`
	Servers      []CardField `json:"servers"` // of the mailbox, in Mailgrant's words
	Ways         []string    `json:"ways"`
	Traps        []string    `json:"traps"`
	Sources      []Source    `json:"sources"`
	Open         []string    `json:"open"` // placeholders without a value
	Token        bool        `json:"-"`    // the mailbox needs one
	sender, user string      // that differ where the product wants them to be the same; else ""
	personal     bool        // the mailbox is that of a personal account
	unknown      string      // the kind of the mailbox, where nothing is known about the product with it
	refused      bool        // … but that the product does not take it
	ends         bool        // its password does
}

// Registrant is what the registration needs, filled in.
type Registrant struct {
	Platform  string   `json:"platform,omitempty"`
	Redirects []string `json:"redirects"`
	Secret    string   `json:"secret"`
	Authority string   `json:"authority,omitempty"`
	Scopes    []string `json:"scopes"`
	Note      string   `json:"note,omitempty"`
}

// CardField is one value to type. Copy is false for what has to be chosen or
// pressed, and for values that are not known or not to be shown.
type CardField struct {
	Where  string `json:"where,omitempty"`
	Name   string `json:"name"`
	Means  string `json:"means,omitempty"`
	Value  string `json:"value,omitempty"`
	Note   string `json:"note,omitempty"`
	Copy   bool   `json:"copy"`
	Source string `json:"source"`
}

// filler replaces placeholders and remembers those it could not.
type filler struct {
	values map[string]string
	texts  *i18n.Texts
	open   []string
}

// For fills a profile with the values of a mailbox. host is the product's own
// address, without https://, or "" where it is not known. A client secret is
// never shown: its place says so.
func (p Profile) For(d mailbox.Definition, host string, t *i18n.Texts) Card {
	kind, unknown, refused := kindOf(d), "", false
	if !p.tells(kind) {
		unknown, refused = kind, p.refuses(kind)
		p = p.general(kind)
	}
	ends := d.PasswordEnds()
	if ends && p.ID == Other { // which may be one that knows only a password
		left, _ := Get(printer)
		p.Ways, p.Sources = left.Ways, left.Sources
	}
	f := &filler{values: p.values(d, host), texts: t}
	lang := t.Language()
	c := Card{
		ID: p.ID, Name: p.Label(lang), Versions: p.Versions, Flow: p.Access.Flow, API: p.Access.API, OAuth: p.CanOAuth(),
		Protocols: append([]string{}, p.Access.Protocols...), Note: p.Access.Note.In(lang),
		Token: d.Authentication != mailbox.AuthPassword, personal: kind == kindPersonal, unknown: unknown, refused: refused, ends: ends,
		Fields: []CardField{}, Sources: []Source{}, Servers: p.servers(d, t), Ways: f.notes(p.Ways, lang), Traps: f.notes(p.Traps, lang),
	}
	if r := p.Registration; r != nil {
		c.Registration = &Registrant{
			Platform: r.Platform, Secret: r.Secret, Authority: r.Authority, Note: f.fill(r.Note.In(lang)),
			Redirects: []string{}, Scopes: append([]string{}, r.Scopes...),
		}
		for _, redirect := range r.Redirects {
			c.Registration.Redirects = append(c.Registration.Redirects, f.fill(redirect))
		}
	}
	where := ""
	for _, field := range p.Fields {
		if w := field.Where.In(lang); w != "" {
			where = w
		}
		if unknown != "" && (p.leaves(kind, field.Value) || field.Value != "{secret}" && !f.complete(field.Value)) { // the mailbox has none
			continue
		}
		c.Fields = append(c.Fields, CardField{
			Where: where, Name: field.Name, Means: field.Means.In(lang), Value: f.fill(field.Value),
			Note: f.fill(field.Note.In(lang)), Copy: f.complete(field.Value), Source: field.Source,
		})
	}
	for _, id := range slices.Sorted(maps.Keys(p.Sources)) {
		s := p.Sources[id]
		s.ID = id
		c.Sources = append(c.Sources, s)
	}
	if p.Access.SameUser && d.Sender != "" && !strings.EqualFold(d.Sender, d.User) {
		c.sender, c.user = d.Sender, d.User
	}
	slices.Sort(f.open)
	c.Open = append([]string{}, slices.Compact(f.open)...)
	return c
}

// servers are the mailbox's, line by line, for a product that asks for them in
// words that are not known.
func (p Profile) servers(d mailbox.Definition, t *i18n.Texts) []CardField {
	rows := []CardField{}
	if p.Servers == nil {
		return rows
	}
	values := p.values(d, "")
	for _, protocol := range mailbox.Protocols() {
		if d.Server(protocol) == nil || !slices.Contains(p.Access.Protocols, string(protocol)) {
			continue
		}
		for _, part := range []string{"_host", "_port", "_security"} {
			name := string(protocol) + part
			rows = append(rows, CardField{
				Where: p.Servers.Where.In(t.Language()), Name: t.Text("products.value." + name), Value: values[name], Copy: true, Source: p.Servers.Source,
			})
		}
	}
	return rows
}

// values are what the placeholders stand for. A mailbox without OAuth2 or an
// empty definition leaves most of them open.
func (p Profile) values(d mailbox.Definition, host string) map[string]string {
	v := map[string]string{"sender": d.Sender, "user": d.User, "address": d.Address(), "host": host}
	for _, s := range d.Servers {
		name := string(s.Protocol)
		v[name+"_host"], v[name+"_port"], v[name+"_security"] = s.Host, strconv.Itoa(s.Port), strings.ToUpper(s.Security)
	}
	if r := p.Registration; r != nil && len(r.Redirects) > 0 && (host != "" || !strings.Contains(r.Redirects[0], "{host}")) {
		v["redirect"] = strings.ReplaceAll(r.Redirects[0], "{host}", host)
	}
	if d.OAuth == nil {
		return v
	}
	v["client_id"], v["tenant"] = d.OAuth.ClientID, d.OAuth.Tenant
	v["authorize_url"], v["token_url"] = oauth.Addresses(*d.OAuth)
	v["scopes"] = strings.Join(p.scopes(d), " ")
	return v
}

// scopes are the full names of the permissions the product asks for, or else of
// those that the mailbox needs.
func (p Profile) scopes(d mailbox.Definition) []string {
	o := *d.OAuth
	switch {
	case o.AccountType == mailbox.AccountApplication:
		return oauth.MailScopes(d)
	case p.Registration == nil:
		return oauth.Scopes(d)
	}
	resource := o.Profile().Resource
	full := make([]string, len(p.Registration.Scopes))
	for i, s := range p.Registration.Scopes {
		full[i] = s
		if strings.Contains(s, ".") && s != "User.Read" {
			full[i] = resource + s
		}
	}
	return full
}

func (f *filler) complete(text string) bool {
	if text == "" {
		return false
	}
	for _, m := range placeholder().FindAllStringSubmatch(text, -1) {
		if f.values[m[1]] == "" {
			return false
		}
	}
	return true
}

// fill replaces the placeholders; what is not known becomes a description.
func (f *filler) fill(text string) string {
	return placeholder().ReplaceAllStringFunc(text, func(m string) string {
		name := m[1 : len(m)-1]
		if value := f.values[name]; value != "" {
			return value
		}
		if name != "secret" {
			f.open = append(f.open, name)
		}
		return "‹" + f.texts.Text("products.value."+name) + "›"
	})
}

func (f *filler) notes(notes []Note, lang i18n.Language) []string {
	out := []string{}
	for _, n := range notes {
		out = append(out, f.fill(n.In(lang)))
	}
	return out
}
