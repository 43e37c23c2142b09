package presenter

import (
	"cmp"
	"context"
	"slices"
	"time"

	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// kind is what a job does.
type kind int

const (
	signingIn kind = iota
	testing
	renewing
	forgetting
	checking // without a sign-in
	watching
	checkingProduct
	roundTripping
)

// job is the one piece of work that runs for a mailbox.
type job struct {
	kind    kind
	cancel  context.CancelFunc
	waiting *waiting // of a sign-in
	ticks   func()   // ends the moving of a countdown, once; nil: there is none
}

// start makes the mailbox's job. What it reports through the returned function
// is dropped once it is over.
func (p *Presenter) start(e *entry, j *job) (context.Context, func(func())) {
	ctx, cancel := context.WithCancel(context.Background())
	j.cancel, e.job = cancel, j
	// What else is asked stays open: its button may be shown beside this job.
	delete(e.asks, ActionProxySecret)
	return ctx, func(do func()) {
		p.backIf(func() bool { return e.job == j }, func() {
			do()
			if j.kind != checkingProduct {
				p.checkDue(e, j.kind == testing || j.kind == watching)
			}
		})
	}
}

// run does work beside the window as the mailbox's job, and then in the window
// what work returns. What work hands to say meanwhile is done there at once.
func (p *Presenter) run(e *entry, j *job, work func(ctx context.Context, say func(func())) (tell func())) {
	ctx, say := p.start(e, j)
	if j.waiting != nil || j.kind == watching {
		j.ticks = p.tick(say)
	}
	p.render()
	p.beside(e, func() {
		tell := work(ctx, say)
		say(func() {
			e.end()
			tell()
		})
	})
}

// tick keeps the time left moving while something waits.
func (p *Presenter) tick(say func(func())) (stop func()) {
	ticks, end := p.c.Ticker()
	done := make(chan struct{})
	go func() {
		defer end()
		for {
			select {
			case <-ticks:
				say(func() {})
			case <-done:
				return
			}
		}
	}()
	return func() { close(done) }
}

// runOn is run for work that may change the stored authorization: how it then
// stands is shown, at the mailboxes that share it too.
func (p *Presenter) runOn(e *entry, d mailbox.Definition, j *job, work func(ctx context.Context, say func(func())) (tell func())) {
	p.run(e, j, func(ctx context.Context, say func(func())) func() {
		tell, show := work(ctx, say), p.look(d, true)
		return func() {
			p.looked(e, d, show)
			tell()
			p.readAll(p.sharing(e, d))
		}
	})
}

// doing tells whether the entry's job is of one of these kinds.
func (e *entry) doing(kinds ...kind) bool {
	return e.job != nil && slices.Contains(kinds, e.job.kind)
}

// end is called by a job as its last word.
func (e *entry) end() {
	e.job.cancel()
	if e.job.ticks != nil {
		e.job.ticks()
	}
	e.job = nil
}

// stop ends the job without waiting for it; its further words are dropped.
func (e *entry) stop() {
	e.stopLooking()
	if e.job != nil {
		e.end()
	}
}

// Cancel ends the selected mailbox's job.
func (p *Presenter) Cancel() {
	e := p.selected
	switch {
	case p.queue != nil:
		p.cancelQueue()
	case p.takeover != nil:
		p.leave()
		p.render()
	case p.welcome != nil:
		p.CancelWelcome()
	case e == nil && p.table.all != nil:
		p.cancelTestAll()
	case p.overviewShown() && p.table.filter != "":
		p.FilterOverview("")
	case e == nil || e.job == nil && e.lookup == nil:
		p.Dismiss()
	default:
		p.cancelJob(e)
		p.readStatus(e)
		p.render()
	}
}

// cancelJob stops what the mailbox does, and says what became of it.
func (p *Presenter) cancelJob(e *entry) {
	j := e.job
	if e.stop(); j == nil { // only a search has ended
		return
	}
	switch j.kind {
	case watching:
		e.watchStopped()
	case roundTripping:
		e.tested.Again(p.c.Now(), []mailtest.Protocol{mailtest.RoundTripTest})
		p.tell(Notice{Text: p.text("ui.notice.round-trip-cancelled", "subject", mailtest.RoundTripSubject), Bad: true})
	case signingIn:
		notice := "ui.notice.sign-in-cancelled"
		if w := j.waiting; w != nil && w.checking && !w.consent {
			notice = "ui.notice.sign-in-cancelled-late"
		}
		p.tell(Notice{Text: p.text(notice)})
	case testing:
		e.tested = nil
		p.tell(Notice{Text: p.text("ui.notice.test-cancelled")})
	}
}

// noticeTime is how long a notice stays; what can be taken back is offered for
// longer.
const (
	noticeTime     = 6 * time.Second
	noticeUndoTime = 20 * time.Second
)

// tell shows a notice for a while.
func (p *Presenter) tell(n Notice) {
	p.notice = &n
	p.fade(&n, noticeTime)
}

// fade takes a notice away when its time is over; a bad one stays until it is
// dismissed.
func (p *Presenter) fade(n *Notice, after time.Duration) {
	if !n.Bad {
		time.AfterFunc(after, func() { p.backIf(func() bool { return p.withdraw(n) }, func() {}) })
	}
}

// withdraw takes a notice away, and with it what it offers; false: it is gone
// already.
func (p *Presenter) withdraw(n *Notice) bool {
	switch {
	case n == nil:
		return false
	case n == p.notice:
		p.notice = nil
	case n == p.offered():
		p.deleted = nil
	default:
		return false
	}
	return true
}

// shown is the notice that is seen now: news lies over what is offered.
func (p *Presenter) shown() *Notice { return cmp.Or(p.notice, p.offered()) }

// Dismiss takes the notice away.
func (p *Presenter) Dismiss() {
	if p.withdraw(p.shown()) {
		p.render()
	}
}
