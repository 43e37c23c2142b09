package mailtest

import (
	"context"
	"time"

	"mailgrant/internal/diagnosis"
)

// FactClock (experiment clock): by how many seconds this machine's clock is
// ahead of the sign-in service's.
const FactClock = "clock_ahead_s"

// A certificate out of its time may be good by the right time.
var _ = trying(diagnosis.Clock, trial{
	fits: func(s *session) bool {
		return s.r.cfg.Experiments.Clock != nil && s.failure.event.Step == StepTLS && s.chain.refused()
	},
	run: func(ctx context.Context, p *probe) string {
		ahead, err := p.r.cfg.Experiments.Clock(ctx)
		if err != nil {
			return ""
		}
		p.facts[FactClock] = int64(ahead / time.Second)
		p.ahead = ahead
		leaf := p.failed.chain.state.PeerCertificates[0]
		inTime := func(t time.Time) bool { return !t.Before(leaf.NotBefore) && !t.After(leaf.NotAfter) }
		switch now := time.Now(); {
		case !inTime(now) && inTime(now.Add(-ahead)):
			return "wrong"
		case inTime(now) == inTime(now.Add(-ahead)):
			return "right"
		}
		return ""
	},
})
