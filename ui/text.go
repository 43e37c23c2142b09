package ui

import (
	"cmp"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/ui/presenter"
)

// text is a text without Fyne's padding. It wraps unless told otherwise.
type text struct {
	*widget.Label
	object fyne.CanvasObject
}

// style says how a text looks.
type style struct {
	size   fyne.ThemeSizeName
	bold   bool
	mono   bool
	dim    bool
	single bool // one line that never wraps
	right  bool
	pick   bool // can be selected with the mouse
}

func newText(s style, words string) *text {
	l := widget.NewLabel(words)
	l.SizeName = cmp.Or(s.size, sizeText)
	l.TextStyle = fyne.TextStyle{Bold: s.bold, Monospace: s.mono}
	if s.dim {
		l.Importance = widget.LowImportance
	}
	if s.right {
		l.Alignment = fyne.TextAlignTrailing
	}
	if !s.single {
		l.Wrapping = fyne.TextWrapWord
	}
	l.Selectable = s.pick
	return &text{l, container.New(bare{}, l)}
}

// bare takes away the padding that Fyne puts around every label: the layouts
// here know their distances. A theme of its own for each text would do so too,
// but Fyne then loads all fonts anew for each.
type bare struct{}

func (bare) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	pad := theme.InnerPadding()
	for _, o := range objects {
		o.Move(fyne.NewPos(-pad, -pad))
		o.Resize(size.AddWidthHeight(2*pad, 2*pad))
	}
}

func (bare) MinSize(objects []fyne.CanvasObject) fyne.Size {
	pad := theme.InnerPadding()
	return objects[0].MinSize().SubtractWidthHeight(2*pad, 2*pad)
}

// set changes the words; an empty text takes no room.
func (t *text) set(words string) {
	if t.Text != words {
		t.SetText(words)
	}
	show(t.object, words != "")
}

func (t *text) setImportance(i widget.Importance) {
	if t.Importance != i {
		t.Importance = i
		t.Refresh()
	}
}

// show makes an object visible or not, without work if it is so already. It
// returns whether the object appeared just now.
func show(o fyne.CanvasObject, visible bool) (appeared bool) {
	switch was := o.Visible(); {
	case visible && !was:
		o.Show()
		return true
	case !visible && was:
		o.Hide()
	}
	return false
}

// enable makes a widget active or not, without work if it is so already.
func enable(w fyne.Disableable, active bool) {
	switch {
	case active && w.Disabled():
		w.Enable()
	case !active && !w.Disabled():
		w.Disable()
	}
}

// status is an icon with its words.
type status struct {
	icon   *widget.Icon
	words  *text
	object *fyne.Container
}

func newStatus(s style) *status {
	st := &status{icon: widget.NewIcon(nil), words: newText(s, "")}
	flex := 1
	if s.single {
		flex = -1
	}
	edge, size := float32(iconSize), cmp.Or(s.size, sizeText)
	if s.size == sizeSmall {
		edge = 14
	}
	// As high as a line, so that the icon stands in the middle of the first.
	line := fyne.MeasureText("X", theme.Size(size), fyne.TextStyle{Bold: s.bold}).Height
	st.object = newTopRow(6, flex, fixed(edge, line, st.icon), st.words.object)
	return st
}

// newWrong says what is wrong with what was typed.
func newWrong(pick bool) *status {
	s := newStatus(style{size: sizeSmall, pick: pick})
	s.words.setImportance(widget.DangerImportance)
	return s
}

func (s *status) set(l presenter.Line) {
	setMark(s.icon, l.Mark)
	s.words.set(l.Text)
	show(s.object, l.Text != "")
}

func fixed(width, height float32, o fyne.CanvasObject) *fyne.Container {
	return container.NewGridWrap(fyne.NewSize(width, height), o)
}
