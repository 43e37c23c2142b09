package presenter

import (
	"mailgrant/internal/authorization"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
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
	go func() {
		err := change(d)
		p.c.Dispatch(func() {
			if err != nil {
				f := p.unnamed(err)
				p.tell(Notice{Text: f.Title, Bad: true})
			} else {
				e.secrets[kind] = stored
				p.tell(Notice{Text: p.text(map[bool]string{true: "ui.notice.secret-stored", false: "ui.notice.secret-removed"}[stored])})
			}
			p.render()
		})
	}()
	return true
}
