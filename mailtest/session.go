package mailtest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"sync"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

const (
	// quitTime is how long a server may take to say goodbye.
	quitTime = 3 * time.Second
	// leaveBehind is how long something may still run whose connection is
	// closed already. Only a library that does not come back needs longer.
	leaveBehind = 2 * time.Second
)

type decision int

const (
	undecided decision = iota
	accepted
	refused
)

type session struct {
	r          *run
	protocol   Protocol
	definition mailbox.Definition
	server     mailbox.Server
	resource   string          // that its token is for; see mailbox.Definition.TokenFor
	runCtx     context.Context // of the whole test
	ctx        context.Context // of this protocol, with its time limit

	// Of the step that runs.
	facts map[string]any
	// warning makes a step that succeeds a warned one.
	warning *diagnosis.Diagnosis

	// Of the connection.
	log       *transcript
	addresses []netip.Addr
	address   netip.AddrPort
	raw       net.Conn
	release   func() bool // stops watching the context for raw
	wire      *wire
	dialog    Check
	secured   bool
	chain     *handshake
	offered   []string
	told      bool

	saslUser   string
	mechanism  string
	shortLines bool   // the server has not taken a long line
	silent     []byte // what a server that waits for TLS answers to it

	// decision is written before decided is closed and read afterwards.
	decision decision
	once     sync.Once
	decided  chan struct{}

	failure *failure
	watch   watch
}

// failure is a failed step with all that was known about it.
type failure struct {
	input diagnosis.Input
	event Event
}

// newSession is the test of a protocol for which a definition has a server.
func newSession(ctx context.Context, r *run, p Protocol, d mailbox.Definition) *session {
	return &session{
		r: r, protocol: p, definition: d, server: *d.Server(p), resource: d.TokenFor(p),
		runCtx: ctx, log: &transcript{}, decided: make(chan struct{}),
	}
}

// Steps are those of a protocol, in order.
func Steps(security string) []Step {
	if security == mailbox.SecuritySTARTTLS {
		return []Step{StepResolve, StepConnect, StepGreeting, StepTLS, StepAuthenticate, StepMailbox, StepQuit}
	}
	return []Step{StepResolve, StepConnect, StepTLS, StepGreeting, StepAuthenticate, StepMailbox, StepQuit}
}

// run does the steps. Once one has not succeeded the later ones are skipped;
// an open connection is still taken leave of.
func (s *session) run(ctx context.Context) {
	s.ctx = ctx
	defer s.decide(undecided)
	defer s.disconnect()
	good := true
	for _, step := range Steps(s.server.Security) {
		wanted := good && (step != StepTLS || s.server.Security != mailbox.SecurityNone)
		if step == StepQuit {
			wanted = s.usable()
		}
		if !wanted {
			s.emit(Event{Step: step, State: Skipped, Start: time.Now()})
			continue
		}
		good = s.step(step)
	}
}

// decide publishes what the server said to the sign-in; the first call counts.
func (s *session) decide(d decision) {
	s.once.Do(func() {
		s.decision = d
		close(s.decided)
	})
}

func (s *session) emit(e Event) {
	e.Protocol = s.protocol
	s.r.note(e)
	s.watch.tell(e, s.r.send)
}

func (s *session) fact(name string, value any) { s.facts[name] = value }

// step does one step and reports whether the next one may follow.
func (s *session) step(step Step) bool {
	e := Event{Step: step, State: Running, Start: time.Now()}
	s.facts, s.warning = map[string]any{}, nil
	s.emit(e)
	err := s.do(step)
	e.Duration = time.Since(e.Start)
	s.log.takeInto(s.facts)
	e.Facts = maps.Clone(s.facts)
	none, unable := errors.AsType[diagnosis.Diagnosis](err) // there is nothing to sign in with
	switch {
	case unable:
		e.State, e.Diagnosis = Skipped, &none
	case err != nil:
		in := s.input(step, err)
		d := s.name(in)
		e.State, e.Diagnosis = Failed, &d
		e.Protocol = s.protocol
		s.failure = &failure{input: in, event: e}
	case s.warning != nil:
		e.State, e.Diagnosis = Warned, s.warning
	default:
		e.State = Passed
	}
	s.emit(e)
	return err == nil
}

func (s *session) do(step Step) error {
	switch step {
	case StepResolve:
		return s.resolve()
	case StepConnect:
		return s.connect()
	case StepTLS:
		return s.encrypt()
	case StepGreeting:
		return s.greet()
	case StepAuthenticate:
		return s.authenticate()
	case StepMailbox:
		return s.dialog.look()
	case StepQuit: // fails nothing
		s.fact(FactAnswered, s.goodbye())
		return nil
	}
	return fmt.Errorf("mailtest: no step %q", step)
}

func (s *session) resolve() error {
	found, err := resolve(s.ctx, s.r.cfg.Resolve, s.server.Host)
	if err != nil {
		if s.ctx.Err() != nil && s.runCtx.Err() != nil {
			return context.Cause(s.ctx)
		}
		return err
	}
	s.addresses = found
	shown := make([]string, len(found))
	for i, a := range found {
		shown[i] = a.String()
	}
	s.fact(FactAddresses, shown)
	return nil
}

func (s *session) connect() error {
	conn, tried := dial(s.ctx, s.r.cfg.Dial, s.addresses, s.server.Port)
	attempts := make([]map[string]any, len(tried))
	for i, at := range tried {
		attempts[i] = at.fact()
		if at.err == nil {
			s.address = at.address
		}
	}
	s.fact(FactAttempts, attempts)
	if conn == nil {
		return dialError(s.ctx, tried)
	}
	s.fact(FactAddress, s.address.String())
	s.use(conn)
	return nil
}

// connectTo opens another connection, in place of the one that is open.
func (s *session) connectTo(address netip.AddrPort) error {
	s.disconnect()
	conn, err := s.r.cfg.Dial(s.ctx, address)
	if err == nil {
		s.use(conn)
	}
	return err
}

// use takes a new connection. It ends with the context, whatever a library is
// doing with it.
func (s *session) use(conn net.Conn) {
	conn = prompted(conn)
	s.raw, s.secured, s.chain = conn, false, nil
	s.release = context.AfterFunc(s.ctx, func() { conn.Close() })
	s.wire = newWire(s.ctx, conn, s.log)
	s.dialog = checks[s.protocol](surroundings{
		wire: s.wire, server: s.server, sender: s.definition.Sender,
		tokens: s.definition.Authentication != mailbox.AuthPassword, shortLines: s.shortLines, fact: s.fact,
	})
}

// encrypt does the TLS handshake, where the definition wants it, and after
// STARTTLS where that is due.
func (s *session) encrypt() error {
	if s.server.Security == mailbox.SecurityNone {
		return nil
	}
	if s.server.Security == mailbox.SecuritySTARTTLS {
		if err := s.dialog.startTLS(); err != nil {
			return err
		}
		if s.wire.buffered() {
			return fmt.Errorf("%w: bytes came between the consent to STARTTLS and the handshake", errProtocol)
		}
	}
	s.chain = &handshake{host: s.server.Host, roots: s.r.roots()}
	tapped := &tap{Conn: s.raw}
	secured, err := encrypt(s.ctx, tapped, s.server.Host, s.chain.verify)
	maps.Copy(s.facts, s.chain.facts())
	if err != nil {
		s.chain.received = tapped.first()
		return s.wire.fail(err)
	}
	s.secured = true
	s.wire.tap = &tap{Conn: secured}
	s.warnOfInspection()
	return nil
}

// warnOfInspection tells of a private root, trusted here, at a host that has
// public certificates: somebody reads along, and may change what the host says.
func (s *session) warnOfInspection() {
	if s.facts[FactPrivateRoot] != true {
		return
	}
	d := diagnosis.New(diagnosis.CauseTLSInterceptionUntrustedCA, diagnosis.PhaseTLS, i18n.Args{
		"host": s.server.Host, "issuer": redact.Line(s.chain.root().Subject.CommonName),
	})
	d.Step = string(StepTLS)
	s.warning = &d
}

// greet reads the greeting. Before STARTTLS the sign-in mechanisms are not
// asked for: what counts is what the server offers afterwards.
func (s *session) greet() error {
	waits := s.suspectTLS()
	err := s.dialog.greet()
	if waits() && err != nil {
		return errTLSPort
	}
	if err != nil || s.server.Security == mailbox.SecuritySTARTTLS {
		return err
	}
	return s.askOffers()
}

func (s *session) askOffers() (err error) {
	s.offered, s.told, err = s.dialog.offers()
	return err
}

// usable reports whether there is a connection on which to say goodbye.
func (s *session) usable() bool {
	return s.wire != nil && s.ctx.Err() == nil && (s.wire.failed() == nil || s.dialog.leaving())
}

// goodbye ends the conversation, and the connection if that takes too long.
func (s *session) goodbye() bool {
	raw := s.raw
	limit := time.AfterFunc(quitTime, func() { raw.Close() })
	defer limit.Stop()
	return s.dialog.quit()
}

// leave says goodbye where somebody hears it, also after a refusal (RFC 5321,
// section 4.1.1.10), and ends the connection.
func (s *session) leave() {
	if s.usable() {
		s.goodbye()
	}
	s.disconnect()
}

// disconnect ends the connection and whatever reads from it.
func (s *session) disconnect() {
	if s.raw != nil {
		s.release()
		s.raw.Close()
		s.dialog.close()
		s.raw = nil
	}
}
