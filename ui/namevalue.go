package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// nameValue is a name, its value, and what stands at the right edge. The value
// stands beside the name where it fits on a line there, else below it.
type nameValue struct {
	one   float32  // how wide the value is on one line
	width *float32 // of the last layout; MinSize has none of its own
}

// newNameValue lays out a name and a value whose longest line is words.
func newNameValue(words string, name, value, right fyne.CanvasObject) *fyne.Container {
	one := fyne.MeasureText(words, theme.Size(sizeText), fyne.TextStyle{}).Width
	return container.New(nameValue{one, new(float32)}, name, value, right)
}

// place calls do with every child's position and returns the height.
func (n nameValue) place(objects []fyne.CanvasObject, width float32, do func(o fyne.CanvasObject, x, y, width, height float32)) float32 {
	name, value, right := objects[0], objects[1], objects[2]
	edge := right.MinSize()
	do(right, width-edge.Width, 0, edge.Width, edge.Height)
	room := width - labelSpan - gap - gap - edge.Width
	if n.one <= room {
		first, second := heightAt(name, labelSpan), heightAt(value, room)
		do(name, 0, 0, labelSpan, first)
		do(value, labelSpan+gap, 0, room, second)
		return fyne.Max(edge.Height, fyne.Max(first, second))
	}
	long := width - edge.Width - gap
	top := fyne.Max(edge.Height, heightAt(name, long))
	do(name, 0, 0, long, top)
	below := heightAt(value, width)
	do(value, 0, top+2, width, below)
	return top + 2 + below
}

func (n nameValue) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	*n.width = size.Width
	n.place(objects, size.Width, put)
}

func (n nameValue) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := labelSpan + gap + objects[2].MinSize().Width
	width := fyne.Max(*n.width, least)
	return fyne.NewSize(least, n.place(objects, width, putNothing))
}
