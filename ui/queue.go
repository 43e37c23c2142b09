package ui

import (
	"fyne.io/fyne/v2"

	"mailgrant/ui/presenter"
)

// newQueuePage signs mailboxes in one after another.
func (v *View) newQueuePage() *part[presenter.QueueState] {
	sum, waiting, finding := newStatus(style{}), v.newWaitingPanel(), v.newFindingBox()
	waiting.cancel.Hide() // the page has that button
	rows := newOutcomes(v.keys, v.t("queue.state"), v.t("queue.mailbox"), v.t("queue.more"))
	leave := newButton(v.keys, "", nil, func() { v.do.Cancel() })
	skip := newButton(v.keys, v.t("queue.skip"), nil, func() { v.do.SkipTurn() })
	start := newButton(v.keys, "", nil, func() { v.do.StartQueue() })
	title := newText(style{size: sizeHead, bold: true}, v.t("queue.title"))
	top := newColumn(gap, newRow(8, 0, title.object, leave, skip, start), sum.object, waiting.object, finding.object)
	running := false
	q := newPart(newPage(top, rows.object), func(s *presenter.QueueState) {
		sum.set(s.Sum)
		show(sum.object.Objects[0], s.Sum.Mark != presenter.MarkNone)
		waiting.set(s.Waiting)
		finding.set(s.Finding)
		rows.set(s.Rows)
		start.setWords(s.Start)
		start.setPrimary(s.CanStart)
		enable(start, s.CanStart)
		enable(skip, s.CanSkip)
		leave.setWords(v.t(map[bool]string{true: "queue.stop", false: "ui.dialog.close"}[s.Running]))
		next := leave // to press
		switch {
		case s.CanStart:
			next = start
		case s.CanSkip && !s.Running:
			next = skip
		}
		switch focused := v.window.Canvas().Focused(); {
		case !s.CanStart && focused == fyne.Focusable(start), !s.CanSkip && focused == fyne.Focusable(skip):
			v.focus(next) // the keys would go nowhere
		case running && !s.Running && focused == fyne.Focusable(leave):
			v.focus(next) // they would close what has just told something
		}
		running = s.Running
	})
	q.came = func() { v.focus(start) }
	q.left = func() { waiting.set(nil) }
	return q
}
