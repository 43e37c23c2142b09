package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/ui/presenter"
)

// outcomes is a list of what happens with which mailbox: a mark with its words,
// the mailbox, and more about it, which may take several lines. Only the rows
// in sight have widgets.
type outcomes struct {
	list   *rowList
	tall   *tallRows
	rows   []presenter.Outcome
	width  float32
	object *fyne.Container // the list below the columns' heads
}

func newOutcomes(k keys, heads ...string) *outcomes {
	o := &outcomes{}
	o.list = newRowList(k, func() int { return len(o.rows) }, func() fyne.CanvasObject {
		return container.New(threeColumns{}, newCell(), newCell(), newText(style{}, "").object)
	}, o.fill)
	o.tall = newTallRows(o.list)
	o.list.OnSelected = func(widget.ListItemID) { o.list.UnselectAll() }
	var titles []fyne.CanvasObject
	for i, words := range heads {
		left := theme.InnerPadding()
		if i == 2 {
			left = 0 // as the words below it
		}
		titles = append(titles, newPadded(4, 0, 0, left, newText(style{dim: true, single: true}, words).object))
	}
	o.object = container.New(&byWidth{width: &o.width, changed: o.setHeights}, newColumn(4, container.New(threeColumns{}, titles...), widget.NewSeparator()), o.list)
	return o
}

func (o *outcomes) fill(i widget.ListItemID, object fyne.CanvasObject) {
	if i >= len(o.rows) {
		return
	}
	row := object.(*fyne.Container)
	lines, parts := o.rows[i].Cells, row.Objects
	parts[0].(*cell).set(lines[0])
	parts[1].(*cell).set(lines[1])
	label := parts[2].(*fyne.Container).Objects[0].(*widget.Label)
	if label.Text != lines[2].Text {
		label.SetText(lines[2].Text)
		row.Layout.Layout(parts, row.Size())
	}
}

func (o *outcomes) set(rows []presenter.Outcome) {
	if slices.Equal(o.rows, rows) {
		return
	}
	o.rows = rows
	o.setHeights()
	o.list.Refresh()
}

func (o *outcomes) setHeights() {
	_, _, room := threeWidths(o.width - theme.ScrollBarSize())
	o.tall.set(len(o.rows), room, func(i int) string { return o.rows[i].Cells[2].Text })
}

// threeColumns lays a row of outcomes out.
type threeColumns struct{}

func threeWidths(width float32) (what, mailbox, more float32) {
	what = fyne.Min(220, width*0.3)
	mailbox = (width - what) * 0.36
	return what, mailbox, width - what - mailbox - theme.InnerPadding()
}

// Layout implements fyne.Layout.
func (threeColumns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	what, mailbox, more := threeWidths(size.Width)
	one := objects[0].MinSize().Height
	objects[0].Resize(fyne.NewSize(what, one))
	objects[1].Move(fyne.NewPos(what, 0))
	objects[1].Resize(fyne.NewSize(mailbox, one))
	height := heightAt(objects[2], more)
	objects[2].Move(fyne.NewPos(what+mailbox, fyne.Max(0, (size.Height-height)/2)))
	objects[2].Resize(fyne.NewSize(more, height))
}

// MinSize implements fyne.Layout.
func (threeColumns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, objects[0].MinSize().Height)
}
