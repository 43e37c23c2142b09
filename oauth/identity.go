package oauth

import (
	"strings"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/provider"
)

// expectation is who should have signed in.
type expectation struct {
	user     string
	shared   bool   // the user opens a shared mailbox
	provider string // mailbox.Provider…
	tenant   string // the tenant of the user's domain or of the definition, "" = not known
}

// verdict compares the account of a verified identity token with the one
// expected. Only what it accepts is ever kept.
//
// Microsoft's email claim can be set by administrators of any tenant; it
// counts only within the expected tenant. Elsewhere an address counts if the
// service has verified it.
func verdict(c claims, want expectation) Identity {
	named := sameName(c.Preferred, want.user) || sameName(c.UPN, want.user)
	addressed := sameName(c.Email, want.user)
	var exact, alias bool
	switch want.provider {
	case mailbox.ProviderMicrosoft:
		if c.guest() || want.tenant != "" && !sameName(c.TenantID, want.tenant) {
			return Other
		}
		exact, alias = named, addressed && want.tenant != ""
	case mailbox.ProviderGoogle:
		// The verified address is the account's name there.
		exact = addressed && bool(c.EmailVerified)
	default:
		exact, alias = named, addressed && bool(c.EmailVerified)
	}
	switch {
	case exact && want.shared:
		return Shared
	case exact:
		return Same
	case alias && !want.shared:
		// SMTP for a shared mailbox signs in with the account's own name, so
		// there the user has to be just that.
		return Alias
	}
	return Other
}

// guest reports whether the account belongs to another tenant or provider
// than the one that issued the token.
func (c claims) guest() bool {
	return provider.IsGuest(c.IDP, c.Issuer, c.TenantID, c.Preferred, c.UPN)
}

// sameName compares names without the case of A to Z. Unicode's folding would
// make the long s (U+017F) an s and the Kelvin sign (U+212A) a k, which are
// other accounts.
func sameName(a, b string) bool {
	if a == "" || len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// domainOf is the part of an address behind the last @.
func domainOf(address string) string {
	return address[strings.LastIndexByte(address, '@')+1:]
}
