// Package products knows the server products whose mailboxes Mailgrant
// authorizes: how each signs in, what it needs of the app registration, where
// its values are typed in its own words, and its traps.
//
// The knowledge lies in the embedded files *.json, one a product, in both
// languages. Every statement names its source, every source the day it was
// checked. What is not known is left out.
package products

import (
	"slices"
	"strings"

	"mailgrant/internal/i18n"
)

// Flow is how a product gets its token.
type Flow string

// These flows are told apart. With FlowPassword the product cannot do OAuth2 at all.
const (
	FlowBrowser     Flow = "browser"
	FlowDeviceCode  Flow = "device-code"
	FlowApplication Flow = "application"
	FlowPassword    Flow = "password"
	FlowUnknown     Flow = "unknown"
)

// An app registration has these platforms under which a redirect is entered.
const (
	PlatformWeb     = "web"
	PlatformDesktop = "desktop"
)

// A product reads and sends mail by one of these interfaces.
const (
	APIMail  = "mail"  // IMAP, POP3, SMTP
	APIGraph = "graph" // Microsoft Graph or Exchange Web Services
)

// Text is a text in both languages.
type Text struct {
	German  string `json:"de"`
	English string `json:"en"`
}

// In returns the text of a language.
func (t Text) In(lang i18n.Language) string {
	if lang == i18n.German {
		return t.German
	}
	return t.English
}

// Profile is what is known about one product.
type Profile struct {
	ID           string            `json:"id"`
	Name         string            `json:"name"`
	Title        Text              `json:"title"` // in place of Name where that is no proper name
	Versions     string            `json:"versions"`
	Access       Access            `json:"access"`
	Registration *Registration     `json:"registration"`
	Fields       []Field           `json:"fields"`
	Servers      *Servers          `json:"servers"` // it asks for the mail servers, in words that are not known
	Ways         []Note            `json:"ways"`    // what is left where the product cannot use the mail protocols with OAuth2
	Traps        []Note            `json:"traps"`
	Sources      map[string]Source `json:"sources"`
}

// Access is how the product reaches the mailbox.
type Access struct {
	Flow      Flow     `json:"flow"`
	API       string   `json:"api"`
	Protocols []string `json:"protocols"`
	Note      Text     `json:"note"`
	SameUser  bool     `json:"same_user"` // the address has to be that of the account that signs in
	Source    string   `json:"source"`
}

// Registration is what the product needs of the app registration.
type Registration struct {
	Platform  string   `json:"platform"`
	Redirects []string `json:"redirects"` // {host} stands for the product's own address
	Secret    string   `json:"secret"`    // yes, no, unknown
	Authority string   `json:"authority"` // at which address it asks: tenant, organizations, common
	Personal  string   `json:"personal"`  // whether personal Microsoft accounts can be used: yes, no; "" where that is not known
	Scopes    []string `json:"scopes"`
	Note      Text     `json:"note"`
	Source    string   `json:"source"`
}

// Field is one place in the product where something is entered, in its words.
type Field struct {
	Where  Text   `json:"where"` // the path to it; empty: the same place as the field before
	Name   string `json:"name"`
	Means  Text   `json:"means"` // a translation of Name, where one is needed
	Value  string `json:"value"` // with placeholders; empty: nothing is typed
	Note   Text   `json:"note"`
	Source string `json:"source"`
}

// Servers tells that a product asks for the mail servers, but not under which
// names: they are then shown under Mailgrant's own.
type Servers struct {
	Where  Text   `json:"where"` // and what is not known
	Source string `json:"source"`
}

// Note is a statement with its source.
type Note struct {
	Text
	Source string `json:"source"`
}

// Source is where a statement comes from.
type Source struct {
	ID      string `json:"id"` // in a Card; in a Profile it is the key
	Title   string `json:"title"`
	URL     string `json:"url,omitempty"`
	Checked string `json:"checked"` // year-month-day
}

// Label is the product's name in a language.
func (p Profile) Label(lang i18n.Language) string {
	if title := p.Title.In(lang); title != "" {
		return title
	}
	return p.Name
}

// CanOAuth reports whether the product can use the mail protocols with a
// token, as far as is known.
func (p Profile) CanOAuth() bool { return p.Access.Flow != FlowPassword && p.Access.API == APIMail }

// AsksHost reports whether a value depends on the product's own address.
func (p Profile) AsksHost() bool {
	if p.Registration != nil && slices.ContainsFunc(p.Registration.Redirects, asksHost) {
		return true
	}
	return slices.ContainsFunc(p.Fields, func(f Field) bool { return asksHost(f.Value) })
}

func asksHost(text string) bool { return strings.Contains(text, "{host}") }
