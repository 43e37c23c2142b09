package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/internal/mailbox"
	"mailgrant/ui/presenter"
)

// oauthForm is the card OAuth configuration. It is active only while password
// encryption is OAuth.
type oauthForm struct {
	v          *View
	clientID   *entry
	account    *choice
	tenant     *entry
	find       *button
	issuer     *entry
	signIn     *choice
	user       *text
	prompt     *choice
	redirect   *entry
	authority  *entry
	scopes     *entry
	secret     *secretRow
	proxy      *secretRow
	inactive   *status
	rows       map[presenter.Field]*fieldRow
	labels     []*text
	more       *disclosure
	object     fyne.CanvasObject
	activeOnly []fyne.Disableable
	looking    bool
	tight      bool
}

func (v *View) newOAuthForm() *oauthForm {
	f := &oauthForm{
		v: v, rows: map[presenter.Field]*fieldRow{}, inactive: newStatus(style{}), user: newText(style{pick: true}, ""),
		clientID: v.field(presenter.FieldClientID), tenant: v.field(presenter.FieldTenant), issuer: v.field(presenter.FieldIssuer),
		redirect: v.field(presenter.FieldRedirect), authority: v.field(presenter.FieldAuthority), scopes: v.field(presenter.FieldScopes),
		account: v.choice(presenter.FieldAccountType, string(presenter.FieldAccountType), mailbox.AccountTenant, mailbox.AccountOrganizations, mailbox.AccountCommon, mailbox.AccountConsumers, mailbox.AccountApplication),
		signIn:  v.choice(presenter.FieldSignIn, "sign_in"),
		prompt:  v.choice(presenter.FieldPrompt, "prompt", mailbox.PromptLogin, mailbox.PromptSelectAccount),
	}
	f.clientID.SetPlaceHolder("00000000-0000-0000-0000-000000000000")
	f.tenant.SetPlaceHolder(v.t("ui.form.tenant-example"))
	f.issuer.SetPlaceHolder("https://")
	f.authority.SetPlaceHolder(v.t("ui.form.as-provider"))
	f.scopes.SetPlaceHolder(v.t("ui.form.as-servers"))
	f.find = newButton(v.keys, v.t("ui.form.find-tenant"), nil, func() { v.do.FindTenant() })
	f.secret = v.newSecretRow(v.t("ui.form.client-secret"), presenter.SecretClient)
	f.proxy = v.newSecretRow(v.t("ui.form.proxy-password"), presenter.SecretProxy)
	f.labels = append(f.labels, f.secret.label, f.proxy.label)
	f.more = newDisclosure(v.keys, v.t("ui.form.more"), newColumn(6,
		f.row("prompt", f.prompt, presenter.FieldPrompt),
		f.secret.object,
		f.row("redirect", f.redirect, presenter.FieldRedirect),
		f.row("scopes", f.scopes, presenter.FieldScopes),
		f.row("authority", f.authority, presenter.FieldAuthority),
		f.proxy.object,
	), v.arrange)
	f.more.toggled = func(open bool) { v.do.ShowMore(open) }
	f.object = newCard(v.t("ui.card.oauth"), nil, f.inactive.object, newColumn(6,
		f.row("client-id", f.clientID, presenter.FieldClientID),
		f.row("account-type", f.account, presenter.FieldAccountType),
		f.row("tenant", newRow(6, 0, f.tenant, f.find), presenter.FieldTenant),
		f.row("issuer", f.issuer, presenter.FieldIssuer),
		f.row("sign-in", f.signIn, presenter.FieldSignIn),
		f.row("oauth-user", newPadded(7, 0, 7, 8, f.user.object)),
		f.more.object,
	))
	f.activeOnly = []fyne.Disableable{
		f.clientID, f.account, f.tenant, f.find, f.issuer, f.signIn, f.prompt, f.redirect, f.authority, f.scopes, f.secret.entry, f.secret.store, f.secret.file, f.proxy.entry, f.proxy.store,
	}
	return f
}

func (f *oauthForm) row(key string, control fyne.CanvasObject, fields ...presenter.Field) fyne.CanvasObject {
	r := newFieldRow(f.v.t("ui.form."+key), control, fields...)
	f.labels = append(f.labels, r.label)
	name := presenter.Field(key)
	if len(fields) > 0 {
		name = fields[0]
	}
	f.rows[name] = r
	return r.object
}

func (f *oauthForm) set(s presenter.FormState) {
	for field, e := range map[presenter.Field]*entry{
		presenter.FieldClientID: f.clientID, presenter.FieldTenant: f.tenant, presenter.FieldIssuer: f.issuer,
		presenter.FieldRedirect: f.redirect, presenter.FieldAuthority: f.authority, presenter.FieldScopes: f.scopes,
	} {
		e.set(s.Form[field])
	}
	f.account.set(s.Form[presenter.FieldAccountType])
	f.setWays(s)
	f.prompt.set(s.Form[presenter.FieldPrompt])
	f.user.set(s.Form[presenter.FieldUser])
	f.secret.set(s)
	show(f.secret.files, s.Certifies)
	f.proxy.set(s)
	for _, r := range f.rows {
		r.set(s)
	}
	f.setShown(s)
	f.setActive(s)
}

// setWays offers the ways to sign in that are allowed, and shows the one that
// will be taken.
func (f *oauthForm) setWays(s presenter.FormState) {
	var options []option
	for _, way := range s.Ways {
		options = append(options, option{way, f.v.t("ui.choice.sign_in." + way)})
	}
	f.signIn.setOptions(options)
	f.signIn.set(s.Way)
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
	show(f.rows[presenter.FieldAccountType].object, s.Microsoft)
	show(f.rows[presenter.FieldTenant].object, s.NeedTenant)
	show(f.rows[presenter.FieldIssuer].object, s.Custom)
	show(f.rows[presenter.FieldAuthority].object, !s.Custom)
	wrong := s.Errors[presenter.FieldRedirect] + s.Errors[presenter.FieldScopes] + s.Errors[presenter.FieldAuthority]
	if wrong += s.Refused[presenter.SecretClient] + s.Refused[presenter.SecretProxy]; wrong != "" {
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
	reason := ""
	if !s.OAuth {
		reason = f.v.t("ui.form.oauth-inactive")
	}
	f.inactive.set(presenter.Line{Mark: presenter.MarkSkipped, Text: reason})
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
