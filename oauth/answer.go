package oauth

import (
	"crypto/subtle"
	"net/url"
	"strings"

	"mailgrant/internal/redact"
)

// answer is what the sign-in service sent back through the browser.
type answer struct {
	code         redact.Secret
	failure      string // error
	description  string // error_description
	issuer       string // iss
	tenant       string // of an administrator's consent
	scope        string
	adminConsent bool
}

// answerFrom reads an answer that carries our state. Everything else is not
// ours: no state, another one, a parameter that stands twice (RFC 6749, 3.1),
// or nothing that would be an answer.
func answerFrom(values url.Values, state string) (answer, bool) {
	for _, name := range []string{"state", "code", "error", "error_description", "iss", "admin_consent", "tenant"} {
		if len(values[name]) > 1 {
			return answer{}, false
		}
	}
	if subtle.ConstantTimeCompare([]byte(values.Get("state")), []byte(state)) != 1 {
		return answer{}, false
	}
	a := answer{
		code:    redact.NewSecret(values.Get("code")),
		failure: values.Get("error"), description: values.Get("error_description"),
		issuer: values.Get("iss"), tenant: values.Get("tenant"), scope: values.Get("scope"),
		adminConsent: strings.EqualFold(values.Get("admin_consent"), "true"),
	}
	return a, a.failure != "" || !a.code.Empty() || a.adminConsent
}

// errorText is the service's own words, as a diagnosis reads them.
func (a answer) errorText() string {
	if a.description == "" {
		return a.failure
	}
	return a.failure + ": " + a.description
}
