package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"mailgrant/ui/presenter"
)

// filled shows values, each by a widget of its own. They are made anew only when
// the values change, for one may have the focus, and take no room while there
// are none.
type filled[T comparable] struct {
	widget func(T) fyne.CanvasObject
	shown  []T
	object *fyne.Container
}

func newFilled[T comparable](object *fyne.Container, widget func(T) fyne.CanvasObject) *filled[T] {
	object.Hide()
	return &filled[T]{widget: widget, object: object}
}

func (f *filled[T]) set(values []T) {
	show(f.object, len(values) > 0)
	if slices.Equal(values, f.shown) {
		return
	}
	f.shown = slices.Clone(values)
	f.object.RemoveAll()
	for _, value := range values {
		f.object.Add(f.widget(value))
	}
}

// lineList shows lines, each with its mark.
type lineList = filled[presenter.Line]

// newLineList fills a container, a column or a flow.
func newLineList(object *fyne.Container, look style) *lineList {
	return newFilled(object, func(line presenter.Line) fyne.CanvasObject {
		st := newStatus(look)
		st.set(line)
		return st.object
	})
}

// newSmallLines is a column of lines that can be copied.
func newSmallLines() *lineList {
	return newLineList(newColumn(gapSmall), style{pick: true, size: sizeSmall})
}
