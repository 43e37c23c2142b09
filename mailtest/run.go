package mailtest

import (
	"cmp"
	"context"
	"crypto/x509"
	"iter"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"sync"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

// DefaultTimeout is the time limit of one protocol, over all its steps.
// Exchange Online takes several seconds for a sign-in alone.
const DefaultTimeout = 30 * time.Second

// Config says what to test and with what. Only Mailbox is needed.
type Config struct {
	Mailbox    mailbox.Definition // normalised and valid
	Credential CredentialFunc     // nil: there is no authorization
	Only       []Protocol         // none: all that the definition has a server for
	Timeout    time.Duration      // per protocol; 0 is DefaultTimeout
	Provider   diagnosis.Provider // "": from the definition
	Evidence   diagnosis.Evidence // what is known beforehand
	Resolve    Resolver           // nil: the system's
	Dial       Dialer             // nil: the system's
	Log        *slog.Logger       // nil: nothing is logged

	// Arrival is how long a round trip waits for its message; 0 is DefaultArrival.
	Arrival time.Duration

	// Experiments are made after a failure; nil: none are.
	Experiments *Experiments
}

// tested are the servers that a run of the config tests.
func (c Config) tested() mailbox.Servers {
	return slices.DeleteFunc(slices.Clone(c.Mailbox.Servers), func(s mailbox.Endpoint) bool {
		return len(c.Only) > 0 && !slices.Contains(c.Only, s.Protocol)
	})
}

// Run tests the protocols side by side and yields their events as one ordered
// stream. Ending ctx or the iteration ends everything promptly; when the
// iteration is over no connection and no goroutine is left. After the last
// step has ended come the experiments, if any are to be made, and then a failed
// step may be yielded once more with a better cause.
func Run(ctx context.Context, cfg Config) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		ctx, cancel := context.WithCancelCause(ctx)
		r := newRun(ctx, cfg)
		for _, p := range cfg.tested().Protocols() {
			r.sessions = append(r.sessions, newSession(ctx, r, p, cfg.Mailbox))
		}
		var wg sync.WaitGroup
		wg.Go(func() { r.roots() }) // while the names are being resolved
		for _, s := range r.sessions {
			wg.Go(s.watched)
		}
		go func() { wg.Wait(); r.credentials.end(); close(r.events) }()
		defer func() {
			cancel(context.Canceled)
			close(r.stopped)
			for range r.events {
				continue // until everything has ended
			}
			r.renewed.end()
		}()
		for e := range r.events {
			if !yield(e) {
				return
			}
		}
		if !r.experiment(ctx, yield) {
			return
		}
		for _, s := range r.sessions {
			if e, changed := s.reconsider(); changed && !yield(e) {
				return
			}
		}
	}
}

// run is what the sessions of one test share.
type run struct {
	cfg         Config
	roots       func() []*x509.CertPool
	credentials purse
	renewed     purse // for experiments
	sessions    []*session
	events      chan Event
	stopped     chan struct{} // nobody takes events any more
}

func newRun(ctx context.Context, cfg Config) *run {
	if cfg.Timeout <= 0 {
		cfg.Timeout = DefaultTimeout
	}
	if cfg.Resolve == nil {
		cfg.Resolve = systemResolver
	}
	if cfg.Dial == nil {
		cfg.Dial = systemDialer
	}
	cfg.Log = cmp.Or(cfg.Log, slog.New(slog.DiscardHandler))
	cfg.Provider = cmp.Or(cfg.Provider, diagnosis.Provider(cfg.Mailbox.Profile().Family))
	r := &run{cfg: cfg, events: make(chan Event), stopped: make(chan struct{})}
	r.roots = sync.OnceValue(func() []*x509.CertPool { return trustedRoots(cfg.Mailbox.TrustedCA) })
	r.credentials = newPurse(ctx, cfg.Mailbox, cfg.Credential)
	if cfg.Experiments != nil {
		r.renewed = newPurse(ctx, cfg.Mailbox, cfg.Experiments.Renew)
	}
	return r
}

// emit notes an event and hands it on.
func (r *run) emit(e Event) {
	r.note(e)
	r.send(e)
}

func (r *run) note(e Event) {
	r.cfg.Log.Debug("mailtest: step", "protocol", e.Protocol, "step", e.Step, "state", e.State, "took", e.Duration)
}

// send hands an event on, unless nobody takes it any more.
func (r *run) send(e Event) {
	select {
	case r.events <- e:
	case <-r.stopped:
	}
}

// signedIn is what the protocols said to a sign-in with the token for a
// resource so far, and before.
func (r *run) signedIn(resource string) map[diagnosis.Phase]bool {
	said := map[diagnosis.Phase]bool{}
	maps.Copy(said, r.cfg.Evidence.SignedIn)
	for _, s := range r.sessions {
		if s.resource != resource {
			continue
		}
		select {
		case <-s.decided:
			if s.decision != undecided {
				said[diagnosis.Phase(s.protocol)] = s.decision == accepted
			}
		default:
		}
	}
	return said
}

// learn completes the evidence of a failure by what the other protocols
// said, once all have ended.
func (s *session) learn() {
	e := &s.failure.input.Evidence
	e.SignedIn, e.Unopened = s.r.signedIn(s.resource), map[diagnosis.Phase]bool{}
	for _, o := range s.r.sessions {
		if !o.watch.gone() && o.failure != nil && o.failure.event.Step == StepMailbox && isRefusal(o.failure.input.Err) {
			e.Unopened[diagnosis.Phase(o.protocol)] = true
		}
	}
}

// reconsider looks at a failure again when all protocols are through: what
// the others said may decide between causes that share a text.
func (s *session) reconsider() (Event, bool) {
	if s.watch.gone() || s.failure == nil {
		return Event{}, false
	}
	s.learn()
	d := s.name(s.failure.input)
	if reflect.DeepEqual(d, *s.failure.event.Diagnosis) {
		return Event{}, false
	}
	e := s.failure.event
	e.Diagnosis = &d
	return e, true
}
