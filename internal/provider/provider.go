// Package provider is what is known about the providers of mailboxes: their
// names, sign-in services, mail servers, domains and permissions. It is the
// only place that lists them: a new one is an entry in profiles.json with its
// source and date, and, where its sign-in service behaves unlike OpenID Connect, its
// manners in oauth.
//
// It holds values and looks them up.
package provider

import (
	"slices"
	"strings"
)

// Server is one mail server.
type Server struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Security string `json:"security"`
}

// Profile is a provider as one kind of account sees it: one of its national
// clouds, its personal accounts, or, with most, all there is. Everything in it
// is a preset: a definition may name other hosts and another authority.
type Profile struct {
	ID          string   // in definitions
	Cloud       string   // the national cloud; "" where there is but one
	AccountType string   // the account type that a domain found by MX has; "" where there are none
	Name        string   // in the window; "" where languages differ (ui.choice.provider.…)
	Also        []string // other names in tables, letters and digits in lower case
	Family      string   // in diagnoses and on the command line

	Authority           string   // base of the sign-in service; "" where the definition names it
	Resource            string   // prefix of the mail scopes; "" where scopes are named whole
	ApplicationResource string   // the same for an application without a user
	Audiences           []string // of its tokens, beside resources in Domains

	// The mail servers and the scopes that they need, by protocol, in place of
	// which an application without a user has roles; the scopes that every
	// request adds, and more hosts that a token may go to. Scopes that are whole
	// addresses belong to another resource than the mail servers'; see TokenFor.
	Servers    map[string]Server
	Scopes     map[string]string
	Roles      map[string]string
	BaseScopes []string
	MoreHosts  []string

	// Domains of the mail servers and of the sign-in service, whose certificates
	// have public roots; those of addresses that are always at this provider;
	// and those of the servers that take mail for its customers (MX).
	Domains, SignInDomains, AddressDomains, MX []string

	// InactivityDays is after how many days without use the refresh token ends;
	// 0 where the provider says nothing.
	InactivityDays int

	Entra     bool // Microsoft Entra ID signs in: tenants, account types, administrator consent, Exchange Online behind it
	Custom    bool // the definition names the issuer, which describes itself
	NoDevices bool // the mail permissions are not given to devices (RFC 8628)
}

// Find returns the profile of a definition's provider, cloud and account type:
// the one that fits best, the first of several. Of an unknown provider only that is known which all have.
func Find(id, cloud, accountType string) Profile {
	best, points := &unknown, 0
	all := Profiles()
	for i := range all {
		p := &all[i]
		if p.ID != id {
			continue
		}
		fit := 1
		if p.Cloud == cloud {
			fit += 2
		}
		if p.AccountType == accountType {
			fit++
		}
		if fit > points {
			best, points = p, fit
		}
	}
	return *best
}

// ByHost returns the profile that a host belongs to: that of the longest of
// the mail domains in which it lies.
func ByHost(host string) (Profile, bool) {
	return longest(host, func(p *Profile) []string { return p.Domains })
}

// ByMX returns the profile whose servers take the mail that an MX record sends
// to this host.
func ByMX(host string) (Profile, bool) {
	return longest(host, func(p *Profile) []string { return p.MX })
}

// ByAddress returns the profile of a mail address whose domain alone tells.
func ByAddress(address string) (Profile, bool) {
	return longest(address[strings.LastIndexByte(address, '@')+1:], func(p *Profile) []string { return p.AddressDomains })
}

// ByName returns the first profile of a provider that people call by this name,
// given in letters and digits in lower case.
func ByName(name string) (Profile, bool) {
	all := Profiles()
	i := slices.IndexFunc(all, func(p Profile) bool { return slices.Contains(p.Also, name) })
	if i < 0 {
		return Profile{}, false
	}
	return all[i], true
}

// IsPublic reports whether a host is one of a provider's mail or sign-in
// servers, whose certificates have public roots.
func IsPublic(host string) bool {
	_, known := ByHost(host)
	return known || IsSignIn(host)
}

// IsSignIn reports whether a host is one of a provider's sign-in servers.
func IsSignIn(host string) bool {
	_, known := longest(host, func(p *Profile) []string { return p.SignInDomains })
	return known
}

// longest is asked for every record of a log: it makes nothing.
func longest(host string, domains func(*Profile) []string) (Profile, bool) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	var found *Profile
	length := 0
	all := Profiles()
	for i := range all {
		for _, d := range domains(&all[i]) {
			if len(d) > length && within(host, d) {
				found, length = &all[i], len(d)
			}
		}
	}
	if found == nil {
		return Profile{}, false
	}
	return *found, true
}

func within(host, domain string) bool {
	rest, ok := strings.CutSuffix(host, domain)
	return ok && (rest == "" || rest[len(rest)-1] == '.')
}

// Organization reports whether the mailbox is that of an organization at
// Microsoft: personal accounts and other providers have neither a tenant of their own
// nor Exchange Online.
func (p Profile) Organization() bool { return p.Entra && p.AccountType != personal }

// IDs lists the providers as definitions name them.
func IDs() []string { return distinct(func(p Profile) string { return p.ID }) }

// Families lists the names of diagnoses.
func Families() []string { return distinct(func(p Profile) string { return p.Family }) }

func distinct(of func(Profile) string) []string {
	var all []string
	for _, p := range Profiles() {
		if s := of(p); !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// Offered are the profiles among which people choose; the account type is a
// choice of its own.
func Offered() []Profile {
	return slices.DeleteFunc(slices.Clone(Profiles()), func(p Profile) bool { return p.AccountType == personal })
}

// TokenFor is the resource that a protocol's servers take tokens for: "" is that
// of mail, which most share; another one is the address before its scopes.
// Where scopes of all resources go into one token there is no other.
func (p Profile) TokenFor(protocol string) string {
	scope, _, _ := strings.Cut(p.Scopes[protocol], " ")
	if p.Resource == "" {
		return ""
	}
	return scope[:strings.LastIndexByte(scope, '/')+1]
}

// TokenHosts are the mail hosts that a token of this provider may go to.
func (p Profile) TokenHosts() []string {
	hosts := slices.Clone(p.MoreHosts)
	for _, s := range p.Servers {
		hosts = append(hosts, s.Host)
	}
	return hosts
}

// IsAudience reports whether a token for this resource is one for the
// provider's mail servers.
func (p Profile) IsAudience(resource string) bool {
	resource = strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(resource), "https://"), "/")
	at, found := ByHost(resource)
	return found && at.ID == p.ID || slices.Contains(p.Audiences, resource)
}
