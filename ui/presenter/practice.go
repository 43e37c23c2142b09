package presenter

import (
	"slices"

	"mailgrant/internal/redact"
)

// SetFault switches a fault of the practice tenant.
func (p *Presenter) SetFault(id string, on bool) {
	if p.c.Practice == nil {
		return
	}
	faults := p.c.Practice.Faults()
	had := slices.Contains(faults, id)
	switch {
	case on && !had:
		faults = append(faults, id)
	case !on && had:
		faults = slices.DeleteFunc(faults, func(f string) bool { return f == id })
	}
	if err := p.c.Practice.SetFaults(faults); err != nil {
		p.c.Log.Warn("ui: practice fault", "error", err)
	}
	p.render()
}

// Practise opens a second window on the practice tenant.
func (p *Presenter) Practise() {
	if p.c.Practise == nil {
		return
	}
	p.tell(Notice{Text: p.text("ui.notice.practice-opens")})
	p.render()
	p.Beside(func() func() {
		err := p.c.Practise()
		return func() {
			if err != nil {
				p.tell(Notice{Text: p.text("ui.notice.practice-failed", "reason", redact.Line(err.Error())), Bad: true})
			}
		}
	})
}

func (p *Presenter) practiceState() *PracticeState {
	if p.c.Practice == nil {
		return nil
	}
	on := p.c.Practice.Faults()
	s := &PracticeState{URL: p.c.Practice.URL()}
	for _, id := range p.c.Faults {
		s.Faults = append(s.Faults, Fault{ID: id, Text: p.text("practice.fault." + id), On: slices.Contains(on, id)})
	}
	return s
}
