package presenter

import (
	"context"

	"mailgrant/app/assistant"
	"mailgrant/app/authorization"
	"mailgrant/internal/mailbox"
)

// Consent lets an administrator agree to the permissions for the whole
// organization. It gives no token; the stored authorization stays as it is.
func (p *Presenter) Consent() {
	p.browse(waiting{consent: true}, p.Consent, func(ctx context.Context, e *entry, d mailbox.Definition, o authorization.Options) func() {
		result, err := p.c.Engine.Consent(ctx, d, o)
		return func() {
			if err != nil {
				e.outcome = p.failure(e, err, p.Consent)
				return
			}
			e.found.consent = found{consent: &result}.fitting(e, d).consent
			p.tell(Notice{Text: p.text("ui.notice.consented", "tenant", result.TenantID)})
		}
	})
}

// NewCertificate makes the credential of an application: its private key is
// sealed, the public part is handed to write, to be uploaded. write is called
// beside the window.
func (p *Presenter) NewCertificate(file string, write func(public []byte) error) {
	e := p.selected
	if e == nil || e.job != nil {
		return
	}
	var c assistant.Certificate
	var unwritten error
	p.changeSecret(authorization.ClientSecret, func(d mailbox.Definition) (err error) {
		if c, err = assistant.NewCertificate("Mailgrant "+d.Address(), p.c.Now()); err != nil {
			return err
		}
		if unwritten = write(c.Public); unwritten != nil {
			return unwritten
		}
		return p.c.Engine.SetSecret(d, authorization.ClientSecret, c.Secret)
	}, func(_ mailbox.Definition, err error) {
		if unwritten != nil {
			p.FileFailed(unwritten)
			return
		}
		if p.secretChanged(e, authorization.ClientSecret, true, err); err == nil {
			p.tell(Notice{Text: p.text("ui.notice.certificate-made", "file", file, "thumbprint", c.Thumbprint, "date", p.date(c.Expires))})
		}
	}, func() {})
}

// CopyScript copies the script that does the portals' part with the values as
// they stand, for PowerShell or for az. It is text alone: nothing runs it here.
func (p *Presenter) CopyScript(az bool) {
	e := p.selected
	if e == nil {
		return
	}
	d, err := e.form.definition()
	if err != nil && !onlyMissing(err, "oauth.client_id") { // the script makes the registration
		p.refuse(e)
		return
	}
	write := assistant.PowerShell
	if az {
		write = assistant.AzureCLI
	}
	if script := write(d, p.productCard(d, p.productOf(e)), p.c.Texts); script != "" {
		p.CopyText(script)
	}
}
