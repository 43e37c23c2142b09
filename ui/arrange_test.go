package ui_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"mailgrant/ui"
)

// block is something in a page that counts how often it is drawn anew.
type block struct {
	canvas.Rectangle
	drawn int
}

func (b *block) Refresh() { b.drawn++ }

// A page is drawn anew when what is in it has grown or shrunk, and only then.
func TestArrangingDrawsOnlyWhatChanged(t *testing.T) {
	test.NewTempApp(t)
	b := &block{}
	page := container.NewVScroll(container.NewVBox(b))
	page.Resize(fyne.NewSize(200, 100))
	for _, height := range []float32{50, 300, 120} {
		b.SetMinSize(fyne.NewSize(10, height))
		ui.Arrange(page)
		if got, want := page.Content.Size().Height, max(height, 100); got != want {
			t.Errorf("the page is %v high, want %v", got, want)
		}
		b.drawn = 0
		ui.Arrange(page)
		if b.drawn != 0 {
			t.Errorf("height %v: drawn %d times although nothing changed", height, b.drawn)
		}
	}
}
