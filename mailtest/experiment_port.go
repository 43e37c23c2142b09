package mailtest

import (
	"context"
	"crypto/tls"
	"errors"
	"net/netip"
	"slices"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

// firstWords is how long a server may take to say its first words to a trial.
// Some wait for several seconds; those count as silent, which decides nothing.
const firstWords = 1500 * time.Millisecond

// usualPorts are those of a protocol that are encrypted, the best first.
func usualPorts(p Protocol) []mailbox.Port {
	return slices.DeleteFunc(slices.Clone(mailbox.KindOf(p).Ports), func(p mailbox.Port) bool { return p.Security == mailbox.SecurityNone })
}

var _ = trying(diagnosis.SpeakPort, trial{
	unasked: always,
	fits: func(s *session) bool {
		step := s.failure.event.Step
		return s.address.IsValid() && (step == StepGreeting || step == StepTLS) && !s.chain.refused()
	},
	run: func(ctx context.Context, p *probe) string {
		speaks, set := p.speaks(ctx, p.address), p.failed.server
		switch {
		case asSet(speaks, set):
			return "as-set"
		case speaks == mailbox.SecurityTLS, speaks == mailbox.SecuritySTARTTLS:
			p.change = &mailbox.Server{Host: set.Host, Port: set.Port, Security: speaks}
		}
		return speaks
	},
})

var _ = trying(diagnosis.UsualPorts, trial{
	unasked: always,
	fits: func(s *session) bool {
		step := s.failure.event.Step
		return len(s.addresses) > 0 && (step == StepConnect || step == StepGreeting || step == StepTLS && !s.chain.refused())
	},
	run: func(ctx context.Context, p *probe) string {
		set := p.failed.server
		isSet := func(usual mailbox.Port) bool { return usual.Number == set.Port }
		ports := usualPorts(p.protocol)
		answer := "answer"
		if slices.ContainsFunc(ports, isSet) {
			answer = "another" // the port is right, whatever keeps it from answering
		}
		for _, usual := range slices.DeleteFunc(ports, isSet) {
			address := netip.AddrPortFrom(p.reachable(), uint16(usual.Number))
			if p.speaks(ctx, address) == usual.Security {
				p.change = &mailbox.Server{Host: set.Host, Port: usual.Number, Security: usual.Security}
				return answer
			}
		}
		return inTime(ctx, "silent")
	},
})

// inTime is the outcome of what was in vain, unless that is because the time
// for the trial is over.
func inTime(ctx context.Context, outcome string) string {
	if ctx.Err() != nil {
		return ""
	}
	return outcome
}

// reachable is the address that was connected to, or the first one.
func (p *probe) reachable() netip.Addr {
	if p.address.IsValid() {
		return p.address.Addr()
	}
	return p.addresses[0]
}

// asSet tells whether a port speaks as the definition has it.
func asSet(speaks string, set mailbox.Server) bool {
	return speaks == set.Security || speaks == "plain" && set.Security == mailbox.SecurityNone
}

// speaks finds out how a port speaks the protocol: in the clear ("plain"), with
// STARTTLS or within TLS (then it is the security that fits), or another one
// ("other"). "" is a port that does not answer at all.
func (p *probe) speaks(ctx context.Context, address netip.AddrPort) string {
	err := p.greeted(ctx, address, mailbox.SecuritySTARTTLS)
	switch {
	case err == nil:
		if p.dialog.startTLS() == nil {
			return mailbox.SecuritySTARTTLS
		}
		return "plain"
	case p.raw == nil:
		return ""
	case errors.Is(err, errProtocol) && !startsTLS(p.wire.first()):
		return "other"
	case isRefusal(err): // busy, but it speaks the protocol
		return "plain"
	}
	switch err := p.greeted(ctx, address, mailbox.SecurityTLS); {
	case err == nil, p.secured && isRefusal(err):
		return mailbox.SecurityTLS
	case p.secured && errors.Is(err, errProtocol), errors.As(err, new(tls.RecordHeaderError)):
		return "other"
	}
	return inTime(ctx, "silent")
}

// startsTLS tells TLS records from words.
func startsTLS(b []byte) bool { return len(b) > 1 && (b[0] == 0x15 || b[0] == 0x16) && b[1] == 3 }

// greeted makes a connection, with a time of its own, and hears the server's
// first words.
func (p *probe) greeted(ctx context.Context, address netip.AddrPort, security string) error {
	p.stop()
	p.ctx, p.stop = context.WithTimeout(ctx, firstWords)
	p.server.Security = security
	err := p.connectTo(address)
	if err == nil && security == mailbox.SecurityTLS {
		_, err = p.untrusted(p.ctx)
	}
	if err != nil {
		return err
	}
	return p.dialog.greet()
}

// untrusted encrypts the connection, whoever is at the other end. Nothing
// secret may be said on it.
func (p *probe) untrusted(ctx context.Context) (*tls.Conn, error) {
	secured, err := encrypt(ctx, p.raw, p.server.Host, nil)
	if err != nil {
		return secured, p.wire.fail(err)
	}
	p.secured, p.wire.tap = true, &tap{Conn: secured}
	return secured, nil
}

// refused tells whether a certificate was shown and refused.
func (h *handshake) refused() bool { return h != nil && h.seen && h.chain == nil }
