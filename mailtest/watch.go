package mailtest

import (
	"context"
	"slices"
	"sync"
	"time"

	"mailgrant/internal/diagnosis"
)

// watched runs a session and outlives it: one that does not come back when
// its time is over and its connection closed is left behind. Its steps are
// ended in its place, and nothing that it still does is heard any more, so it
// can hold up neither the other protocols nor the end of the test.
func (s *session) watched() {
	ctx, cancel := context.WithTimeout(s.runCtx, s.r.cfg.Timeout)
	defer cancel()
	if !comesBack(ctx, func() { s.run(ctx) }) {
		s.abandon(context.Cause(ctx))
	}
}

// comesBack does some work and reports whether it ended, at the latest
// leaveBehind after its context.
func comesBack(ctx context.Context, work func()) bool {
	done := make(chan struct{})
	go func() {
		defer close(done)
		work()
	}()
	select {
	case <-done:
		return true
	case <-ctx.Done():
	}
	select {
	case <-done:
		return true
	case <-time.After(leaveBehind):
		return false
	}
}

// abandon ends the steps of a session that did not come back. It reads nothing
// that the session may still write.
func (s *session) abandon(err error) {
	last := s.watch.close()
	s.decide(undecided)
	order := Steps(s.server.Security)
	at := slices.Index(order, last.Step)
	if last.State != Running {
		at++
		last = Event{Protocol: s.protocol, Step: order[min(at, len(order)-1)], Start: time.Now()}
	}
	if last.Step != StepQuit {
		d := s.overdue(last.Step, err)
		last.State, last.Duration, last.Diagnosis = Failed, time.Since(last.Start), &d
		s.r.emit(last)
		at++
	}
	for _, step := range order[min(at, len(order)):] {
		s.r.emit(Event{Protocol: s.protocol, Step: step, State: Skipped, Start: time.Now()})
	}
}

// overdue names why a step does not come back. It reads nothing that the
// session may still write.
func (s *session) overdue(step Step, err error) diagnosis.Diagnosis {
	return s.name(diagnosis.Input{
		Phase: s.phaseOf(step), Step: string(step), Provider: s.r.cfg.Provider, Err: err,
		Evidence: diagnosis.Evidence{Host: s.server.Host, Port: s.server.Port, Security: s.server.Security},
	})
}

// watch knows how far a session has come.
type watch struct {
	mu   sync.Mutex
	last Event
	left bool // behind
}

// tell hands an event on, unless the session was left behind. Nobody leaves it
// behind in between: when all are through, nobody takes events any more.
func (w *watch) tell(e Event, send func(Event)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.left {
		return
	}
	w.last = e
	send(e)
}

// close makes the session unheard and returns its last event.
func (w *watch) close() Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left = true
	return w.last
}

func (w *watch) gone() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.left
}
