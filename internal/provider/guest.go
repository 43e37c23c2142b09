package provider

import "strings"

// PersonalTenant is the tid of personal Microsoft accounts (Microsoft, "ID token
// claims reference").
const PersonalTenant = "9188040d-6c67-4c5b-b112-36a304b66dad"

// IsGuest reports whether the account of a token belongs to another tenant or
// provider than the one that issued it. names are what the token calls the
// account; idp, issuer and tenant are the claims of these names, "" where the
// token has none.
func IsGuest(idp, issuer, tenant string, names ...string) bool {
	for _, name := range names {
		if strings.Contains(strings.ToUpper(name), "#EXT#") {
			return true
		}
	}
	if idp == "" || idp == issuer || tenant == "" || strings.EqualFold(tenant, PersonalTenant) { // idp is live.com there
		return false
	}
	// Older tokens name the own tenant as https://sts.windows.net/<tid>/.
	return !strings.Contains(strings.ToLower(idp), strings.ToLower(tenant))
}
