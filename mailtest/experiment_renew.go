package mailtest

import (
	"context"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

// A token that is refused, or that opens no mailbox, may be stale or revoked,
// which a new one mends, or be wrong in itself. To be sure that it is the token,
// the old one is tried again as well: a setting may have come into force between
// the two.
var _ = trying(diagnosis.RenewAndRetry, trial{
	unasked: unsure,
	fits: func(s *session) bool {
		if s.r.cfg.Experiments.Renew == nil || s.definition.Authentication != mailbox.AuthOAuth2 {
			return false
		}
		return s.failure.event.Step == StepAuthenticate && s.decision == refused || s.failure.event.Step == StepMailbox && isRefusal(s.failure.input.Err)
	},
	run: func(ctx context.Context, p *probe) string {
		fresh, err := p.r.renewed[p.resource].get(ctx)
		if err != nil {
			return inTime(ctx, "not-renewed")
		}
		p.log.hide(fresh.Token.Reveal())
		switch err := p.signsIn(fresh); {
		case isRefusal(err):
			return "refused"
		case err != nil:
			return ""
		}
		old, _ := p.r.credentials[p.resource].known() // it was refused
		switch err := p.signsIn(old); {
		case isRefusal(err):
			return "accepted"
		case err != nil:
			return ""
		}
		return "passed-by"
	},
})

// signsIn makes a connection of its own, signs in on it and, if that was where
// it failed, opens the mailbox.
func (p *probe) signsIn(c Credential) error {
	p.mechanism, p.shortLines = p.failed.mechanism, p.failed.shortLines
	if err := p.reconnect(); err != nil {
		return err
	}
	p.log.hide(c.Token.Reveal())
	err := p.signIn(c, p.userFor(c))
	if err == nil && p.failed.failure.event.Step == StepMailbox {
		err = p.dialog.look()
	}
	p.goodbye()
	return err
}
