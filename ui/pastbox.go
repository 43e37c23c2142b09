package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/ui/presenter"
)

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

// Refresh implements fyne.Widget.
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

// MinSize implements fyne.CanvasObject.
func (b *bars) MinSize() fyne.Size { return fyne.NewSize(0, barHeight) }

// CreateRenderer implements fyne.Widget.
func (b *bars) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.inside) }
