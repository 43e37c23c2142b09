package authorization

import (
	"context"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

// Ask lends a client for the sign-in service of a definition, with its proxy
// and its client secret (empty where none is stored), to look around before
// anybody signs in.
func (m *Manager) Ask(d mailbox.Definition, look func(*oauth.Client, redact.Secret)) error {
	client, done, err := m.client(d)
	if err != nil {
		return err
	}
	defer done()
	secret, err := m.clientSecret(d)
	if err != nil {
		return err
	}
	look(client, secret)
	return nil
}

// Consent asks an administrator in the browser to agree to the permissions of
// a definition. It yields no token and leaves the stored authorization alone.
// Errors are those of oauth.Client.Consent.
func (m *Manager) Consent(ctx context.Context, d mailbox.Definition, o Options) (oauth.ConsentResult, error) {
	client, done, err := m.client(d)
	if err != nil {
		return oauth.ConsentResult{}, err
	}
	defer done()
	return client.Consent(ctx, oauth.Request{
		Mailbox: d, SignIn: o.SignIn, Timeout: o.Timeout,
		Opener: o.Opener, Pasted: o.Pasted, Again: o.Again, OnEvent: o.OnEvent,
	})
}
