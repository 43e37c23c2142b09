package ui

import (
	"cmp"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/ui/presenter"
)

// surface is a coloured ground with content on it. Its colours follow the
// theme.
type surface struct {
	widget.BaseWidget
	ground *canvas.Rectangle
	flat   patch   // in the plain look the ground of what lies over others
	lines  outline // in the plain look
	inside *fyne.Container
	fill   fyne.ThemeColorName
	edge   fyne.ThemeColorName // "" = none
	over   bool                // it lies over others, which must not be seen through it
	radius float32

	finding *findingBox // that is on it; nil: something else
}

func newSurface(fill, edge fyne.ThemeColorName, radius float32, inside *fyne.Container) *surface {
	s := &surface{ground: canvas.NewRectangle(nil), flat: newFlat(), lines: newOutline(), inside: inside, fill: fill, edge: edge, radius: radius}
	s.ExtendBaseWidget(s)
	return s
}

// content lets arrange look inside.
func (s *surface) content() fyne.CanvasObject { return s.inside }

func (s *surface) setFill(fill fyne.ThemeColorName) {
	if s.fill != fill {
		s.fill = fill
		s.Refresh()
	}
}

func (s *surface) CreateRenderer() fyne.WidgetRenderer {
	r := &surfaceRenderer{s}
	r.paint()
	return r
}

// tints are the grounds of what is told with a mark.
var tints = map[presenter.Mark]fyne.ThemeColorName{
	presenter.MarkGood: colorGoodTint, presenter.MarkWarning: colorWarnTint, presenter.MarkBad: colorBadTint,
	presenter.MarkSkipped: colorWell,
}

// strong is the colour of the outline which in the plain look stands for a tint.
var strong = map[fyne.ThemeColorName]fyne.ThemeColorName{
	colorPractice: theme.ColorNameWarning, colorWarnTint: theme.ColorNameWarning,
	colorBadTint: theme.ColorNameError, colorGoodTint: theme.ColorNameSuccess,
	colorWell: colorCardBorder, colorDialog: theme.ColorNameForeground,
}

// plainEdge is the colour of the outline in the plain look, "" if there is none.
func (s *surface) plainEdge() fyne.ThemeColorName { return cmp.Or(s.edge, strong[s.fill]) }

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
	g.CornerRadius, g.StrokeWidth = 0, 0
	edge := r.s.plainEdge()
	if edge != "" {
		r.s.lines.paint(th.Color(edge, v))
	}
	switch {
	case r.s.over:
		r.s.flat.paint(g.FillColor)
		g.FillColor = nil
	case edge != "" || sameColor(g.FillColor, th.Color(theme.ColorNameBackground, v)):
		g.FillColor = nil // the outline will do, or the window's own ground
	}
}

// sameColor compares what is seen: a theme has a pointer for each name.
func sameColor(a, b color.Color) bool {
	return color.NRGBAModel.Convert(a) == color.NRGBAModel.Convert(b)
}

func (r *surfaceRenderer) Layout(size fyne.Size) {
	r.s.ground.Resize(size)
	r.s.flat.put(1, 1, size.Width-2, size.Height-2)
	r.s.inside.Resize(size)
	r.s.lines.resize(size, 1)
}

func (r *surfaceRenderer) MinSize() fyne.Size { return r.s.inside.MinSize() }

func (r *surfaceRenderer) Refresh() {
	r.paint()
	r.s.ground.Refresh()
	r.Layout(r.s.Size())
}

func (r *surfaceRenderer) Objects() []fyne.CanvasObject {
	if !plain() {
		return []fyne.CanvasObject{r.s.ground, r.s.inside}
	}
	all := []fyne.CanvasObject{r.s.ground, r.s.inside}
	if r.s.over {
		all[0] = r.s.flat.object()
	}
	if r.s.plainEdge() != "" {
		all = append(all, r.s.lines.objects()...)
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

func (e *entry) CreateRenderer() fyne.WidgetRenderer {
	return newOutlined(newWheeled(e.Entry.CreateRenderer(), e))
}

// outlined draws an outline where a widget has its border, in the colour that
// the border would have.
type outlined struct {
	fyne.WidgetRenderer
	lines outline
	size  fyne.Size
}

// newOutlined replaces the borders in the plain look.
func newOutlined(inner fyne.WidgetRenderer) fyne.WidgetRenderer {
	if !plain() {
		return inner
	}
	r := &outlined{WidgetRenderer: inner, lines: newOutline()}
	r.paint()
	return r
}

func isBorder(o fyne.CanvasObject) (r *canvas.Rectangle, ok bool) {
	r, ok = o.(*canvas.Rectangle)
	return r, ok && r.StrokeWidth > 0
}

func (r *outlined) paint() {
	for _, o := range r.WidgetRenderer.Objects() {
		if border, ok := isBorder(o); ok {
			r.lines.paint(border.StrokeColor)
			r.lines.resize(r.size, border.StrokeWidth)
		}
	}
}

func (r *outlined) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.size = size
	r.paint()
}

func (r *outlined) Refresh() {
	r.WidgetRenderer.Refresh()
	r.paint()
}

func (r *outlined) Objects() []fyne.CanvasObject {
	var all []fyne.CanvasObject
	for _, o := range r.WidgetRenderer.Objects() {
		if _, ok := isBorder(o); !ok {
			all = append(all, o)
		}
	}
	return append(all, r.lines.objects()...)
}
