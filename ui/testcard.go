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
	next      *nextLine
	watch     *watchBox
	more      *fyne.Container // what can be done beside a test
	repeat    *button
	trip      *button
	tripBox   *roundTripBox
	boxes     []*findingBox // those of the protocols
	protocols *many[presenter.ProtocolState]
	past      *pastBox
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
	c.protocols = newMany(newColumn(10), func() (fyne.CanvasObject, func(presenter.ProtocolState)) {
		p := v.newProtocolBox()
		c.boxes = append(c.boxes, p.finding)
		return p.object, p.set
	})
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
func (c *testCard) found() fyne.CanvasObject {
	boxes := []fyne.CanvasObject{}
	for i, p := range c.protocols.inside.Objects {
		if p.Visible() {
			boxes = append(boxes, c.boxes[i].object)
		}
	}
	boxes = append(boxes, c.tripBox.finding.object)
	for _, box := range append(boxes, c.findings.inside.Objects...) {
		if box.Visible() {
			return box
		}
	}
	return nil
}

// protocolBox shows one protocol: where, how far, how long, and what is wrong.
type protocolBox struct {
	mark    *widget.Icon
	name    *text
	where   *text
	result  *text
	steps   *lineList
	tried   *lineList
	note    *text
	actions actions
	buttons *fyne.Container // of what is offered
	finding *findingBox
	object  *fyne.Container
}

func (v *View) newProtocolBox() *protocolBox {
	p := &protocolBox{
		steps: newLineList(newFlow(12, 4), style{single: true, size: sizeSmall}),
		mark:  widget.NewIcon(nil), name: newText(style{bold: true, single: true}, ""), where: newText(style{dim: true, pick: true}, ""),
		result: newText(style{single: true, right: true}, ""), note: newText(style{dim: true}, ""), tried: v.newTriedList(), actions: v.newActions(), buttons: newFlow(6, 6), finding: v.newFindingBox(),
	}
	below := newPadded(0, 0, 0, iconSize+8, newColumn(6, p.steps.object, p.tried.object, p.note.object, p.buttons))
	p.object = newColumn(6, widget.NewSeparator(),
		newTopRow(8, 2, fixed(iconSize, iconSize, p.mark), newSpan(44, p.name.object), p.where.object, p.result.object),
		below, p.finding.object)
	return p
}

func (p *protocolBox) set(s presenter.ProtocolState) {
	setMark(p.mark, s.Mark)
	p.name.set(s.Name)
	p.where.set(s.Where + " · " + s.Safety)
	p.result.set(s.Result)
	p.steps.set(s.Steps)
	p.tried.set(s.Tried)
	p.note.set(s.Note)
	p.buttons.Objects = p.actions.of(s.Actions...)
	show(p.buttons, len(s.Actions) > 0)
	p.finding.set(s.Finding)
}
