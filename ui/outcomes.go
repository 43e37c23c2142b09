package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

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
		_, _, more := threeWidths(width - theme.ScrollBarSize())
		return more
	})
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
	put(objects[1], what, 0, mailbox, one)
	height := heightAt(objects[2], more)
	put(objects[2], what+mailbox, fyne.Max(0, (size.Height-height)/2), more, height)
}

// MinSize implements fyne.Layout.
func (threeColumns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, objects[0].MinSize().Height)
}
