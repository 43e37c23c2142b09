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
	made    int     // rows with widgets
	width   float32 // of the table
	columns columns
	measure *text
	within  float32            // the room for which the heights are known
	known   map[string]float32 // by the words
	heights []float32          // that the rows have
}

// newLineRows makes rows of columns, below something.
func newLineRows(k *bindings, c columns, top fyne.CanvasObject) *lineRows {
	r := &lineRows{columns: c, measure: newText(style{}, "")}
	r.list = newRowList(k, func() int { return len(r.rows) }, func() fyne.CanvasObject {
		r.made++
		var cells []fyne.CanvasObject
		for range len(c.widths(0)) - 1 {
			cells = append(cells, newCell())
		}
		return container.New(c, append(cells, newText(style{}, "").object)...)
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
	if words := r.rows[i][last].Text; label.Text != words || row.Objects[last].Size().Width != r.columns.room(r.width) {
		label.SetText(words)
		row.Layout.Layout(row.Objects, row.Size())
	}
}

// setHeights gives words that take several lines their room.
func (r *lineRows) setHeights() {
	room := r.columns.room(r.width)
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
		r.measure.object.Resize(fyne.Size{}) // else a renderer that was forgotten would not learn the width
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
	outcome := columns{top: true, widths: func(width float32) []float32 {
		width -= theme.ScrollBarSize()
		what := fyne.Min(220, width*0.3)
		mailbox := (width - what) * 0.36
		return []float32{what, mailbox, width - what - mailbox - theme.InnerPadding()}
	}}
	return newLineRows(k, outcome, newColumn(4, container.New(outcome, titles...), widget.NewSeparator()))
}

// columns lays a row out. The last one's words may take several lines and have
// their own height.
type columns struct {
	widths func(width float32) []float32 // in a row of a width; 0: the column is left out
	inset  float32                       // of the last one's words
	top    bool                          // beside several lines the others stand at the top, not in the middle
}

// room is what the last words have in a row of a width.
func (c columns) room(width float32) float32 {
	all := c.widths(width)
	return all[len(all)-1] - c.inset
}

func (c columns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x := float32(0)
	for i, w := range c.widths(size.Width) {
		o, height := objects[i], size.Height
		show(o, w > 0)
		box, _ := o.(*fyne.Container)
		switch {
		case box != nil && box.Layout == bare{}: // the last one's words
			height = heightAt(o, w-c.inset)
			put(o, x+c.inset, fyne.Max(0, (size.Height-height)/2), w-c.inset, height)
		case c.top:
			put(o, x, 0, w, o.MinSize().Height)
		default:
			put(o, x, 0, w, height)
		}
		x += w
	}
}

func (columns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	height := float32(0)
	for _, o := range objects {
		height = fyne.Max(height, o.MinSize().Height)
	}
	return fyne.NewSize(0, height)
}
