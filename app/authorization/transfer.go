package authorization

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"filippo.io/age"
	"filippo.io/age/armor"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/plaintext"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

// TransferError says why an authorization cannot be exported or imported.
type TransferError string

// The reasons.
const (
	ErrNotExport       TransferError = "not-export"       // the file is none that Export has made
	ErrWeakPassphrase  TransferError = "passphrase-weak"  // it is too short
	ErrPassphrase      TransferError = "passphrase"       // it does not open the file
	ErrOtherKey        TransferError = "other-key"        // the file belongs to another user, application or tenant
	ErrAnotherAccount  TransferError = "another-account"  // a valid one of another account is stored
	ErrNewerIsStored   TransferError = "newer-stored"     // a valid one that was renewed later is stored
	ErrNotTransferable TransferError = "not-transferable" // application access has nothing to carry over
)

// Error implements error.
func (e TransferError) Error() string { return "authorization: transfer: " + string(e) }

// minPassphrase is how many characters an export's passphrase has at least. A
// stolen file can be tried offline for as long as its refresh token lives.
const minPassphrase = 12

// maxWork is the most work of deriving a key from a passphrase, for an import:
// 2^18 rounds of scrypt take 256 MiB and about a second. A file that demands
// more would make it spend as much memory as its author likes.
const maxWork = 18

// maxExport is far more than an export ever is.
const maxExport = 1 << 20

// transfer is the plain text of an export.
type transfer struct {
	Format string          `json:"format"`
	Key    string          `json:"key"`
	Record json.RawMessage `json:"record"`
}

const transferFormat = "mailgrant authorization 1"

// Exportable reports whether there is something to export: nil,
// ErrNotTransferable, or the diagnosis of what is stored.
func (m *Manager) Exportable(d mailbox.Definition) error {
	_, err := m.exportable(d)
	return err
}

func (m *Manager) exportable(d mailbox.Definition) (record, error) {
	if d.OAuth.AccountType == mailbox.AccountApplication {
		return record{}, ErrNotTransferable
	}
	unlock, err := m.lock(context.Background(), d) // which finishes what a killed process saved
	if err != nil {
		return record{}, err
	}
	defer unlock()
	r, err := m.load(d)
	if err != nil {
		return record{}, err
	}
	switch s := m.status(d, r); {
	case s.State != StateValid && s.Diagnosis != nil:
		return record{}, *s.Diagnosis
	case s.State != StateValid:
		return record{}, diagnosis.New(diagnosis.CauseRefreshTokenExpired, diagnosis.PhaseRefresh, nil)
	}
	return r, nil
}

// TooShort reports whether Export refuses a passphrase.
func TooShort(passphrase redact.Secret) bool {
	return utf8.RuneCountInString(passphrase.Reveal()) < minPassphrase
}

// Export returns the stored authorization of a definition, encrypted with a
// passphrase in the age format (age-encryption.org/v1) as ASCII text. What is
// not valid is not exported: the diagnosis says why. ErrWeakPassphrase: it is
// shorter than twelve characters.
func (m *Manager) Export(d mailbox.Definition, passphrase redact.Secret) ([]byte, error) {
	r, err := m.exportable(d)
	if err != nil {
		return nil, err
	}
	if TooShort(passphrase) {
		return nil, ErrWeakPassphrase
	}
	return r.export(oauth.Key(d), passphrase, workFactor)
}

func (r record) export(key string, passphrase redact.Secret, work int) ([]byte, error) {
	sealed, err := r.encode()
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(transfer{Format: transferFormat, Key: key, Record: sealed})
	if err != nil {
		return nil, err
	}
	return encrypt(plain, passphrase, work)
}

func encrypt(plain []byte, passphrase redact.Secret, work int) ([]byte, error) {
	to, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		return nil, fmt.Errorf("authorization: export: %w", err)
	}
	to.SetWorkFactor(work)
	var out bytes.Buffer
	text := armor.NewWriter(&out)
	w, err := age.Encrypt(text, to)
	if err == nil {
		_, err = w.Write(plain)
		err = errors.Join(err, w.Close(), text.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("authorization: export: %w", err)
	}
	return out.Bytes(), nil
}

// Import stores an exported authorization for a definition: ErrNotExport,
// ErrPassphrase or ErrOtherKey if the file is not that; ErrAnotherAccount or
// ErrNewerIsStored where it would replace a better one (Forget it first).
func (m *Manager) Import(ctx context.Context, d mailbox.Definition, file []byte, passphrase redact.Secret) (Status, error) {
	r, err := openTransfer(d, file, passphrase)
	if err = cmp.Or(err, ctx.Err()); err != nil { // it took seconds
		return Status{}, err
	}
	unlock, err := m.lock(ctx, d)
	if err != nil {
		return Status{}, err
	}
	defer unlock()
	if err := m.mayReplace(d, r); err != nil {
		return Status{}, err
	}
	if err = m.save(d, r); err == nil {
		m.log.Info("authorization: imported", "mailbox", d.Name, "account", r.Account.User)
	}
	return m.status(d, r), err
}

// mayReplace compares with what is stored. What cannot be opened is kept
// aside by the store and hinders nothing.
func (m *Manager) mayReplace(d mailbox.Definition, r record) error {
	old, err := m.load(d)
	if err != nil || m.status(d, old).State != StateValid {
		return nil
	}
	switch {
	case old.Account.Subject != r.Account.Subject || old.Account.User != r.Account.User:
		return ErrAnotherAccount
	case old.Renewed.After(r.Renewed):
		return ErrNewerIsStored
	}
	return nil
}

func openTransfer(d mailbox.Definition, file []byte, passphrase redact.Secret) (record, error) {
	with, err := age.NewScryptIdentity(passphrase.Reveal())
	if err != nil {
		return record{}, ErrPassphrase
	}
	with.SetMaxWorkFactor(maxWork)
	in, err := age.Decrypt(armor.NewReader(strings.NewReader(strings.TrimSpace(plaintext.Decode(file)))), with)
	var wrong *age.NoIdentityMatchError
	switch {
	case errors.As(err, &wrong):
		return record{}, ErrPassphrase
	case err != nil:
		return record{}, ErrNotExport
	}
	plain, err := io.ReadAll(io.LimitReader(in, maxExport))
	if err != nil {
		return record{}, ErrNotExport
	}
	var t transfer
	if json.Unmarshal(plain, &t) != nil || t.Format != transferFormat {
		return record{}, ErrNotExport
	}
	if t.Key != oauth.Key(d) {
		return record{}, ErrOtherKey
	}
	r, err := decodeRecord(t.Record)
	if err != nil || r.RefreshToken.Empty() && r.AccessToken.Empty() {
		return record{}, ErrNotExport
	}
	return r, nil
}
