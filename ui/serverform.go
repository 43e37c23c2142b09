package ui

import (
	"cmp"
	"strings"

	"fyne.io/fyne/v2"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/provider"
	"mailgrant/ui/presenter"
)

// serverForm is the card Server information.
type serverForm struct {
	sender, user, shared *entry
	provider             *choice
	servers              []*serverRow
	authentication       *choice
	password             *secretRow
	rows                 []*fieldRow
	object               fyne.CanvasObject
}

func (v *View) newServerForm() *serverForm {
	f := &serverForm{
		sender: v.field(presenter.FieldSender), user: v.field(presenter.FieldUser), shared: v.field(presenter.FieldShared),
		authentication: v.choice(presenter.FieldAuthentication, "authentication", mailbox.AuthOAuth2, mailbox.AuthPassword),
	}
	f.shared.SetPlaceHolder(v.t("ui.form.no-shared"))
	f.user.SetPlaceHolder(v.t("ui.form.user-follows"))
	f.provider = v.newProvider()
	row := func(key string, control fyne.CanvasObject, fields ...presenter.Field) fyne.CanvasObject {
		r := newFieldRow(v.t("ui.form."+key), control, fields...)
		f.rows = append(f.rows, r)
		return r.object
	}
	objects := []fyne.CanvasObject{
		row("sender", f.sender, presenter.FieldSender),
		row("user", f.user, presenter.FieldUser),
		row("shared", f.shared, presenter.FieldShared),
		row("provider", f.provider, presenter.FieldProvider),
	}
	for _, p := range mailbox.Protocols() {
		s := v.newServerRow(p)
		f.servers = append(f.servers, s)
		objects = append(objects, s.object)
	}
	f.password = v.newSecretRow(v.t("ui.form.password"), presenter.SecretPassword)
	objects = append(objects, row("authentication", f.authentication, presenter.FieldAuthentication), f.password.object)
	f.object = newCard(v.t("ui.card.server"), nil, newColumn(6, objects...))
	return f
}

// newProvider lists Microsoft's clouds as providers of their own.
func (v *View) newProvider() *choice {
	var options []option
	for _, p := range provider.Offered() {
		name := p.Name
		if name == "" {
			name = v.t("ui.choice.provider." + cmp.Or(p.Cloud, p.ID))
		}
		options = append(options, option{p.ID + "/" + p.Cloud, name})
	}
	c := newChoice(v.keys, options, func(value string) {
		provider, cloud, _ := strings.Cut(value, "/")
		v.do.ChooseProvider(provider, cloud)
	})
	v.fields[presenter.FieldProvider] = c
	return c
}

func providerValue(f presenter.Form) string {
	return f[presenter.FieldProvider] + "/" + f[presenter.FieldCloud]
}

func (f *serverForm) set(s presenter.FormState) {
	f.sender.set(s.Form[presenter.FieldSender])
	f.user.set(s.Form[presenter.FieldUser])
	f.shared.set(s.Form[presenter.FieldShared])
	f.provider.set(providerValue(s.Form))
	f.authentication.set(s.Form[presenter.FieldAuthentication])
	for _, server := range f.servers {
		server.set(s)
	}
	for _, r := range f.rows {
		r.set(s)
	}
	f.password.set(s)
	show(f.password.object, !s.OAuth)
}
