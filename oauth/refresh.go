package oauth

import (
	"context"
	"errors"
	"strings"

	"golang.org/x/oauth2"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// Refresh gets a new access token. The grant's refresh token is the rotated
// one, or the same where the service does not rotate. Errors are diagnoses;
// their Retry tells a passing fault (wait) from the end of the authorization
// (sign-in).
func (c *Client) Refresh(ctx context.Context, d mailbox.Definition, refreshToken, clientSecret redact.Secret) (Grant, error) {
	r := Request{Mailbox: d, ClientSecret: clientSecret}
	if d.OAuth.AccountType == mailbox.AccountApplication {
		return c.signInAsApplication(ctx, r, diagnosis.PhaseRefresh)
	}
	if refreshToken.Empty() {
		return Grant{}, diagnosis.New(diagnosis.CauseAuthorizationMissing, diagnosis.PhaseRefresh, nil)
	}
	s, err := c.refreshService(ctx, d)
	if err != nil {
		return Grant{}, explain(ctx, d, diagnosis.PhaseRefresh, err)
	}
	conf := config(r, s)
	token, err := conf.TokenSource(c.oauth2Context(ctx), &oauth2.Token{RefreshToken: refreshToken.Reveal()}).Token()
	if err != nil {
		return Grant{}, explain(ctx, d, diagnosis.PhaseRefresh, err, refreshToken, clientSecret)
	}
	g := c.grant(d, token)
	g.Account, err = c.renewedAccount(ctx, d, token)
	return g, err
}

// refreshService needs no discovery with Microsoft, whose endpoints are known:
// one thing less that can fail in the middle of the night.
func (c *Client) refreshService(ctx context.Context, d mailbox.Definition) (*service, error) {
	if d.OAuth.Provider == mailbox.ProviderMicrosoft {
		return &service{microsoft: true, endpoint: microsoftEndpoint(*d.OAuth)}, nil
	}
	return c.discover(ctx, d)
}

// renewedAccount verifies the identity token of a renewal, where one came
// (OpenID Connect Core 1.0, 12.2). There is no nonce. If the keys cannot be
// had, the account stays open: the tokens came from the service itself, and
// losing a rotated refresh token would cost a sign-in.
func (c *Client) renewedAccount(ctx context.Context, d mailbox.Definition, token *oauth2.Token) (Account, error) {
	if raw, _ := token.Extra("id_token").(string); strings.TrimSpace(raw) == "" {
		return Account{}, nil
	}
	s, err := c.discover(ctx, d)
	if err != nil {
		return Account{}, nil
	}
	who, err := c.verify(ctx, s, d.OAuth.ClientID, token, "")
	switch {
	case errors.Is(err, errKeys), err != nil && ctx.Err() != nil:
		return Account{}, nil
	case err != nil:
		return Account{}, c.explainIdentity(ctx, diagnosis.PhaseRefresh, err)
	}
	return who.account(), nil
}
