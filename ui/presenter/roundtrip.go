package presenter

import (
	"context"
	"slices"

	"mailgrant/mailtest"
)

// RoundTripState is a message that goes to the mailbox itself and is removed
// again.
type RoundTripState struct {
	Running bool
	Mark    Mark
	Steps   []Line
	Finding *Finding
}

// RoundTrip sends one message to the mailbox itself, waits for it and removes
// it. Somebody has agreed to it: TestState.Route told from whom to whom.
func (p *Presenter) RoundTrip() {
	e := p.selected
	if e == nil || e.job != nil || p.welcome != nil || !p.canRoundTrip(e) {
		return
	}
	d, hosts := e.tested.of, slices.Clone(e.hosts)
	e.tested.Again(p.c.Now(), []mailtest.Protocol{mailtest.RoundTripTest})
	e.watch = nil
	e.stopLooking()
	p.runOn(e, d, &job{kind: roundTripping}, func(ctx context.Context, say func(func())) func() {
		for event := range p.c.RoundTrip(ctx, p.testConfig(ctx, d, hosts)) {
			say(func() { e.tested.Add(event) })
		}
		return p.c.Notify
	})
}

// canRoundTrip tells whether all that a message needs has been proved for the
// values as they stand.
func (p *Presenter) canRoundTrip(e *entry) bool {
	if p.c.RoundTrip == nil || !p.upToDate(e) || !mailtest.CanRoundTrip(e.tested.of) {
		return false
	}
	for _, protocol := range e.tested.Tested() {
		if s := e.tested.Result(protocol).State; s != mailtest.Passed && s != mailtest.Warned {
			return false
		}
	}
	return len(e.tested.Tested()) > 0
}

func (p *Presenter) roundTripState(e *entry) *RoundTripState {
	res := e.tested.Result(mailtest.RoundTripTest)
	if len(res.Steps) == 0 {
		return nil
	}
	r := &RoundTripState{Running: e.doing(roundTripping), Mark: markOf(res.State)}
	if r.Running {
		r.Mark = MarkRunning
	}
	for _, step := range res.Steps {
		r.Steps = append(r.Steps, Line{markOf(step.State), step.Sentence(p.c.Texts)})
	}
	return r
}

// tellTrip tells once that the last window was closed during a round trip: its
// message may be in the mailbox.
func (p *Presenter) tellTrip() {
	if names := p.c.Notes.Kept().Trip; names != "" {
		p.keep(func(r *Remembered) { r.Trip = "" })
		p.tell(Notice{Text: p.text("ui.notice.round-trip-closed", "names", names, "subject", mailtest.RoundTripSubject), Bad: true})
	}
}
