package presenter

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"mailgrant/app/products"
	"mailgrant/app/table"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/policy"
)

// Edit takes over what was typed or chosen in a field. Values that follow
// from others follow at once.
func (p *Presenter) Edit(field Field, value string) {
	e := p.selected
	if e == nil || e.form[field] == value {
		return
	}
	follows := e.follows()
	old := e.form.clone()
	e.form[field] = value
	e.found.drop(field)
	delete(e.notes, field)
	switch field {
	case FieldSender:
		if follows {
			e.form[FieldUser] = value
		}
		if name := strings.TrimSpace(e.form[FieldName]); e.saved.Name == "" && (name == "" || name == mailbox.NameOf(old[FieldSender])) {
			e.form[FieldName] = p.freeName(mailbox.NameOf(value), e)
		}
	case FieldProvider, FieldCloud, FieldAccountType:
		e.found = found{}
		e.form.followProvider(old)
	}
	if protocol, part, _ := strings.Cut(string(field), "."); mailbox.IsProtocol(protocol) {
		switch part {
		case "security":
			e.form.followSecurity(mailbox.Protocol(protocol))
		case "host":
			e.form.followHost(mailbox.Protocol(protocol))
		}
	}
	p.render()
}

// Choose is Edit for a field in which a choice is complete at once.
func (p *Presenter) Choose(field Field, value string) {
	p.Edit(field, value)
	p.Leave(field)
}

// ChooseProvider takes over a provider; Microsoft's clouds are providers of
// their own to the user.
func (p *Presenter) ChooseProvider(provider, cloud string) {
	e := p.selected
	if e == nil || e.form[FieldProvider] == provider && e.form[FieldCloud] == cloud {
		return
	}
	old := e.form.clone()
	e.found = found{}
	delete(e.notes, FieldProvider)
	e.form[FieldProvider], e.form[FieldCloud] = provider, cloud
	if e.form.profile().Entra && e.form[FieldAccountType] == "" {
		e.form[FieldAccountType] = mailbox.AccountTenant
	}
	e.form.followProvider(old)
	p.Leave(FieldProvider)
}

// followProvider puts the provider's servers in when the provider or the
// account type changed, but leaves alone what somebody typed for the old one's
// sake only if the new one has no presets.
func (f Form) followProvider(old Form) {
	before, after := old.presets(), f.presets()
	if len(after) == 0 {
		return
	}
	same := old[FieldProvider] == f[FieldProvider] && old[FieldCloud] == f[FieldCloud]
	if !same {
		f[FieldAuthority] = ""
	}
	for _, s := range after {
		host, had := strings.TrimSpace(old[HostOf(s.Protocol)]), before.Of(s.Protocol)
		switchedOff := host == "" && had != nil
		ownHost := had != nil && host != "" && !strings.EqualFold(host, had.Host) && same
		if !switchedOff && !ownHost {
			f.setServer(s.Protocol, *s.Server)
		}
	}
}

// followSecurity moves the port along with the security, unless it is one that
// somebody chose.
func (f Form) followSecurity(p mailbox.Protocol) {
	port := PortOf(p)
	usual := func(one mailbox.Port) bool { return strconv.Itoa(one.Number) == f[port] }
	if f[port] == "" || slices.ContainsFunc(mailbox.KindOf(p).Ports, usual) {
		f[port] = usualPort(p, f[SecurityOf(p)])
	}
}

// followHost gives a server that was left out its usual port and security.
func (f Form) followHost(p mailbox.Protocol) {
	if strings.TrimSpace(f[HostOf(p)]) == "" || f[SecurityOf(p)] != "" {
		return
	}
	f[SecurityOf(p)] = mailbox.KindOf(p).Ports[0].Security
	f.followSecurity(p)
}

// Discard gives up what was changed since the mailbox was saved, and what is
// being looked up for it.
func (p *Presenter) Discard() {
	if e := p.selected; e != nil && e.saved.Name != "" {
		e.stopLooking()
		e.form, e.checked, e.found = e.kept.clone(), false, found{}
		clear(e.touched)
		clear(e.notes)
		p.saveDrafts()
		p.readStatus(e)
		p.render()
	}
}

// Leave saves the mailbox if it is valid, else keeps it as a draft, and lets
// the field show what is wrong with it.
func (p *Presenter) Leave(field Field) {
	e := p.selected
	if e == nil {
		return
	}
	e.touched[field] = true
	switch field {
	case FieldSender, FieldUser, FieldShared:
		p.Edit(field, mailbox.AddressIn(e.form[field]))
	case FieldTenant, FieldClientID:
		p.takeIDs(e, field)
	default:
		if server, is := strings.CutSuffix(string(field), ".host"); is {
			p.takePort(e, mailbox.Protocol(server))
		}
	}
	p.commit(e)
	if n := p.notice; n != nil && n.wrong && len(p.fieldErrors(e)) == 0 {
		p.withdraw(n) // it is true no longer
	}
	p.render()
}

// takeIDs takes a portal's address apart that was pasted into a field: what it holds
// for the other field goes there unless that has a value.
func (p *Presenter) takeIDs(e *entry, field Field) {
	tenant, client := mailbox.IDsIn(e.form[field])
	for into, id := range map[Field]string{FieldTenant: tenant, FieldClientID: client} {
		if id != "" && e.form.profile().Entra && (into == field || e.form[into] == "") {
			p.Edit(into, id)
		}
	}
	e.settle()
}

// settle withdraws what the provider's note asked for once nothing is missing.
func (e *entry) settle() {
	if _, wrong := e.form.definition(); wrong == nil {
		delete(e.notes, FieldProvider)
	}
}

// takePort takes apart what other programs have in one field: host:port.
func (p *Presenter) takePort(e *entry, server mailbox.Protocol) {
	typed := products.HostOf(e.form[HostOf(server)])
	if host, port, both := strings.Cut(typed, ":"); both && products.IsHost(typed) {
		p.Edit(HostOf(server), host)
		p.Edit(SecurityOf(server), cmp.Or(table.Secure(port), e.form[SecurityOf(server)]))
		p.Edit(PortOf(server), port) // last: a usual one goes with the security
	}
}

// commit saves an entry where there is something to save; what is not valid is
// kept as a draft.
func (p *Presenter) commit(e *entry) {
	if e == nil || !e.draft() || e.saving != nil {
		return
	}
	d, err := e.form.definition()
	if err == nil && p.taken(d.Name, e) {
		d.Name = p.freeName(d.Name, e)
		e.form[FieldName] = d.Name
	}
	if err != nil {
		p.saveDrafts()
		return
	}
	p.save(e, d)
	p.readStatus(e) // which may be another for other values
	p.saveDrafts()
	if e == p.selected {
		p.keep(func(r *Remembered) { r.Mailbox = d.Name })
	}
}

// ready saves first, as Request and Test do. If a field is wrong it is marked
// and false is returned.
func (p *Presenter) ready(e *entry) (mailbox.Definition, bool) {
	e.checked = true
	p.commit(e)
	d, wrong := e.form.definition()
	p.pointAt(e, wrong)
	return d, wrong == nil
}

// refuse tells that something needs a valid mailbox, and marks what is wrong.
func (p *Presenter) refuse(e *entry) {
	e.checked = true
	p.tell(Notice{Text: p.text("ui.notice.not-valid"), Bad: true, wrong: true})
	_, wrong := e.form.definition()
	p.pointAt(e, wrong)
	p.render()
}

// pointAt leads to the first field that is wrong, for it may be out of sight, and
// tells what is wrong with values that the window has no field for.
func (p *Presenter) pointAt(e *entry, wrong mailbox.Invalid) {
	for _, fe := range slices.Backward(wrong) {
		if at := place(fe.Field); e.form.shows(at) {
			p.point = at
		} else {
			p.tell(Notice{Text: p.text("ui.notice.apart", "field", table.Heading(fe.Field, p.c.Texts.Language()), "message", p.message(fe)), Bad: true})
		}
	}
	if _, bad := wrong.For("oauth.client_id"); bad && p.point == FieldTenant {
		p.point = FieldClientID // which stands above it
	}
}

// fieldErrors are the errors that may be shown: those of fields that were
// left, and all once the user wanted to go on. An empty field is no mistake
// before that.
func (p *Presenter) fieldErrors(e *entry) map[Field]string {
	_, wrong := e.form.definition()
	shown := map[Field]string{}
	for _, fe := range wrong {
		field := place(fe.Field)
		if shown[field] != "" {
			continue
		}
		if e.checked || e.touched[field] && strings.TrimSpace(e.form[field]) != "" {
			shown[field] = p.message(fe)
		}
	}
	return shown
}

// message is a field error as it stands at the field.
func (p *Presenter) message(fe mailbox.FieldError) string {
	args := maps.Clone(fe.Args)
	switch fe.Problem {
	case "tenant-missing", "tenant-not-allowed":
		args["type"] = Words(p.c.Texts, FieldAccountType, args["type"])
	case "unencrypted":
		for name, value := range args {
			args[name] = Words(p.c.Texts, Field(fe.Field), value)
		}
	case "choice": // words of a file, which the window calls something else
		allowed := strings.Split(args["allowed"], ", ")
		for i, word := range allowed {
			if shown := p.words(Form{FieldProvider: mailbox.ProviderMicrosoft, Field(fe.Field): word}, Field(fe.Field)); !strings.EqualFold(shown, word) {
				allowed[i] += " = " + shown
			}
		}
		args["allowed"] = strings.Join(allowed, ", ")
	}
	fe.Args = args
	return capital(fe.Message(p.c.Texts))
}

// fieldNotes are hints that are no errors.
func (p *Presenter) fieldNotes(e *entry) map[Field]string {
	notes := maps.Clone(e.notes)
	if len(policy.Current().SignInWays) > 0 {
		notes[FieldSignIn] = p.text("ui.note.ways")
	}
	if !e.follows() && strings.TrimSpace(e.form[FieldShared]) == "" && e.form[FieldSender] != "" {
		notes[FieldUser] = p.text("ui.note.user-differs")
	}
	return notes
}
