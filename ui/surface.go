package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// surface is a coloured ground with content on it. Its colours follow the
// theme.
type surface struct {
	widget.BaseWidget
	ground *canvas.Rectangle
	lines  [4]*canvas.Rectangle // around it, in the plain look
	inside *fyne.Container
	fill   fyne.ThemeColorName
	edge   fyne.ThemeColorName // "" = none
	radius float32
}

func newSurface(fill, edge fyne.ThemeColorName, radius float32, inside *fyne.Container) *surface {
	s := &surface{ground: canvas.NewRectangle(nil), inside: inside, fill: fill, edge: edge, radius: radius}
	for i := range s.lines {
		s.lines[i] = canvas.NewRectangle(nil)
	}
	s.ExtendBaseWidget(s)
	return s
}

// content lets arrange look inside.
func (s *surface) content() fyne.CanvasObject { return s.inside }

// setFill changes the colour.
func (s *surface) setFill(fill fyne.ThemeColorName) {
	if s.fill != fill {
		s.fill = fill
		s.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (s *surface) CreateRenderer() fyne.WidgetRenderer {
	r := &surfaceRenderer{s}
	r.paint()
	return r
}

type surfaceRenderer struct{ s *surface }

func (r *surfaceRenderer) paint() {
	v := fyne.CurrentApp().Settings().ThemeVariant()
	th := theme.Current()
	g := r.s.ground
	g.FillColor, g.CornerRadius, g.StrokeWidth = th.Color(r.s.fill, v), r.s.radius, 0
	if r.s.edge != "" {
		g.StrokeColor, g.StrokeWidth = th.Color(r.s.edge, v), 1
	}
	if !plain() {
		return
	}
	// A stroke costs as much as the whole ground, four thin lines next to nothing.
	g.CornerRadius, g.StrokeWidth = 0, 0
	if g.FillColor == th.Color(theme.ColorNameBackground, v) {
		g.FillColor = nil
	}
	for _, line := range r.s.lines {
		if r.s.edge != "" {
			line.FillColor = th.Color(r.s.edge, v)
		}
	}
}

func (r *surfaceRenderer) Layout(size fyne.Size) {
	r.s.ground.Resize(size)
	r.s.inside.Resize(size)
	for i, at := range [4]struct{ x, y, w, h float32 }{
		{0, 0, size.Width, 1}, {0, size.Height - 1, size.Width, 1}, {0, 0, 1, size.Height}, {size.Width - 1, 0, 1, size.Height},
	} {
		r.s.lines[i].Move(fyne.NewPos(at.x, at.y))
		r.s.lines[i].Resize(fyne.NewSize(at.w, at.h))
	}
}

func (r *surfaceRenderer) MinSize() fyne.Size { return r.s.inside.MinSize() }

func (r *surfaceRenderer) Refresh() {
	r.paint()
	r.s.ground.Refresh()
	r.Layout(r.s.Size())
}

func (r *surfaceRenderer) Objects() []fyne.CanvasObject {
	all := []fyne.CanvasObject{r.s.ground, r.s.inside}
	if plain() && r.s.edge != "" {
		for _, line := range r.s.lines {
			all = append(all, line)
		}
	}
	return all
}

func (r *surfaceRenderer) Destroy() {}

// newCard is a section of the window: its title, something at the title's
// right, and the content.
func newCard(title string, right fyne.CanvasObject, rows ...fyne.CanvasObject) *surface {
	head := []fyne.CanvasObject{newText(style{size: sizeHead, bold: true}, title).object}
	if right != nil {
		head = append(head, right)
	}
	all := append([]fyne.CanvasObject{newRow(gap, 0, head...)}, rows...)
	return newSurface(colorCard, colorCardBorder, 8, newPadded(14, inset, inset, inset, newColumn(10, all...)))
}
