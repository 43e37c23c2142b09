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
	inside *fyne.Container
	fill   fyne.ThemeColorName
	edge   fyne.ThemeColorName // "" = none
}

func newSurface(fill, edge fyne.ThemeColorName, radius float32, inside *fyne.Container) *surface {
	s := &surface{ground: canvas.NewRectangle(nil), inside: inside, fill: fill, edge: edge}
	s.ground.CornerRadius = radius
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
	r.s.ground.FillColor = th.Color(r.s.fill, v)
	if r.s.edge != "" {
		r.s.ground.StrokeColor = th.Color(r.s.edge, v)
		r.s.ground.StrokeWidth = 1
	}
}

func (r *surfaceRenderer) Layout(size fyne.Size) {
	r.s.ground.Resize(size)
	r.s.inside.Resize(size)
}

func (r *surfaceRenderer) MinSize() fyne.Size { return r.s.inside.MinSize() }

func (r *surfaceRenderer) Refresh() {
	r.paint()
	r.s.ground.Refresh()
	r.Layout(r.s.Size())
}

func (r *surfaceRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.s.ground, r.s.inside}
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
