package presenter

import "mailgrant/app/assistant"

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
	if script := write(d, p.productCard(d, p.c.Notes.Kept().Product), p.c.Texts); script != "" {
		p.CopyText(script)
	}
}
