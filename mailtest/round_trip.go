package mailtest

import (
	"context"
	"crypto/rand"
	"iter"
	"slices"
	"strings"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// RoundTripTest stands in the place of a protocol in the events of a round
// trip.
const RoundTripTest Protocol = "round-trip"

// The steps of a round trip, in order. The durations of the arrivals count
// from the moment in which the server has taken the message.
const (
	StepPrepare     Step = "prepare" // sign in where the message is to arrive
	StepSend        Step = "send"
	StepIMAPArrival Step = "imap-arrival"
	StepPOP3Arrival Step = "pop3-arrival"
	StepCleanUp     Step = "clean-up" // remove this message, and nothing else
)

// DefaultArrival is how long a message is waited for.
const DefaultArrival = 2 * time.Minute

const (
	// roundTripSubject is the subject of the message.
	roundTripSubject = "Mailgrant test"
	// lookAgain is the first pause between two looks into a mailbox that does
	// not tell news by itself; each later one is half as long again.
	lookAgain, lookSeldom = time.Second, 8 * time.Second
)

// CanRoundTrip reports whether a message can be sent and its arrival seen.
func CanRoundTrip(d mailbox.Definition) bool {
	return d.Server(SMTP) != nil && (d.Server(IMAP) != nil || d.Server(POP3) != nil)
}

// RoundTripRoute tells from whom to whom the message of a round trip goes, so
// that somebody can agree beforehand: a help desk may open a ticket for it.
func RoundTripRoute(d mailbox.Definition) (from, to string) { return d.Sender, d.Address() }

// RoundTrip sends one small message to the mailbox itself, waits for it by the
// protocols that the definition has, and removes exactly this message again,
// also the copy among those sent. Nothing is sent unless the mailbox can be
// read. The definition must be one that CanRoundTrip accepts. Only and
// Experiments of the config count for nothing; Timeout is that of a sign-in.
func RoundTrip(ctx context.Context, cfg Config) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		ctx, cancel := context.WithCancel(ctx)
		r := newRun(ctx, cfg)
		r.sessions = nil
		t := &roundTrip{run: r, yield: yield, order: roundTripSteps(cfg.Mailbox), letter: newLetter(cfg.Mailbox, time.Now())}
		defer r.credentials.end()
		defer cancel()
		defer t.leave()
		t.do(ctx)
	}
}

func roundTripSteps(d mailbox.Definition) []Step {
	order := []Step{StepPrepare, StepSend}
	if d.Server(IMAP) != nil {
		order = append(order, StepIMAPArrival)
	}
	if d.Server(POP3) != nil {
		order = append(order, StepPOP3Arrival)
	}
	return append(order, StepCleanUp)
}

// letter is the message.
type letter struct {
	id, from, to string
	text         string
}

func newLetter(d mailbox.Definition, at time.Time) letter {
	from, to := RoundTripRoute(d)
	l := letter{id: "<mailgrant-" + strings.ToLower(rand.Text()) + from[strings.LastIndexByte(from, '@'):] + ">", from: from, to: to}
	l.text = strings.Join([]string{
		"From: <" + from + ">", "To: <" + to + ">", "Subject: " + roundTripSubject,
		"Date: " + at.Format(time.RFC1123Z), "Message-ID: " + l.id,
		// Nobody is to answer: RFC 3834, section 5, and Exchange's own word.
		"Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All",
		"MIME-Version: 1.0", "Content-Type: text/plain; charset=us-ascii", "",
		"Mailgrant sent this message in order to test the mailbox, and removes it again.", "",
	}, "\r\n")
	return l
}

// originalID is where Outlook.com keeps the Message-ID that it replaces.
const originalID = "X-Microsoft-Original-Message-ID"

// isHeaderOf reports whether a header is the letter's.
func (l letter) isHeaderOf(header string) bool {
	for _, line := range strings.Split(strings.NewReplacer("\r\n ", " ", "\r\n\t", " ").Replace(header), "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		if (strings.EqualFold(name, "Message-ID") || strings.EqualFold(name, originalID)) && strings.TrimSpace(value) == l.id {
			return true
		}
	}
	return false
}

// reader waits for the letter until ctx ends.
type reader interface {
	find(ctx context.Context, l letter) error
}

// remover removes the letter, wherever it lies, and tells from where, and where
// it could only be marked.
type remover interface {
	remove(ctx context.Context, l letter) (removed, left []string, err error)
}

// roundTrip is one that runs.
type roundTrip struct {
	*run
	yield  func(Event) bool
	order  []Step
	done   int // steps
	letter letter

	imap   *imapReader
	pop3   *pop3Reader
	sent   time.Time
	seen   bool   // by IMAP
	moved  string // the folder where IMAP saw it instead of the inbox
	popped bool   // seen by POP3 alone, and its session is open

	gone bool // nobody listens any more
}

// do does the steps; what has failed to arrive by one protocol may still be seen
// by the other, and be removed.
func (t *roundTrip) do(ctx context.Context) {
	good := t.step(StepPrepare, time.Now(), func(*Event) error { return t.prepare(ctx) }) &&
		t.step(StepSend, time.Now(), func(e *Event) error { return t.send(ctx, e) })
	if !good {
		t.skipRest()
		return
	}
	arrival := t.cfg.Arrival
	if arrival <= 0 {
		arrival = DefaultArrival
	}
	waiting, cancel := context.WithTimeout(ctx, arrival)
	defer cancel()
	if t.imap != nil {
		t.seen = t.step(StepIMAPArrival, t.sent, func(e *Event) error { return t.arrive(ctx, waiting, t.imap, e) })
	}
	if t.pop3 != nil && !t.gone && ctx.Err() == nil {
		also := t.step(StepPOP3Arrival, t.sent, func(e *Event) error { return t.arrive(ctx, waiting, t.pop3, e) })
		if !also || t.seen {
			t.pop3.quit() // an open session may lock the mailbox (RFC 1939, section 4)
		}
		t.popped = also && !t.seen
	}
	if !t.seen && !t.popped || t.gone || ctx.Err() != nil {
		t.skipRest()
		return
	}
	t.step(StepCleanUp, time.Now(), func(e *Event) error { return t.cleanUp(ctx, e) })
}

// step tells that a step runs, does it, and tells how it ended.
func (t *roundTrip) step(step Step, since time.Time, do func(*Event) error) bool {
	e := Event{Protocol: RoundTripTest, Step: step, State: Running, Start: since}
	if !t.tell(e) {
		return false
	}
	t.done++
	e.State, e.Facts = Passed, map[string]any{}
	err := do(&e)
	e.Duration = time.Since(since)
	var said []string
	for _, s := range t.sessions {
		if lines := s.log.take(); len(lines) > 0 {
			said = append(said, lines...)
		}
	}
	if len(said) > 0 {
		e.Facts[FactTranscript] = said
	}
	if err != nil {
		d := t.nameOf(step, err)
		e.State, e.Diagnosis = Failed, &d
	}
	return t.tell(e) && err == nil
}

func (t *roundTrip) tell(e Event) bool {
	t.cfg.Log.Debug("mailtest: step", "protocol", e.Protocol, "step", e.Step, "state", e.State, "took", e.Duration)
	t.gone = t.gone || !t.yield(e)
	return !t.gone
}

func (t *roundTrip) skipRest() {
	for _, step := range t.order[min(t.done, len(t.order)):] {
		if !t.gone {
			t.tell(Event{Protocol: RoundTripTest, Step: step, State: Skipped, Start: time.Now()})
		}
	}
}

func (t *roundTrip) nameOf(step Step, err error) diagnosis.Diagnosis {
	if b, ok := err.(blamed); ok {
		b.diagnosis.Step = string(step)
		return b.diagnosis
	}
	d := diagnosis.Explain(diagnosis.Input{Phase: diagnosis.PhaseSMTP, Step: string(step), Provider: t.cfg.Provider, Err: err, Evidence: t.cfg.Evidence})
	d.Step = string(step)
	return d
}

// opened is a session that has signed in. Its time limit is begun and ended for
// each piece of work.
type opened struct {
	*session
	timer *time.Timer
}

// limited begins the time limit, or ends it.
func (o *opened) limited(running bool) {
	if running {
		o.timer.Reset(o.r.cfg.Timeout)
		return
	}
	o.timer.Stop()
}

// open signs a session in. d is the definition for it.
func (t *roundTrip) open(ctx context.Context, p Protocol, server mailbox.Server, d mailbox.Definition) (*opened, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	own := *t.run
	own.cfg.Mailbox = d
	s := newSession(ctx, &own, p, server)
	t.sessions = append(slices.DeleteFunc(t.sessions, func(o *session) bool { return o.protocol == p }), s)
	own.sessions = t.sessions
	o := &opened{session: s, timer: time.AfterFunc(t.cfg.Timeout, func() { cancel(context.DeadlineExceeded) })}
	defer o.timer.Stop()
	defer s.decide(undecided)
	s.ctx = ctx
	for _, step := range steps(server.Security) {
		if step == StepMailbox {
			break
		}
		if step == StepTLS && server.Security == mailbox.SecurityNone {
			continue
		}
		s.facts, s.warning = map[string]any{}, nil
		if err := s.do(step); err != nil {
			defer s.disconnect()
			return nil, s.blame(step, err)
		}
	}
	return o, nil
}

// blame names the cause of an error of a session.
func (s *session) blame(step Step, err error) error {
	if none, ok := err.(blamed); ok {
		return none
	}
	in := s.input(step, err)
	in.Evidence.SignedIn = s.r.signedIn(s.resource)
	return blamed{s.name(in)}
}

// prepare opens what the message is to be seen by, before there is one.
func (t *roundTrip) prepare(ctx context.Context) error {
	d := t.cfg.Mailbox
	if d.Server(IMAP) != nil {
		r, err := t.openIMAP(ctx, true)
		if err != nil {
			return err
		}
		t.imap = r
	}
	if d.Server(POP3) != nil {
		t.pop3 = &pop3Reader{t: t, ctx: ctx}
		if err := t.pop3.begin(); err != nil {
			return err
		}
	}
	return nil
}

func (t *roundTrip) send(ctx context.Context, e *Event) error {
	e.Facts[FactFrom], e.Facts[FactTo], e.Facts[FactMessageID] = t.letter.from, t.letter.to, t.letter.id
	s, err := t.open(ctx, SMTP, *t.cfg.Mailbox.Server(SMTP), t.cfg.Mailbox)
	if err != nil {
		return err
	}
	defer s.disconnect()
	s.limited(true)
	defer s.limited(false)
	answer, err := s.dialog.(*smtpDialog).deliver(t.letter)
	if err != nil {
		return s.blame(StepMailbox, err)
	}
	t.sent = time.Now()
	e.Facts[FactAccepted] = s.log.mask(answer)
	s.goodbye()
	return nil
}

// arrive waits for the message. Where it does not come in time the reason is
// not known, only that the server had taken it.
func (t *roundTrip) arrive(ctx, waiting context.Context, r reader, e *Event) error {
	if t.moved != "" && r == reader(t.pop3) { // POP3 shows the inbox alone (RFC 1939, section 1)
		e.State, e.Facts[FactFolder] = Warned, t.moved
		return nil
	}
	err := r.find(waiting, t.letter)
	switch {
	case err == nil || waiting.Err() == nil || ctx.Err() != nil:
		return err
	case r == reader(t.imap) && t.imap.elsewhere(t.letter):
		t.moved = t.imap.folder
		e.State, e.Facts[FactFolder] = Warned, t.moved
		return nil
	}
	d := diagnosis.New(causeNotArrived, diagnosis.PhaseSMTP, i18n.Args{"mailbox": t.letter.to, "host": t.cfg.Mailbox.Server(SMTP).Host})
	return blamed{d}
}

const causeNotArrived diagnosis.Cause = "message-not-arrived"

func (t *roundTrip) cleanUp(ctx context.Context, e *Event) error {
	removed, left := []string{}, []string{}
	for _, r := range t.removers(ctx) {
		from, still, err := r.remove(ctx, t.letter)
		removed, left = append(removed, from...), append(left, still...)
		if err != nil {
			return err
		}
	}
	e.Facts[FactRemoved] = removed
	if len(left) > 0 {
		e.State, e.Facts[FactLeft] = Warned, left
	}
	return nil
}

// removers are those that have to do with it: whoever has seen the message, and
// IMAP for the copies.
func (t *roundTrip) removers(ctx context.Context) []remover {
	var all []remover
	if t.popped {
		all = append(all, t.pop3)
	}
	if t.imap != nil {
		all = append(all, t.imap)
	}
	if t.imap != nil && t.cfg.Mailbox.SharedMailbox != "" {
		all = append(all, ownMailbox{t, ctx})
	}
	return all
}

// leave closes what is open.
func (t *roundTrip) leave() {
	if t.imap != nil {
		t.imap.quit()
	}
	if t.pop3 != nil {
		t.pop3.quit()
	}
}

// Sentence says in one sentence what a step of a round trip does or what came
// of it.
func (e Event) Sentence(t *i18n.Texts) string {
	key := "roundtrip." + string(e.Step)
	args := i18n.Args{"seconds": t.Tenths(e.Duration.Seconds())}
	for _, name := range []string{FactFrom, FactTo, FactFolder} {
		if text, ok := e.Facts[name].(string); ok {
			args[name] = text
		}
	}
	for _, name := range []string{FactRemoved, FactLeft} {
		if list, ok := e.Facts[name].([]string); ok {
			args[name] = strings.Join(list, ", ")
		}
	}
	return t.Text(key+"."+string(e.State), args)
}
