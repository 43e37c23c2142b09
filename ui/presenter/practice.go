package presenter

import (
	"slices"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// SetFault switches a fault of the practice tenant.
func (p *Presenter) SetFault(id string, on bool) {
	if p.c.Practice == nil {
		return
	}
	faults := slices.DeleteFunc(p.c.Practice.Faults(), func(f string) bool { return f == id })
	if on {
		faults = append(faults, id)
	}
	if err := p.c.Practice.SetFaults(faults); err != nil {
		p.c.Log.Warn("ui: practice fault", "error", err)
	}
	p.render()
}

// ShowAccounts opens the page with the practice tenant's accounts. Whether a
// browser came up cannot be known: the link is offered as well.
func (p *Presenter) ShowAccounts() {
	if p.c.Practice == nil {
		return
	}
	link := p.c.Practice.URL()
	p.tell(Notice{Text: p.text("ui.notice.accounts", "link", link), Link: link})
	p.render()
	p.OpenLink(link)
}

// practiceHint tells how a fault is mended here, where one is switched on.
func (p *Presenter) practiceHint() string {
	if p.c.Practice == nil || len(p.c.Practice.Faults()) == 0 {
		return ""
	}
	return p.text("ui.finding.practice")
}

// Practise opens a second window on the practice tenant.
func (p *Presenter) Practise() {
	if p.c.Practise == nil {
		return
	}
	p.tell(Notice{Text: p.text("ui.notice.practice-opens")})
	p.render()
	p.trying(p.c.Practise, func(err error) Notice {
		return Notice{Text: p.text("ui.notice.practice-failed", "reason", redact.Line(err.Error())), Bad: true}
	})
}

func (p *Presenter) practiceState() *PracticeState {
	if p.c.Practice == nil {
		return nil
	}
	on := p.c.Practice.Faults()
	s := &PracticeState{}
	if e := p.selected; e != nil && e.form[FieldAuthentication] == mailbox.AuthOAuth2 {
		s.Real = e.form[FieldAuthority] != p.c.Practice.URL()
	}
	for _, id := range p.c.Faults {
		s.Faults = append(s.Faults, Fault{ID: id, Text: p.text("practice.fault." + id), On: slices.Contains(on, id)})
	}
	return s
}
