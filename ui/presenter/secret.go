package presenter

import (
	"bytes"
	"errors"

	"mailgrant/app/authorization"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// SetSecret seals a secret for the mailbox. The view forgets it at once; where
// it could not be stored, failed gives it back to the user, who may not be shown
// it by the portal again.
func (p *Presenter) SetSecret(kind authorization.SecretKind, value string, failed func()) {
	e := p.selected
	if value == "" {
		return
	}
	secret := redact.NewSecret(value)
	p.changeSecret(kind, func(d mailbox.Definition) error {
		return p.c.Engine.SetSecret(d, kind, secret)
	}, func(d mailbox.Definition, err error) {
		p.secretChanged(e, kind, true, err)
		switch {
		case err != nil && e == p.selected:
			failed()
		case err == nil && authorization.IsSecretID(d, kind, secret):
			p.tell(Notice{Text: p.text("authorization.secret-id"), Bad: true})
		}
	}, failed)
}

// RemoveSecret deletes a stored secret.
func (p *Presenter) RemoveSecret(kind authorization.SecretKind) {
	e := p.selected
	p.changeSecret(kind, func(d mailbox.Definition) error {
		return p.c.Engine.RemoveSecret(d, kind)
	}, func(_ mailbox.Definition, err error) { p.secretChanged(e, kind, false, err) }, func() {})
}

// pemBegins is where the first block of a PEM file begins. What stands before
// it is for people: openssl writes the "Bag Attributes" of a PFX there.
const pemBegins = "-----BEGIN "

// SetCertificate seals a certificate with its key, in PEM, as the client
// secret.
func (p *Presenter) SetCertificate(pem []byte) {
	e := p.selected
	if e == nil {
		return
	}
	i := bytes.Index(pem, []byte(pemBegins))
	if i < 0 {
		e.refused[authorization.ClientSecret] = authorization.ErrCertificate.Text(p.c.Texts)
		p.render()
		return
	}
	p.SetSecret(authorization.ClientSecret, string(pem[i:]), func() {})
}

// changeSecret works beside the window: the key may come from a keyring. refused:
// the mailbox is not valid yet, so there is nothing to bind the secret to.
func (p *Presenter) changeSecret(kind authorization.SecretKind, change func(mailbox.Definition) error, changed func(mailbox.Definition, error), refused func()) {
	e := p.selected
	if e == nil {
		return
	}
	delete(e.refused, kind)
	d, ok := p.ready(e)
	if !ok {
		p.refuse(e)
		refused()
		return
	}
	p.beside(e, func() {
		err := change(d)
		p.back(func() { changed(d, err) })
	})
}

// secretChanged tells what became of a change. What waited for the secret is
// tried again.
func (p *Presenter) secretChanged(e *entry, kind authorization.SecretKind, stored bool, err error) {
	var unfit *authorization.SecretError
	switch {
	case errors.As(err, &unfit):
		e.refused[kind], p.notice = unfit.Text(p.c.Texts), nil // which may lie over it
		return
	case err != nil:
		p.tell(Notice{Text: p.inShort(err), Bad: true})
		return
	}
	e.secrets[kind] = stored
	if kind == authorization.ClientSecret {
		e.found.dropSecret()
		p.checkDue(e, false)
	}
	p.readStatus(e) // application access is renewable by its secret
	p.tell(Notice{Text: p.text(map[bool]string{true: "ui.notice.secret-stored", false: "ui.notice.secret-removed"}[stored])})
	if again := e.asks[ActionProxySecret]; stored && kind == authorization.ProxyPassword && again != nil && e == p.selected && e.job == nil && p.welcome == nil {
		again()
	}
}
