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
	border border
}

// border says when there is a thin line in the ring's place without the focus.
type border int

const (
	noBorder         border = iota
	borderInContrast        // in a high-contrast theme, where the grounds of all things are alike
	alwaysBorder
)

func newRing(b border) focusRing {
	r := focusRing{canvas.NewRectangle(nil), b}
	r.Hide()
	return r
}

func (r focusRing) set(focused bool) {
	th, color, width := theme.Current(), theme.ColorNameInputBorder, float32(1)
	if focused {
		color, width = theme.ColorNameForeground, 2
	}
	r.StrokeColor = th.Color(color, fyne.CurrentApp().Settings().ThemeVariant())
	r.CornerRadius = th.Size(theme.SizeNameButtonRadius)
	r.StrokeWidth = width
	show(r.Rectangle, focused || r.border == alwaysBorder || r.border == borderInContrast && inContrast())
	r.Refresh()
}

// ringed draws a widget with its ring.
type ringed struct {
	topped
	ring    focusRing
	focused *bool
}

func newRinged(inner fyne.WidgetRenderer, b border, focused *bool) *ringed {
	ring := newRing(b)
	ring.set(*focused)
	return &ringed{topped{inner, ring.Rectangle}, ring, focused}
}

// Layout puts a border that is always there where the toolkit has that of an
// entry, but lower by half a unit, where the ground ends.
func (r *ringed) Layout(size fyne.Size) {
	r.topped.Layout(size)
	if r.ring.border == alwaysBorder {
		r.ring.Move(fyne.NewSquareOffsetPos(.5))
		r.ring.Resize(size.SubtractWidthHeight(1.5, 1))
	}
}

func (r *ringed) Refresh() {
	r.WidgetRenderer.Refresh()
	r.ring.set(*r.focused)
}

// CreateRenderer implements fyne.Widget: with a ring while the keys go there.
func (b *button) CreateRenderer() fyne.WidgetRenderer {
	rest := borderInContrast
	if b.Importance == widget.LowImportance {
		rest = noBorder
	}
	return newRinged(b.Button.CreateRenderer(), rest, &b.focused)
}

func (b *button) FocusGained() { b.setFocused(b, true) }

func (b *button) FocusLost() { b.setFocused(b, false) }

// CreateRenderer implements fyne.Widget: with a ring while the keys go there.
func (c *check) CreateRenderer() fyne.WidgetRenderer {
	return newRinged(c.Check.CreateRenderer(), noBorder, &c.focused)
}

func (c *check) FocusGained() { c.setFocused(c, true) }

func (c *check) FocusLost() { c.setFocused(c, false) }

// CreateRenderer implements fyne.Widget: with the border that entries have,
// which becomes the ring.
func (c *choice) CreateRenderer() fyne.WidgetRenderer {
	return newOutlined(newRinged(c.Select.CreateRenderer(), alwaysBorder, &c.focused))
}

func (c *choice) FocusGained() {
	c.focused = true
	c.Select.FocusGained()
}

func (c *choice) FocusLost() {
	c.focused = false
	c.Select.FocusLost()
}

func (l *rowList) FocusGained() { l.byKeys(true, l.List.FocusGained) }

func (l *rowList) FocusLost() { l.byKeys(false, l.List.FocusLost) }

// byKeys lets the list do something with the keys; the row that it then
// highlights has the ring.
func (l *rowList) byKeys(focused bool, do func()) {
	was := l.at
	l.focused, l.moving = focused, true
	do()
	l.moving = false
	l.RefreshItem(was)
	l.RefreshItem(l.at)
}

func (l *rowList) row(create func() fyne.CanvasObject) func() fyne.CanvasObject {
	return func() fyne.CanvasObject { return container.NewStack(create(), newRing(noBorder).Rectangle) }
}

// fillRow lets fill write the row, and shows its ring or not.
func (l *rowList) fillRow(fill func(int, fyne.CanvasObject)) func(int, fyne.CanvasObject) {
	return func(i int, o fyne.CanvasObject) {
		parts := o.(*fyne.Container).Objects
		fill(i, parts[0])
		focusRing{parts[1].(*canvas.Rectangle), noBorder}.set(l.focused && i == l.at)
	}
}
