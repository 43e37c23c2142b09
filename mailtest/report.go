package mailtest

import (
	"iter"
	"slices"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

// Report is what a stream of events adds up to.
type Report struct {
	Mailbox string
	Address string // of the mailbox
	Sender  string
	Opener  string // the account that opens a shared mailbox of Exchange Online, else ""
	Started time.Time

	servers mailbox.Servers
	events  []Event // as they began, the latest of each step and each experiment
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
	r := &Report{Mailbox: d.Name, Address: d.Address(), Sender: d.Sender, Started: started, servers: d.Servers}
	if d.SharedMailbox != "" && d.Profile().Organization() {
		r.Opener = d.User
	}
	return r
}

// Collect is the report of a test that starts now.
func Collect(d mailbox.Definition, events iter.Seq[Event]) *Report {
	r := NewReport(d, time.Now())
	for e := range events {
		r.Add(e)
	}
	return r
}

// Add takes the next event in.
func (r *Report) Add(e Event) {
	if i := slices.IndexFunc(r.events, e.replaces); i >= 0 {
		r.events[i] = e
		return
	}
	r.events = append(r.events, e)
}

// replaces tells that an earlier event is about the same step or experiment.
func (e Event) replaces(earlier Event) bool {
	id := func(x *Experiment) diagnosis.Experiment {
		if x == nil {
			return ""
		}
		return x.ID
	}
	return e.Protocol == earlier.Protocol && e.Step == earlier.Step && id(e.Experiment) == id(earlier.Experiment)
}

// Experiments lists what was tried after failures, the latest event of each.
func (r *Report) Experiments() []Event {
	return slices.DeleteFunc(slices.Clone(r.events), func(e Event) bool { return e.Experiment == nil })
}

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
func stateOf(r Result) State {
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
	return slices.DeleteFunc(mailbox.Protocols(), func(p Protocol) bool { return !r.has(p) })
}

func (r *Report) has(p Protocol) bool {
	return slices.ContainsFunc(r.events, func(e Event) bool { return e.Protocol == p })
}

// Result returns what is known about a protocol; an untested one has no steps.
// What is a consequence of another protocol's failure has that one's diagnosis,
// as in Diagnoses: not the cause that it left open as well.
func (r *Report) Result(p Protocol) Result {
	res := r.result(p)
	for i, s := range res.Steps {
		if s.Diagnosis != nil {
			root := diagnosis.RootOf(*s.Diagnosis, r.Diagnoses())
			res.Steps[i].Diagnosis = &root
		}
	}
	return res
}

func (r *Report) result(p Protocol) Result {
	res := Result{Steps: slices.DeleteFunc(slices.Clone(r.events), func(e Event) bool { return e.Protocol != p || e.Experiment != nil })}
	if len(res.Steps) == 0 {
		return Result{}
	}
	if server := r.servers.Of(p); server != nil {
		res.Server = *server
	}
	last := res.Steps[len(res.Steps)-1]
	res.Done = (last.Step == StepQuit || last.Step == StepCleanUp) && last.State != Running
	res.Duration = ended(res.Steps).Sub(res.Steps[0].Start)
	res.State = stateOf(res)
	return res
}

// OK reports whether every protocol that was tested works; a warning is no
// failure. Nothing tested is not OK.
func (r *Report) OK() bool {
	return len(r.events) > 0 && !slices.ContainsFunc(r.events, func(e Event) bool { return !r.result(e.Protocol).OK() })
}

// Complete reports whether every server that the mailbox has was tested, and
// everything works.
func (r *Report) Complete() bool {
	return r.OK() && !slices.ContainsFunc(r.servers, func(s mailbox.Endpoint) bool { return !r.has(s.Protocol) })
}

// OK tells whether the test is through and the protocol works.
func (r Result) OK() bool { return r.Done && r.State.Works() }

// NoAuthorization reports whether a sign-in was left out because there was
// nothing to sign in with.
func (r *Report) NoAuthorization() bool {
	return slices.ContainsFunc(r.events, func(e Event) bool {
		return e.Step == StepAuthenticate && e.State == Skipped && e.Diagnosis != nil
	})
}

// Duration is how long the whole test took so far.
func (r *Report) Duration() time.Duration { return max(0, ended(r.events).Sub(r.Started)) }

// Diagnoses lists what was found, every root cause once, without those that
// are consequences of others.
func (r *Report) Diagnoses() []diagnosis.Diagnosis {
	var all []diagnosis.Diagnosis
	for _, p := range append(r.Tested(), RoundTripTest) {
		for _, s := range r.result(p).Steps {
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
