package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

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
