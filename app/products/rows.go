package products

import (
	"slices"
	"strings"

	"mailgrant/internal/i18n"
)

// Part is a titled part of a card: values to type, or sentences.
type Part struct {
	Title string
	Rows  []CardField // Where is "" for those in the place of the row before
	Lines []string
}

// Parts are a card as people read it, without what is empty.
func (c Card) Parts(t *i18n.Texts) []Part {
	all := []Part{
		{Title: t.Text("products.ways"), Lines: c.Ways},
		{Title: t.Text("products.registration"), Rows: c.registrationRows(t)},
		{Title: t.Text("products.fields"), Rows: rows(c.Fields)},
		{Title: t.Text("products.servers"), Rows: rows(c.Servers)},
		{Title: t.Text("products.traps"), Lines: c.Traps},
	}
	return slices.DeleteFunc(all, func(p Part) bool { return len(p.Rows)+len(p.Lines) == 0 })
}

// rows name each place once, and each field with its translation.
func rows(fields []CardField) []CardField {
	out, where := slices.Clone(fields), ""
	for i := range out {
		f := &out[i]
		if f.Means != "" {
			f.Name += " (" + f.Means + ")"
		}
		if f.Where == where {
			f.Where = ""
		} else {
			where = f.Where
		}
	}
	return out
}

func (c Card) registrationRows(t *i18n.Texts) []CardField {
	r := c.Registration
	if r == nil {
		return nil
	}
	var rows []CardField
	add := func(key, value string, copied bool) {
		if value != "" {
			rows = append(rows, CardField{Name: t.Text("products." + key), Value: value, Copy: copied})
		}
	}
	for _, redirect := range r.Redirects {
		add("redirect", redirect, !strings.ContainsRune(redirect, '‹'))
	}
	if len(r.Redirects) == 0 {
		add("redirect", t.Text("products.redirect-from-product"), false)
	}
	if r.Platform != "" {
		add("platform", t.Text("products.platform."+r.Platform), false)
	}
	add("secret", t.Text("products.secret."+r.Secret), false)
	switch {
	case c.personal:
		add("authority", t.Text("products.authority.personal"), false)
	case r.Authority != "":
		add("authority", t.Text("products.authority."+r.Authority), false)
	}
	add("scopes", strings.Join(r.Scopes, ", "), true)
	return rows
}

// Conflict says that the product cannot use the mailbox as it is: its sender is
// another than its user, or the account is personal. "": it can.
func (c Card) Conflict(t *i18n.Texts) string {
	switch {
	case c.refused:
		return t.Text("products.no-personal", i18n.Args{"product": c.Name})
	case c.user == "":
		return ""
	}
	return t.Text("products.same-user", i18n.Args{"product": c.Name, "sender": c.sender, "user": c.user})
}

// Remarks are the sentences that come first: whether the product can do
// OAuth2 at all, and what is special about it.
func (c Card) Remarks(t *i18n.Texts) []string {
	var can, registration, versions string
	switch {
	case c.Flow == FlowPassword:
		can = t.Text("products.no-oauth", i18n.Args{"product": c.Name, "protocols": strings.ToUpper(strings.Join(c.Protocols, ", "))})
	case c.API != APIMail:
		can = t.Text("products.other-api", i18n.Args{"product": c.Name})
	case c.Token && !c.refused:
		can = t.Text("products.own-token")
	}
	if c.Registration != nil {
		registration = c.Registration.Note
	}
	if c.Versions != "" {
		versions = t.Text("products.versions", i18n.Args{"product": c.Name, "versions": c.Versions})
	}
	lines := []string{c.Ending(t), can, c.Conflict(t), c.Unknown(t), c.Note, registration, versions}
	return slices.DeleteFunc(lines, func(line string) bool { return line == "" })
}
