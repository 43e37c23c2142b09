package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// focusRing shows where the keys go: a line of two units around what has the focus,
// in the colour of the text. The toolkit only tints it, with less contrast than
// 3:1 to what it was before (WCAG 2.2, 1.4.11), and the tint of a filled button
// takes its words their contrast.
type focusRing struct {
	*canvas.Rectangle
	edge bool // a thin one is there without the focus too, in a high-contrast theme
}

func newRing(edge bool) focusRing {
	r := focusRing{canvas.NewRectangle(nil), edge}
	r.Hide()
	return r
}

// set shows it or not.
func (r focusRing) set(focused bool) {
	th := theme.Current()
	r.StrokeColor = th.Color(theme.ColorNameForeground, fyne.CurrentApp().Settings().ThemeVariant())
	r.CornerRadius = th.Size(theme.SizeNameButtonRadius)
	r.StrokeWidth = 2
	if !focused {
		r.StrokeWidth = 1 // where the grounds of all things are alike
	}
	show(r.Rectangle, focused || r.edge && inContrast())
	r.Refresh()
}

// ringed draws a widget with its ring.
type ringed struct {
	fyne.WidgetRenderer
	ring    focusRing
	focused *bool
}

func newRinged(inner fyne.WidgetRenderer, edge bool, focused *bool) *ringed {
	r := &ringed{inner, newRing(edge), focused}
	r.ring.set(*focused)
	return r
}

// Layout implements fyne.WidgetRenderer.
func (r *ringed) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.ring.Resize(size)
}

// Refresh implements fyne.WidgetRenderer.
func (r *ringed) Refresh() {
	r.WidgetRenderer.Refresh()
	r.ring.set(*r.focused)
}

// Objects implements fyne.WidgetRenderer.
func (r *ringed) Objects() []fyne.CanvasObject {
	return append(r.WidgetRenderer.Objects(), r.ring.Rectangle)
}

// CreateRenderer implements fyne.Widget: with a ring while the keys go there.
func (b *button) CreateRenderer() fyne.WidgetRenderer {
	return newRinged(b.Button.CreateRenderer(), b.Importance != widget.LowImportance, &b.focused)
}

// FocusGained implements fyne.Focusable.
func (b *button) FocusGained() { b.setFocused(true) }

// FocusLost implements fyne.Focusable.
func (b *button) FocusLost() { b.setFocused(false) }

func (b *button) setFocused(on bool) {
	b.focused = on
	b.Refresh()
}

// CreateRenderer implements fyne.Widget: with a ring while the keys go there.
func (c *check) CreateRenderer() fyne.WidgetRenderer {
	return newRinged(c.Check.CreateRenderer(), false, &c.focused)
}

// FocusGained implements fyne.Focusable.
func (c *check) FocusGained() { c.setFocused(true) }

// FocusLost implements fyne.Focusable.
func (c *check) FocusLost() { c.setFocused(false) }

func (c *check) setFocused(on bool) {
	c.focused = on
	c.Refresh()
}

// FocusGained implements fyne.Focusable: its border is the ring.
func (c *choice) FocusGained() {
	c.focused = true
	c.Select.FocusGained()
}

// FocusLost implements fyne.Focusable.
func (c *choice) FocusLost() {
	c.focused = false
	c.Select.FocusLost()
}

// FocusGained implements fyne.Focusable.
func (l *rowList) FocusGained() { l.byKeys(true, l.List.FocusGained) }

// FocusLost implements fyne.Focusable.
func (l *rowList) FocusLost() { l.byKeys(false, l.List.FocusLost) }

// byKeys lets the list do something with the keys; the row that it then
// highlights has the ring.
func (l *rowList) byKeys(focused bool, do func()) {
	was := l.at
	l.focused, l.keyed = focused, true
	do()
	l.keyed = false
	l.RefreshItem(was)
	l.RefreshItem(l.at)
}

// row is a row with its ring.
func (l *rowList) row(create func() fyne.CanvasObject) func() fyne.CanvasObject {
	return func() fyne.CanvasObject { return container.NewStack(create(), newRing(false).Rectangle) }
}

// fillRow lets fill write the row, and shows its ring or not.
func (l *rowList) fillRow(fill func(int, fyne.CanvasObject)) func(int, fyne.CanvasObject) {
	return func(i int, o fyne.CanvasObject) {
		parts := o.(*fyne.Container).Objects
		fill(i, parts[0])
		focusRing{parts[1].(*canvas.Rectangle), false}.set(l.focused && i == l.at)
	}
}
