package authorization

import (
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
