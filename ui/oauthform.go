package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/app/authorization"
	"mailgrant/internal/mailbox"
	"mailgrant/ui/presenter"
)

// oauthForm is the card OAuth configuration. It is active only while password
// encryption is OAuth.
type oauthForm struct {
	v          *View
	find       *button
	signIn     *choice
	user       *text
	secret     *secretRow
	proxy      *secretRow
	inactive   *status
	rows       map[presenter.Field]*fieldRow
	labels     []*text
	more       *disclosure
	object     fyne.CanvasObject
	activeOnly []fyne.Disableable
	clientID   *entry
	looking    bool
	tight      bool
}

func (v *View) newOAuthForm() *oauthForm {
	f := &oauthForm{
		v: v, rows: map[presenter.Field]*fieldRow{}, inactive: newStatus(style{}), user: newText(style{pick: true}, ""),
		signIn: v.choice(presenter.FieldSignIn),
	}
	f.clientID = v.field(presenter.FieldClientID, "")
	account := v.choice(presenter.FieldAccountType,
		mailbox.AccountTenant, mailbox.AccountOrganizations, mailbox.AccountCommon, mailbox.AccountConsumers, mailbox.AccountApplication)
	f.find = newButton(v.keys, v.t("ui.form.find-tenant"), nil, func() { v.do.FindTenant() })
	f.secret = v.newSecretRow(v.t("ui.form.client-secret"), authorization.ClientSecret)
	f.proxy = v.newSecretRow(v.t("ui.form.proxy-password"), authorization.ProxyPassword)
	f.labels = append(f.labels, f.secret.label, f.proxy.label)
	f.more = newDisclosure(v.keys, v.t("ui.form.more"), newColumn(6,
		f.row("prompt", v.choice(presenter.FieldPrompt, mailbox.PromptLogin, mailbox.PromptSelectAccount), presenter.FieldPrompt),
		f.secret.object,
		f.row("redirect", v.field(presenter.FieldRedirect, ""), presenter.FieldRedirect),
		f.row("scopes", v.field(presenter.FieldScopes, v.t("ui.form.as-servers")), presenter.FieldScopes),
		f.row("authority", v.field(presenter.FieldAuthority, v.t("ui.form.as-provider")), presenter.FieldAuthority),
		f.proxy.object,
	), v.arrange)
	f.more.toggled = func(open bool) { v.do.ShowMore(open) }
	f.object = newCard(v.t("ui.card.oauth"), nil, f.inactive.object, newColumn(6,
		f.row("client-id", f.clientID, presenter.FieldClientID),
		f.row("account-type", account, presenter.FieldAccountType),
		f.row("tenant", newRow(6, 0, v.field(presenter.FieldTenant, v.t("ui.form.tenant-example")), f.find), presenter.FieldTenant),
		f.row("issuer", v.field(presenter.FieldIssuer, "https://"), presenter.FieldIssuer),
		f.row("sign-in", f.signIn, presenter.FieldSignIn),
		f.row("oauth-user", newPadded(7, 0, 7, 8, f.user.object)),
		f.more.object,
	))
	f.activeOnly = append(f.activeOnly, f.find, f.secret.entry, f.secret.store, f.secret.file, f.proxy.entry, f.proxy.store)
	return f
}

func (f *oauthForm) row(key string, control fyne.CanvasObject, fields ...presenter.Field) fyne.CanvasObject {
	r := f.v.row(f.v.t("ui.form."+key), control, fields...)
	f.labels = append(f.labels, r.label)
	for _, field := range fields {
		f.rows[field] = r
		f.activeOnly = append(f.activeOnly, f.v.fields[field])
	}
	return r.object
}

func (f *oauthForm) set(s presenter.FormState) {
	f.user.set(s.Form[presenter.FieldUser])
	f.secret.set(s)
	show(f.secret.files, s.Certifies)
	f.proxy.set(s)
	f.setShown(s)
	f.setActive(s)
}

// showProxy puts the cursor where the proxy's password goes.
func (f *oauthForm) showProxy() {
	f.v.halves.choose(false)
	f.more.setOpen(true)
	f.v.halves.reveal(f.proxy.object)
	f.v.focus(f.proxy.entry)
}

// setShown leaves out what the provider has no use for.
func (f *oauthForm) setShown(s presenter.FormState) {
	label, example := "client", "" // only Microsoft's have this shape
	if s.Microsoft {
		label, example = "client-id", "00000000-0000-0000-0000-000000000000"
	}
	f.rows[presenter.FieldClientID].label.set(f.v.t("ui.form." + label))
	if f.clientID.PlaceHolder != example {
		f.clientID.SetPlaceHolder(example)
	}
	show(f.rows[presenter.FieldAccountType].object, s.Microsoft)
	show(f.rows[presenter.FieldTenant].object, s.NeedTenant)
	for _, browser := range []presenter.Field{presenter.FieldSignIn, presenter.FieldPrompt, presenter.FieldRedirect} {
		show(f.rows[browser].object, !s.Certifies) // an application signs in without one
	}
	show(f.rows[presenter.FieldIssuer].object, s.Custom)
	show(f.rows[presenter.FieldAuthority].object, !s.Custom)
	wrong := s.Errors[presenter.FieldRedirect] + s.Errors[presenter.FieldScopes] + s.Errors[presenter.FieldAuthority]
	if wrong += s.Refused[authorization.ClientSecret] + s.Refused[authorization.ProxyPassword]; wrong != "" {
		f.more.setOpen(true)
	}
	f.looking = s.Searching
	f.setFind()
}

// setTight leaves room for a whole tenant ID where the half is narrow.
func (f *oauthForm) setTight(tight bool) {
	if f.tight != tight {
		f.tight = tight
		f.setFind()
	}
}

func (f *oauthForm) setFind() {
	words, icon := f.v.t("ui.form.find-tenant"), fyne.Resource(nil)
	if f.looking {
		words = f.v.t("ui.form.finding")
	}
	if f.tight {
		words, icon = "", theme.SearchIcon()
	}
	if f.find.Text != words || f.find.Icon != icon {
		f.find.Text, f.find.Icon = words, icon
		f.find.Refresh()
	}
}

func (f *oauthForm) setActive(s presenter.FormState) {
	f.inactive.set(presenter.Line{Mark: presenter.MarkSkipped, Text: f.v.tIf(!s.OAuth, "ui.form.oauth-inactive")})
	for _, w := range f.activeOnly {
		enable(w, s.OAuth && (w != fyne.Disableable(f.find) || !s.Searching))
	}
	importance := widget.MediumImportance
	if !s.OAuth {
		importance = widget.LowImportance
	}
	for _, l := range append(f.labels, f.user) {
		l.setImportance(importance)
	}
}
