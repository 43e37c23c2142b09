package ui

import (
	"fyne.io/fyne/v2"

	"mailgrant/ui/presenter"
)

// queuePage signs mailboxes in one after another.
type queuePage struct {
	v                  *View
	sum                *status
	waiting            *waitingPanel
	finding            *findingBox
	rows               *lineRows
	start, skip, leave *button
	running            bool
	object             *fyne.Container
}

func (v *View) newQueuePage() *queuePage {
	q := &queuePage{v: v, sum: newStatus(style{}), waiting: v.newWaitingPanel(), finding: v.newFindingBox()}
	q.waiting.cancel.Hide() // the page has that button
	q.rows = newOutcomes(v.keys, v.t("queue.state"), v.t("queue.mailbox"), v.t("queue.more"))
	q.leave = newButton(v.keys, "", nil, func() { v.do.Cancel() })
	q.skip = newButton(v.keys, v.t("queue.skip"), nil, func() { v.do.SkipTurn() })
	q.start = newButton(v.keys, "", nil, func() { v.do.StartQueue() })
	title := newText(style{size: sizeHead, bold: true}, v.t("queue.title"))
	top := newColumn(gap, newRow(8, 0, title.object, q.leave, q.skip, q.start), q.sum.object, q.waiting.object, q.finding.object)
	q.object = newPage(top, q.rows.object)
	q.object.Hide()
	return q
}

func (q *queuePage) set(s *presenter.QueueState) {
	appeared := show(q.object, s != nil)
	if s == nil {
		q.waiting.set(nil)
		q.finding.set(nil)
		return
	}
	q.sum.set(s.Sum)
	show(q.sum.object.Objects[0], s.Sum.Mark != presenter.MarkNone)
	q.waiting.set(s.Waiting)
	q.finding.set(s.Finding)
	q.rows.set(s.Rows)
	q.start.setWords(s.Start)
	q.start.setPrimary(s.CanStart)
	enable(q.start, s.CanStart)
	enable(q.skip, s.CanSkip)
	if s.Running {
		q.leave.setWords(q.v.t("queue.stop"))
	} else {
		q.leave.setWords(q.v.t("ui.dialog.close"))
	}
	ended := q.running && !s.Running
	q.running = s.Running
	switch focused := q.v.window.Canvas().Focused(); {
	case appeared, !s.CanStart && focused == fyne.Focusable(q.start), !s.CanSkip && focused == fyne.Focusable(q.skip), ended && focused == fyne.Focusable(q.leave):
		q.v.focus(q.next(s)) // the keys would go nowhere, or close what has just told something
	}
}

// next is the button to press next.
func (q *queuePage) next(s *presenter.QueueState) *button {
	switch {
	case s.CanStart:
		return q.start
	case s.CanSkip && !s.Running:
		return q.skip
	}
	return q.leave
}
