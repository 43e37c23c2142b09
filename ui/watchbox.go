package ui

import "mailgrant/ui/presenter"

// watchBox shows a watch: when the next attempt comes, and what the earlier
// ones found.
type watchBox struct {
	line   *status
	now    *button
	tried  *lineList
	object *surface
}

func (v *View) newWatchBox() *watchBox {
	b := &watchBox{line: newStatus(style{pick: true}), tried: newSmallLines().titled(gap, v.t("ui.watch.tried"))}
	b.now = newButton(v.keys, v.t("ui.watch.now"), nil, func() { v.do.TryNow() })
	b.object = newSurface(colorWell, "", 6, newPadded(8, 10, 8, 10, newColumn(gap, newRow(gap, 0, b.line.object, b.now), b.tried.object)))
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
	b.tried.set(s.Attempts)
}
