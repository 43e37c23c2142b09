package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/ui/presenter"
)

// lineRows are the rows of a table, whose last words may take several lines.
// Only the rows in sight have widgets, and those change only where their words
// do.
type lineRows struct {
	list    *rowList
	object  *fyne.Container // the list below what stands above it
	rows    [][]presenter.Line
	made    int                         // rows with widgets
	width   float32                     // of the table
	room    func(width float32) float32 // that the last words have in a table of a width
	measure *text
	within  float32            // the room for which the heights are known
	known   map[string]float32 // by the words
	heights []float32          // that the rows have
}

// newLineRows makes rows of so many columns, which a layout puts side by side,
// below something.
func newLineRows(k *bindings, columns int, layout fyne.Layout, top fyne.CanvasObject, room func(width float32) float32) *lineRows {
	r := &lineRows{room: room, measure: newText(style{}, "")}
	r.list = newRowList(k, func() int { return len(r.rows) }, func() fyne.CanvasObject {
		r.made++
		var cells []fyne.CanvasObject
		for range columns - 1 {
			cells = append(cells, newCell())
		}
		return container.New(layout, append(cells, newText(style{}, "").object)...)
	}, r.fill)
	r.list.OnSelected = func(widget.ListItemID) { r.list.UnselectAll() }
	r.object = container.New(rowsLayout{column{flex: 1}, r}, top, r.list)
	return r
}

// rowsLayout measures the rows where the width changes.
type rowsLayout struct {
	column
	rows *lineRows
}

func (l rowsLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if l.rows.width != size.Width {
		l.rows.width = size.Width
		l.rows.setHeights()
	}
	l.column.Layout(objects, size)
}

func (r *lineRows) set(rows [][]presenter.Line) {
	if !slices.EqualFunc(r.rows, rows, slices.Equal) {
		r.rows = rows
		r.setHeights()
		r.list.Refresh()
	}
}

// fill writes a row's words into the widgets of one that is in sight.
func (r *lineRows) fill(i widget.ListItemID, object fyne.CanvasObject) {
	if i >= len(r.rows) {
		return
	}
	row := object.(*fyne.Container)
	last := len(row.Objects) - 1
	for n, line := range r.rows[i][:last] {
		row.Objects[n].(*fyne.Container).Layout.(*cell).set(line)
	}
	label := row.Objects[last].(*fyne.Container).Objects[0].(*widget.Label)
	if words := r.rows[i][last].Text; label.Text != words || row.Objects[last].Size().Width != r.room(r.width) {
		label.SetText(words)
		row.Layout.Layout(row.Objects, row.Size())
	}
}

// setHeights gives words that take several lines their room.
func (r *lineRows) setHeights() {
	room := r.room(r.width)
	if room <= 0 {
		return
	}
	if r.known == nil || r.within != room {
		r.known, r.within = map[string]float32{}, room
	}
	for len(r.heights) < len(r.rows) { // the list has given them one line
		r.heights = append(r.heights, newCell().MinSize().Height)
	}
	for i, row := range r.rows {
		if height := r.height(row[len(row)-1].Text); height != r.heights[i] {
			r.heights[i] = height
			r.list.SetItemHeight(i, height)
		}
	}
}

func (r *lineRows) height(words string) float32 {
	height, ok := r.known[words]
	if ok {
		return height
	}
	height = newCell().MinSize().Height
	if fyne.MeasureText(words, theme.Size(sizeText), fyne.TextStyle{}).Width > r.within {
		r.measure.Label.SetText(words)
		height = fyne.Max(height, heightAt(r.measure.object, r.within)+theme.InnerPadding())
	}
	r.known[words] = height
	return height
}

// newOutcomes lists what happens with which mailbox, below the columns' heads: a
// mark with its words, the mailbox, and more about it.
func newOutcomes(k *bindings, heads ...string) *lineRows {
	var titles []fyne.CanvasObject
	for i, words := range heads {
		left := theme.InnerPadding()
		if i == 2 {
			left = 0 // as the words below it
		}
		titles = append(titles, newPadded(4, 0, 0, left, newText(style{dim: true, single: true}, words).object))
	}
	top := newColumn(4, container.New(threeColumns{}, titles...), widget.NewSeparator())
	return newLineRows(k, len(heads), threeColumns{}, top, func(width float32) float32 {
		_, _, more := threeWidths(width)
		return more
	})
}

// threeColumns lays a row of outcomes out.
type threeColumns struct{}

func threeWidths(width float32) (what, mailbox, more float32) {
	width -= theme.ScrollBarSize()
	what = fyne.Min(220, width*0.3)
	mailbox = (width - what) * 0.36
	return what, mailbox, width - what - mailbox - theme.InnerPadding()
}

func (threeColumns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	what, mailbox, more := threeWidths(size.Width)
	one := objects[0].MinSize().Height
	objects[0].Resize(fyne.NewSize(what, one))
	put(objects[1], what, 0, mailbox, one)
	height := heightAt(objects[2], more)
	put(objects[2], what+mailbox, fyne.Max(0, (size.Height-height)/2), more, height)
}

func (threeColumns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, objects[0].MinSize().Height)
}
