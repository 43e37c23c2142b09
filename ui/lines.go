package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/ui/presenter"
)

// filled shows values, each by a widget of its own. They are made anew only when
// the values change, for one may have the focus, and take no room while there
// are none.
type filled[T comparable] struct {
	widget func(T) fyne.CanvasObject
	shown  []T
	inside *fyne.Container // the values' widgets
	object *fyne.Container // with the title, if there is one
}

func newFilled[T comparable](inside *fyne.Container, widget func(T) fyne.CanvasObject) *filled[T] {
	inside.Hide()
	return &filled[T]{widget: widget, inside: inside, object: inside}
}

// titled puts a title above the values.
func (f *filled[T]) titled(gap float32, title string) *filled[T] {
	f.object = newColumn(gap, newText(style{dim: true, size: sizeSmall}, title).object, f.inside)
	f.inside.Show()
	f.object.Hide()
	return f
}

func (f *filled[T]) set(values []T) {
	show(f.object, len(values) > 0)
	if slices.Equal(values, f.shown) {
		return
	}
	f.shown = slices.Clone(values)
	f.inside.RemoveAll()
	for _, value := range values {
		f.inside.Add(f.widget(value))
	}
}

// lineList shows lines, each with its mark.
type lineList = filled[presenter.Line]

// newLineList fills a container, a column or a flow.
func newLineList(inside *fyne.Container, look style) *lineList {
	return newFilled(inside, func(line presenter.Line) fyne.CanvasObject {
		st := newStatus(look)
		st.set(line)
		return st.object
	})
}

// newSmallLines is a column of lines that can be copied.
func newSmallLines() *lineList {
	return newLineList(newColumn(gapSmall), style{pick: true, size: sizeSmall})
}

// newTriedList shows what was tried after a failure, each try a step of its own.
func (v *View) newTriedList() *lineList { return newSmallLines().titled(gapSmall, v.t("ui.tried")) }

// disclosure is content that is folded until it is asked for.
type disclosure struct {
	head    *button
	top     fyne.CanvasObject // around the head
	inside  fyne.CanvasObject
	arrange func()
	toggled func(open bool) // by the user; nil: nobody asks
	object  *fyne.Container
}

func newDisclosure(k *bindings, words string, inside fyne.CanvasObject, arrange func()) *disclosure {
	d := &disclosure{inside: inside, arrange: arrange}
	d.head = newLink(k, words, iconClosed, func() {
		d.setOpen(!d.inside.Visible())
		if d.toggled != nil {
			d.toggled(d.inside.Visible())
		}
	})
	d.head.Alignment = widget.ButtonAlignLeading
	inside.Hide()
	// The button's own padding would move its icon out of the left edge.
	d.top = newPadded(0, 0, 0, -theme.InnerPadding(), newRow(0, -1, d.head))
	d.object = newColumn(4, d.top, inside)
	return d
}

func (d *disclosure) setOpen(open bool) {
	if d.inside.Visible() == open {
		return
	}
	unfold(d.head, d.inside, open)
	d.arrange()
}

// unfold shows what a button unfolds, or folds it, and how it stands.
func unfold(head *button, inside fyne.CanvasObject, open bool) {
	show(inside, open)
	if open {
		head.SetIcon(iconOpen)
	} else {
		head.SetIcon(iconClosed)
	}
}
