package authorization

import (
	"context"
	"errors"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/store"
)

// MoveSecrets takes the sealed secrets of a mailbox along whose name or user
// changed, and its results. A secret is gone from its old place only when it is
// sealed at the new one. It stays behind where it is bound to what changed: a
// password to its user, a client secret to its application. A proxy's password
// is the machine's and follows always.
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
	before, after := secretName(from, kind), secretName(to, kind)
	if before == after || !follows(from, to, kind) {
		return nil // names differ without case: it is the same file
	}
	data, err := m.sealed(from, kind)
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

// follows tells whether a secret goes along with more than a new name.
func follows(from, to mailbox.Definition, kind SecretKind) bool {
	from.Name = to.Name
	return kind == ProxyPassword || secretName(from, kind) == secretName(to, kind)
}

// Rebound tells whether secrets of a mailbox have another place after a change,
// so that MoveSecrets has work.
func Rebound(from, to mailbox.Definition) bool {
	for _, kind := range SecretKinds {
		if secretName(from, kind) != secretName(to, kind) && follows(from, to, kind) {
			return true
		}
	}
	return false
}
