package oauth

import (
	"context"
	"errors"
	"net/url"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// Renewal is what new tokens are asked for with.
type Renewal struct {
	RefreshToken redact.Secret
	ClientSecret redact.Secret // empty where the application has none
	// Endpoint is the token endpoint of the sign-in, "" where it was not
	// recorded: the refresh token goes to no other origin.
	Endpoint string
	// Resource is what the access token is to be for, as
	// mailbox.Definition.TokenFor names it.
	Resource string
	// Several: tokens for more than one resource came of this authorization,
	// so that a request has to say for which the next one is.
	Several bool
}

// Refresh gets new tokens. The grant's refresh token is the rotated one, or
// the same where the service does not rotate; it serves all resources.
//
// Nothing in the grant has been verified yet: the old refresh token is spent,
// so the grant has to be stored first. CheckRenewal verifies it then.
//
// Errors are diagnoses; their Retry tells a passing fault (wait) from the end
// of the authorization (sign-in).
func (c *Client) Refresh(ctx context.Context, d mailbox.Definition, with Renewal) (Grant, error) {
	if d.OAuth.AccountType == mailbox.AccountApplication {
		return c.signInAsApplication(ctx, Request{Mailbox: d, ClientSecret: with.ClientSecret}, with.Resource, diagnosis.PhaseRefresh)
	}
	if with.RefreshToken.Empty() {
		return Grant{}, NotRenewable(d)
	}
	address, err := c.tokenAddress(ctx, d)
	if err != nil {
		return Grant{}, explain(ctx, d, diagnosis.PhaseRefresh, err)
	}
	if with.Endpoint != "" && !sameOrigin(with.Endpoint, address) {
		return Grant{}, moved(address)
	}
	form := url.Values{}
	if with.Several || with.Resource != "" || len(d.OtherResources()) > 0 {
		form = narrow(d, with.Resource)
	}
	form.Set("grant_type", "refresh_token")
	form.Set("refresh_token", with.RefreshToken.Reveal())
	form.Set("client_id", d.OAuth.ClientID)
	answer, public, err := withSecret(with.ClientSecret, false, func(secret string) (tokenAnswer, error) {
		form.Del("client_secret")
		if secret != "" {
			form.Set("client_secret", secret)
		}
		return c.postToken(ctx, address, form)
	})
	if err != nil {
		return Grant{}, explain(ctx, d, diagnosis.PhaseRefresh, err, with.RefreshToken, with.ClientSecret)
	}
	g := c.grant(scopesFor(d, with.Resource), answer.token())
	g.Endpoint, g.Public, g.Proved = address, public, form.Has("client_secret")
	// Whatever else is wrong with the answer, a new refresh token in it is kept.
	if g.RefreshToken.Empty() || !printable(g.RefreshToken.Reveal()) {
		if err := g.checkTokens(); err != nil {
			return Grant{}, unexpected(d, diagnosis.PhaseRefresh, err.Error())
		}
		g.RefreshToken = with.RefreshToken // the service does not rotate
	}
	return g, nil
}

// NotRenewable says that a sign-in gave no refresh token: the service gives this
// application none.
func NotRenewable(d mailbox.Definition) diagnosis.Diagnosis {
	return diagnosis.New(diagnosis.CauseRefreshTokenMissing, diagnosis.PhaseRefresh, map[string]string{"client": d.OAuth.ClientID}).At(familyOf(*d.OAuth))
}

// tokenAddress needs no discovery where the endpoints are known: one thing less
// that can fail in the middle of the night.
func (c *Client) tokenAddress(ctx context.Context, d mailbox.Definition) (string, error) {
	if _, token := Addresses(*d.OAuth); token != "" {
		return token, nil
	}
	s, err := c.discover(ctx, d, diagnosis.PhaseRefresh)
	if err != nil {
		return "", err
	}
	return s.endpoint.TokenURL, nil
}

// sameOrigin compares scheme, host and port (RFC 6454, 4).
func sameOrigin(a, b string) bool {
	first, wrong := url.Parse(a)
	second, err := url.Parse(b)
	return wrong == nil && err == nil && first.Scheme == second.Scheme && sameName(first.Hostname(), second.Hostname()) && portOf(first) == portOf(second)
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

// moved refuses to send a refresh token to another origin than the one that
// issued it: a discovery document is read anew each time, and whoever can
// change it could name an address of his own.
func moved(address string) diagnosis.Diagnosis {
	return diagnosis.New(diagnosis.CauseTokenEndpointMoved, diagnosis.PhaseRefresh, map[string]string{"host": redact.Line(hostOf(address))})
}

// verifyLimit is how long a renewal waits for the keys that prove its identity
// token. Another process may be waiting for the renewal.
const verifyLimit = 10 * time.Second

// CheckRenewal verifies a grant of Refresh that has been stored: its tokens
// are usable, and its identity token, where one came, holds and is of the
// account that signed in (OpenID Connect Core 1.0, 12.2).
//
// *OtherAccount: the grant is somebody else's and must not be used. Another
// error is a diagnosis: the grant is not to be used to sign in, but its
// refresh token is the one that the service now expects.
func (c *Client) CheckRenewal(ctx context.Context, d mailbox.Definition, g Grant, signedIn Account) error {
	if err := g.checkTokens(); err != nil {
		return unexpected(d, diagnosis.PhaseRefresh, err.Error())
	}
	if g.IDToken.Empty() {
		return nil
	}
	// What the token says needs no key: it came from the service itself over
	// TLS (OpenID Connect Core 1.0, 3.1.3.7, 6).
	who, err := unverified(g.IDToken)
	if err != nil {
		return doubtful(err)
	}
	if err := sameSubject(d, signedIn, who); err != nil {
		return renewedForAnother(d, who.account(), err)
	}
	ctx, cancel := context.WithTimeout(ctx, verifyLimit)
	defer cancel()
	s, err := c.discover(ctx, d, diagnosis.PhaseRefresh)
	if err != nil {
		return nil // a later renewal will find the keys
	}
	_, err = c.verify(ctx, s, d.OAuth.ClientID, g, "")
	if err == nil || errors.Is(err, errKeys) || ctx.Err() != nil {
		return nil // nothing was said against it
	}
	return doubtful(err)
}
