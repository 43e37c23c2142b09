package authorization

import (
	"context"
	"errors"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/store"
)

// MoveSecrets takes the sealed secrets of a mailbox along whose name or user
// changed, and its results. They are gone from the old place only when all of
// them are at the new one: whatever is killed in between, one of the two has
// them all. A secret stays behind where it is bound to what changed: a password
// to its user, a client secret to its application. A proxy's password is the
// machine's and follows always.
func (m *Manager) MoveSecrets(from, to mailbox.Definition) error {
	carried, err := m.carry(from, to)
	err = errors.Join(err, m.History.Move(context.Background(), from.Name, to.Name))
	for _, name := range carried {
		remove := func() error { return m.keys.Delete(name) }
		if name == secretName(from, ClientSecret) {
			err = errors.Join(err, m.changing(from, remove))
		} else {
			err = errors.Join(err, remove())
		}
	}
	return err
}

// CopySecrets is MoveSecrets for an old name that is another mailbox's by now:
// what is sealed under it stays.
func (m *Manager) CopySecrets(from, to mailbox.Definition) error {
	_, err := m.carry(from, to)
	return err
}

// carry copies each secret, and returns the old names of those that it copied.
func (m *Manager) carry(from, to mailbox.Definition) (carried []string, err error) {
	for _, kind := range SecretKinds {
		before, after := secretName(from, kind), secretName(to, kind)
		if before == after || !follows(from, to, kind) {
			continue // names differ without case: it is the same file
		}
		data, wrong := m.keys.Load(before)
		if errors.Is(wrong, store.ErrNotFound) {
			continue
		}
		if wrong == nil {
			wrong = m.keys.Save(after, data)
		}
		if wrong == nil {
			carried = append(carried, before)
		}
		err = errors.Join(err, m.explain(to, wrong))
	}
	return carried, err
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
