package oauth

import (
	"context"
	"errors"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// SignIn signs in as the definition's user. Errors: diagnosis.Diagnosis,
// *OtherAccount when somebody else signed in, or what Keep returned.
func (c *Client) SignIn(ctx context.Context, r Request) (Grant, error) {
	var g Grant
	var err error
	switch {
	case r.Mailbox.OAuth.AccountType == mailbox.AccountApplication:
		g, err = c.signInAsApplication(ctx, r, "", diagnosis.PhaseToken)
	case r.way() == mailbox.SignInDeviceCode:
		g, err = c.signInByDevice(ctx, r)
	default:
		g, err = c.signInByBrowser(ctx, r)
	}
	err = c.decided(ctx, r, err)
	if diag, named := errors.AsType[diagnosis.Diagnosis](err); named {
		if next := wayAfter(r.way(), diag.Cause); next != "" {
			r.emit(NextWay{Way: next, Refused: true})
		}
	}
	return g, err
}

// signInByBrowser is the authorization code flow over loopback (RFC 8252).
func (c *Client) signInByBrowser(ctx context.Context, r Request) (Grant, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s, err := c.discoverInTime(ctx, &r)
	if err != nil {
		return Grant{}, err
	}
	f, err := c.openFlow(ctx, r, s, func(redirect string) authRequest { return newAuthRequest(r, s, redirect) })
	if err != nil {
		return Grant{}, err
	}
	defer f.close(cancel)
	early := c.fetchAhead(ctx, r, s)
	defer early.end(cancel)
	var g Grant
	a, err := f.wait(ctx)
	if err == nil {
		g, err = c.complete(ctx, r, s, early, f.authRequest, a)
	}
	if err != nil {
		f.show(ctx, badPage(c.texts(), err)) // an answer may come at this very moment
		return Grant{}, err
	}
	f.show(ctx, goodPage(c.texts(), r.Mailbox, g))
	return g, nil
}

// complete redeems the code of an answer and decides on the account.
func (c *Client) complete(ctx context.Context, r Request, s *service, early *ahead, at authRequest, a answer) (Grant, error) {
	if err := checkAnswer(ctx, r.Mailbox, s, a); err != nil {
		return Grant{}, err
	}
	options := append(forMail(r.Mailbox), oauth2.VerifierOption(at.verifier.Reveal()))
	token, public, err := withSecret(r.ClientSecret, true, func(secret string) (*oauth2.Token, error) {
		at.config.ClientSecret = secret
		return at.config.Exchange(c.oauth2Context(ctx), a.code.Reveal(), options...)
	})
	if err != nil {
		return Grant{}, explain(ctx, r.Mailbox, diagnosis.PhaseToken, err, a.code, at.verifier, r.ClientSecret)
	}
	return c.accept(ctx, r, s, early, token, public, at.nonce)
}

// checkAnswer refuses answers of another issuer (RFC 9207, 2.4) and explains
// those that are errors.
func checkAnswer(ctx context.Context, d mailbox.Definition, s *service, a answer) error {
	switch {
	case !s.issuerOfAnswer(a.issuer):
		return reason(diagnosis.CauseAnswerNotOurs, diagnosis.PhaseAuthorize, "the answer names the issuer "+a.issuer+", not "+s.Issuer)
	case a.failure != "":
		return explainAnswer(ctx, d, a.errorText())
	}
	return nil
}

// accept verifies who signed in and lets Keep have the grant, if it is the
// right one.
func (c *Client) accept(ctx context.Context, r Request, s *service, early *ahead, token *oauth2.Token, public bool, nonce string) (Grant, error) {
	g := c.grant(MailScopes(r.Mailbox), token)
	g.Endpoint, g.Public = s.endpoint.TokenURL, public
	if err := g.checkTokens(); err != nil {
		return Grant{}, unexpected(r.Mailbox, diagnosis.PhaseToken, err.Error())
	}
	who, err := c.verify(ctx, s, r.Mailbox.OAuth.ClientID, g, nonce)
	switch {
	case ctx.Err() != nil && err != nil:
		return Grant{}, diagnosis.New(diagnosis.CauseCancelled, diagnosis.PhaseToken, nil)
	case err != nil:
		invalid := reason(diagnosis.CauseIDTokenInvalid, diagnosis.PhaseToken, err.Error())
		if errors.Is(err, errNoIDToken) {
			invalid.Args[argNoIDToken] = "true"
		}
		if _, is := errors.AsType[outOfTime](err); is {
			return Grant{}, outOfTime{invalid}
		}
		return Grant{}, invalid
	}
	want := c.expect(ctx, r, s, early)
	g.Account, g.Identity = who.account(), verdict(who, want)
	c.log().Debug("oauth: identity", "verdict", g.Identity, "tenant", g.Account.TenantID, "expected_tenant", want.tenant)
	if g.Identity == Other {
		if want.tenant != "" && !sameName(who.TenantID, want.tenant) && (sameName(who.Preferred, want.user) || sameName(who.Email, want.user)) {
			g.Account.Guest = true // the right person in the wrong tenant
		}
		return Grant{}, newOtherAccount(r.Mailbox, g.Account)
	}
	return g, r.keep(ctx, g)
}

func (r Request) keep(ctx context.Context, g Grant) error {
	if r.Keep == nil {
		return nil
	}
	return r.Keep(ctx, g)
}

// expect is who should have signed in. The tenant is that of the address's
// domain where it can be found, else the definition's.
func (c *Client) expect(ctx context.Context, r Request, s *service, early *ahead) expectation {
	d := r.Mailbox
	want := expectation{user: d.User, shared: d.SharedMailbox != "", manners: mannersOf(*d.OAuth)}
	switch {
	case s.hasTenants(*d.OAuth):
		tenant, err := early.tenantOf(ctx, c, r)
		if err != nil {
			c.log().Debug("oauth: the tenant of the address's domain was not found", "domain", mailbox.DomainOf(d.User))
			tenant = s.tenantID()
		}
		want.tenant = tenant
	case s.entra:
		want.tenant = personalTenant
	}
	return want
}

// grant takes a token response apart.
func (c *Client) grant(asked []string, token *oauth2.Token) Grant {
	granted := asked // left out means: as asked (RFC 6749, 5.1)
	if scope, _ := token.Extra("scope").(string); scope != "" {
		granted = strings.Fields(redact.Visible(scope)) // they are shown
	}
	lifetime := time.Duration(token.ExpiresIn) * time.Second
	if lifetime <= 0 {
		lifetime = unknownLifetime
	}
	idToken, _ := token.Extra("id_token").(string)
	return Grant{
		AccessToken: redact.NewSecret(token.AccessToken), RefreshToken: redact.NewSecret(token.RefreshToken),
		IDToken: redact.NewSecret(idToken), TokenType: token.TokenType,
		Expires: c.now().Add(lifetime).UTC(), Granted: granted,
	}
}

// unknownLifetime stands in for an expires_in that the service left out.
const unknownLifetime = 15 * time.Minute

// oauth2Context makes x/oauth2 use our client.
func (c *Client) oauth2Context(ctx context.Context) context.Context {
	return context.WithValue(ctx, oauth2.HTTPClient, c.http())
}
