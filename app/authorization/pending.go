package authorization

import (
	"context"
	"errors"
	"time"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

// pending is a renewal as it came from the service, beside the tokens that it
// is to replace. It is sealed before anything in it is verified: its refresh
// token is the one that a service which rotates now expects, so it makes the
// next renewal. It is used to sign in only when it is verified.
type pending struct {
	At       time.Time
	Resource string
	Grant    oauth.Grant
}

// sealedPending is its form in the sealed file.
type sealedPending struct {
	At           time.Time `json:"at"`
	Resource     string    `json:"resource,omitempty"`
	AccessToken  string    `json:"access_token"`
	RefreshToken string    `json:"refresh_token"`
	IDToken      string    `json:"id_token"`
	TokenType    string    `json:"token_type"`
	Endpoint     string    `json:"token_endpoint"`
	Expires      time.Time `json:"access_expires"`
	Granted      []string  `json:"granted"`
}

func (p *pending) seal() *sealedPending {
	if p == nil {
		return nil
	}
	g := p.Grant
	return &sealedPending{
		At: p.At, Resource: p.Resource, AccessToken: g.AccessToken.Reveal(), RefreshToken: g.RefreshToken.Reveal(), IDToken: g.IDToken.Reveal(),
		TokenType: g.TokenType, Endpoint: g.Endpoint, Expires: g.Expires, Granted: g.Granted,
	}
}

func (s *sealedPending) open() *pending {
	if s == nil {
		return nil
	}
	return &pending{At: s.At, Resource: s.Resource, Grant: oauth.Grant{
		AccessToken: redact.NewSecret(s.AccessToken), RefreshToken: redact.NewSecret(s.RefreshToken), IDToken: redact.NewSecret(s.IDToken),
		TokenType: s.TokenType, Endpoint: s.Endpoint, Expires: s.Expires, Granted: s.Granted,
	}}
}

// next is the refresh token of the next renewal.
func (r record) next() redact.Secret {
	if r.Pending != nil && !r.Pending.Grant.RefreshToken.Empty() {
		return r.Pending.Grant.RefreshToken
	}
	return r.RefreshToken
}

// renew does one renewal, of the token for one resource. The caller holds the
// lock. The new tokens are on disk before anything in them is verified, and the
// old ones stay beside them until then. A final refusal is recorded, a transient
// error leaves everything as it was.
func (m *Manager) renew(ctx context.Context, client *oauth.Client, d mailbox.Definition, r record, resource string) (record, error) {
	secret, err := m.clientSecret(d)
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
	with := oauth.Renewal{RefreshToken: r.next(), ClientSecret: secret, Endpoint: r.Endpoint, Resource: resource, Several: len(r.Others) > 0}
	g, err := client.Refresh(ctx, d, with)
	if r.Pending != nil && resource == "" && isFinal(err) {
		// What did not hold is refused too. The one before it may still be good,
		// at a service that does not rotate.
		r.Pending, with.RefreshToken = nil, r.RefreshToken
		g, err = client.Refresh(ctx, d, with)
	}
	switch {
	case err != nil && resource != "":
		return r, err // says nothing about the mail servers' tokens
	case err != nil:
		return r, m.refuse(d, r, err)
	}
	r.Pending = &pending{At: m.now().UTC(), Resource: resource, Grant: g}
	data, err := r.encode()
	if err == nil {
		err = m.explain(d, room.Save(oauth.Key(d), data))
	}
	if err != nil {
		return r, err
	}
	return m.settle(ctx, client, d, r)
}

// settle verifies the pending renewal and puts it in the place of the tokens
// before it. If it does not hold these stay, marked with the reason; if it is
// somebody else's it is let go of.
func (m *Manager) settle(ctx context.Context, client *oauth.Client, d mailbox.Definition, r record) (record, error) {
	who, err := client.CheckRenewal(ctx, d, r.Pending.Grant, r.Account)
	var other *oauth.OtherAccount
	switch {
	case err == nil:
		r.Account = r.Account.Complete(who)
		r.take(r.Pending.Grant, r.Pending.Resource, r.Pending.At)
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
