package ui

import "mailgrant/ui/presenter"

// renewalSheet switches the weekly renewal.
type renewalSheet struct {
	v      *View
	sheet  *sheet
	status *status
	wrong  *text
	toggle *button
	on     bool
}

// showRenewal says whether the weekly renewal exists and switches it.
func (v *View) showRenewal() {
	r := &renewalSheet{v: v, sheet: v.newSheet(v.t("ui.renewal.title")), status: newStatus(style{}), wrong: newText(style{pick: true}, "")}
	r.toggle = newPrimary(v.keys, v.t("ui.renewal.install"), func() { v.do.SwitchRenewal(!r.on) })
	inside := newColumn(10, newText(style{}, v.t("ui.renewal.what")).object, newText(style{dim: true}, v.t("ui.renewal.limit")).object,
		r.status.object, r.wrong.object)
	r.sheet.show(520, 380, inside, r.toggle, r.sheet.closeButton("ui.dialog.close"))
	r.sheet.render = func(s presenter.State) { r.set(*s.Renewal) } // there is no sheet without a scheduler
	v.do.AskRenewal()
}

// set shows what is known.
func (r *renewalSheet) set(s presenter.Renewal) {
	line := presenter.Line{Mark: presenter.MarkRunning, Text: r.v.t("ui.renewal.asking")}
	switch {
	case s.Busy:
	case !s.Known:
		line = presenter.Line{Mark: presenter.MarkWarning, Text: r.v.t("ui.renewal.unknown")}
	case s.On:
		line = presenter.Line{Mark: presenter.MarkGood, Text: r.v.t("ui.renewal.on")}
	default:
		line = presenter.Line{Mark: presenter.MarkPending, Text: r.v.t("ui.renewal.off")}
	}
	r.status.set(line)
	r.wrong.set(s.Wrong)
	r.on = s.On
	if r.toggle.SetText(r.v.t("ui.renewal.install")); s.On {
		r.toggle.SetText(r.v.t("ui.renewal.remove"))
	}
	enable(r.toggle, !s.Busy)
	r.sheet.arrange()
}
