package authorization

import (
	"context"
	"errors"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/store"
)

// MoveSecrets takes the sealed secrets of a mailbox along that was renamed, and
// its results. A
// secret is gone under the old name only when it is sealed under the new one.
// It stays behind where more than the name changed of what it is bound to: the
// user of a password, the application of a client secret.
func (m *Manager) MoveSecrets(from, to mailbox.Definition) error {
	return errors.Join(m.carry(from, to, m.keys.Delete), m.History.Move(context.Background(), from.Name, to.Name))
}

// CopySecrets is MoveSecrets for an old name that is another mailbox's by now:
// what is sealed under it stays.
func (m *Manager) CopySecrets(from, to mailbox.Definition) error {
	return m.carry(from, to, func(string) error { return nil })
}

// carry copies each secret, and lets go of the old one when that is safe.
func (m *Manager) carry(from, to mailbox.Definition, release func(name string) error) error {
	var wrong []error
	for _, kind := range SecretKinds {
		if err := m.carrySecret(from, to, kind, release); err != nil {
			wrong = append(wrong, m.explain(to, err))
		}
	}
	return errors.Join(wrong...)
}

func (m *Manager) carrySecret(from, to mailbox.Definition, kind SecretKind, release func(name string) error) error {
	renamed := from
	renamed.Name = to.Name
	before, after := secretName(from, kind), secretName(to, kind)
	if before == after || secretName(renamed, kind) != after {
		return nil // it is the same file, for names differ without case; or not its secret
	}
	data, err := m.keys.Load(before)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil {
		err = m.keys.Save(after, data)
	}
	if err == nil {
		err = release(before)
	}
	return err
}
