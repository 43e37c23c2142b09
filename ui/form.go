package ui

import (
	"cmp"
	"maps"

	"fyne.io/fyne/v2"

	"mailgrant/app/authorization"
	"mailgrant/internal/mailbox"
	"mailgrant/ui/presenter"
)

// fieldRow is a label, what is typed in, and below it what is wrong or worth
// knowing.
type fieldRow struct {
	fields []presenter.Field
	label  *text
	wrong  *status
	note   *text
	checks *lineList         // what a preflight found
	below  fyne.CanvasObject // wrong and note
	object *fyne.Container
}

// newFieldRow aligns a label with its control: labels stand in one column, and
// long ones wrap there.
func newFieldRow(label string, control fyne.CanvasObject, fields ...presenter.Field) *fieldRow {
	r := &fieldRow{
		fields: fields, label: newText(style{}, label), wrong: newWrong(true),
		note: newText(style{size: sizeSmall, dim: true, pick: true}, ""), checks: newLineList(newColumn(2), style{pick: true, size: sizeSmall}),
	}
	r.below = newPadded(0, 0, 2, labelSpan+gap, newColumn(2, r.wrong.object, r.note.object, r.checks.object))
	line := newRow(gap, 1, newSpan(labelSpan, r.label.object), control)
	r.object = newColumn(3, line, r.below)
	r.set(presenter.FormState{})
	return r
}

// set shows the errors and notes of the row's fields.
func (r *fieldRow) set(s presenter.FormState) {
	wrong, note := "", ""
	var checks []presenter.Line
	for _, f := range r.fields {
		wrong, note = cmp.Or(wrong, s.Errors[f]), cmp.Or(note, s.Notes[f])
		checks = append(checks, s.Checks[f]...)
	}
	r.wrong.set(presenter.Line{Mark: presenter.MarkBad, Text: wrong})
	if wrong != "" {
		note, checks = "", nil
	}
	r.note.set(note)
	r.checks.set(checks)
	show(r.below, wrong != "" || note != "" || len(checks) > 0)
}

// row is a fieldRow that Render keeps up to date.
func (v *View) row(label string, control fyne.CanvasObject, fields ...presenter.Field) *fieldRow {
	r := newFieldRow(label, control, fields...)
	v.rows = append(v.rows, r)
	return r
}

// newServerRow is one mail server: host, port and security side by side.
func (v *View) newServerRow(p mailbox.Protocol) fyne.CanvasObject {
	host, port, security := presenter.HostOf(p), presenter.PortOf(p), presenter.SecurityOf(p)
	control := newRow(6, 0, v.field(host, v.t("ui.form.not-tested")), newSpan(54, v.field(port, "")),
		newSpan(104, v.choice(security, mailbox.SecurityTLS, mailbox.SecuritySTARTTLS, mailbox.SecurityNone)))
	return v.row(p.Title(), control, host, port, security).object
}

// secretRow takes a secret in. What is typed leaves the window at once.
type secretRow struct {
	*fieldRow
	entry  *entry
	store  *button
	remove *button
	file   *button         // takes it from a file
	files  *fyne.Container // around it; not always shown
	kind   authorization.SecretKind
	v      *View
}

func (v *View) newSecretRow(label string, kind authorization.SecretKind) *secretRow {
	s := &secretRow{kind: kind, v: v, entry: newEntry(v.keys, nil)}
	s.entry.Password = true
	s.store = newButton(v.keys, v.t("ui.secret.store"), nil, s.hand)
	s.remove = newLink(v.keys, v.t("ui.secret.remove"), nil, func() { v.do.RemoveSecret(kind) })
	s.file = newButton(v.keys, v.t("ui.secret.certificate"), nil, v.showCertificate)
	s.entry.onEnter = s.hand
	s.fieldRow = newFieldRow(label, newRow(6, 0, s.entry, s.remove, s.store)) // a second click on Store meets it again
	s.files = newPadded(0, 0, 2, labelSpan+gap, newRow(0, -1, s.file))
	s.files.Hide()
	s.object = newColumn(2, s.object, s.files)
	return s
}

func (s *secretRow) hand() {
	value := s.entry.Text
	s.entry.set("")
	s.v.do.SetSecret(s.kind, value, func() {
		if s.entry.Text == "" { // or another was typed meanwhile
			s.entry.set(value)
		}
	})
}

func (s *secretRow) set(f presenter.FormState) {
	s.wrong.set(presenter.Line{Mark: presenter.MarkBad, Text: f.Refused[s.kind]})
	if s.kind == authorization.ClientSecret {
		s.note.set(f.Credential)
	}
	show(s.below, f.Refused[s.kind] != "" || s.note.object.Visible())
	stored := f.Secrets[s.kind]
	words := s.v.t("ui.secret.none")
	switch {
	case stored:
		words = s.v.t("ui.secret.stored")
	case s.kind == authorization.ProxyPassword:
		words = s.v.t("ui.secret.none-proxy")
	}
	if s.entry.PlaceHolder != words {
		s.entry.SetPlaceHolder(words)
	}
	show(s.remove, stored)
}

// fieldWidget is what a field of the mailbox is typed or chosen in.
type fieldWidget interface {
	fyne.CanvasObject
	fyne.Disableable
	fyne.Focusable
	set(value string)
}

// setFields shows the values of the mailbox's fields, and what is wrong with
// them.
func (v *View) setFields(s presenter.FormState) {
	v.oauth.signIn.setOptions(v.options(presenter.FieldSignIn, s.Ways))
	values := maps.Clone(s.Form)
	values[presenter.FieldProvider], values[presenter.FieldSignIn] = s.Form[presenter.FieldProvider]+"/"+s.Form[presenter.FieldCloud], s.Way
	for field, w := range v.fields {
		w.set(values[field])
	}
	for _, r := range v.rows {
		r.set(s)
	}
}

// field is an entry for a field of the mailbox.
func (v *View) field(f presenter.Field, placeholder string) *entry {
	e := newEntry(v.keys, func(value string) { v.do.Edit(f, value) })
	e.PlaceHolder = placeholder
	e.onLeave = func() { v.do.Leave(f) }
	e.onEnter = v.tab
	v.fields[f] = e
	return e
}

// choice is a list for a field of the mailbox.
func (v *View) choice(f presenter.Field, values ...string) *choice {
	c := newChoice(v.keys, v.options(f, values), func(value string) { v.do.Choose(f, value) })
	v.fields[f] = c
	return c
}

func (v *View) options(f presenter.Field, values []string) (options []option) {
	for _, value := range values {
		options = append(options, option{value, presenter.Words(v.texts, f, value)})
	}
	return options
}
