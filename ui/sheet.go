package ui

import (
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"mailgrant/ui/presenter"
)

// sheet is a dialog over the window. It closes by its button, by Escape
// wherever the cursor is, or when it has done its work; until then the keys of
// the window do nothing, and what is dropped goes to the sheet alone.
type sheet struct {
	v       *View
	title   string
	popup   *widget.PopUp
	closing *button
	page    *container.Scroll     // of its content; nil: all of it can be seen
	render  func(presenter.State) // follows what happens behind it; nil: nothing matters
	take    func(file string)     // takes a file that is dropped; nil: none can be
}

func (v *View) newSheet(title string) *sheet { return &sheet{v: v, title: title} }

// closeButton is the button that closes the sheet and has the focus at first.
func (s *sheet) closeButton(words string) *button {
	s.closing = newButton(s.v.keys, s.v.t(words), nil, s.close)
	return s.closing
}

// show opens the sheet with its content, and buttons at its end. Title and
// buttons stay in sight.
func (s *sheet) show(width, height float32, inside fyne.CanvasObject, buttons ...fyne.CanvasObject) {
	head := newText(style{size: sizeHead, bold: true}, s.title)
	foot := newRow(8, 0, append([]fyne.CanvasObject{newColumn(0)}, buttons...)...)
	body := newSurface(colorDialog, "", 0,
		newPadded(18, 22, 18, 22, container.New(column{12, 1}, head.object, inside, newPadded(4, 0, 0, 0, foot))))
	body.over = true
	c := s.v.window.Canvas()
	s.popup = widget.NewModalPopUp(body, c)
	s.popup.Resize(fyne.NewSize(fyne.Min(width, c.Size().Width-32), fyne.Min(height, c.Size().Height-32)))
	s.popup.Show()
	s.arrange()
	s.v.sheets = append(s.v.sheets, s)
	s.v.focus(s.closing)
	trace(s.v)
}

func (s *sheet) arrange() { arrange(s.popup.Content) }

func (s *sheet) close() {
	s.v.sheets = slices.DeleteFunc(s.v.sheets, func(other *sheet) bool { return other == s })
	s.popup.Hide()
	trace(s.v)
}

func (s *sheet) isOpen() bool { return slices.Contains(s.v.sheets, s) }

// dropped hands files to the sheet on top; where none is open a log is explained,
// and others hold mailboxes.
func (v *View) dropped(files []string) {
	if v.sheet() == nil && len(files) == 1 && strings.EqualFold(filepath.Ext(files[0]), ".log") {
		v.showExplain()
	}
	s := v.sheet()
	switch {
	case s == nil:
		v.do.ImportFiles(files...)
	case s.take != nil:
		for _, file := range files {
			s.take(file)
		}
	}
}

// sheet is the one on top, or nil.
func (v *View) sheet() *sheet {
	if len(v.sheets) == 0 {
		return nil
	}
	return v.sheets[len(v.sheets)-1]
}
