package presenter

import (
	"mailgrant/app/assistant"
	"mailgrant/app/authorization"
)

// NewCertificate makes the credential of an application: its private key is
// sealed, the public part is handed to write, to be uploaded. write is called
// beside the window.
func (p *Presenter) NewCertificate(file string, write func(public []byte) error) {
	e := p.selected
	if e == nil || e.job != nil {
		return
	}
	d, ok := p.ready(e)
	if !ok {
		p.refuse(e)
		return
	}
	now := p.c.Now()
	e.beside(func() {
		c, err := assistant.NewCertificate("Mailgrant "+d.Address(), now)
		var unwritten error
		if err == nil {
			unwritten = write(c.Public)
		}
		if err == nil && unwritten == nil {
			err = p.c.Engine.SetSecret(d, authorization.ClientSecret, c.Secret)
		}
		p.back(func() {
			switch {
			case unwritten != nil:
				p.FileFailed(unwritten)
			case err != nil:
				p.secretChanged(e, authorization.ClientSecret, false, err)
			default:
				p.secretChanged(e, authorization.ClientSecret, true, nil)
				p.tell(Notice{Text: p.text("ui.notice.certificate-made", "file", file, "thumbprint", c.Thumbprint, "date", p.date(c.Expires))})
			}
		})
	})
}
