package mailtest

import (
	"context"
	"iter"
	"slices"
	"time"

	"mailgrant/internal/diagnosis"
)

const (
	// firstPause and longestPause lie between attempts. Exchange answers
	// frequent sign-ins with throttling.
	firstPause, longestPause = time.Minute, 5 * time.Minute
	// glance is how often a pause looks at the clock of the wall.
	glance = 5 * time.Second
	// slept is how much the clock of the wall may run ahead of a pause. More
	// than that means that the machine was asleep.
	slept = 30 * time.Second
)

// Watching says what to repeat until it works, and how. Only Test is needed.
type Watching struct {
	Test  Config
	For   time.Duration                                 // how long; 0: until it works or waiting cannot help
	Run   func(context.Context, Config) iter.Seq[Event] // nil: Run
	Pause func(attempt int) time.Duration               // after an attempt, counted from 1; nil: 1 to 5 minutes
	Now   <-chan struct{}                               // ends the pause that is running; nil: never
	Clock func() time.Time                              // the clock of the wall; nil: the system's
}

// WatchState is how far a watch has come.
type WatchState string

// The states. Trying and Waiting take turns until one of the others ends the
// watch.
const (
	Trying   WatchState = "trying"
	Waiting  WatchState = "waiting"
	Works    WatchState = "works"
	Hopeless WatchState = "hopeless" // waiting cannot mend the cause
	TimeOver WatchState = "time-over"
)

// Watched is what a watch tells: that an attempt begins, an event of it, or how
// it ended.
type Watched struct {
	State     WatchState
	Attempt   int        // counted from 1
	Protocols []Protocol // Trying: those tested in this attempt
	Event     *Event     // Trying: an event of the attempt; nil: it begins

	// When an attempt has ended.
	Report *Report              // the latest of every protocol, the receiver's own
	Next   time.Time            // Waiting: when the next attempt begins
	Cause  *diagnosis.Diagnosis // Hopeless: what has to be mended first
}

// Watch tests a mailbox again and again until everything works, the time is
// over, or the cause of a failure is one that waiting cannot mend. It repeats
// only the protocols that have failed. A network that goes away meanwhile is
// waited for, and after the machine has slept the next attempt begins at once.
// When ctx ends, so does the iteration, without a last word.
func Watch(ctx context.Context, w Watching) iter.Seq[Watched] {
	if w.Run == nil {
		w.Run = Run
	}
	if w.Clock == nil {
		w.Clock = time.Now
	}
	if w.Pause == nil {
		w.Pause = func(attempt int) time.Duration { return min(firstPause*time.Duration(attempt), longestPause) }
	}
	return func(yield func(Watched) bool) {
		u := &until{Watching: w, reached: map[Protocol]int{}}
		u.run(ctx, yield)
	}
}

// until is a watch that runs.
type until struct {
	Watching
	report  *Report
	reached map[Protocol]int // how many steps were ever begun
	attempt int
}

func (u *until) run(ctx context.Context, yield func(Watched) bool) {
	began, pauses := u.wall(), 0
	for {
		if !u.try(ctx, yield) || ctx.Err() != nil {
			return
		}
		end := Watched{State: Waiting, Attempt: u.attempt, Report: u.report.Clone()}
		blame := u.hopeless()
		left := u.For - u.wall().Sub(began)
		switch {
		case u.report.OK():
			end.State = Works
		case blame != nil:
			end.State, end.Cause = Hopeless, blame
		case u.For > 0 && left <= 0:
			end.State = TimeOver
		}
		if end.State != Waiting {
			yield(end)
			return
		}
		pauses++
		pause := u.Pause(pauses)
		if u.For > 0 {
			pause = min(pause, left)
		}
		end.Next = u.wall().Add(pause)
		if !yield(end) {
			return
		}
		if u.rest(ctx, pause) {
			pauses = 0 // after a sleep everything may be different
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// wall is the time without Go's monotonic part, which stands still while the
// machine sleeps.
func (u *until) wall() time.Time { return u.Clock().Round(0) }

// try makes one attempt with what does not work yet.
func (u *until) try(ctx context.Context, yield func(Watched) bool) bool {
	u.attempt++
	cfg := u.Test
	if u.report == nil {
		u.report = NewReport(cfg.Mailbox, time.Now())
	} else {
		cfg.Only = u.report.failed()
		// What works is evidence about what does not.
		cfg.Evidence.SignedIn = u.report.signedIn()
		u.report.Again(time.Now(), cfg.Only)
	}
	now := Watched{State: Trying, Attempt: u.attempt, Protocols: cfg.tested().Protocols()}
	if !yield(now) {
		return false
	}
	for e := range u.Run(ctx, cfg) {
		u.report.Add(e)
		now.Event = &e
		if !yield(now) {
			return false
		}
	}
	return true
}

// hopeless is a cause that waiting cannot mend, or nil. A protocol that came
// further in an earlier attempt has not become hopeless: the network has gone
// away, and comes back.
func (u *until) hopeless() *diagnosis.Diagnosis {
	var found *diagnosis.Diagnosis
	for _, p := range u.report.Tested() {
		r := u.report.Result(p)
		begun := r.begun()
		further := u.reached[p] > begun
		u.reached[p] = max(u.reached[p], begun)
		d := r.Problem()
		if found == nil && d != nil && !r.OK() && !mayPass(*d) && (!further || d.Retry == diagnosis.RetrySignIn) {
			found = d
		}
	}
	return found
}

// Passing tells whether all that failed may pass by waiting.
func (r *Report) Passing() bool {
	return !slices.ContainsFunc(r.failed(), func(p Protocol) bool {
		d := r.Result(p).Problem()
		return d != nil && !mayPass(*d)
	})
}

// mayPass tells whether a cause may go away by itself or because somebody is
// mending it just now: one of those that are open is known for it, or nothing
// is known.
func mayPass(d diagnosis.Diagnosis) bool {
	return slices.ContainsFunc(d.Causes, func(c diagnosis.Cause) bool {
		return c == diagnosis.CauseUnknown || diagnosis.RetryOf(c) == diagnosis.RetryWait
	})
}

// rest waits, and reports whether the machine slept meanwhile: then, and when
// somebody asks, the rest of the pause is left out.
func (u *until) rest(ctx context.Context, pause time.Duration) (asleep bool) {
	for pause > 0 {
		part, before := min(pause, glance), u.wall()
		select {
		case <-ctx.Done():
			return false
		case <-u.Now:
			return false
		case <-time.After(part):
		}
		if u.wall().Sub(before) > part+slept {
			return true
		}
		pause -= part
	}
	return false
}

func (r *Report) failed() []Protocol {
	return slices.DeleteFunc(r.Tested(), func(p Protocol) bool { return r.Result(p).OK() })
}

func (r *Report) signedIn() map[diagnosis.Phase]bool {
	said := map[diagnosis.Phase]bool{}
	for _, p := range r.Tested() {
		if r.Result(p).OK() {
			said[diagnosis.Phase(p)] = true
		}
	}
	return said
}

// Again forgets what is known about protocols that are tested once more.
func (r *Report) Again(started time.Time, protocols []Protocol) {
	r.Started = started
	r.events = slices.DeleteFunc(r.events, func(e Event) bool { return slices.Contains(protocols, e.Protocol) })
}

// Clone is a copy that no later event changes.
func (r *Report) Clone() *Report {
	c := *r
	c.events = slices.Clone(r.events)
	return &c
}

// begun counts the steps that were begun. One that is skipped for want of a
// credential is not.
func (r Result) begun() int {
	n := 0
	for _, s := range r.Steps {
		if s.State != Skipped && s.Step != StepQuit {
			n++
		}
	}
	return n
}

// Problem is the first thing that went wrong; nil where nothing did.
func (r Result) Problem() *diagnosis.Diagnosis {
	for _, s := range r.Steps {
		if s.Diagnosis != nil && (s.State == Failed || s.State == Skipped) {
			return s.Diagnosis
		}
	}
	return nil
}
