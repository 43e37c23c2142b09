package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"

	"mailgrant/ui/presenter"
)

// noticeBar tells one thing for a while. It lies over the foot of the page, or
// where it would hide the button just pressed, over the head, so that nothing
// moves under the mouse when it comes and when it goes.
type noticeBar struct {
	v      *View
	told   string
	top    bool // it lies over the head of the page
	line   *status
	undo   *button
	copy   *button
	close  *button
	ground *cover
	object *fyne.Container
}

func (v *View) newNoticeBar() *noticeBar {
	n := &noticeBar{v: v, line: newStatus(style{pick: true})}
	n.undo = newButton(v.keys, v.t("ui.notice.undo"), nil, func() { v.do.Undo() })
	n.copy = newButton(v.keys, v.t("ui.waiting.copy-link"), nil, func() { v.do.CopyText(v.state.Notice.Link) })
	n.close = newLink(v.keys, "", theme.CancelIcon(), func() { v.do.Dismiss() })
	n.ground = newCover(colorGoodTint, colorCardBorder, 8, newPadded(4, gapCard, 4, gapCard+4, newRow(gap, 0, n.line.object, n.undo, n.copy, n.close)))
	n.object = container.New(noticeLayout{n}, n.ground)
	n.object.Hide()
	return n
}

func (n *noticeBar) set(s *presenter.Notice) {
	show(n.object, s != nil)
	if s == nil {
		n.told = ""
		return
	}
	mark := presenter.MarkGood
	if s.Bad {
		mark = presenter.MarkWarning
	}
	n.ground.setFill(tints[mark])
	n.line.set(presenter.Line{Mark: mark, Text: s.Text})
	if n.told != s.Text {
		n.told = s.Text
		n.place()
	}
	show(n.copy, s.Link != "")
	show(n.undo, s.Undo)
}

// noticeWidth is as wide as a notice becomes, and noticeRoom what the pages
// leave free at their end, so that they can be scrolled out from below one.
const (
	noticeWidth = 760
	noticeRoom  = 52
)

// noticeLayout puts the notice in the middle.
type noticeLayout struct{ n *noticeBar }

func (l noticeLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	w := fyne.Min(noticeWidth, size.Width-2*gapCard)
	h, y := heightAt(o[0], w), float32(gapCard/2)
	if !l.n.top {
		y = size.Height - h - y
	}
	put(o[0], (size.Width-w)/2, y, w, h)
}

// MinSize implements fyne.Layout: there is always room over a page.
func (noticeLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// place chooses foot or head for what is told now.
func (n *noticeBar) place() {
	b, page, at := n.v.keys.pressed, n.v.body, fyne.CurrentApp().Driver().AbsolutePositionForObject
	if b == nil || b == n.undo || b == n.copy || b == n.close {
		return
	}
	foot := page.Size().Height - heightAt(n.ground, fyne.Min(noticeWidth, page.Size().Width)) - gapCard
	n.top = at(b).Y+b.Size().Height > at(page).Y+foot
}

// cover is a surface that lies over others: the mouse does not reach what is
// below it.
type cover struct{ surface }

func newCover(fill, edge fyne.ThemeColorName, radius float32, inside *fyne.Container) *cover {
	c := &cover{surface{ground: canvas.NewRectangle(nil), flat: newFlat(), lines: newOutline(), inside: inside, fill: fill, edge: edge, radius: radius, over: true}}
	c.ExtendBaseWidget(c)
	return c
}

func (*cover) Tapped(*fyne.PointEvent) {}

func (*cover) MouseIn(*desktop.MouseEvent) {}

func (*cover) MouseMoved(*desktop.MouseEvent) {}

func (*cover) MouseOut() {}
