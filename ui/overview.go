package ui

import (
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/internal/mailbox"
	"mailgrant/ui/presenter"
)

// overviewPage shows all mailboxes in a table.
type overviewPage struct {
	v          *View
	filter     *entry
	count      *text
	broken     *button
	progress   *status
	test, stop *button
	signIn     *button
	report     *button
	heads      map[presenter.Column]*button
	nothing    *text
	names      nameWidths
	rows       *lineRows
	object     *fyne.Container
	sort       presenter.Column
	down       bool
}

// columnTitle is what a column is called; that of a protocol has its name.
func (v *View) columnTitle(c presenter.Column) string {
	if mailbox.IsProtocol(string(c)) {
		return mailbox.Protocol(c).Title()
	}
	return v.t("ui.overview.column." + string(c))
}

func (v *View) newOverviewPage() *overviewPage {
	o := &overviewPage{v: v, heads: map[presenter.Column]*button{}}
	o.filter = newEntry(v.keys, func(words string) { v.do.FilterOverview(words) })
	o.filter.SetPlaceHolder(v.t("ui.overview.filter"))
	o.filter.onDown = func() { v.focus(o.rows.list) }
	o.filter.onEnter = func() {
		if o.filter.onDown(); len(o.rows.rows) == 1 {
			o.rows.list.Select(0)
		}
	}
	o.count, o.progress = newText(style{dim: true, single: true}, ""), newStatus(style{single: true})
	o.test = newButton(v.keys, v.t("ui.overview.test-all"), nil, func() { v.do.TestAll() })
	o.stop = newButton(v.keys, v.t("ui.test.cancel"), nil, func() { v.do.Cancel() })
	o.report = newButton(v.keys, v.t("ui.report.save"), nil, v.showReport)
	o.signIn = newButton(v.keys, "", nil, func() { v.do.ShowQueue() })
	o.broken = newButton(v.keys, "", nil, func() { v.do.OnlyBroken() })
	o.nothing = newText(style{dim: true}, "")
	table := columns{widths: o.names.widths, inset: theme.InnerPadding()}
	var heads []fyne.CanvasObject
	for _, c := range presenter.Columns {
		head := newLink(v.keys, v.columnTitle(c), nil, func() { v.do.SortOverview(c) })
		head.Alignment, head.IconPlacement = widget.ButtonAlignLeading, widget.ButtonIconTrailingText
		o.heads[c], heads = head, append(heads, head)
	}
	title := newText(style{size: sizeHead, bold: true, single: true}, v.t("ui.overview.title"))
	top := newColumn(gap,
		newRow(gapCard, 0, title.object, o.progress.object, o.stop, o.report, o.signIn, o.test),
		newRow(gapCard, 0, o.filter, o.broken, o.count.object),
		container.New(table, heads...), widget.NewSeparator(), o.nothing.object)
	o.rows = newLineRows(v.keys, table, top)
	o.rows.list.OnSelected = func(i widget.ListItemID) {
		o.rows.list.UnselectAll()
		v.window.Canvas().Unfocus()
		v.do.Select(v.state.Overview.Rows[i].Index)
	}
	o.object = newPadded(gapCard, gapCard, gapCard, gapCard, o.rows.object)
	o.object.Hide()
	return o
}

func (o *overviewPage) set(s *presenter.OverviewState) {
	appeared := show(o.object, s != nil)
	if s == nil {
		return
	}
	o.filter.set(s.Filter)
	o.count.set(s.Count)
	o.progress.set(s.Progress)
	show(o.broken, s.Broken.Text != "")
	if icon := markIcons[s.Broken.Mark]; o.broken.Icon != icon {
		o.broken.SetIcon(icon)
	}
	o.broken.setWords(s.Broken.Text)
	o.test.setWords(s.Test)
	o.test.setPrimary(s.CanTest && !s.SignsIn)
	o.signIn.setPrimary(s.SignsIn)
	enable(o.test, s.CanTest)
	show(o.stop, s.Running)
	show(o.report, s.CanReport)
	show(o.signIn, s.SignIn != "")
	o.signIn.setWords(s.SignIn)
	o.nothing.set(s.Nothing)
	o.setSort(s.Sort, s.Down)
	var rows [][]presenter.Line
	wide := false
	for i := range s.Rows {
		rows = append(rows, s.Rows[i].Cells[:])
		wide = o.names.widen(s.Rows[i].Cells[:]) || wide
	}
	o.rows.set(rows)
	if wide {
		o.object.Refresh()
	}
	if appeared {
		o.v.focus(o.filter)
	}
}

func (o *overviewPage) setSort(by presenter.Column, down bool) {
	if o.sort == by && o.down == down {
		return
	}
	o.sort, o.down = by, down
	for c, head := range o.heads {
		switch {
		case c != by:
			head.SetIcon(nil)
		case down:
			head.SetIcon(theme.MenuDropDownIcon())
		default:
			head.SetIcon(theme.MenuDropUpIcon())
		}
	}
}

// nameWidths are the widths of the table's columns. Where there is no room for
// all of it the address and the time of the test are left out.
type nameWidths struct {
	longest [2]int // characters of name and address; what was shown once keeps its room while one filters
	needs   [2]float32
}

// The widths of columns whose words are of one length; names and addresses have
// what they need of the rest, as long as the cause keeps its part.
const (
	untilWidth  = 118
	resultWidth = 82
	testedWidth = 104
	tightTable  = 900
	namesPart   = 0.65
)

// widen makes room for a row; true if there was too little.
func (n *nameWidths) widen(row []presenter.Line) (wider bool) {
	for i := range n.longest {
		if count := utf8.RuneCountInString(row[i].Text); count > n.longest[i] {
			need := fyne.MeasureText(row[i].Text, theme.Size(sizeText), fyne.TextStyle{}).Width + 3*theme.InnerPadding()
			n.longest[i], n.needs[i], wider = count, fyne.Max(need, n.needs[i]), true
		}
	}
	return wider
}

func (n *nameWidths) widths(width float32) []float32 {
	all := []float32{0, 0, untilWidth, resultWidth, resultWidth, resultWidth, testedWidth, 0}
	needs := n.needs
	if width < tightTable {
		all[6], needs[1] = 0, 0
	}
	rest := width - theme.ScrollBarSize()
	for _, w := range all {
		rest -= w
	}
	rest = max(0, rest)
	room := rest * namesPart
	all[0] = fyne.Min(needs[0], fyne.Max(room/2, room-needs[1])) // one that is long takes nothing of what the other needs
	all[1] = fyne.Min(needs[1], room-all[0])
	all[7] = rest - all[0] - all[1]
	return all
}

// cell is one value of a row: an icon, if it is a status, and words that are
// shortened where they do not fit. It is the layout of its own object.
type cell struct {
	icon  *widget.Icon
	words *widget.Label
	size  fyne.Size
}

func newCell() *fyne.Container {
	c := &cell{icon: widget.NewIcon(nil), words: widget.NewLabel("")}
	c.words.SizeName, c.words.Truncation = sizeText, fyne.TextTruncateEllipsis
	c.icon.Hide()
	return container.New(c, c.icon, c.words)
}

func (c *cell) set(l presenter.Line) {
	setMark(c.icon, l.Mark)
	if marked := c.icon.Resource != nil; c.icon.Visible() != marked {
		show(c.icon, marked)
		c.Layout(nil, c.size)
	}
	if c.words.Text != l.Text {
		c.words.Truncation = c.truncation(l.Text, c.words.Size().Width)
		c.words.SetText(l.Text)
	}
}

func (c *cell) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	c.size = size
	pad := theme.InnerPadding()
	x := float32(0)
	if c.icon.Visible() {
		put(c.icon, pad, (size.Height-iconSize)/2, iconSize, iconSize)
		x = iconSize + 4
	}
	h := c.words.MinSize().Height
	c.words.Move(fyne.NewPos(x, (size.Height-h)/2))
	width := fyne.Max(0, size.Width-x)
	if how := c.truncation(c.words.Text, width); how != c.words.Truncation {
		c.words.Truncation = how
		c.words.Refresh()
	}
	c.words.Resize(fyne.NewSize(width, h))
}

// truncation is none where the words fit: to shorten them costs the toolkit a
// shaping for each try, even where nothing has to go.
func (c *cell) truncation(words string, width float32) fyne.TextTruncation {
	need := fyne.MeasureText(words, theme.Size(sizeText), fyne.TextStyle{}).Width
	if need+2*theme.InnerPadding() <= width {
		return fyne.TextTruncateOff
	}
	return fyne.TextTruncateEllipsis
}

func (c *cell) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, c.words.MinSize().Height-theme.InnerPadding()/2)
}
