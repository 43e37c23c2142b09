package mailtest

import (
	"cmp"
	"context"
	"errors"
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

// Tests are all that may have results of their own: each protocol, in the usual
// order, and a round trip.
func Tests() []Protocol { return append(mailbox.Protocols(), RoundTripTest) }

// The steps of a round trip, in order. The durations of the arrivals count
// from the moment in which the server has taken the message.
const (
	StepPrepare     Step = "prepare" // sign in where the message is to arrive
	StepSend        Step = "send"
	StepIMAPArrival Step = "imap-arrival"
	StepPOP3Arrival Step = "pop3-arrival"
	StepCleanUp     Step = "clean-up" // remove this message, and nothing else
)

// RoundTripSubject is that of the message.
const RoundTripSubject = "Mailgrant test"

// DefaultArrival is how long a message is waited for.
const DefaultArrival = 2 * time.Minute

// lookAgain is the first pause between two looks into a mailbox that does
// not tell news by itself; each later one is half as long again.
const lookAgain, lookSeldom = time.Second, 8 * time.Second

// sleep returns after a while, or why ctx has ended.
func sleep(ctx context.Context, while time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(while):
		return nil
	}
}

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
		from, to := RoundTripRoute(cfg.Mailbox)
		t := &roundTrip{run: newRun(ctx, cfg), letter: newLetter(from, Message{
			To: to, Subject: RoundTripSubject,
			Text: "Mailgrant sent this message in order to test the mailbox, and removes it again.\n",
		}, time.Now())}
		defer t.end(cancel)
		t.do(ctx, yield)
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

// roundTrip is one that runs.
type roundTrip struct {
	*run
	letter letter
	imap   *imapReader
	pop3   *pop3Reader
	sent   time.Time
	doubt  *diagnosis.Diagnosis // why it is not known whether it was sent
	seen   bool                 // by IMAP
	moved  string               // the folder where IMAP saw it instead of the inbox
	popped bool                 // seen by POP3 alone, and its session is open
}

// do does the steps; what has failed to arrive by one protocol may still be seen
// by the other, and be removed.
func (t *roundTrip) do(ctx context.Context, yield func(Event) bool) {
	good := true
	for _, step := range roundTripSteps(t.cfg.Mailbox) {
		e := Event{Protocol: RoundTripTest, Step: step, State: Skipped, Start: time.Now()}
		arrival := step == StepIMAPArrival || step == StepPOP3Arrival
		good = good && (step != StepCleanUp || t.seen || t.popped)
		if good && ctx.Err() == nil {
			if arrival {
				e.Start = t.sent
			}
			e.State = Running
			t.note(e)
			if !yield(e) {
				return
			}
			good = t.step(ctx, &e) || arrival
		}
		t.note(e)
		if !yield(e) {
			return
		}
	}
}

// step does the step of an event and notes there how it ended.
func (t *roundTrip) step(ctx context.Context, e *Event) bool {
	e.State, e.Facts = Passed, map[string]any{}
	var err error
	switch e.Step {
	case StepPrepare:
		err = t.prepare(ctx)
	case StepSend:
		e.Facts[FactFrom], e.Facts[FactTo], e.Facts[FactMessageID] = t.letter.from, t.letter.to, t.letter.id
		var answer string
		if answer, err = t.send(ctx); err == nil {
			e.Facts[FactAccepted] = answer
		}
	case StepIMAPArrival:
		err = t.arriveByIMAP(ctx, e)
	case StepPOP3Arrival:
		err = t.arriveByPOP3(ctx, e)
	case StepCleanUp:
		err = t.cleanUp(ctx, e)
	}
	e.Duration = time.Since(e.Start)
	var said []string
	for _, s := range t.sessions {
		said = append(said, s.log.take()...)
	}
	if len(said) > 0 {
		e.Facts[FactTranscript] = said
	}
	if err != nil {
		d := t.nameOf(err)
		d.Step = string(e.Step)
		e.State, e.Diagnosis = Failed, &d
		switch {
		case e.Step == StepSend && !t.sent.IsZero():
			e.State, t.doubt = Warned, &d
		case t.doubt != nil && errors.Is(err, errNotArrived):
			e.Diagnosis = t.doubt
		}
	}
	return e.State != Failed
}

func (t *roundTrip) nameOf(err error) diagnosis.Diagnosis {
	if errors.Is(err, errNotArrived) {
		return diagnosis.New(causeNotArrived, diagnosis.PhaseSMTP, i18n.Args{"mailbox": t.letter.to, "host": t.cfg.Mailbox.Server(SMTP).Host}).At(t.cfg.Provider)
	}
	return diagnosis.Explain(diagnosis.Input{Phase: diagnosis.PhaseSMTP, Provider: t.cfg.Provider, Err: err, Evidence: t.cfg.Evidence})
}

// opened is a session that has signed in. Its time limit runs only during a
// piece of work.
type opened struct {
	*session
	limit *time.Timer
}

// limited begins the time limit of a piece of work.
func (o *opened) limited() (stop func() bool) {
	o.limit.Reset(o.r.cfg.Timeout)
	return o.limit.Stop
}

// open signs a session in. d is the definition for it.
func (t *roundTrip) open(ctx context.Context, p Protocol, d mailbox.Definition) (*opened, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	s := newSession(ctx, t.run, p, d)
	// One that is still open, of a shared mailbox, has lines of this step to tell.
	t.sessions = append(slices.DeleteFunc(t.sessions, func(o *session) bool { return o.protocol == p && o.raw == nil }), s)
	o := &opened{s, time.AfterFunc(t.cfg.Timeout, func() { cancel(context.DeadlineExceeded) })}
	defer o.limit.Stop()
	defer s.decide(undecided)
	s.ctx = ctx
	for _, step := range Steps(s.server.Security) {
		if step == StepMailbox {
			break
		}
		s.facts, s.warning = map[string]any{}, nil
		e := Event{Protocol: p, Step: step, State: Passed, Start: time.Now()}
		err := s.do(step)
		if e.Duration = time.Since(e.Start); err != nil {
			e.State = Failed
		}
		t.note(e)
		if err != nil {
			defer s.leave()
			return nil, s.blame(step, err)
		}
	}
	return o, nil
}

// blame names the cause of an error of a session.
func (s *session) blame(step Step, err error) error {
	if _, named := err.(diagnosis.Diagnosis); named {
		return err
	}
	in := s.input(step, err)
	in.Evidence.SignedIn = s.r.signedIn(s.resource)
	return s.name(in)
}

// prepare opens what the message is to be seen by, before there is one.
func (t *roundTrip) prepare(ctx context.Context) (err error) {
	d := t.cfg.Mailbox
	if d.Server(IMAP) != nil {
		if t.imap, err = t.openIMAP(ctx, d); err != nil {
			return err
		}
	}
	if d.Server(POP3) != nil {
		t.pop3 = &pop3Reader{t: t, ctx: ctx}
		return t.pop3.begin()
	}
	return nil
}

// send hands the message over and returns the server's words of consent. A
// message whose verdict is lost may arrive all the same (RFC 5321, section
// 4.2.5; RFC 1047): then too it has a time of sending.
func (t *roundTrip) send(ctx context.Context) (answer string, err error) {
	s, err := t.open(ctx, SMTP, t.cfg.Mailbox)
	if err != nil {
		return "", err
	}
	defer s.leave()
	defer s.limited()()
	d := s.dialog.(*smtpDialog)
	answer, err = d.deliver(t.letter)
	if err == nil || d.doubt {
		t.sent = time.Now()
	}
	if err != nil {
		return "", s.blame(StepMailbox, err)
	}
	return s.log.mask(answer), nil
}

// errNotArrived: why is not known, only that the server had taken the message.
var errNotArrived = errors.New("the message has not arrived in time")

const (
	causeNotArrived diagnosis.Cause = "message-not-arrived"
	causeMoved      diagnosis.Cause = "message-moved"
)

// await calls find with the time that is left for the message.
func (t *roundTrip) await(ctx context.Context, find func(context.Context) error) error {
	waiting, cancel := context.WithDeadline(ctx, t.sent.Add(cmp.Or(t.cfg.Arrival, DefaultArrival)))
	defer cancel()
	err := find(waiting)
	if err == context.DeadlineExceeded && ctx.Err() == nil { // what else went wrong has a name
		return errNotArrived
	}
	return err
}

func (t *roundTrip) arriveByIMAP(ctx context.Context, e *Event) error {
	err := t.await(ctx, t.imap.find)
	if err == errNotArrived && t.imap.elsewhere() {
		moved := diagnosis.New(causeMoved, diagnosis.PhaseSMTP, i18n.Args{"mailbox": t.letter.to}).At(t.cfg.Provider)
		t.moved, err, e.Diagnosis = t.imap.folder, nil, &moved
		e.State, e.Facts[FactFolder] = Warned, t.moved
	}
	t.seen = err == nil
	return err
}

func (t *roundTrip) arriveByPOP3(ctx context.Context, e *Event) error {
	if t.moved != "" { // POP3 shows the inbox alone (RFC 1939, section 1)
		e.State, e.Facts[FactFolder] = Warned, t.moved
		return nil
	}
	err := t.await(ctx, t.pop3.find)
	if t.popped = err == nil && !t.seen; !t.popped {
		t.pop3.quit() // an open session may lock the mailbox (RFC 1939, section 4)
	}
	return err
}

// traces are where the message was removed, and where it could only be marked.
type traces struct{ removed, left []string }

// cleanUp is for whoever has seen the message, and for IMAP because of the
// copies. The copy of what was sent for a shared mailbox lies in the account's
// own.
func (t *roundTrip) cleanUp(ctx context.Context, e *Event) error {
	found := traces{removed: []string{}}
	if t.popped {
		if err := t.pop3.remove(&found); err != nil {
			return err
		}
	}
	if t.imap != nil {
		err := t.imap.remove(ctx, &found)
		if err != nil && t.imap.s.wire.failed() != nil && t.moved == "" { // ended by the server meanwhile
			if anew, opens := t.openIMAP(ctx, t.cfg.Mailbox); opens == nil {
				t.imap.s.leave()
				t.imap = anew
				err = anew.remove(ctx, &found)
			}
		}
		if err == nil && t.cfg.Mailbox.SharedMailbox != "" {
			err = t.removeFromOwn(ctx, &found)
		}
		if err != nil {
			return err
		}
	}
	e.Facts[FactRemoved] = found.removed
	if len(found.left) > 0 {
		e.State, e.Facts[FactLeft] = Warned, found.left
	}
	return nil
}

func (t *roundTrip) end(cancel context.CancelFunc) {
	if t.imap != nil {
		t.imap.s.leave()
	}
	if t.pop3 != nil {
		t.pop3.quit()
	}
	cancel()
	t.credentials.end()
}

// Sentence says in one sentence what a step of a round trip does or what came
// of it.
func (e Event) Sentence(t *i18n.Texts) string {
	key := "roundtrip." + string(e.Step) + "." + string(e.State)
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
	if e.Step == StepCleanUp && e.State == Passed && args[FactRemoved] == "" { // somebody was faster, such as the product
		key = "roundtrip.clean-up.gone"
	}
	return t.Text(key, args)
}
