package authorization

import (
	"errors"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/store"
)

// MoveSecrets takes the sealed secrets of a mailbox along that was renamed. A
// secret is gone under the old name only when it is sealed under the new one.
// It stays behind where more than the name changed of what it is bound to: the
// user of a password, the application of a client secret.
func (m *Manager) MoveSecrets(from, to mailbox.Definition) error {
	var wrong []error
	for _, kind := range SecretKinds {
		if err := m.moveSecret(from, to, kind); err != nil {
			wrong = append(wrong, m.explain(to, err))
		}
	}
	return errors.Join(wrong...)
}

func (m *Manager) moveSecret(from, to mailbox.Definition, kind SecretKind) error {
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
		err = m.keys.Delete(before)
	}
	return err
}
