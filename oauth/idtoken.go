package oauth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"mailgrant/internal/redact"
)

// clockSkew is how far our clock and the service's may be apart. Entra allows
// five minutes for what a client signs and what it signs itself.
const clockSkew = 5 * time.Minute

// errNoIDToken: services give one only where the scope openid was granted.
var errNoIDToken = errors.New("the answer holds no identity token")

// argNoIDToken is among a diagnosis' Args where that is what was wrong.
const argNoIDToken = "no-id-token"

// claims are those of an identity token that tell who signed in.
type claims struct {
	Subject       string `json:"sub"`
	Issuer        string `json:"iss"`
	ObjectID      string `json:"oid"`
	TenantID      string `json:"tid"`
	IDP           string `json:"idp"`
	Name          string `json:"name"`
	Preferred     string `json:"preferred_username"`
	UPN           string `json:"upn"`
	Email         string `json:"email"`
	EmailVerified truth  `json:"email_verified"`
	AuthorizedFor string `json:"azp"`

	NotBefore float64 `json:"nbf"` // may have a fraction (RFC 7519, 2: NumericDate)
}

// truth is a boolean that some services write as a string.
type truth bool

// UnmarshalJSON takes true and "true" for true and everything else for false.
func (t *truth) UnmarshalJSON(data []byte) error {
	*t = truth(strings.EqualFold(strings.Trim(string(data), `"`), "true"))
	return nil
}

// verify checks the identity token of a grant (OpenID Connect Core 1.0, 3.1.3.7): one
// asymmetric signature by a key of the service, issuer, audience, times and,
// where one was sent, the nonce. The error says in English what is wrong.
func (c *Client) verify(ctx context.Context, s *service, clientID string, g Grant, nonce string) (claims, error) {
	if g.IDToken.Empty() {
		return claims{}, errNoIDToken
	}
	signed := &signature{c: c, s: s}
	verifier := oidc.NewVerifier(s.Issuer, signed, &oidc.Config{
		ClientID:             clientID,
		SupportedSigningAlgs: s.algorithms(),
		SkipIssuerCheck:      s.entra, // a template there; see issuerFits
		SkipExpiryCheck:      true,    // checked below with the skew on both sides
	})
	t, err := verifier.Verify(ctx, g.IDToken.Reveal())
	switch {
	case signed.unread != nil:
		return claims{}, signed.unread
	case err != nil:
		return claims{}, err
	}
	var who claims
	if err := t.Claims(&who); err != nil {
		return claims{}, err
	}
	switch {
	case s.entra && !s.issuerFits(t.Issuer, who.TenantID):
		return claims{}, fmt.Errorf("the identity token was issued by %q for the tenant %q, not by %q", t.Issuer, who.TenantID, s.Issuer)
	case who.Subject == "": // renewals are compared by it
		return claims{}, errors.New("the identity token names no subject")
	case (len(t.Audience) > 1 || who.AuthorizedFor != "") && who.AuthorizedFor != clientID:
		return claims{}, errors.New("the identity token was issued to another application")
	case nonce != "" && t.Nonce != nonce:
		return claims{}, errors.New("the identity token belongs to another sign-in (nonce)")
	case t.AccessTokenHash != "" && t.VerifyAccessToken(g.AccessToken.Reveal()) != nil:
		return claims{}, errors.New("the identity token belongs to another access token (at_hash)")
	}
	if err := checkTimes(time.Unix(int64(who.NotBefore), 0), t.Expiry, c.now()); err != nil {
		return who, outOfTime{err}
	}
	return who, nil
}

// outOfTime is what is wrong with a token that this machine's clock may have
// made wrong.
type outOfTime struct{ error }

func (o outOfTime) Unwrap() error { return o.error }

// checkTimes allows the skew on both sides.
func checkTimes(notBefore, expiry, now time.Time) error {
	stamp := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	switch {
	case expiry.Add(clockSkew).Before(now):
		return fmt.Errorf("the identity token expired at %s, it is %s here", stamp(expiry), stamp(now))
	case notBefore.Add(-clockSkew).After(now):
		return fmt.Errorf("the identity token is not valid before %s, it is %s here", stamp(notBefore), stamp(now))
	}
	return nil
}

// asymmetric are the algorithms whose keys are public. HS256 would make the
// client secret a signing key, "none" anybody a signer.
var asymmetric = []string{
	oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512,
	oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA,
}

// algorithms are the service's, as far as they are acceptable; RS256 is the
// one that every service has.
func (s *service) algorithms() []string {
	allowed := []string{oidc.RS256}
	for _, a := range s.Algorithms {
		if slices.Contains(asymmetric, a) && !slices.Contains(allowed, a) {
			allowed = append(allowed, a)
		}
	}
	return allowed
}

// issuerOfAnswer checks the iss parameter of an answer (RFC 9207).
func (s *service) issuerOfAnswer(iss string) bool {
	switch {
	case iss == "":
		return !s.SendsIssuer
	case !strings.Contains(s.Issuer, tenantTemplate):
		return iss == s.Issuer
	}
	tenant := guidIn(iss)
	return tenant != "" && iss == strings.ReplaceAll(s.Issuer, tenantTemplate, tenant)
}

// account is what the claims say about the person, fit to be shown.
func (c claims) account() Account {
	return Account{
		User: redact.Visible(cmp.Or(c.Preferred, c.UPN, c.Email, c.Subject)), Issuer: c.Issuer, Name: redact.Visible(c.Name), TenantID: redact.Visible(c.TenantID),
		Email: c.Email, Subject: c.Subject, ObjectID: c.ObjectID, Guest: c.guest(),
	}
}
