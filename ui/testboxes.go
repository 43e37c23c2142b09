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

// newNextLine says what comes when everything works, with the button that leads
// there.
func (v *View) newNextLine() *part[presenter.NextStep] {
	words, actions, button := newStatus(style{}), v.newActions(), newColumn(0)
	return newPart(newRow(gap, 0, words.object, button), func(s *presenter.NextStep) {
		words.set(presenter.Line{Mark: s.Mark, Text: s.Text})
		if show(button, s.Action.ID != ""); button.Visible() {
			button.Objects = actions.of(s.Action)
		}
	})
}

// newWatchBox shows a watch: when the next attempt comes, and what the earlier
// ones found.
func (v *View) newWatchBox() *part[presenter.WatchState] {
	line, tried := newStatus(style{pick: true}), newSmallLines().titled(gap, v.t("ui.watch.tried"))
	now := newButton(v.keys, v.t("ui.watch.now"), nil, func() { v.do.TryNow() })
	inside := newPadded(8, 10, 8, 10, newColumn(gap, newRow(gap, 0, line.object, now), tried.object))
	return newPart(newSurface(colorWell, "", 6, inside), func(s *presenter.WatchState) {
		line.set(s.Line)
		show(now, s.CanNow)
		tried.set(s.Attempts)
	})
}

// newRoundTripBox shows the way of a message to the mailbox and out of it again.
func (v *View) newRoundTripBox() *part[presenter.RoundTripState] {
	mark, steps, finding := widget.NewIcon(nil), newSmallLines(), v.newFindingBox()
	inside := newColumn(6, widget.NewSeparator(),
		newTopRow(gap, 1, fixed(iconSize, iconSize, mark), newText(style{bold: true}, v.t("ui.round-trip.title")).object),
		newPadded(0, 0, 0, iconSize+8, steps.object), finding.object)
	return newPart(inside, func(s *presenter.RoundTripState) {
		setMark(mark, s.Mark)
		steps.set(s.Steps)
		finding.set(s.Finding)
	})
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

// newPastBox shows a mailbox's earlier tests: a sentence, a bar
// for each, and when they were.
func newPastBox() *part[presenter.HistoryState] {
	line, bars, span := newStatus(style{}), newBars(), newText(style{size: sizeSmall, dim: true}, "")
	return newPart(newColumn(6, widget.NewSeparator(), line.object, bars, span.object), func(s *presenter.HistoryState) {
		line.set(s.Line)
		bars.set(s.Results)
		show(bars, len(s.Results) > 0)
		span.set(s.Span)
	})
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
