package mailtest

import (
	"context"
	"net"
	"slices"
	"strconv"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// experimentsTime is what all experiments of a test may take together.
const experimentsTime = 10 * time.Second

// Experiments is what a test may try after a failure, in order to decide
// between the causes that the failure leaves open. Every field may be empty:
// then what needs it is not tried.
type Experiments struct {
	// Renew renews the authorization and returns the new credential.
	Renew CredentialFunc
	// Clock asks the sign-in service for the time and returns how far this
	// machine's clock is ahead of it.
	Clock func(context.Context) (time.Duration, error)
	// Presets are the provider's own servers.
	Presets map[Protocol]mailbox.Server
	// LookupMX finds the hosts that take mail for a domain; nil is the system's
	// resolver.
	LookupMX func(ctx context.Context, domain string) ([]*net.MX, error)
}

// Experiment is something that was tried after a failure.
type Experiment struct {
	ID      diagnosis.Experiment
	Result  string            // one of diagnosis.Outcomes[ID]; "" where it decides nothing
	Decides []diagnosis.Cause // between which it was to decide
	Change  *mailbox.Server   // what the definition could have instead, because it answers
}

// Words says what was tried, or what came of it, in one sentence, and what the
// definition could have instead.
func (x Experiment) Words(t *i18n.Texts, p Protocol, server mailbox.Server) string {
	key := "experiment." + string(x.ID)
	if x.Result != "" {
		key += "." + x.Result
	}
	text := t.Text(key, i18n.Args{"protocol": p.Title(), "host": server.Host, "port": strconv.Itoa(server.Port)})
	if x.Change != nil {
		text += " " + t.Text("experiment.change", i18n.Args{
			"host": x.Change.Host, "port": strconv.Itoa(x.Change.Port), "security": t.Text("cli.security." + x.Change.Security),
		})
	}
	return text
}

// trial is how an experiment is made. It reports what it found by an outcome,
// puts facts into the probe and changes nothing anywhere.
type trial struct {
	// fits tells whether it can say anything about the failure.
	fits func(*session) bool
	// unasked tells whether it is made though the diagnosis does not want it;
	// nil: never.
	unasked func(diagnosis.Diagnosis) bool
	run     func(context.Context, *probe) (outcome string)
}

// always: it may find out what the definition should say, or who answers.
func always(diagnosis.Diagnosis) bool { return true }

// unsure: it proves one cause where others come first.
func unsure(d diagnosis.Diagnosis) bool { return d.Certainty != diagnosis.Certain }

// trials holds every experiment; each has a file of its own.
var trials = map[diagnosis.Experiment]trial{}

func trying(id diagnosis.Experiment, t trial) bool {
	trials[id] = t
	return true
}

// probe is what a trial works with: the failed session, from which it learns
// where to connect, and what it finds.
type probe struct {
	*session               // of its own, to sign in with
	failed   *session      // the one that failed; its connection is closed
	ahead    time.Duration // of this machine's clock, where that was found out
	change   *mailbox.Server
	stop     context.CancelFunc
}

// end ends everything that a trial has left open.
func (p *probe) end() {
	p.disconnect()
	p.stop()
}

// experiment tries what can decide, for one failure after the other, and
// yields each trial. It returns false when nobody listens any more.
func (r *run) experiment(ctx context.Context, yield func(Event) bool) bool {
	if r.cfg.Experiments == nil {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, experimentsTime)
	defer cancel()
	for _, s := range r.sessions {
		if s.watch.gone() || s.failure == nil {
			continue
		}
		s.learn()
		for made := []diagnosis.Experiment{}; ctx.Err() == nil; {
			id, found := s.next(made)
			if !found {
				break
			}
			made = append(made, id)
			if !s.try(ctx, id, yield) {
				return false
			}
		}
	}
	return true
}

// next is the experiment to make: the most telling of those that the
// diagnosis wants, or else one that is made unasked.
func (s *session) next(made []diagnosis.Experiment) (diagnosis.Experiment, bool) {
	left := func(id diagnosis.Experiment) bool {
		t, known := trials[id]
		return known && !slices.Contains(made, id) && t.fits(s)
	}
	d := s.name(s.failure.input)
	candidates := diagnosis.Wanted(d, s.failure.input.Evidence)
	for _, id := range diagnosis.Experiments {
		if unasked := trials[id].unasked; unasked != nil && unasked(d) {
			candidates = append(candidates, id)
		}
	}
	if i := slices.IndexFunc(candidates, left); i >= 0 {
		return candidates[i], true
	}
	return "", false
}

// try makes one experiment and notes its result as evidence.
func (s *session) try(ctx context.Context, id diagnosis.Experiment, yield func(Event) bool) bool {
	in := &s.failure.input
	e := Event{Protocol: s.protocol, State: Running, Start: time.Now(), Experiment: &Experiment{ID: id, Decides: s.name(*in).Causes}}
	if !yield(e) {
		return false
	}
	p, outcome := s.probe(ctx), ""
	done := Experiment{ID: id, Decides: e.Experiment.Decides}
	if comesBack(ctx, func() { defer p.end(); outcome = trials[id].run(ctx, p) }) {
		done.Result, done.Change, e.Facts = outcome, p.change, p.facts
		p.log.takeInto(e.Facts)
		if p.ahead != 0 {
			in.Evidence.ClockOffset = p.ahead
		}
	}
	if done.Result != "" {
		in.Evidence.Tried[id] = done.Result
	}
	e.State, e.Duration, e.Experiment = Passed, time.Since(e.Start), &done
	if done.Result == "" {
		e.State = Skipped
	}
	return yield(e)
}

// probe is a session beside the one that failed.
func (s *session) probe(ctx context.Context) *probe {
	p := &probe{session: newSession(ctx, s.r, s.protocol, s.definition), failed: s, stop: func() {}}
	p.ctx, p.facts = ctx, map[string]any{}
	p.addresses, p.address = s.addresses, s.address
	return p
}
