package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"mailgrant/ui/presenter"
)

// lineList shows lines, each with its mark. It is drawn anew only when they
// change, and takes no room while there are none.
type lineList struct {
	look   style
	shown  []presenter.Line
	object *fyne.Container
}

// newLineList fills a container, a column or a flow.
func newLineList(object *fyne.Container, look style) *lineList {
	object.Hide()
	return &lineList{look: look, object: object}
}

// newSmallLines is a column of lines that can be copied.
func newSmallLines() *lineList {
	return newLineList(newColumn(gapSmall), style{pick: true, size: sizeSmall})
}

func (l *lineList) set(lines []presenter.Line) {
	show(l.object, len(lines) > 0)
	if slices.Equal(lines, l.shown) {
		return
	}
	l.shown = slices.Clone(lines)
	l.object.RemoveAll()
	for _, line := range lines {
		st := newStatus(l.look)
		st.set(line)
		l.object.Add(st.object)
	}
}
