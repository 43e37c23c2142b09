package oauth

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"mailgrant/internal/mailbox"
)

// manners are how a provider's sign-in service behaves where services differ.
// What is only a value stands in internal/provider.
type manners interface {
	// endpoint is known without discovery, or has no addresses.
	endpoint(o mailbox.OAuth) oauth2.Endpoint
	// discovery is the address at which the service describes itself.
	discovery(o mailbox.OAuth) string
	// service checks that description against the definition.
	service(o mailbox.OAuth, m metadata) (*service, error)
	// indicators are what a request says of its resources beside their scopes.
	indicators(d mailbox.Definition, resources ...string) url.Values
	// prompts make the service ask who signs in instead of taking the Windows
	// session, and give a refresh token.
	prompts(r Request) []oauth2.AuthCodeOption
	// identity tells whether the account of a verified identity token is the
	// expected user (exact), or has the user's address as another one (alias).
	identity(c claims, want expectation) (exact, alias bool)
	// lasting is what of the account, besides issuer and subject, may not change
	// from the sign-in to a renewal.
	lasting(signedIn Account, who claims) []identityFact
}

// unlike are the providers that behave unlike openID.
var unlike = map[string]manners{mailbox.ProviderMicrosoft: entra{}, mailbox.ProviderGoogle: google{}}

func mannersOf(o mailbox.OAuth) manners {
	if m, ok := unlike[o.Provider]; ok {
		return m
	}
	return openID{}
}

// Addresses returns where a definition's provider is asked for authorization
// and for tokens; both are "" where only discovery knows.
func Addresses(o mailbox.OAuth) (authorize, token string) {
	e := mannersOf(o).endpoint(o)
	return e.AuthURL, e.TokenURL
}

// openID is a service of which nothing is known but that it follows OpenID
// Connect.
type openID struct{}

func (openID) endpoint(mailbox.OAuth) oauth2.Endpoint { return oauth2.Endpoint{} }

func (openID) discovery(o mailbox.OAuth) string {
	return strings.TrimSuffix(Authority(o), "/") + wellKnown
}

// The issuer has to be the one that was asked (OpenID Connect Discovery 1.0,
// 4.3). Definitions may leave out a slash at its end; tokens are compared with
// the document's own spelling.
func (openID) service(o mailbox.OAuth, m metadata) (*service, error) {
	if strings.TrimSuffix(m.Issuer, "/") != strings.TrimSuffix(Authority(o), "/") {
		return nil, otherIssuer(m.Issuer)
	}
	if !secureURL(m.Authorization) || !secureURL(m.Token) || m.Device != "" && !secureURL(m.Device) {
		return nil, fmt.Errorf("the discovery document names no usable authorization and token endpoints")
	}
	return &service{metadata: m, endpoint: oauth2.Endpoint{
		AuthURL: m.Authorization, TokenURL: m.Token, DeviceAuthURL: m.Device, AuthStyle: oauth2.AuthStyleInParams,
	}}, nil
}

// Some services ignore offline_access without a prompt for consent (OpenID
// Connect Core 1.0, 11).
func (openID) prompts(r Request) []oauth2.AuthCodeOption {
	return []oauth2.AuthCodeOption{param("response_mode", "query"), param("prompt", r.promptWord()+" consent"), param("login_hint", r.Mailbox.User)}
}

// An address counts if the service has verified it.
func (openID) identity(c claims, want expectation) (exact, alias bool) {
	return c.named(want.user), sameName(c.Email, want.user) && bool(c.EmailVerified)
}

func (openID) lasting(Account, claims) []identityFact { return nil }

// google differs in how it gives a refresh token, and in what an account's
// name is.
type google struct{ openID }

// Google documents its addresses (developers.google.com/identity/protocols/
// oauth2/native-app, 2026-11). Another authority describes itself.
func (google) endpoint(o mailbox.OAuth) oauth2.Endpoint {
	if !IsPreset(o) {
		return oauth2.Endpoint{}
	}
	return oauth2.Endpoint{
		AuthURL: "https://accounts.google.com/o/oauth2/v2/auth", TokenURL: "https://oauth2.googleapis.com/token",
		AuthStyle: oauth2.AuthStyleInParams,
	}
}

// Google knows no prompt=login, and gives a refresh token only with
// access_type=offline and, from the second time on, consent.
func (google) prompts(r Request) []oauth2.AuthCodeOption {
	return []oauth2.AuthCodeOption{oauth2.AccessTypeOffline, param("prompt", "select_account consent"), param("login_hint", r.Mailbox.User)}
}

// The verified address is the account's name there.
func (google) identity(c claims, want expectation) (exact, alias bool) {
	return sameName(c.Email, want.user) && bool(c.EmailVerified), false
}
