package oauth

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

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
// that were not recorded at sign-in are not compared; older versions recorded
// no issuer.
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

// Complete adds what an older version did not record about the account.
func (a Account) Complete(found Account) Account {
	a.Issuer, a.Subject = cmp.Or(a.Issuer, found.Issuer), cmp.Or(a.Subject, found.Subject)
	a.TenantID, a.ObjectID = cmp.Or(a.TenantID, found.TenantID), cmp.Or(a.ObjectID, found.ObjectID)
	return a
}
