package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"mailgrant/assets"
	"mailgrant/ui/presenter"
)

// welcomePage asks for the sender of a new mailbox: the one thing that nobody
// can propose.
type welcomePage struct {
	sender *entry
	wrong  *status
	cancel *button
	object fyne.CanvasObject
}

func (v *View) newWelcomePage() *welcomePage {
	w := &welcomePage{wrong: newStatus(style{size: sizeSmall})}
	w.sender = newEntry(v.keys, nil)
	w.sender.SetPlaceHolder(v.t("ui.welcome.example"))
	create := func() { v.OnCreate(w.sender.Text) }
	w.sender.onEnter = create
	next := newButton(v.keys, v.t("ui.welcome.next"), nil, create)
	next.Importance = widget.HighImportance
	w.cancel = newButton(v.keys, v.t("ui.welcome.cancel"), nil, func() { v.OnCancel() })
	w.wrong.words.setImportance(widget.DangerImportance)
	logo := canvas.NewImageFromResource(fyne.NewStaticResource("icon.png", assets.Icon))
	logo.FillMode = canvas.ImageFillContain
	card := newSurface(colorCard, colorCardBorder, 10, newPadded(28, 32, 28, 32, newColumn(14,
		newRow(14, 1, fixed(52, 52, logo), newText(style{size: sizeTitle, bold: true}, v.t("ui.welcome.title")).object),
		newText(style{}, v.t("ui.welcome.what")).object,
		newColumn(4, newText(style{bold: true}, v.t("ui.welcome.sender")).object, w.sender, w.wrong.object),
		newText(style{dim: true}, v.t("ui.welcome.proposes")).object,
		newRow(8, -1, next, w.cancel, newLink(v.keys, v.t("ui.welcome.import"), nil, func() { v.showImport() })),
	)))
	w.object = newPadded(gapCard, gapCard, gapCard, gapCard, newAtMost(560, card))
	w.object.Hide()
	return w
}

func (w *welcomePage) set(v *View, s *presenter.Welcome) {
	opened := s != nil && !w.object.Visible()
	show(w.object, s != nil)
	if s == nil {
		return
	}
	if opened {
		w.sender.set("")
		v.focus(w.sender)
	}
	w.wrong.set(presenter.Line{Mark: presenter.MarkBad, Text: s.Error})
	show(w.cancel, s.CanCancel)
}
