package presenter

import (
	"reflect"

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
	d, hosts := e.testedAs, append([]string(nil), e.hosts...)
	ctx, _, say := p.start(e, roundTripping)
	e.report.Again(p.c.Now(), []mailtest.Protocol{mailtest.RoundTripTest})
	e.watch = nil
	p.render()
	e.beside(func() {
		for event := range p.c.RoundTrip(ctx, p.testConfig(ctx, d, hosts)) {
			say(func() { e.report.Add(event) })
		}
		show := p.look(d)
		say(func() {
			e.end()
			show(e)
			p.c.Notify()
		})
	})
}

// canRoundTrip tells whether all that a message needs has been proved for the
// values as they stand.
func (p *Presenter) canRoundTrip(e *entry) bool {
	if e.report == nil || p.c.RoundTrip == nil || !p.testedNow(e) || !mailtest.CanRoundTrip(e.testedAs) {
		return false
	}
	for _, protocol := range e.report.Tested() {
		if s := e.report.Result(protocol).State; s != mailtest.Passed && s != mailtest.Warned {
			return false
		}
	}
	return len(e.report.Tested()) > 0
}

// testedNow tells whether the last test was of the values that stand in the
// form.
func (p *Presenter) testedNow(e *entry) bool {
	d, _ := e.form.definition()
	tested := e.testedAs
	tested.Name = d.Name
	return e.report != nil && reflect.DeepEqual(tested, d)
}

func (p *Presenter) roundTripState(e *entry) *RoundTripState {
	res := e.report.Result(mailtest.RoundTripTest)
	if len(res.Steps) == 0 {
		return nil
	}
	r := &RoundTripState{Running: e.job != nil && e.job.kind == roundTripping, Mark: markOf(res.State)}
	if r.Running {
		r.Mark = MarkRunning
	}
	for _, step := range res.Steps {
		r.Steps = append(r.Steps, Line{markOf(step.State), step.Sentence(p.c.Texts)})
	}
	return r
}
