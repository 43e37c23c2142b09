package authorization

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/internal/store"
	"mailgrant/oauth"
)

// SecretKind is a secret that belongs to a mailbox and is typed in.
type SecretKind string

// A mailbox has up to one secret of each kind.
const (
	Password      SecretKind = "password"
	ClientSecret  SecretKind = "client-secret"
	ProxyPassword SecretKind = "proxy-password"
)

// SecretKinds lists them all.
var SecretKinds = []SecretKind{Password, ClientSecret, ProxyPassword}

// sealedSecret is a secret with the hosts for which it was entered.
type sealedSecret struct {
	Value string     `json:"value"`
	Hosts []string   `json:"hosts"`
	Ends  *time.Time `json:"ends,omitempty"` // of a client secret, as told: Microsoft tells it in the portal alone

	Former *sealedSecret `json:"former,omitempty"` // client secret before this one, until the sign-in service takes this one
}

// secretName names the sealed file. What the secret is sent to is part of it,
// so that a definition with the same name from somebody else finds nothing:
// the client secret goes to the authority, the password to the mail hosts
// (which are recorded in the file, to tell the user what is wrong). The proxy
// is this machine's and stands in no definition; its password goes with the
// mailbox's user, so that a mailbox which takes the name of a deleted one has
// a file of its own.
func secretName(d mailbox.Definition, kind SecretKind) string {
	parts := []string{string(kind), d.Name}
	switch kind {
	case ClientSecret:
		if d.OAuth != nil {
			parts = append(parts, d.OAuth.ClientID, oauth.Authority(*d.OAuth))
		}
	case Password, ProxyPassword:
		parts = append(parts, d.User)
	}
	sum := sha256.Sum256([]byte(strings.ToLower(strings.Join(parts, "\n"))))
	return hex.EncodeToString(sum[:])
}

// SecretError says why a secret cannot be stored.
type SecretError struct{ key string }

// What is wrong with what is to be stored.
var (
	ErrBlank          = &SecretError{"authorization.secret-blank"}
	ErrControl        = &SecretError{"authorization.secret-control"}
	ErrProxyLogin     = &SecretError{"authorization.proxy-login"}
	ErrCertificate    = &SecretError{"authorization.certificate"}
	ErrCertificateUse = &SecretError{"authorization.certificate-use"}
)

// Why the end of a client secret cannot be noted.
var (
	ErrNoSecret        = &SecretError{"authorization.no-secret"}
	ErrCertificateEnds = &SecretError{"authorization.certificate-ends"}
)

// Error implements error.
func (e *SecretError) Error() string { return "authorization: " + e.Text(i18n.For(i18n.English)) }

// Text says it to people.
func (e *SecretError) Text(t *i18n.Texts) string { return t.Text(e.key) }

// checkSecret refuses what was copied wrongly and cannot be used. Application
// access alone proves itself by a certificate.
func checkSecret(d mailbox.Definition, kind SecretKind, value redact.Secret) error {
	text := value.Reveal()
	certificate := kind == ClientSecret && oauth.IsCertificate(value)
	switch {
	case strings.TrimSpace(text) == "":
		return ErrBlank
	case !certificate && strings.ContainsFunc(text, unicode.IsControl):
		return ErrControl
	case kind == ProxyPassword && !strings.Contains(text, ":") && !oauth.ProxyNamesUser(context.Background(), d):
		return ErrProxyLogin
	case !certificate:
		return nil
	case d.OAuth == nil || d.OAuth.AccountType != mailbox.AccountApplication:
		return ErrCertificateUse
	case oauth.CheckCertificate(value) != nil:
		return ErrCertificate
	}
	return nil
}

// IsSecretID reports whether a client secret looks like the ID that Microsoft's
// portal shows beside its value.
func IsSecretID(d mailbox.Definition, kind SecretKind, value redact.Secret) bool {
	return kind == ClientSecret && d.OAuth != nil && d.OAuth.Provider == mailbox.ProviderMicrosoft && mailbox.IsGUID(value.Reveal())
}

// SetSecret seals a secret for a mailbox; *SecretError: it is of no use there.
// When another client secret ends is not known then, unless it is a certificate.
func (m *Manager) SetSecret(d mailbox.Definition, kind SecretKind, value redact.Secret) error {
	if err := checkSecret(d, kind, value); err != nil {
		return err
	}
	s := sealedSecret{Value: value.Reveal(), Hosts: hostsOf(d)}
	if kind != ClientSecret {
		return m.seal(d, kind, s)
	}
	return m.changing(d, func() error {
		m.succeed(d, &s)
		return m.seal(d, kind, s)
	})
}

func (m *Manager) seal(d mailbox.Definition, kind SecretKind, s sealedSecret) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return m.explain(d, m.keys.Save(secretName(d, kind), data))
}

// RemoveSecret deletes a secret; a missing one is no error.
func (m *Manager) RemoveSecret(d mailbox.Definition, kind SecretKind) error {
	remove := func() error { return m.keys.Delete(secretName(d, kind)) }
	if kind == ClientSecret && m.HasSecret(d, kind) {
		return m.changing(d, remove)
	}
	return remove()
}

// HasSecret reports whether a secret is stored for a mailbox.
func (m *Manager) HasSecret(d mailbox.Definition, kind SecretKind) bool {
	_, err := m.keys.Load(secretName(d, kind))
	return err == nil
}

// secret returns an empty secret where none is stored.
func (m *Manager) secret(d mailbox.Definition, kind SecretKind) (sealedSecret, error) {
	data, err := m.keys.Load(secretName(d, kind))
	if errors.Is(err, store.ErrNotFound) {
		return sealedSecret{}, nil
	}
	if err != nil {
		return sealedSecret{}, m.explain(d, err)
	}
	var s sealedSecret
	if json.Unmarshal(data, &s) != nil {
		return sealedSecret{}, m.explain(d, store.ErrDamaged)
	}
	return s, nil
}

// password returns the mailbox's password if its hosts are those for which it
// was entered, or confirmed ones.
func (m *Manager) password(d mailbox.Definition, confirmed []string) (redact.Secret, error) {
	if err := m.checkPasswordHosts(d, confirmed); err != nil {
		return redact.Secret{}, err
	}
	return m.storedPassword(d)
}

func (m *Manager) storedPassword(d mailbox.Definition) (redact.Secret, error) {
	s, err := m.secret(d, Password)
	if err == nil && s.Value == "" {
		err = diagnosis.New(diagnosis.CausePasswordMissing, "", i18n.Args{"mailbox": d.Address(), "user": d.User})
	}
	return redact.NewSecret(s.Value), err
}

// CheckPassword says why there is no password to sign in with: none is stored, or
// it cannot be opened.
func (m *Manager) CheckPassword(d mailbox.Definition) error {
	_, err := m.storedPassword(d)
	return err
}

func (m *Manager) checkPasswordHosts(d mailbox.Definition, confirmed []string) error {
	if err := checkPolicy(d); err != nil {
		return err
	}
	s, err := m.secret(d, Password)
	if err != nil || s.Value == "" {
		return err
	}
	for _, host := range hostsOf(d) {
		if !slices.Contains(s.Hosts, host) && !slices.ContainsFunc(confirmed, func(c string) bool { return strings.EqualFold(c, host) }) {
			return diagnosis.New(diagnosis.CauseHostNotAllowed, "", i18n.Args{"host": host, "mailbox": d.Address()})
		}
	}
	return nil
}
