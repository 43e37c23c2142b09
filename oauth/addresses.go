package oauth

import "mailgrant/internal/mailbox"

// Addresses returns where a definition's provider is asked for authorization
// and for tokens; both are "" where only discovery knows.
func Addresses(o mailbox.OAuth) (authorize, token string) {
	switch o.Provider {
	case mailbox.ProviderMicrosoft:
		if tenantPath(o) == "" {
			return "", ""
		}
		e := microsoftEndpoint(o)
		return e.AuthURL, e.TokenURL
	case mailbox.ProviderGoogle:
		// developers.google.com/identity/protocols/oauth2/native-app (2026-11)
		return "https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token"
	}
	return "", ""
}
