package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// From this size on both halves are visible; below it they are tabs.
const (
	twoWidth  = 1000
	twoHeight = 640
	bothLeft  = 0.5  // the left half's part
	tightLeft = 0.55 // where room is scarce: its fields cannot wrap
	tightSize = 1160
)

// halves shows two pages side by side, or as tabs where there is no room. It is
// the layout of its object.
type halves struct {
	left, right             *container.Scroll
	leftTab, rightTab       *button
	tabs, object            *fyne.Container
	leftPad, rightPad       *layout.CustomPaddedLayout
	narrow, second, decided bool
	arrange                 func()
	onTight                 func(tight bool) // the left half is at its narrowest
}

func newHalves(v *View, left, right fyne.CanvasObject, leftName, rightName string) *halves {
	h := &halves{arrange: v.arrange, leftPad: aroundPage(), rightPad: aroundPage()}
	h.left, h.right = container.NewVScroll(container.New(h.leftPad, left)), container.NewVScroll(container.New(h.rightPad, right))
	h.leftTab = newLink(v.keys, leftName, nil, func() { h.choose(false) })
	h.rightTab = newLink(v.keys, rightName, nil, func() { h.choose(true) })
	h.tabs = newPadded(gap, gapCard, 0, gapCard, newRow(6, -1, h.leftTab, h.rightTab))
	h.object = container.New(h, h.tabs, h.left, h.right)
	return h
}

// aroundPage keeps the distance between cards on all sides, until it is told
// otherwise, and room for a notice at the end.
func aroundPage() *layout.CustomPaddedLayout {
	return &layout.CustomPaddedLayout{TopPadding: gapCard, BottomPadding: noticeRoom, LeftPadding: gapCard, RightPadding: gapCard}
}

// choose opens a tab; where both halves are visible nothing changes.
func (h *halves) choose(second bool) {
	h.second = second
	h.apply()
	h.arrange()
}

// apply shows what belongs to the mode and the chosen tab.
func (h *halves) apply() {
	show(h.tabs, h.narrow)
	show(h.left, !h.narrow || !h.second)
	show(h.right, !h.narrow || h.second)
	inner := float32(gapCard / 2)
	if h.narrow {
		inner = gapCard
	}
	h.leftPad.RightPadding, h.rightPad.LeftPadding = inner, inner
	h.leftTab.setImportance(!h.second, widget.MediumImportance, widget.LowImportance)
	h.rightTab.setImportance(h.second, widget.MediumImportance, widget.LowImportance)
}

// toTop scrolls both halves to their beginnings.
func (h *halves) toTop() {
	h.left.ScrollToTop()
	h.right.ScrollToTop()
}

// reveal scrolls the half in which an object is.
func (h *halves) reveal(o fyne.CanvasObject) {
	if !reveal(h.right, o) {
		reveal(h.left, o)
	}
}

// reveal scrolls a page just so far that an object in it can be seen; of one
// that is too high, its beginning. False: it is not in the page.
func reveal(page *container.Scroll, o fyne.CanvasObject) (in bool) {
	y, in := offset(page.Content, o)
	if !in {
		return false
	}
	view, at := page.Size().Height, page.Offset.Y
	switch end := y + o.Size().Height + gapCard; {
	case y < at || o.Size().Height > view:
		at = y - gapCard
	case end > at+view:
		at = end - view
	default:
		return true
	}
	page.ScrollToOffset(fyne.NewPos(0, fyne.Max(0, at)))
	return true
}

// toTop scrolls a page so that an object in it begins at its top, as far as it
// goes.
func toTop(page *container.Scroll, o fyne.CanvasObject) {
	if y, in := offset(page.Content, o); in {
		page.ScrollToOffset(fyne.NewPos(0, fyne.Max(0, fyne.Min(y-gapCard, page.Content.Size().Height-page.Size().Height))))
	}
}

// offset is how far below the top of root an object is.
func offset(root, o fyne.CanvasObject) (y float32, found bool) {
	if root == o {
		return 0, true
	}
	var inside []fyne.CanvasObject
	switch root := root.(type) {
	case *fyne.Container:
		inside = root.Objects
	case interface{ content() fyne.CanvasObject }:
		inside = []fyne.CanvasObject{root.content()}
	}
	for _, child := range inside {
		if y, found := offset(child, o); found {
			return y + child.Position().Y, true
		}
	}
	return 0, false
}

func (h *halves) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	canvasSize := size
	if c := fyne.CurrentApp().Driver().CanvasForObject(h.object); c != nil {
		canvasSize = c.Size()
	}
	narrow := canvasSize.Width < twoWidth || canvasSize.Height < twoHeight
	if narrow != h.narrow || !h.decided {
		h.narrow, h.decided = narrow, true
		h.apply()
	}
	h.onTight(!narrow && size.Width < tightSize)
	if narrow {
		top := h.tabs.MinSize().Height
		h.tabs.Resize(fyne.NewSize(size.Width, top))
		for _, page := range []*container.Scroll{h.left, h.right} {
			putPage(page, 0, top, size.Width, size.Height-top)
		}
		return
	}
	part := float32(bothLeft)
	if size.Width < tightSize {
		part = tightLeft
	}
	width := size.Width * part
	putPage(h.left, 0, 0, width, size.Height)
	putPage(h.right, width, 0, size.Width-width, size.Height)
}

// putPage also tells the scroll that its content's height follows from its width.
func putPage(s *container.Scroll, x, y, width, height float32) {
	put(s, x, y, width, height)
	s.Content.Resize(fyne.NewSize(width, s.Content.Size().Height))
	refit(s)
}

func (h *halves) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(fyne.Max(h.left.Content.MinSize().Width, h.right.Content.MinSize().Width), 300)
}
