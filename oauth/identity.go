package oauth

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/provider"
	"mailgrant/internal/redact"
)

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
func sameName(a, b string) bool { return a != "" && lower(a) == lower(b) }

func lower(name string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, name)
}

// unverified reads the claims of an identity token without its signature.
func unverified(idToken redact.Secret) (claims, error) {
	var who claims
	parts := strings.Split(idToken.Reveal(), ".")
	if len(parts) != 3 {
		return who, errors.New("the identity token is no signed JWT")
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err == nil {
		err = json.Unmarshal(payload, &who)
	}
	if err != nil {
		return who, errors.New("the identity token cannot be read")
	}
	return who, nil
}

// identityFact is something that may not change from the sign-in to a renewal.
type identityFact struct{ name, was, is string }

// sameSubject demands the account that signed in: the same issuer and subject
// (OpenID Connect Core 1.0, 12.2) and what else lasts at the provider. Facts
// that the sign-in did not tell are not compared.
func sameSubject(d mailbox.Definition, signedIn Account, who claims) error {
	// Google writes its issuer with and without the scheme (Google, "OpenID
	// Connect": iss).
	bare := func(issuer string) string { return strings.TrimPrefix(issuer, "https://") }
	facts := []identityFact{
		{"issuer", bare(signedIn.Issuer), bare(who.Issuer)},
		{"subject", signedIn.Subject, who.Subject},
	}
	for _, fact := range append(facts, mannersOf(*d.OAuth).lasting(signedIn, who)...) {
		if fact.was != "" && fact.was != fact.is {
			return fmt.Errorf("the identity token of the renewal names the %s %q, at sign-in it was %q", fact.name, fact.is, fact.was)
		}
	}
	return nil
}

// renewedForAnother is the refusal of a renewal for somebody else.
func renewedForAnother(d mailbox.Definition, a Account, why error) *OtherAccount {
	other := newOtherAccount(d, a)
	other.Diagnosis.Phase, other.Diagnosis.ServerText = diagnosis.PhaseRefresh, redact.Text(why.Error())
	return other
}

// doubtful is the diagnosis of a renewal whose identity token does not hold.
// The service refused nothing, so the next renewal may well mend it.
func doubtful(err error) diagnosis.Diagnosis {
	diag := reason(diagnosis.CauseIDTokenInvalid, diagnosis.PhaseRefresh, err.Error())
	diag.Retry = diagnosis.RetryWait
	return diag
}
