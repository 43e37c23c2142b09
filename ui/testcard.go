package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"mailgrant/ui/presenter"
)

// testCard is the card Mailbox test.
type testCard struct {
	v         *View
	test      *button
	cancel    *button
	save      *button
	hint      *text
	summary   *status
	opened    *status
	next      *part[presenter.NextStep]
	watch     *part[presenter.WatchState]
	more      *fyne.Container // what can be done beside a test
	repeat    *button
	trip      *button
	tripBox   *part[presenter.RoundTripState]
	protocols *many[presenter.ProtocolState]
	past      *part[presenter.HistoryState]
	findings  *findingList
	object    fyne.CanvasObject
}

func (v *View) newTestCard() *testCard {
	c := &testCard{v: v, hint: newText(style{dim: true}, ""), summary: newStatus(style{bold: true}), opened: newStatus(style{pick: true}), findings: v.newFindingList(10)}
	c.test = newButton(v.keys, v.t("ui.test.test"), nil, func() { v.do.Test() })
	c.cancel = newButton(v.keys, v.t("ui.test.cancel"), nil, func() { v.do.Cancel() })
	c.save = newButton(v.keys, v.t("ui.report.save"), nil, v.showReport)
	c.repeat = newButton(v.keys, v.t("ui.watch.watch"), nil, func() { v.leaveField(); v.do.Watch() })
	c.trip = newButton(v.keys, v.t("ui.round-trip.do"), nil, func() { v.askRoundTrip(v.state.Test.From, v.state.Test.To) })
	c.next = v.newNextLine()
	c.tripBox, c.past = v.newRoundTripBox(), newPastBox()
	c.watch, c.more = v.newWatchBox(), newFlow(6, 6, c.repeat, c.trip)
	c.protocols = newMany(newColumn(10), v.newProtocolBox)
	c.object = newCard(v.t("ui.card.test"), newRow(6, -1, c.save, c.cancel, c.test), c.hint.object, c.summary.object, c.opened.object, c.next.object,
		c.watch.object, c.more, c.protocols.object, c.tripBox.object, c.findings.object, c.past.object)
	return c
}

func (c *testCard) set(s presenter.TestState) {
	c.hint.set(s.Hint)
	c.summary.set(s.Summary)
	c.opened.set(s.Opened)
	c.next.set(s.Next)
	words := "ui.test.cancel"
	if s.Watch != nil && s.Watch.Running {
		words = "ui.watch.stop"
	}
	c.cancel.setWords(c.v.t(words))
	show(c.cancel, s.CanCancel)
	show(c.save, s.CanReport)
	c.watch.set(s.Watch)
	show(c.repeat, s.CanWatch)
	show(c.trip, s.CanRoundTrip)
	show(c.more, s.CanWatch || s.CanRoundTrip)
	c.tripBox.set(s.RoundTrip)
	c.past.set(s.History)
	show(c.test, !s.CanCancel)
	enable(c.test, s.CanTest)
	c.test.setPrimary(s.Primary)
	c.protocols.set(s.Protocols)
	c.findings.set(s.Findings)
}

// found is the first finding that is shown, or nil.
func (c *testCard) found() (first fyne.CanvasObject) {
	walk(c.object, func(o fyne.CanvasObject) {
		if s, ok := o.(*surface); ok && s.finding != nil && first == nil {
			first = o
		}
	})
	return first
}

// newProtocolBox shows one protocol: where, how far, how long, and what is wrong.
func (v *View) newProtocolBox() (fyne.CanvasObject, func(presenter.ProtocolState)) {
	mark, name, where := widget.NewIcon(nil), newText(style{bold: true, single: true}, ""), newText(style{dim: true, pick: true}, "")
	result, steps, tried := newText(style{single: true, right: true}, ""), newLineList(newFlow(12, 4), style{single: true, size: sizeSmall}), v.newTriedList()
	note, actions, buttons, finding := newText(style{dim: true}, ""), v.newActions(), newFlow(6, 6), v.newFindingBox()
	box := newColumn(6, widget.NewSeparator(),
		newTopRow(8, 2, fixed(iconSize, iconSize, mark), newSpan(44, name.object), where.object, result.object),
		newPadded(0, 0, 0, iconSize+8, newColumn(6, steps.object, tried.object, note.object, buttons)), finding.object)
	return box, func(s presenter.ProtocolState) {
		setMark(mark, s.Mark)
		name.set(s.Name)
		where.set(s.Where + " · " + s.Safety)
		result.set(s.Result)
		steps.set(s.Steps)
		tried.set(s.Tried)
		note.set(s.Note)
		buttons.Objects = actions.of(s.Actions...)
		show(buttons, len(s.Actions) > 0)
		finding.set(s.Finding)
	}
}
