package presenter

import (
	"errors"

	"mailgrant/internal/authorization"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

// SetSecret seals a secret for the mailbox; the view forgets it at once. False:
// the mailbox is not valid yet, so there is nothing to bind the secret to, and
// it has to be typed again.
func (p *Presenter) SetSecret(kind Secret, value string) bool {
	if value == "" {
		return false
	}
	secret := redact.NewSecret(value)
	return p.changeSecret(kind, func(d mailbox.Definition) error {
		return p.c.Engine.SetSecret(d, authorization.SecretKind(kind), secret)
	}, true)
}

// RemoveSecret deletes a stored secret.
func (p *Presenter) RemoveSecret(kind Secret) {
	p.changeSecret(kind, func(d mailbox.Definition) error {
		return p.c.Engine.RemoveSecret(d, authorization.SecretKind(kind))
	}, false)
}

// SetCertificate seals a certificate with its key, in PEM, as the client
// secret.
func (p *Presenter) SetCertificate(pem []byte) {
	if !oauth.IsCertificate(redact.NewSecret(string(pem))) {
		p.tell(Notice{Text: authorization.ErrCertificate.Text(p.c.Texts), Bad: true})
		p.render()
		return
	}
	p.SetSecret(SecretClient, string(pem))
}

// changeSecret works beside the window: the key may come from a keyring.
func (p *Presenter) changeSecret(kind Secret, change func(mailbox.Definition) error, stored bool) bool {
	e := p.selected
	if e == nil {
		return false
	}
	d, ok := p.ready(e)
	if !ok {
		p.tell(Notice{Text: p.text("ui.notice.not-valid"), Bad: true})
		p.render()
		return false
	}
	e.beside(func() {
		err := change(d)
		p.c.Dispatch(func() {
			if err != nil {
				p.tell(Notice{Text: p.refusal(err), Bad: true})
			} else {
				e.secrets[kind] = stored
				p.readStatus(e) // application access is renewable by its secret
				if e.verdict.asks(kind) {
					e.verdict = nil
				}
				p.tell(Notice{Text: p.text(map[bool]string{true: "ui.notice.secret-stored", false: "ui.notice.secret-removed"}[stored])})
			}
			p.render()
		})
	})
	return true
}

// refusal is in a line why a secret was not taken.
func (p *Presenter) refusal(err error) string {
	var unfit *authorization.SecretError
	if errors.As(err, &unfit) {
		return unfit.Text(p.c.Texts)
	}
	return p.unnamed(err).Title
}
