package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"mailgrant/ui/presenter"
)

// triedList shows what was tried after a failure, each try a step of its own.
type triedList struct {
	lines  *fyne.Container
	shown  []presenter.Line
	object *fyne.Container
}

func (v *View) newTriedList() *triedList {
	l := &triedList{lines: newColumn(gapSmall)}
	l.object = newColumn(gapSmall, newText(style{dim: true, size: sizeSmall}, v.t("ui.tried")).object, l.lines)
	l.object.Hide()
	return l
}

func (l *triedList) set(lines []presenter.Line) {
	show(l.object, len(lines) > 0)
	if slices.Equal(lines, l.shown) {
		return
	}
	l.shown = lines
	l.lines.RemoveAll()
	for _, line := range lines {
		st := newStatus(style{pick: true, size: sizeSmall})
		st.set(line)
		l.lines.Add(st.object)
	}
}
