package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/app/products"
	"mailgrant/ui/presenter"
)

// nextLine says what comes when everything works, with the button that leads
// there.
type nextLine struct {
	words   *status
	actions actions
	button  *fyne.Container // around it
	object  *fyne.Container
}

func (v *View) newNextLine() *nextLine {
	l := &nextLine{words: newStatus(style{}), actions: v.newActions(), button: newColumn(0)}
	l.object = newRow(gap, 0, l.words.object, l.button)
	l.object.Hide()
	return l
}

// set shows the step; nil takes no room.
func (l *nextLine) set(s *presenter.NextStep) {
	show(l.object, s != nil)
	if s == nil {
		return
	}
	l.words.set(presenter.Line{Mark: s.Mark, Text: s.Text})
	if show(l.button, s.Action.ID != ""); l.button.Visible() {
		l.button.Objects = l.actions.of(s.Action)
	}
}

// watchBox shows a watch: when the next attempt comes, and what the earlier
// ones found.
type watchBox struct {
	line   *status
	now    *button
	tried  *lineList
	object *surface
}

func (v *View) newWatchBox() *watchBox {
	b := &watchBox{line: newStatus(style{pick: true}), tried: newSmallLines().titled(gap, v.t("ui.watch.tried"))}
	b.now = newButton(v.keys, v.t("ui.watch.now"), nil, func() { v.do.TryNow() })
	b.object = newSurface(colorWell, "", 6, newPadded(8, 10, 8, 10, newColumn(gap, newRow(gap, 0, b.line.object, b.now), b.tried.object)))
	b.object.Hide()
	return b
}

func (b *watchBox) set(s *presenter.WatchState) {
	show(b.object, s != nil)
	if s == nil {
		return
	}
	b.line.set(s.Line)
	show(b.now, s.CanNow)
	b.tried.set(s.Attempts)
}

// roundTripBox shows the way of a message to the mailbox and out of it again.
type roundTripBox struct {
	mark    *widget.Icon
	steps   *lineList
	finding *findingBox
	object  *fyne.Container
}

func (v *View) newRoundTripBox() *roundTripBox {
	b := &roundTripBox{mark: widget.NewIcon(nil), steps: newSmallLines(), finding: v.newFindingBox()}
	b.object = newColumn(6, widget.NewSeparator(),
		newTopRow(gap, 1, fixed(iconSize, iconSize, b.mark), newText(style{bold: true}, v.t("ui.round-trip.title")).object),
		newPadded(0, 0, 0, iconSize+8, b.steps.object), b.finding.object)
	b.object.Hide()
	return b
}

func (b *roundTripBox) set(s *presenter.RoundTripState) {
	show(b.object, s != nil)
	if s == nil {
		b.finding.set(nil)
		return
	}
	setMark(b.mark, s.Mark)
	b.steps.set(s.Steps)
	b.finding.set(s.Finding)
}

// askRoundTrip makes sure: a message is sent, and a help desk may answer it.
func (v *View) askRoundTrip(from, to string) {
	s := v.newSheet(v.t("ui.round-trip.title"))
	send := newPrimary(v.keys, v.t("ui.round-trip.send"), func() { s.close(); v.do.RoundTrip() })
	s.show(520, 290, newColumn(10,
		newText(style{}, v.t("ui.round-trip.what")).object,
		v.newValueRow(products.CardField{Name: v.t("ui.round-trip.from"), Value: from}),
		v.newValueRow(products.CardField{Name: v.t("ui.round-trip.to"), Value: to}),
		newText(style{}, v.t("ui.round-trip.help-desk")).object), s.closeButton("ui.dialog.cancel"), send)
}

// pastBox shows a mailbox's earlier tests: a sentence, a bar
// for each, and when they were.
type pastBox struct {
	line   *status
	bars   *bars
	span   *text
	object *fyne.Container
}

func newPastBox() *pastBox {
	b := &pastBox{line: newStatus(style{}), bars: newBars(), span: newText(style{size: sizeSmall, dim: true}, "")}
	b.object = newColumn(6, widget.NewSeparator(), b.line.object, b.bars, b.span.object)
	b.object.Hide()
	return b
}

func (b *pastBox) set(s *presenter.HistoryState) {
	show(b.object, s != nil)
	if s != nil {
		b.line.set(s.Line)
		b.bars.set(s.Results)
		b.span.set(s.Span)
	}
}

// bars is a line of results, the oldest at the left. A failure is twice
// as high: colour is not all that tells them apart.
type bars struct {
	widget.BaseWidget
	results []bool
	inside  *fyne.Container
}

// The measures of a bar; a hundred fit into the narrowest half.
const (
	barStep, barWidth  = 4, 3
	barGood, barHeight = 6, 12
)

func newBars() *bars {
	b := &bars{inside: &fyne.Container{}}
	b.ExtendBaseWidget(b)
	return b
}

func (b *bars) set(results []bool) {
	if !slices.Equal(b.results, results) {
		b.results = results
		b.Refresh()
	}
}

func (b *bars) Refresh() {
	b.inside.Objects = nil
	variant := fyne.CurrentApp().Settings().ThemeVariant()
	for i, ok := range b.results {
		name, height := theme.ColorNameError, float32(barHeight)
		if ok {
			name, height = theme.ColorNameSuccess, barGood
		}
		bar := canvas.NewRectangle(theme.Current().Color(name, variant))
		put(bar, float32(i*barStep), barHeight-height, barWidth, height)
		b.inside.Objects = append(b.inside.Objects, bar)
	}
	b.BaseWidget.Refresh()
}

func (b *bars) MinSize() fyne.Size { return fyne.NewSize(0, barHeight) }

func (b *bars) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.inside) }
