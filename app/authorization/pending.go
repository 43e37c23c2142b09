package authorization

import (
	"context"
	"errors"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

// pending is a renewal as it came from the service, beside the tokens that it
// is to replace. It is sealed before anything in it is verified: its refresh
// token is the one that a service which rotates now expects, so it makes the
// next renewal. It is used to sign in only when it is verified.
type pending struct {
	At           time.Time `json:"at"`
	Resource     string    `json:"resource,omitempty"`
	AccessToken  sealed    `json:"access_token"`
	RefreshToken sealed    `json:"refresh_token"`
	IDToken      sealed    `json:"id_token"`
	TokenType    string    `json:"token_type"`
	Endpoint     string    `json:"token_endpoint"`
	Expires      time.Time `json:"access_expires"`
	Granted      []string  `json:"granted"`
}

func newPending(at time.Time, resource string, g oauth.Grant) *pending {
	return &pending{
		At: at.UTC(), Resource: resource, AccessToken: sealed{g.AccessToken}, RefreshToken: sealed{g.RefreshToken}, IDToken: sealed{g.IDToken},
		TokenType: g.TokenType, Endpoint: g.Endpoint, Expires: g.Expires, Granted: g.Granted,
	}
}

// grant is what the service gave.
func (p *pending) grant() oauth.Grant {
	return oauth.Grant{
		AccessToken: p.AccessToken.Secret, RefreshToken: p.RefreshToken.Secret, IDToken: p.IDToken.Secret,
		TokenType: p.TokenType, Endpoint: p.Endpoint, Expires: p.Expires, Granted: p.Granted,
	}
}

// next is the refresh token of the next renewal.
func (r record) next() redact.Secret {
	if r.Pending != nil && !r.Pending.RefreshToken.Empty() {
		return r.Pending.RefreshToken.Secret
	}
	return r.RefreshToken.Secret
}

// renew does one renewal, of the token for one resource. The caller holds the
// lock. The new tokens are on disk before anything in them is verified, and the
// old ones stay beside them until then. A final refusal is recorded, a transient
// error leaves everything as it was.
func (m *Manager) renew(ctx context.Context, client *oauth.Client, d mailbox.Definition, r record, resource string) (record, error) {
	if r.next().Empty() && d.OAuth.AccountType != mailbox.AccountApplication {
		return r, oauth.NotRenewable(d) // which is no refusal: its token is good until it ends
	}
	stored, err := m.secret(d, ClientSecret)
	if err != nil {
		return r, err
	}
	// A service that rotates gives each refresh token once: it is asked only
	// when there is room for the new one.
	room, err := m.grant.Reserve(oauth.Key(d))
	if err != nil {
		return r, m.explain(d, err)
	}
	defer func() { _ = room.Release() }() // what is left behind is taken up or removed
	g, err := m.ask(ctx, client, d, &r, resource, stored)
	switch {
	case err != nil && resource != "":
		return r, err // says nothing about the mail servers' tokens
	case err != nil:
		return m.refuse(d, r, err)
	}
	r.Public = r.Public || g.Public
	r.Pending = newPending(m.now(), resource, g)
	data, err := r.encode()
	if err == nil {
		err = m.explain(d, room.Save(oauth.Key(d), data))
	}
	if err != nil {
		return r, err
	}
	return m.settle(ctx, client, d, r)
}

// ask asks the service for new tokens, and once more where its answer says that
// what was sent along may be the reason: the application's secret or its
// absence, or a refresh token that did not hold. What that proves is noted in r.
func (m *Manager) ask(ctx context.Context, client *oauth.Client, d mailbox.Definition, r *record, resource string, stored sealedSecret) (oauth.Grant, error) {
	secret := redact.NewSecret(stored.Value)
	with := oauth.Renewal{RefreshToken: r.next(), ClientSecret: secret, Endpoint: r.Endpoint, Resource: resource, Several: len(r.Others) > 0}
	if r.Public {
		with.ClientSecret = redact.Secret{} // a server product's
	}
	g, err := client.Refresh(ctx, d, with)
	if r.Public && !secret.Empty() && wantsSecret(err) { // the application was registered otherwise since
		r.Public, with.ClientSecret = false, secret
		g, err = client.Refresh(ctx, d, with)
	}
	if r.Pending != nil && resource == "" && isFinal(err) {
		// What did not hold is refused too. The one before it may still be good,
		// at a service that does not rotate.
		r.Pending, with.RefreshToken = nil, r.RefreshToken.Secret
		g, err = client.Refresh(ctx, d, with)
	}
	switch f := stored.Former; {
	case f == nil, with.ClientSecret.Empty(): // a public client's says nothing about them
	case err == nil && g.Proved:
		m.accepted(d, secret)
	case err != nil && !waits(err): // the service may not know the new one yet
		with.ClientSecret = redact.NewSecret(f.Value)
		if former, refused := client.Refresh(ctx, d, with); refused == nil {
			return former, nil
		}
	}
	return g, err
}

// waits reports whether the same may work later.
func waits(err error) bool { return diagnosisOf(err).Retry == diagnosis.RetryWait }

// wantsSecret reports whether the service misses the application's secret.
func wantsSecret(err error) bool {
	cause := diagnosisOf(err).Cause
	return cause == diagnosis.CauseClientSecretMissing || cause == diagnosis.CausePublicClientFlowDisabled
}

// settle verifies the pending renewal and puts it in the place of the tokens
// before it. If it does not hold these stay, marked with the reason; if it is
// somebody else's it is let go of.
func (m *Manager) settle(ctx context.Context, client *oauth.Client, d mailbox.Definition, r record) (record, error) {
	err := client.CheckRenewal(ctx, d, r.Pending.grant(), r.Account)
	var other *oauth.OtherAccount
	switch {
	case err == nil:
		r.take(r.Pending.grant(), r.Pending.Resource, r.Pending.At)
	case errors.As(err, &other):
		r.Pending, r.Doubt = nil, m.note(err)
	default:
		r.Doubt = m.note(err)
	}
	return r, errors.Join(err, m.save(d, r))
}

// settleLeft settles what a process that was killed, or a wrong clock, left
// pending. Without success the next renewal goes on from there.
func (m *Manager) settleLeft(ctx context.Context, client *oauth.Client, d mailbox.Definition, r record) record {
	settled, err := m.settle(ctx, client, d, r)
	if err != nil {
		m.log.Warn("authorization: a pending renewal does not hold", "error", err)
	}
	return settled
}
