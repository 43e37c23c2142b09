package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/assets"
	"mailgrant/ui/presenter"
)

// welcomePage asks for the sender of a new mailbox: the one thing that nobody
// can propose.
type welcomePage struct {
	sender   *entry
	wrong    *status
	cancel   *button
	before   *fyne.Container // what has to be prepared
	practise *button
	object   fyne.CanvasObject
}

func (v *View) newWelcomePage() *welcomePage {
	w := &welcomePage{wrong: newWrong(false)}
	w.sender = newEntry(v.keys, nil)
	w.sender.SetPlaceHolder(v.t("ui.welcome.example"))
	create := func() {
		if v.do.Create(w.sender.Text); !w.object.Visible() {
			v.focus(v.fields[presenter.FieldClientID])
		}
	}
	w.sender.onEnter = create
	next := newPrimary(v.keys, v.t("ui.welcome.next"), create)
	w.cancel = newButton(v.keys, v.t("ui.welcome.cancel"), nil, func() { v.do.Cancel() })
	learn := newLink(v.keys, v.t("ui.welcome.guide"), iconLink, func() { v.do.OpenLink(v.state.Welcome.Guide) })
	w.practise = newLink(v.keys, v.t("ui.welcome.practise"), nil, func() { v.do.Practise() })
	w.before = newColumn(8, widget.NewSeparator(), newText(style{dim: true, size: sizeSmall}, v.t("ui.welcome.before")).object,
		// The buttons' own padding would move their words out of the left edge.
		newPadded(0, 0, 0, -theme.InnerPadding()-breadth/2, newFlow(4, 4, learn, w.practise)))
	logo := canvas.NewImageFromResource(fyne.NewStaticResource("icon.png", assets.Icon))
	logo.FillMode = canvas.ImageFillContain
	card := newSurface(colorCard, colorCardBorder, 10, newPadded(28, 32, 28, 32, newColumn(14,
		newRow(14, 1, fixed(52, 52, logo), newText(style{size: sizeTitle, bold: true}, v.t("ui.welcome.title")).object),
		newText(style{}, v.t("ui.welcome.what")).object,
		newColumn(4, newText(style{bold: true}, v.t("ui.welcome.sender")).object, w.sender, w.wrong.object),
		newText(style{dim: true}, v.t("ui.welcome.proposes")).object,
		newRow(8, -1, next, w.cancel, newLink(v.keys, v.t("ui.welcome.import"), nil, func() { v.showImport() })),
		w.before,
	)))
	w.object = newPadded(gapCard, gapCard, gapCard, gapCard, container.New(atMost{560}, card))
	w.object.Hide()
	return w
}

func (w *welcomePage) set(v *View, s *presenter.Welcome) {
	appeared := show(w.object, s != nil)
	if s == nil {
		return
	}
	if appeared {
		w.sender.set("")
		v.focus(w.sender)
	}
	w.wrong.set(presenter.Line{Mark: presenter.MarkBad, Text: s.Error})
	show(w.cancel, s.CanCancel)
	show(w.before, s.Guide != "")
	show(w.practise, s.CanPractise)
}
