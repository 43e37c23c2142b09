package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"mailgrant/ui/presenter"
)

// watchBox shows a watch: when the next attempt comes, and what the earlier
// ones found.
type watchBox struct {
	line   *status
	now    *button
	head   *text
	tried  *fyne.Container
	shown  []presenter.Line
	object *surface
}

func (v *View) newWatchBox() *watchBox {
	b := &watchBox{line: newStatus(style{pick: true}), head: newText(style{dim: true, size: sizeSmall}, v.t("ui.watch.tried")), tried: newColumn(gapSmall)}
	b.now = newButton(v.keys, v.t("ui.watch.now"), nil, func() { v.OnTryNow() })
	b.object = newSurface(colorWell, "", 6, newPadded(8, 10, 8, 10, newColumn(gap, newRow(gap, 0, b.line.object, b.now), b.head.object, b.tried)))
	b.object.Hide()
	return b
}

func (b *watchBox) set(s *presenter.WatchState) {
	show(b.object, s != nil)
	if s == nil {
		return
	}
	b.line.set(s.Line)
	show(b.now, s.CanNow)
	show(b.head.object, len(s.Attempts) > 0)
	if !slices.Equal(s.Attempts, b.shown) {
		b.shown = slices.Clone(s.Attempts)
		setLines(b.tried, s.Attempts)
	}
}
