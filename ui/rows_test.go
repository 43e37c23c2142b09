package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

// A row whose last words do not have the room that was reckoned for them would be
// laid out anew whenever it is filled.
func TestTheLastWordsHaveTheRoomThatWasReckoned(t *testing.T) {
	test.NewTempApp(t)
	r := newOutcomes(nil, "", "", "")
	row := container.New(r.columns, newCell(), newCell(), newText(style{}, "x").object)
	for _, width := range []float32{640, 1000, 1256} {
		row.Resize(fyne.NewSize(width, 40))
		if got, want := row.Objects[2].Size().Width, r.columns.room(width); got != want {
			t.Errorf("%v: %v, want %v", width, got, want)
		}
	}
}

// The toolkit forgets the renderer of what was not seen for a minute, and with it
// the width for which words were broken.
func TestWordsHaveTheirLinesAlsoLater(t *testing.T) {
	test.NewTempApp(t)
	r := newOutcomes(nil, "", "", "")
	r.within, r.known = 200, map[string]float32{}
	words := "What is wrong in a row takes several lines where there is not enough room for it"
	before := r.height(words)
	t.Run("forgotten", func(t *testing.T) { test.TempWidgetRenderer(t, r.measure.Label) }) // at its end
	r.known = map[string]float32{}
	if after := r.height(words); after != before {
		t.Errorf("%v high, and later %v", before, after)
	}
}
