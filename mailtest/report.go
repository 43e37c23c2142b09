package mailtest

import (
	"slices"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

// Report is what a stream of events adds up to.
type Report struct {
	Mailbox string
	Address string // of the mailbox
	Started time.Time

	servers     mailbox.Servers
	results     map[Protocol]*Result
	experiments []Event
}

// Result is what is known about one protocol.
type Result struct {
	Server   mailbox.Server
	Steps    []Event       // in order, the latest event of each
	State    State         // Running, Passed, Warned, Failed; Skipped: it could not sign in
	Done     bool          // nothing more happens
	Duration time.Duration // over all steps so far
}

// NewReport begins a report for a test that starts now.
func NewReport(d mailbox.Definition, started time.Time) *Report {
	return &Report{Mailbox: d.Name, Address: d.Address(), Started: started, servers: d.Servers, results: map[Protocol]*Result{}}
}

// Add takes the next event in.
func (r *Report) Add(e Event) {
	if e.Experiment != nil {
		r.addExperiment(e)
		return
	}
	res := r.results[e.Protocol]
	if res == nil {
		res = &Result{}
		if server := r.servers.Of(e.Protocol); server != nil {
			res.Server = *server
		}
		r.results[e.Protocol] = res
	}
	if i := slices.IndexFunc(res.Steps, func(s Event) bool { return s.Step == e.Step }); i >= 0 {
		res.Steps[i] = e
	} else {
		res.Steps = append(res.Steps, e)
	}
	if (e.Step == StepQuit || e.Step == StepCleanUp) && e.State != Running {
		res.Done = true
	}
	res.Duration = ended(res.Steps).Sub(res.Steps[0].Start)
	res.State = stateOf(res)
}

func (r *Report) addExperiment(e Event) {
	i := slices.IndexFunc(r.experiments, func(o Event) bool { return o.Protocol == e.Protocol && o.Experiment.ID == e.Experiment.ID })
	if i < 0 {
		r.experiments = append(r.experiments, e)
		return
	}
	r.experiments[i] = e
}

// Experiments lists what was tried after failures, the latest event of each.
func (r *Report) Experiments() []Event { return slices.Clone(r.experiments) }

// ended is when the last of some events ended.
func ended(events []Event) (end time.Time) {
	for _, e := range events {
		if at := e.Start.Add(e.Duration); at.After(end) {
			end = at
		}
	}
	return end
}

// stateOf sums the steps up: the worst counts, and a sign-in that was skipped
// without a failure before it leaves the protocol untested.
func stateOf(r *Result) State {
	state := Passed
	for _, s := range r.Steps {
		switch {
		case s.State == Failed:
			return Failed
		case s.State == Skipped && s.Diagnosis != nil:
			state = Skipped
		case s.State == Warned && state == Passed:
			state = Warned
		}
	}
	if !r.Done && state != Skipped {
		return Running
	}
	return state
}

// Tested lists the protocols that have events, in the usual order.
func (r *Report) Tested() []Protocol {
	var tested []Protocol
	for _, p := range mailbox.Protocols() {
		if r.results[p] != nil {
			tested = append(tested, p)
		}
	}
	return tested
}

// Result returns what is known about a protocol; an untested one has no steps.
func (r *Report) Result(p Protocol) Result {
	if res := r.results[p]; res != nil {
		out := *res
		out.Steps = slices.Clone(res.Steps)
		return out
	}
	return Result{}
}

// OK reports whether every protocol that was tested works; a warning is no
// failure. Nothing tested is not OK.
func (r *Report) OK() bool {
	for _, res := range r.results {
		if !res.OK() {
			return false
		}
	}
	return len(r.results) > 0
}

// Complete reports whether every server that the mailbox has was tested, and
// everything works.
func (r *Report) Complete() bool {
	for _, s := range r.servers {
		if r.results[s.Protocol] == nil {
			return false
		}
	}
	return r.OK()
}

// OK tells whether the test is through and the protocol works.
func (r *Result) OK() bool { return r.Done && r.State.Works() }

// NoAuthorization reports whether a sign-in was left out because there was
// nothing to sign in with.
func (r *Report) NoAuthorization() bool {
	for _, res := range r.results {
		if i := slices.IndexFunc(res.Steps, func(s Event) bool { return s.Step == StepAuthenticate }); i >= 0 {
			if s := res.Steps[i]; s.State == Skipped && s.Diagnosis != nil {
				return true
			}
		}
	}
	return false
}

// Duration is how long the whole test took so far.
func (r *Report) Duration() time.Duration {
	end := ended(r.experiments)
	for _, res := range r.results {
		if at := ended(res.Steps); at.After(end) {
			end = at
		}
	}
	return max(0, end.Sub(r.Started))
}

// Diagnoses lists what was found, every root cause once, without those that
// are consequences of others.
func (r *Report) Diagnoses() []diagnosis.Diagnosis {
	var all []diagnosis.Diagnosis
	for _, p := range append(r.Tested(), RoundTripTest) {
		for _, s := range r.Result(p).Steps {
			if s.Diagnosis != nil && !slices.ContainsFunc(all, func(d diagnosis.Diagnosis) bool { return same(d, *s.Diagnosis) }) {
				all = append(all, *s.Diagnosis)
			}
		}
	}
	return diagnosis.Consolidate(all)
}

// same tells that two diagnoses would read the same: one authorization that
// is missing is missing for all protocols.
func same(a, b diagnosis.Diagnosis) bool {
	return a.Cause == b.Cause && a.Phase == b.Phase && a.Step == b.Step && a.ServerText == b.ServerText && a.Command == b.Command
}
