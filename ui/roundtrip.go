package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"mailgrant/app/products"
	"mailgrant/ui/presenter"
)

// roundTripBox shows the way of a message to the mailbox and out of it again.
type roundTripBox struct {
	mark    *widget.Icon
	steps   *lineList
	finding *findingBox
	object  *fyne.Container
}

func (v *View) newRoundTripBox() *roundTripBox {
	b := &roundTripBox{mark: widget.NewIcon(nil), steps: newSmallLines(), finding: v.newFindingBox()}
	b.object = newColumn(6, widget.NewSeparator(),
		newTopRow(gap, 1, fixed(iconSize, iconSize, b.mark), newText(style{bold: true}, v.t("ui.round-trip.title")).object),
		newPadded(0, 0, 0, iconSize+8, b.steps.object), b.finding.object)
	b.object.Hide()
	return b
}

func (b *roundTripBox) set(s *presenter.RoundTripState) {
	show(b.object, s != nil)
	if s == nil {
		b.finding.set(nil)
		return
	}
	setMark(b.mark, s.Mark)
	b.steps.set(s.Steps)
	b.finding.set(s.Finding)
}

// askRoundTrip makes sure: a message is sent, and a help desk may answer it.
func (v *View) askRoundTrip(from, to string) {
	s := v.newSheet(v.t("ui.round-trip.title"))
	send := newPrimary(v.keys, v.t("ui.round-trip.send"), func() { s.close(); v.do.RoundTrip() })
	s.show(520, 290, newColumn(10,
		newText(style{}, v.t("ui.round-trip.what")).object,
		v.newValueRow(products.CardField{Name: v.t("ui.round-trip.from"), Value: from}),
		v.newValueRow(products.CardField{Name: v.t("ui.round-trip.to"), Value: to}),
		newText(style{}, v.t("ui.round-trip.help-desk")).object), s.closeButton("ui.dialog.cancel"), send)
}
