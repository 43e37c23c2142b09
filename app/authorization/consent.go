package authorization

import (
	"context"

	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

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
