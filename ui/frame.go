package ui

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// frame holds the window's page. In the plain look it leaves out of it what a
// dialog hides, which the processor would paint for nothing: the page stands in
// it four times, each time cut to what is seen on one side of the dialog.
type frame struct {
	widget.BaseWidget
	page  fyne.CanvasObject
	above func() *sheet // that lies over it; nil: none
	hole  [2]fyne.Position
	sides []fyne.CanvasObject
}

func newFrame(page fyne.CanvasObject, above func() *sheet) *frame {
	f := &frame{page: page, above: above}
	f.ExtendBaseWidget(f)
	return f
}

// content lets arrange look inside.
func (f *frame) content() fyne.CanvasObject { return f.page }

func (f *frame) CreateRenderer() fyne.WidgetRenderer {
	return &frameRenderer{f, []fyne.CanvasObject{f.page}}
}

type frameRenderer struct {
	*frame
	whole []fyne.CanvasObject
}

func (r *frameRenderer) Layout(size fyne.Size) { r.page.Resize(size) }
func (r *frameRenderer) MinSize() fyne.Size    { return r.page.MinSize() }
func (r *frameRenderer) Refresh()              { r.page.Refresh() }
func (r *frameRenderer) Destroy()              {}

// Objects is asked for whenever the window is painted, so a dialog may move and grow.
func (r *frameRenderer) Objects() []fyne.CanvasObject {
	s := r.above()
	if s == nil || !plain() {
		return r.whole
	}
	// To a multiple of four, which is a whole pixel at 125, 150 and 175 % too:
	// nothing is painted twice. The dialog's ground ends one below its outline.
	at, size := s.popup.Position(), s.popup.Size()
	in := func(x float32) float32 { return 4 * float32(math.Ceil(float64(x+1)/4)) }
	out := func(x float32) float32 { return 4 * float32(math.Floor(float64(x-1)/4)) }
	from, to := fyne.NewPos(in(at.X), in(at.Y)), fyne.NewPos(out(at.X+size.Width), out(at.Y+size.Height))
	if hole := [2]fyne.Position{from, to}; hole != r.hole {
		const far = 1 << 14 // beyond the window
		r.hole = hole
		r.sides = []fyne.CanvasObject{
			r.side(0, 0, far, from.Y), r.side(0, from.Y, from.X, to.Y-from.Y),
			r.side(to.X, from.Y, far, to.Y-from.Y), r.side(0, to.Y, far, far),
		}
	}
	return r.sides
}

// side is the page, of which only a rectangle is painted.
func (f *frame) side(x, y, width, height float32) fyne.CanvasObject {
	page := container.NewWithoutLayout(f.page)
	page.Move(fyne.NewPos(-x, -y))
	side := container.NewClip(page)
	put(side, x, y, width, height)
	return side
}
