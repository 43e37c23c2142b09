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

// newWelcomePage asks for the sender of a new mailbox: the one thing that nobody
// can propose.
func (v *View) newWelcomePage() *part[presenter.Welcome] {
	var page *part[presenter.Welcome]
	wrong, sender := newWrong(false), newEntry(v.keys, nil)
	sender.SetPlaceHolder(v.t("ui.welcome.example"))
	create := func() {
		if v.do.Create(sender.Text); !page.object.Visible() {
			v.focus(v.fields[presenter.FieldClientID])
		}
	}
	sender.onEnter = create
	next := newPrimary(v.keys, v.t("ui.welcome.next"), create)
	cancel := newButton(v.keys, v.t("ui.welcome.cancel"), nil, func() { v.do.Cancel() })
	learn := newLink(v.keys, v.t("ui.welcome.guide"), iconLink, func() { v.do.OpenLink(v.state.Welcome.Guide) })
	practise := newLink(v.keys, v.t("ui.welcome.practise"), nil, func() { v.do.Practise() })
	// What has to be prepared.
	before := newColumn(8, widget.NewSeparator(), newText(style{dim: true, size: sizeSmall}, v.t("ui.welcome.before")).object,
		// The buttons' own padding would move their words out of the left edge.
		newPadded(0, 0, 0, -theme.InnerPadding()-breadth/2, newFlow(4, 4, learn, practise)))
	logo := canvas.NewImageFromResource(fyne.NewStaticResource("icon.png", assets.Icon))
	logo.FillMode = canvas.ImageFillContain
	card := newSurface(colorCard, colorCardBorder, 10, newPadded(28, 32, 28, 32, newColumn(14,
		newRow(14, 1, fixed(52, 52, logo), newText(style{size: sizeTitle, bold: true}, v.t("ui.welcome.title")).object),
		newText(style{}, v.t("ui.welcome.what")).object,
		newColumn(4, newText(style{bold: true}, v.t("ui.welcome.sender")).object, sender, wrong.object),
		newText(style{dim: true}, v.t("ui.welcome.proposes")).object,
		newRow(8, -1, next, cancel, newLink(v.keys, v.t("ui.welcome.import"), nil, func() { v.showImport() })),
		before,
	)))
	page = newPart(newPadded(gapCard, gapCard, gapCard, gapCard, container.New(atMost{560}, card)), func(s *presenter.Welcome) {
		wrong.set(presenter.Line{Mark: presenter.MarkBad, Text: s.Error})
		show(cancel, s.CanCancel)
		show(before, s.Guide != "")
		show(practise, s.CanPractise)
	})
	page.came = func() {
		sender.set("")
		v.focus(sender)
	}
	return page
}
