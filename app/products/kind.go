package products

import (
	"slices"
	"strings"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// The profiles tell of the mailbox of a user in an organization at Microsoft 365.
// Other mailboxes are of these kinds, which are parts of the keys of texts.
const (
	kindProvider    = "provider"
	kindPersonal    = "personal"
	kindApplication = "application"
	kindPassword    = "password"
)

// kindOf is "" for a mailbox of which the profiles tell.
func kindOf(d mailbox.Definition) string {
	switch p := d.Profile(); {
	case d.Authentication == mailbox.AuthPassword:
		return kindPassword
	case d.OAuth == nil:
		return ""
	case !p.Entra:
		return kindProvider
	case !p.Organization():
		return kindPersonal
	case d.OAuth.AccountType == mailbox.AccountApplication:
		return kindApplication
	}
	return ""
}

// tells reports whether what is known about the product holds for a kind of
// mailboxes.
func (p Profile) tells(kind string) bool {
	switch {
	case kind == "", p.Access.Flow == FlowPassword:
		return true
	case p.Access.API != APIMail:
		return kind != kindProvider
	}
	return kind == kindPersonal && p.Registration.Personal == "yes"
}

// general is the profile where nothing is known about the product with a mailbox
// of this kind: the mailbox's own values in general words, if it can use it at all.
func (p Profile) general(kind string) Profile {
	g, _ := Get(Other)
	g.ID, g.Name, g.Title, g.Access = p.ID, p.Name, p.Title, p.Access
	g.Access.Note = Text{}
	if kind != kindPersonal {
		g.Registration, g.Sources = nil, nil
	}
	switch {
	case p.refuses(kind):
		g.Registration, g.Fields, g.Traps, g.Sources = nil, nil, nil, p.Sources
	case kind == kindPassword, kind == kindApplication: // nobody signs in
		g.Traps = nil
	}
	return g
}

// leaves reports whether a field of the general profile has no place with a kind
// of mailboxes.
func (p Profile) leaves(kind, value string) bool {
	protocol, _, _ := strings.Cut(strings.TrimPrefix(value, "{"), "_host}")
	return value == "{secret}" && kind == kindPassword || value == "{authorize_url}" && kind == kindApplication ||
		mailbox.IsProtocol(protocol) && !slices.Contains(p.Access.Protocols, protocol)
}

// refuses reports whether the product is known not to take mailboxes of a kind.
func (p Profile) refuses(kind string) bool {
	return kind == kindPersonal && p.Registration != nil && p.Registration.Personal == "no"
}

// PasswordEnds warns of a mailbox whose password will not do for long, and says
// what to do. "": there is nothing to warn of.
func PasswordEnds(d mailbox.Definition, t *i18n.Texts) string {
	if !d.PasswordEnds() {
		return ""
	}
	p, _ := Get(printer)
	return t.Text("products.password-ends", i18n.Args{"product": p.Label(t.Language()), "id": p.ID})
}

// Ending says that the mailbox's password will not do for long. "": it will.
func (c Card) Ending(t *i18n.Texts) string {
	if !c.ends {
		return ""
	}
	return t.Text("products.password-ends.here")
}

// Unknown says that nothing is known about the product with a mailbox of this
// kind. "": the card tells of it.
func (c Card) Unknown(t *i18n.Texts) string {
	if c.unknown == "" || c.refused || c.ID == Other {
		return ""
	}
	return t.Text("products.unknown."+c.unknown, i18n.Args{"product": c.Name})
}
