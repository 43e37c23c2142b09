package authorization

import (
	"context"
	"time"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

func (m *Manager) clientSecret(d mailbox.Definition) (redact.Secret, error) {
	s, err := m.secret(d, ClientSecret)
	return redact.NewSecret(s.Value), err
}

// changing is held from reading a client secret until what comes of it is
// written: a renewal in another process may let go of the former one at this
// very moment. Within it no service is asked and no other lock is taken, so it
// may be called by whoever holds an authorization's.
func (m *Manager) changing(d mailbox.Definition, change func() error) error {
	ctx, cancel := context.WithTimeout(context.Background(), lockLimit)
	defer cancel()
	unlock, err := m.keys.Lock(ctx, secretName(d, ClientSecret))
	if err != nil {
		return m.explain(d, err)
	}
	defer unlock()
	return change()
}

// succeed lets a client secret take the place of the one that is stored, which
// stays until the sign-in service has taken the new one: a certificate may not be
// uploaded yet, a text may be the secret's ID. One that renews nothing goes.
func (m *Manager) succeed(d mailbox.Definition, s *sealedSecret) {
	old, err := m.secret(d, ClientSecret)
	r, none := m.find(d)
	switch {
	case err != nil || old.Value == "": // what cannot be opened is of no use
	case old.Value == s.Value:
		s.Ends, s.Former = old.Ends, old.Former
	case old.Former != nil && old.Former.Value == s.Value:
		*s = *old.Former
	case none != nil || r.Refused != nil:
	case old.Former != nil:
		s.Former = old.Former
	default:
		s.Former = &old
	}
}

// accepted lets go of what the client secret took the place of.
func (m *Manager) accepted(d mailbox.Definition, value redact.Secret) {
	err := m.changing(d, func() error {
		s, err := m.secret(d, ClientSecret)
		if err != nil || s.Former == nil || s.Value != value.Reveal() {
			return err
		}
		s.Former = nil
		return m.seal(d, ClientSecret, s)
	})
	if err != nil {
		m.log.Warn("authorization: the former client secret stays", "error", err)
	}
}

// SetSecretEnds notes when the stored client secret ends; zero: not known.
// *SecretError: there is none, or it is a certificate, which tells by itself.
func (m *Manager) SetSecretEnds(d mailbox.Definition, at time.Time) error {
	return m.changing(d, func() error {
		s, err := m.secret(d, ClientSecret)
		switch {
		case err != nil:
			return err
		case s.Value == "":
			return ErrNoSecret
		case oauth.IsCertificate(redact.NewSecret(s.Value)):
			return ErrCertificateEnds
		}
		s.Ends = &at
		if at.IsZero() {
			s.Ends = nil
		}
		return m.seal(d, ClientSecret, s)
	})
}

// Credentials is what is known of a mailbox's client secret, as it is in use.
type Credentials struct {
	Stored      bool         // there is a secret or certificate
	Certificate bool         // it is a certificate
	Thumbprint  string       // of the certificate
	Ends        time.Time    // zero: not known
	Next        *Credentials // a newer one is stored that the sign-in service has not taken yet
}

// Credentials reads what is known of the client secret or certificate of a mailbox.
func (m *Manager) Credentials(d mailbox.Definition) (Credentials, error) {
	if d.OAuth == nil || d.Authentication != mailbox.AuthOAuth2 {
		return Credentials{}, nil
	}
	s, err := m.secret(d, ClientSecret)
	if err != nil || s.Value == "" {
		return Credentials{}, err
	}
	c := s.credentials()
	if s.Former != nil {
		next := c
		c = s.Former.credentials()
		c.Next = &next
	}
	return c, nil
}

func (s sealedSecret) credentials() Credentials {
	c := Credentials{Stored: true}
	if value := redact.NewSecret(s.Value); oauth.IsCertificate(value) {
		c.Certificate = true
		c.Thumbprint, c.Ends = oauth.Certificate(value)
	} else if s.Ends != nil {
		c.Ends = *s.Ends
	}
	return c
}

// Text names it to people; "" where there is none.
func (c Credentials) Text(t *i18n.Texts) string {
	if !c.Stored {
		return ""
	}
	kind := "secret"
	switch {
	case c.Certificate:
		kind = "certificate"
	case c.Ends.IsZero():
		kind = "secret-endless"
	}
	text := t.Text("authorization.credential."+kind, i18n.Args{"thumbprint": c.Thumbprint, "date": c.Ends.Local().Format(t.Text("authorization.date"))})
	if c.Next != nil {
		text = t.Text("authorization.credential.succeeded", i18n.Args{"credential": text, "next": c.Next.Text(t)})
	}
	return text
}
