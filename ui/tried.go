package ui

import (
	"fyne.io/fyne/v2"

	"mailgrant/ui/presenter"
)

// triedList shows what was tried after a failure, each try a step of its own.
type triedList struct {
	lines  *lineList
	object *fyne.Container
}

func (v *View) newTriedList() *triedList {
	l := &triedList{lines: newSmallLines()}
	l.object = newColumn(gapSmall, newText(style{dim: true, size: sizeSmall}, v.t("ui.tried")).object, l.lines.object)
	l.object.Hide()
	return l
}

func (l *triedList) set(lines []presenter.Line) {
	show(l.object, len(lines) > 0)
	l.lines.set(lines)
}
