// Package mailbox holds what an administrator enters: the definition of a
// mailbox, its rules, its file format and the book of saved ones.
//
// A definition carries no secret and is safe to pass on. Everything that
// reads one gets it normalised and checked, or an Invalid that names every
// field that is wrong.
package mailbox

import (
	"cmp"
	"slices"
	"strings"

	"mailgrant/internal/provider"
)

// The values of the fields with a fixed choice.
const (
	AuthOAuth2   = "oauth2"
	AuthPassword = "password"

	SecurityTLS      = "tls"
	SecuritySTARTTLS = "starttls"
	SecurityNone     = "none"

	ProviderMicrosoft = "microsoft"
	ProviderGoogle    = "google"
	ProviderCustom    = "custom"

	CloudGlobal    = "global"
	CloudUSGovHigh = "us-gov-high"
	CloudUSDoD     = "us-dod"
	CloudChina     = "china"

	AccountTenant        = "tenant"
	AccountOrganizations = "organizations"
	AccountCommon        = "common"
	AccountConsumers     = "consumers"
	AccountApplication   = "application"

	SignInPrivateWindow  = "private-window"
	SignInDefaultBrowser = "default-browser"
	SignInLink           = "link"
	SignInDeviceCode     = "device-code"

	PromptLogin         = "login"
	PromptSelectAccount = "select-account"

	RedirectLocalhost    = "http://localhost"
	RedirectLoopback     = "http://127.0.0.1"
	RedirectNativeSuffix = "/common/oauth2/nativeclient"
)

// Server is one mail server.
type Server = provider.Server

// OAuth is how the sign-in service is asked for a token.
type OAuth struct {
	Provider    string   `json:"provider"`
	Cloud       string   `json:"cloud,omitempty"`
	AccountType string   `json:"account_type,omitempty"`
	Tenant      string   `json:"tenant"`
	ClientID    string   `json:"client_id"`
	Scopes      []string `json:"scopes"`
	SignIn      string   `json:"sign_in"`
	Prompt      string   `json:"prompt"`
	Authority   string   `json:"authority"`
	Issuer      string   `json:"issuer"`
	Redirect    string   `json:"redirect"`
}

// Profile is what is known about the provider; nothing is known of a custom one.
func (o OAuth) Profile() provider.Profile { return provider.Find(o.Provider, o.Cloud, o.AccountType) }

// NeedsTenant tells whether a tenant has to be named: others are for more than
// one, or for none.
func (o OAuth) NeedsTenant() bool {
	return o.AccountType == AccountTenant || o.AccountType == AccountApplication
}

// Definition is one mailbox as the administrator describes it. There are
// three identities: User signs in, SharedMailbox (if set) is whose mail is
// read, Sender is the From address.
type Definition struct {
	Name           string  `json:"name"`
	Sender         string  `json:"sender"`
	User           string  `json:"user"`
	SharedMailbox  string  `json:"shared_mailbox"`
	Servers        Servers // one field for each protocol in a file
	Authentication string  `json:"authentication"`
	OAuth          *OAuth  `json:"oauth,omitempty"`
	TrustedCA      string  `json:"trusted_ca"`
}

// Presets are the mail servers of the provider; none where it is not known.
func (o OAuth) Presets() Servers {
	given := Given{}
	for name, server := range o.Profile().Servers {
		given[Protocol(name)] = &server
	}
	return NewServers(given)
}

// Profile is that of its provider; a mailbox without OAuth has a custom one.
func (d Definition) Profile() provider.Profile { return cmp.Or(d.OAuth, &OAuth{}).Profile() }

// PasswordEnds reports whether the mailbox signs in with a password where
// Microsoft takes only tokens, or soon will. High Volume Email is no such place.
func (d Definition) PasswordEnds() bool {
	return d.Authentication == AuthPassword && slices.ContainsFunc(d.Servers, func(e Endpoint) bool {
		p, known := provider.ByHost(e.Host)
		return known && p.Entra && slices.Contains(p.TokenHosts(), strings.ToLower(e.Host))
	})
}

// DomainOf is the part of an address behind its last @, "" where there is none.
func DomainOf(address string) string {
	address = strings.TrimSpace(address)
	i := strings.LastIndexByte(address, '@')
	if i < 1 {
		return ""
	}
	return address[i+1:]
}

// Address is the address whose mailbox is opened.
func (d Definition) Address() string { return cmp.Or(d.SharedMailbox, d.User) }

// Clone returns a copy that shares nothing with d.
func (d Definition) Clone() Definition {
	d.Servers = slices.Clone(d.Servers)
	for i, e := range d.Servers {
		server := *e.Server
		d.Servers[i].Server = &server
	}
	if d.OAuth != nil {
		o := *d.OAuth
		o.Scopes = slices.Clone(o.Scopes)
		d.OAuth = &o
	}
	return d
}
