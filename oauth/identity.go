package oauth

import "mailgrant/internal/provider"

// expectation is who should have signed in.
type expectation struct {
	user    string
	shared  bool // the user opens a shared mailbox
	manners manners
	tenant  string // the tenant of the user's domain or of the definition, "" = not known
}

// verdict compares the account of a verified identity token with the one
// expected. Only what it accepts is ever kept.
func verdict(c claims, want expectation) Identity {
	switch exact, alias := want.manners.identity(c, want); {
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

// named tells whether the account itself is called so.
func (c claims) named(user string) bool { return sameName(c.Preferred, user) || sameName(c.UPN, user) }

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
