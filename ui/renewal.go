package ui

import (
	"fyne.io/fyne/v2/widget"

	"mailgrant/ui/presenter"
)

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
	r := &renewalSheet{v: v, status: newStatus(style{}), wrong: newText(style{pick: true}, "")}
	r.toggle = newButton(nil, v.t("ui.renewal.install"), nil, func() { v.do.SwitchRenewal(!r.on) })
	r.toggle.Importance = widget.HighImportance
	closing := newButton(nil, v.t("ui.dialog.close"), nil, func() { r.sheet.close(); v.renewal = nil })
	inside := newColumn(10, newText(style{}, v.t("ui.renewal.what")).object, newText(style{dim: true}, v.t("ui.renewal.limit")).object,
		r.status.object, r.wrong.object)
	r.sheet = v.showSheet(v.t("ui.renewal.title"), 520, 380, inside, r.toggle, closing)
	v.renewal = r
	v.escapeCloses(r.sheet, closing)
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
	show(r.wrong.object, s.Wrong != "")
	r.on = s.On
	if r.toggle.SetText(r.v.t("ui.renewal.install")); s.On {
		r.toggle.SetText(r.v.t("ui.renewal.remove"))
	}
	enable(r.toggle, !s.Busy)
	arrange(r.sheet.popup.Content)
}
