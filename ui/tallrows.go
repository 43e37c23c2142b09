package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// tallRows gives the rows of a list the height that their longest words need,
// which take several lines where there is not room enough for one.
type tallRows struct {
	list    *rowList
	measure *text
	room    float32            // for which the heights are known
	known   map[string]float32 // by the words
	heights []float32          // that the rows have
}

func newTallRows(list *rowList) *tallRows {
	return &tallRows{list: list, measure: newText(style{}, "")}
}

// set measures the words of each row.
func (t *tallRows) set(count int, room float32, words func(i int) string) {
	if room <= 0 {
		return
	}
	if t.known == nil || t.room != room {
		t.known, t.room = map[string]float32{}, room
	}
	for len(t.heights) < count { // the list has given them one line
		t.heights = append(t.heights, newCell().MinSize().Height)
	}
	for i := range count {
		if height := t.height(words(i)); height != t.heights[i] {
			t.heights[i] = height
			t.list.SetItemHeight(i, height)
		}
	}
}

func (t *tallRows) height(words string) float32 {
	height, ok := t.known[words]
	if ok {
		return height
	}
	height = newCell().MinSize().Height
	if fyne.MeasureText(words, theme.Size(sizeText), fyne.TextStyle{}).Width > t.room {
		t.measure.Label.SetText(words)
		height = fyne.Max(height, heightAt(t.measure.object, t.room)+theme.InnerPadding())
	}
	t.known[words] = height
	return height
}
