package mailtest

import (
	"context"
	"net/netip"
	"slices"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

// Connecting tries both families of addresses anyway. What breaks a
// connection that stands may sit on the way of one family only.
var _ = trying(diagnosis.OtherFamily, trial{
	unasked: unsure,
	fits: func(s *session) bool {
		step := s.failure.event.Step
		return s.address.IsValid() && len(s.otherFamily()) > 0 && !s.chain.refused() && (step == StepTLS || step == StepGreeting)
	},
	run: func(ctx context.Context, p *probe) string {
		set := p.failed.server
		speaks := p.speaks(ctx, netip.AddrPortFrom(p.failed.otherFamily()[0], uint16(set.Port)))
		return worksOrFails(ctx, asSet(speaks, set))
	},
})

// otherFamily are the addresses that are not of the family connected to.
func (s *session) otherFamily() []netip.Addr {
	return slices.DeleteFunc(slices.Clone(s.addresses), func(a netip.Addr) bool { return a.Is4() == s.address.Addr().Is4() })
}

// A host of which another port answers lives: then this port is blocked, or
// nothing listens on it.
var _ = trying(diagnosis.OtherProtocol, trial{
	unasked: unsure,
	fits:    func(s *session) bool { return s.failure.event.Step == StepConnect && len(s.addresses) > 0 },
	run: func(ctx context.Context, p *probe) string {
		for _, other := range p.r.sessions {
			if other.server.Host == p.server.Host && other.server.Port != p.server.Port && other.address.IsValid() {
				return "works"
			}
		}
		for _, k := range mailbox.Kinds() {
			port := k.Ports[0].Number
			if k.Protocol != p.protocol && port != p.server.Port && p.connects(ctx, p.addresses[:1], port) {
				return "works"
			}
		}
		return worksOrFails(ctx, p.server.Port != 443 && p.connects(ctx, p.addresses[:1], 443))
	},
})

func worksOrFails(ctx context.Context, works bool) string {
	if works {
		return "works"
	}
	return inTime(ctx, "fails")
}

func (p *probe) connects(ctx context.Context, addresses []netip.Addr, port int) bool {
	ctx, cancel := context.WithTimeout(ctx, firstWords)
	defer cancel()
	conn, tried := dial(ctx, p.r.cfg.Dial, addresses, port)
	attempts, _ := p.facts[FactAttempts].([]string)
	for _, at := range tried {
		attempts = append(attempts, at.address.String()+": "+at.fact()["result"].(string))
	}
	p.facts[FactAttempts] = attempts
	if conn != nil {
		conn.Close()
	}
	return conn != nil
}
