package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// wheel lies over a line to type in and hands the mouse wheel on to the page.
// The toolkit gives the wheel to the topmost that can scroll, which would be
// the field's own inside. It is nothing to see, and takes nothing else.
type wheel struct {
	widget.BaseWidget
	on func(*fyne.ScrollEvent)
}

func (w *wheel) Scrolled(ev *fyne.ScrollEvent) { w.on(ev) }

func (*wheel) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(newColumn(0))
}

// newWheeled leaves a field of several lines its own wheel.
func newWheeled(inner fyne.WidgetRenderer, e *entry) fyne.WidgetRenderer {
	if e.MultiLine {
		return inner
	}
	w := &wheel{on: func(ev *fyne.ScrollEvent) { e.keys.wheel(e, ev) }}
	w.ExtendBaseWidget(w)
	return &topped{inner, w}
}

// topped draws a widget with something on top of it.
type topped struct {
	fyne.WidgetRenderer
	top fyne.CanvasObject
}

func (r *topped) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.top.Resize(size)
}

func (r *topped) Objects() []fyne.CanvasObject {
	inner := r.WidgetRenderer.Objects()
	return append(inner[:len(inner):len(inner)], r.top)
}

// scroll moves the page that an object is in.
func (v *View) scroll(o fyne.CanvasObject, ev *fyne.ScrollEvent) {
	pages := []*container.Scroll{v.halves.left, v.halves.right}
	if s := v.sheet(); s != nil && s.page != nil {
		pages = append(pages, s.page)
	}
	for _, page := range pages {
		if _, in := offset(page.Content, o); in {
			page.Scrolled(ev)
		}
	}
}
