package ui

import (
	"iter"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// The layouts here give a child its width first and ask for its height then:
// a text that wraps knows its height only when it knows its width.

// heightAt returns the height an object needs at a width.
func heightAt(o fyne.CanvasObject, width float32) float32 {
	if o.Size().Width != width {
		o.Resize(fyne.NewSize(width, o.Size().Height))
	}
	return o.MinSize().Height
}

func put(o fyne.CanvasObject, x, y, width, height float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(width, height))
}

// putNothing is put where only the room is asked for.
func putNothing(fyne.CanvasObject, float32, float32, float32, float32) {}

// visible are the objects that take room, by their places among all.
func visible(objects []fyne.CanvasObject) iter.Seq2[int, fyne.CanvasObject] {
	return func(yield func(int, fyne.CanvasObject) bool) {
		for i, o := range objects {
			if o.Visible() && !yield(i, o) {
				return
			}
		}
	}
}

// column stacks its children over the whole width. The one at flex gets the
// height that is left; -1: nobody.
type column struct {
	gap  float32
	flex int
}

func newColumn(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(column{gap, -1}, objects...)
}

func (c column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for i, o := range visible(objects) {
		var h float32
		if i == c.flex {
			h = fyne.Max(0, size.Height-y-c.below(objects[i+1:], size.Width))
		} else {
			h = heightAt(o, size.Width)
		}
		put(o, 0, y, size.Width, h)
		y += h + c.gap
	}
}

// below is the height of the last children with the gap before each.
func (c column) below(last []fyne.CanvasObject, width float32) (height float32) {
	for _, o := range visible(last) {
		height += c.gap + heightAt(o, width)
	}
	return height
}

func (c column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	largest, sum := together(objects, c.gap)
	return fyne.NewSize(largest.Width, sum.Height)
}

// together is the room of the largest child, and of all with the gaps between them.
func together(objects []fyne.CanvasObject, gap float32) (largest, sum fyne.Size) {
	sum = fyne.NewSquareSize(-gap)
	for _, o := range visible(objects) {
		m := o.MinSize()
		largest, sum = largest.Max(m), sum.Add(m).AddWidthHeight(gap, gap)
	}
	return largest, sum.Max(fyne.Size{})
}

// row puts its children side by side, centred in height. The one at flex gets
// the width that is left; -1: nobody.
type row struct {
	gap  float32
	flex int
	most float32 // that the one at flex gets; 0: all
	top  bool    // align at the top instead
}

func newRow(gap float32, flex int, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(row{gap: gap, flex: flex}, objects...)
}

func newTopRow(gap float32, flex int, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(row{gap: gap, flex: flex, top: true}, objects...)
}

func (r row) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	rest := size.Width
	for i, o := range visible(objects) {
		if i != r.flex {
			rest -= o.MinSize().Width + r.gap
		}
	}
	x := float32(0)
	for i, o := range visible(objects) {
		w := o.MinSize().Width
		if i == r.flex {
			w = fyne.Max(0, rest)
		}
		if i == r.flex && r.most > 0 {
			w = fyne.Min(w, r.most)
		}
		h := heightAt(o, w)
		y := float32(0)
		if !r.top {
			y = fyne.Max(0, (size.Height-h)/2)
		}
		put(o, x, y, w, h)
		x += w + r.gap
	}
}

func (r row) MinSize(objects []fyne.CanvasObject) fyne.Size {
	largest, sum := together(objects, r.gap)
	return fyne.NewSize(sum.Width, largest.Height)
}

// flow puts its children side by side and begins a new line where one does not
// fit.
type flow struct {
	gap, lineGap float32
	width        *float32 // of the last layout; MinSize has none of its own
	columns      bool     // all as wide as the widest, below each other
}

func newFlow(gap, lineGap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(flow{gap, lineGap, new(float32), false}, objects...)
}

// place calls do with every visible child's place and returns the height.
func (f flow) place(objects []fyne.CanvasObject, width float32, do func(o fyne.CanvasObject, x, y, width, height float32)) float32 {
	var x, y, line float32
	cell, _ := together(objects, 0)
	for _, o := range visible(objects) {
		m := o.MinSize()
		if f.columns {
			m.Width = cell.Width
		}
		if x > 0 && x+m.Width > width {
			x, y, line = 0, y+line+f.lineGap, 0
		}
		do(o, x, y, m.Width, m.Height)
		x += m.Width + f.gap
		line = fyne.Max(line, m.Height)
	}
	return y + line
}

func (f flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	*f.width = size.Width
	f.place(objects, size.Width, put)
}

func (f flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := *f.width
	if width == 0 {
		width = 1e6
	}
	widest, _ := together(objects, 0)
	return fyne.NewSize(widest.Width, f.place(objects, width, putNothing))
}

func newPadded(top, right, bottom, left float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(top, bottom, left, right), o)
}

// span gives its one child a fixed width.
type span struct{ width float32 }

func newSpan(width float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(span{width}, o)
}

func (s span) Layout(o []fyne.CanvasObject, size fyne.Size) { o[0].Resize(size) }

func (s span) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(s.width, o[0].MinSize().Height)
}

// atMost centres its one child and makes it no wider than a width.
type atMost struct{ width float32 }

func (a atMost) Layout(o []fyne.CanvasObject, size fyne.Size) {
	w := fyne.Min(a.width, size.Width)
	h := heightAt(o[0], w)
	put(o[0], (size.Width-w)/2, fyne.Max(0, (size.Height-h)*0.38), w, h)
}

func (a atMost) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

// share makes a scroll as high as its content, but no higher than a part of the
// window.
type share struct {
	part   float32
	window fyne.Canvas
}

func (s share) Layout(o []fyne.CanvasObject, size fyne.Size) {
	putPage(o[0].(*container.Scroll), 0, 0, size.Width, size.Height)
}

func (s share) MinSize(o []fyne.CanvasObject) fyne.Size {
	m := o[0].(*container.Scroll).Content.MinSize()
	return fyne.NewSize(m.Width, fyne.Min(m.Height, s.part*s.window.Size().Height))
}

// arrange lays out everything below an object again, from the top down and
// twice: heights that changed at the bottom reach the top in the second round.
func arrange(o fyne.CanvasObject) {
	for range 2 {
		walk(o, func(o fyne.CanvasObject) {
			if c, ok := o.(*fyne.Container); ok && c.Layout != nil {
				c.Layout.Layout(c.Objects, c.Size())
			}
			if s, ok := o.(*container.Scroll); ok {
				refit(s)
			}
		})
	}
}

// refit gives what is in a scroll the height that it needs now. The toolkit does
// so only by refreshing all of it, which makes a new picture.
func refit(s *container.Scroll) {
	if s.Content.Size() != s.Content.MinSize().Max(s.Size()) {
		s.Refresh()
	}
}

// walk visits what is visible below an object. It does not look into widgets.
func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	walkIn(o, func(o fyne.CanvasObject) bool {
		visible := o.Visible()
		if visible {
			visit(o)
		}
		return visible
	})
}

// walkIn visits an object, and what is in it where visit says so.
func walkIn(o fyne.CanvasObject, visit func(fyne.CanvasObject) bool) {
	if o == nil || !visit(o) {
		return
	}
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			walkIn(child, visit)
		}
	case *container.Scroll:
		walkIn(o.Content, visit)
	case interface{ content() fyne.CanvasObject }:
		walkIn(o.content(), visit)
	}
}
