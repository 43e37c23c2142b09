package presenter

import "strconv"

// QueueState is the queue of mailboxes that sign in one after another.
type QueueState struct {
	Sum      Line     // how far it is, and who is next
	Rows     [][]Line // how far each mailbox is, its name, more about it
	Waiting  *Waiting // the sign-in whose turn it is, while it waits for the user
	Finding  *Finding // what it asks before, or why it failed
	Running  bool
	CanStart bool
	Start    string // what the button for it says
	CanSkip  bool
}

// queueState is nil where no queue is shown.
func (p *Presenter) queueState() *QueueState {
	q := p.queue
	if q == nil {
		return nil
	}
	s := &QueueState{Running: q.running(), CanSkip: q.at != nil, Finding: q.finding()}
	count := map[stage]int{}
	next := q.next()
	for _, tn := range q.turns {
		for _, e := range append([]*entry{tn.e}, tn.sharing...) {
			s.Rows = append(s.Rows, p.turnCells(tn, e, tn == next, s.Finding))
		}
		count[tn.stage]++
	}
	s.Sum = p.queueSum(q, count, len(s.Rows), next)
	if q.at != nil && q.at.e.job != nil && q.at.e.job.waiting != nil {
		s.Waiting = p.waitingState(q.at.e.job.waiting)
	}
	s.CanStart = !s.Running && !s.Finding.offers() && count[signedIn] < len(q.turns)
	switch {
	case q.stuck() != nil:
		s.Start = p.text("queue.again")
	case count[queued] == len(q.turns):
		s.Start = p.text("queue.start")
	default:
		s.Start = p.text("queue.go-on")
	}
	return s
}

var stageMarks = map[stage]Mark{queued: MarkPending, signing: MarkRunning, signedIn: MarkGood, skipped: MarkSkipped, failed: MarkBad}

var stageWords = map[stage]string{queued: "queue.waits", signing: "queue.signing", signedIn: "queue.signed-in", skipped: "queue.skipped", failed: "queue.failed"}

// turnCells are a mailbox's row. What the finding above tells is told once.
func (p *Presenter) turnCells(tn *turn, e *entry, next bool, above *Finding) []Line {
	words := p.text(stageWords[tn.stage])
	if next && tn.stage == queued {
		words = p.text("queue.next")
	}
	more := tn.d.User
	switch {
	case tn.stage == failed && (above == nil || tn.why != above.Title):
		more = tn.why
	case tn.application:
		more = p.text("queue.application")
	}
	return []Line{{stageMarks[tn.stage], words}, {Text: p.name(e)}, {Text: more}}
}

func (p *Presenter) queueSum(q *queue, count map[stage]int, mailboxes int, next *turn) Line {
	done, all := strconv.Itoa(count[signedIn]), strconv.Itoa(len(q.turns))
	users := 0
	for _, tn := range q.turns {
		if !tn.application {
			users++
		}
	}
	stuck := q.stuck()
	if q.finding().offers() { // which says itself what to do
		stuck = nil
	}
	switch {
	case count[signedIn] == len(q.turns):
		return Line{MarkGood, p.text("queue.all-done", "count", strconv.Itoa(mailboxes))}
	case count[queued] == len(q.turns) && users == 0:
		return Line{MarkNone, p.text("queue.applications", "count", all)}
	case count[queued] == len(q.turns) && users < len(q.turns):
		return Line{MarkNone, p.text("queue.both", "users", strconv.Itoa(users), "applications", strconv.Itoa(len(q.turns)-users))}
	case count[queued] == len(q.turns):
		return Line{MarkNone, p.text("queue.users", "count", all, "mailboxes", strconv.Itoa(mailboxes))}
	case stuck != nil && stuck.application:
		return Line{MarkBad, p.text("queue.stuck-applications", "done", done, "count", all, "alike", strconv.Itoa(q.failures()[stuck.why]))}
	case stuck != nil:
		return Line{MarkBad, p.text("queue.stuck", "done", done, "count", all, "name", p.name(stuck.e))}
	case next != nil:
		return Line{MarkNone, p.text("queue.progress", "done", done, "count", all, "name", p.name(next.e))}
	}
	return Line{MarkNone, p.text("queue.progress-last", "done", done, "count", all)}
}
