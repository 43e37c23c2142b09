package ui

import (
	"fyne.io/fyne/v2"

	"mailgrant/ui/presenter"
)

// nextLine says what comes when everything works, with the button that leads
// there.
type nextLine struct {
	words  *status
	button *filled[presenter.Action]
	object *fyne.Container
}

func (v *View) newNextLine() *nextLine {
	l := &nextLine{words: newStatus(style{}), button: newFilled(newColumn(0), v.newAction)}
	l.object = newRow(gap, 0, l.words.object, l.button.object)
	l.object.Hide()
	return l
}

// set shows the step; nil takes no room.
func (l *nextLine) set(s *presenter.NextStep) {
	show(l.object, s != nil)
	if s == nil {
		return
	}
	l.words.set(presenter.Line{Mark: s.Mark, Text: s.Text})
	var offered []presenter.Action
	if s.Action.ID != "" {
		offered = append(offered, s.Action)
	}
	l.button.set(offered)
}
