package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"mailgrant/app/authorization"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/provider"
	"mailgrant/ui/presenter"
)

// serverForm is the card Server information.
type serverForm struct {
	password *secretRow
	object   fyne.CanvasObject
}

func (v *View) newServerForm() *serverForm {
	f := &serverForm{password: v.newSecretRow(v.t("ui.form.password"), authorization.Password)}
	row := func(key string, control fyne.CanvasObject, field presenter.Field) fyne.CanvasObject {
		return v.row(v.t("ui.form."+key), control, field).object
	}
	objects := []fyne.CanvasObject{
		row("sender", v.field(presenter.FieldSender, ""), presenter.FieldSender),
		row("user", v.field(presenter.FieldUser, v.t("ui.form.user-follows")), presenter.FieldUser),
		row("shared", v.field(presenter.FieldShared, v.t("ui.form.no-shared")), presenter.FieldShared),
		row("provider", v.newProvider(), presenter.FieldProvider),
	}
	for _, p := range mailbox.Protocols() {
		objects = append(objects, v.newServerRow(p))
	}
	authentication := v.choice(presenter.FieldAuthentication, mailbox.AuthOAuth2, mailbox.AuthPassword)
	objects = append(objects, row("authentication", authentication, presenter.FieldAuthentication), f.password.object)
	f.object = newCard(v.t("ui.card.server"), nil, newColumn(6, objects...))
	return f
}

// newProvider lists Microsoft's clouds as providers of their own.
func (v *View) newProvider() *choice {
	var options []option
	for _, p := range provider.Offered() {
		options = append(options, option{p.ID + "/" + p.Cloud, presenter.ProviderWords(v.texts, p.ID, p.Cloud)})
	}
	c := newChoice(v.keys, options, func(value string) {
		provider, cloud, _ := strings.Cut(value, "/")
		v.do.ChooseProvider(provider, cloud)
	})
	v.fields[presenter.FieldProvider] = c
	return c
}

func (f *serverForm) set(s presenter.FormState) {
	f.password.set(s)
	show(f.password.object, !s.OAuth)
}
