package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/ui/presenter"
)

// part is a piece of the window that shows a value.
type part[T any] struct {
	object fyne.CanvasObject
	fill   func(*T)
	came   func() // after it has appeared; nil: nothing is to be done
	left   func() // after it has gone; nil: nothing is to be done
}

func newPart[T any](object fyne.CanvasObject, fill func(*T)) *part[T] {
	object.Hide()
	return &part[T]{object: object, fill: fill}
}

// set shows a value; nil takes no room.
func (p *part[T]) set(value *T) {
	was := p.object.Visible()
	show(p.object, value != nil)
	if value != nil {
		p.fill(value)
	}
	switch {
	case !was && value != nil && p.came != nil:
		p.came()
	case was && value == nil && p.left != nil:
		p.left()
	}
}

// many shows values, each by a widget of its own. The widgets are kept, for one
// may have the focus, and take no room where there are no values for them.
type many[T any] struct {
	make   func() (widget fyne.CanvasObject, set func(T))
	sets   []func(T)
	inside *fyne.Container // the values' widgets
	object *fyne.Container // with the title, if there is one
}

func newMany[T any](inside *fyne.Container, make func() (fyne.CanvasObject, func(T))) *many[T] {
	inside.Hide()
	return &many[T]{make: make, inside: inside, object: inside}
}

// titled puts a title above the values.
func (m *many[T]) titled(gap float32, title string) *many[T] {
	m.object = newColumn(gap, newText(style{dim: true, size: sizeSmall}, title).object, m.inside)
	m.inside.Show()
	m.object.Hide()
	return m
}

func (m *many[T]) set(values []T) {
	for len(m.sets) < len(values) {
		widget, set := m.make()
		m.sets = append(m.sets, set)
		m.inside.Add(widget)
	}
	show(m.object, len(values) > 0)
	for i, widget := range m.inside.Objects {
		if show(widget, i < len(values)); i < len(values) {
			m.sets[i](values[i])
		}
	}
}

// lineList shows lines, each with its mark.
type lineList = many[presenter.Line]

// newLineList fills a container, a column or a flow.
func newLineList(inside *fyne.Container, look style) *lineList {
	return newMany(inside, func() (fyne.CanvasObject, func(presenter.Line)) {
		st := newStatus(look)
		return st.object, st.set
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
