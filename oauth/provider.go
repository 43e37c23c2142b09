package oauth

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/provider"
)

// familyOf is the provider in the words of a diagnosis.
func familyOf(o mailbox.OAuth) diagnosis.Provider { return diagnosis.Provider(o.Profile().Family) }

// Authority returns the base address of the sign-in service: the definition's
// own, else its issuer, else the preset of its cloud.
func Authority(o mailbox.OAuth) string {
	known := o.Profile()
	switch {
	case known.Custom:
		return o.Issuer
	case o.Authority != "":
		return o.Authority
	}
	return known.Authority
}

// IsPreset reports whether the sign-in service is one that Mailgrant knows.
// Any other is shown to the administrator before a browser opens.
func IsPreset(o mailbox.OAuth) bool {
	known := o.Profile()
	return known.Authority != "" && (o.Authority == "" || o.Authority == known.Authority)
}

// Missing compares what was asked for with what was granted: by the part
// after the last slash, without case, and without the scopes that are about
// identity and renewal, which token responses often leave out.
func Missing(asked, granted []string) []string {
	have := map[string]bool{".default": true}
	for _, s := range granted {
		have[scopeName(s)] = true
	}
	return slices.DeleteFunc(MailOnly(asked), func(s string) bool { return have[scopeName(s)] })
}

// MailOnly leaves out the scopes that are about identity and renewal.
func MailOnly(scopes []string) []string {
	return slices.DeleteFunc(append([]string{}, scopes...), func(s string) bool { return slices.Contains(provider.OpenIDScopes, scopeName(s)) })
}

// ScopeNames are scopes for people, who need not read their resources.
func ScopeNames(scopes []string) string {
	short := make([]string, len(scopes))
	for i, s := range scopes {
		bare := strings.TrimSuffix(s, "/")
		short[i] = cmp.Or(bare[strings.LastIndex(bare, "/")+1:], s)
	}
	return strings.Join(short, ", ")
}

// scopeName is the part after the last slash; "https://mail.google.com/"
// itself ends in one.
func scopeName(scope string) string {
	scope = strings.TrimSuffix(strings.ToLower(scope), "/")
	return scope[strings.LastIndex(scope, "/")+1:]
}

// Key names the authorization a definition uses: definitions with the same
// user, client, authority and tenant share one. It is the hex SHA-256 of
// those parts, so that a file name does not tell whose it is. An application
// without a user shares none with the user of the same definition.
func Key(d mailbox.Definition) string {
	parts := []string{d.User, d.OAuth.ClientID, Authority(*d.OAuth), tenantPath(*d.OAuth)}
	if d.OAuth.AccountType == mailbox.AccountApplication {
		parts = append(parts, mailbox.AccountApplication)
	}
	sum := sha256.Sum256([]byte(strings.ToLower(strings.Join(parts, "\n"))))
	return hex.EncodeToString(sum[:])
}

// HostAllowed reports whether a token may be sent to a mail host: one of the
// provider's own, or one recorded when the token was made. A definition from
// somebody else must not carry a token to his server.
func HostAllowed(o mailbox.OAuth, host string, recorded []string) bool {
	is := func(known string) bool { return strings.EqualFold(host, known) }
	return IsPreset(o) && slices.ContainsFunc(o.Profile().TokenHosts(), is) || slices.ContainsFunc(recorded, is)
}

// AuthorityHost is the host of the sign-in service, to be shown.
func AuthorityHost(o mailbox.OAuth) string { return hostOf(Authority(o)) }

// hostOf is the host of an address, or what stands in its place.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Host
}
