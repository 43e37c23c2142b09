package presenter

import (
	"cmp"
	"context"
	"strings"
	"time"

	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

// findTime is long enough for a name service behind a slow firewall.
const findTime = 20 * time.Second

// lookup is a search that runs beside the typing.
type lookup struct{ cancel context.CancelFunc }

// stopLooking ends a search: what it finds comes too late.
func (e *entry) stopLooking() {
	if e.lookup != nil {
		e.lookup.cancel()
		e.lookup = nil
	}
}

// find runs a look-up for an entry; done gets its word unless another began.
func (p *Presenter) find(e *entry, look func(context.Context) (done func())) {
	e.stopLooking()
	ctx, cancel := context.WithTimeout(context.Background(), findTime)
	f := &lookup{cancel}
	e.lookup = f
	p.render()
	p.Beside(func() func() {
		done := look(ctx)
		cancel()
		return func() {
			if e.lookup != f {
				return
			}
			e.lookup = nil
			done()
			p.commit(e)
		}
	})
}

// propose fills in what can be found out about the sender's domain. What was
// typed in the meantime stays.
func (p *Presenter) propose(e *entry) {
	from, _ := e.form.read()
	before := e.form.clone()
	p.find(e, func(ctx context.Context) func() {
		d, err := p.c.Finder.Propose(ctx, from)
		return func() { p.takeProposal(e, before, d, err) }
	})
}

func (p *Presenter) takeProposal(e *entry, before Form, d mailbox.Definition, err error) {
	domain := mailbox.DomainOf(before[FieldSender])
	if d.OAuth == nil && len(d.Servers) == 0 {
		note := "ui.note.provider-unknown"
		if err != nil {
			note = "ui.note.provider-unasked"
		}
		e.notes[FieldProvider] = p.text(note, "domain", domain)
		return
	}
	e.found = found{}
	for field, value := range formOf(d) {
		protocol, _, _ := strings.Cut(string(field), ".")
		leftOut := mailbox.IsProtocol(protocol) || field == FieldCloud && d.OAuth != nil // there is no such server, or only one cloud
		if field != FieldName && (value != "" || leftOut) && e.form[field] == before[field] {
			e.form[field] = value
		}
	}
	if d.OAuth != nil && d.OAuth.Tenant != "" && d.OAuth.Tenant == e.form[FieldTenant] {
		e.found.tenant = &oauth.Tenant{ID: d.OAuth.Tenant}
	}
	e.notes[FieldProvider] = p.text("ui.note."+proposalNote(e.form), "domain", domain)
}

// proposalNote says what is left to do after a proposal.
func proposalNote(f Form) string {
	switch {
	case f[FieldAuthentication] == mailbox.AuthPassword:
		return "servers-found"
	case f[FieldTenant] == "" && f.profile().Entra && f.chosen().NeedsTenant():
		return "tenant-unknown"
	case f[FieldClientID] != "":
		return "provider-complete"
	case f[FieldProvider] == mailbox.ProviderGoogle:
		return "google-found"
	}
	return "provider-found"
}

// FindTenant asks the sign-in service for the tenant of the user's domain. One
// that was typed in the meantime stays, and of a domain that was changed nothing
// is told.
func (p *Presenter) FindTenant() {
	e := p.selected
	if e == nil || e.lookup != nil {
		return
	}
	home := func() string {
		return cmp.Or(mailbox.DomainOf(e.form[FieldUser]), mailbox.DomainOf(e.form[FieldSender]))
	}
	domain := home()
	if domain == "" {
		e.notes[FieldTenant] = p.text("ui.note.tenant-needs-sender")
		p.render()
		return
	}
	d, _ := e.form.read()
	before := e.form[FieldTenant]
	delete(e.notes, FieldTenant)
	p.find(e, func(ctx context.Context) func() {
		tenant, err := p.c.Finder.Tenant(ctx, d, domain)
		return func() {
			if e.form[FieldTenant] != before || home() != domain {
				return
			}
			if err != nil || tenant == "" {
				e.notes[FieldTenant] = p.text("ui.note.tenant-not-found", "domain", domain)
				return
			}
			e.form[FieldTenant] = tenant
			e.found.drop(FieldTenant)
			e.found.tenant = &oauth.Tenant{ID: tenant}
			e.notes[FieldTenant] = p.text("ui.note.tenant-found", "domain", domain)
			e.settle()
		}
	})
}
