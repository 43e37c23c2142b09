package products

import (
	"strings"

	"mailgrant/internal/i18n"
)

// Row is one line of the part about the registration. Copy is true where
// Value is to be taken over as it stands.
type Row struct {
	Name, Value string
	Copy        bool
}

// RegistrationRows are what the registration needs, line by line, for people.
func (c Card) RegistrationRows(t *i18n.Texts) []Row {
	r := c.Registration
	if r == nil {
		return nil
	}
	var rows []Row
	add := func(key, value string, copied bool) {
		if value != "" {
			rows = append(rows, Row{t.Text("products." + key), value, copied})
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
	if r.Authority != "" {
		add("authority", t.Text("products.authority."+r.Authority), false)
	}
	add("scopes", strings.Join(r.Scopes, ", "), true)
	return rows
}

// Remarks are the sentences that come first: whether the product can do
// OAuth2 at all, and what is special about it.
func (c Card) Remarks(t *i18n.Texts) []string {
	var lines []string
	switch {
	case c.Flow == FlowPassword:
		var names []string
		for _, p := range c.Protocols {
			names = append(names, strings.ToUpper(p))
		}
		lines = append(lines, t.Text("products.no-oauth", i18n.Args{"product": c.Name, "protocols": strings.Join(names, ", ")}))
	case c.API != APIMail:
		lines = append(lines, t.Text("products.other-api", i18n.Args{"product": c.Name}))
	default:
		lines = append(lines, t.Text("products.own-token"))
	}
	if c.Note != "" {
		lines = append(lines, c.Note)
	}
	if c.Registration != nil && c.Registration.Note != "" {
		lines = append(lines, c.Registration.Note)
	}
	if c.Versions != "" {
		lines = append(lines, t.Text("products.versions", i18n.Args{"product": c.Name, "versions": c.Versions}))
	}
	return lines
}
