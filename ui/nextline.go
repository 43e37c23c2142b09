package ui

import (
	"fyne.io/fyne/v2"

	"mailgrant/ui/presenter"
)

// nextLine says what comes when everything works, with the button that leads
// there.
type nextLine struct {
	v      *View
	words  *status
	shown  presenter.NextStep
	button *fyne.Container // around it
	object *fyne.Container
}

func (v *View) newNextLine() *nextLine {
	l := &nextLine{v: v, words: newStatus(style{}), button: newColumn(0)}
	l.object = newRow(gap, 0, l.words.object, l.button)
	l.object.Hide()
	return l
}

// set shows the step; nil takes no room.
func (l *nextLine) set(s *presenter.NextStep) {
	show(l.object, s != nil)
	if s == nil || *s == l.shown {
		return
	}
	l.shown = *s
	l.words.set(presenter.Line{Mark: s.Mark, Text: s.Text})
	l.button.RemoveAll()
	if s.Action.ID != "" {
		l.button.Add(l.v.newAction(s.Action))
	}
}
