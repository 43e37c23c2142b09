package authorization

import (
	"context"
	"time"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
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

// Experiments is what a mailbox test may try after a failure. hosts are those
// the user confirmed beyond the recorded ones.
func (m *Manager) Experiments(d mailbox.Definition, hosts []string) *mailtest.Experiments {
	x := &mailtest.Experiments{}
	if d.OAuth == nil || d.Authentication != mailbox.AuthOAuth2 {
		return x
	}
	x.Renew = func(ctx context.Context, resource string) (mailtest.Credential, error) {
		if _, err := m.renewLocked(ctx, d, resource, func(record) bool { return true }); err != nil {
			return mailtest.Credential{}, err
		}
		return m.Credential(d, hosts)(ctx, resource)
	}
	x.Clock = func(ctx context.Context) (time.Duration, error) {
		client, done, err := m.client(d)
		if err != nil {
			return 0, err
		}
		defer done()
		return client.ClockAhead(ctx, d)
	}
	x.Presets = map[mailtest.Protocol]mailbox.Server{}
	for _, s := range d.OAuth.Presets() {
		x.Presets[s.Protocol] = *s.Server
	}
	return x
}
