package mailtest

import (
	"context"
	"slices"
	"strings"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

// A token that is refused, or that opens no mailbox, may be stale or revoked, which a new one mends, or
// be wrong in itself. To be sure that it is the token, the old one is tried
// again as well: a setting may have come into force between the two.
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
			return "not-renewed"
		}
		p.log.hide(fresh.Token.Reveal())
		switch err := p.signsIn(fresh); {
		case isRefusal(err):
			return "refused"
		case err != nil:
			return ""
		}
		old, known := p.r.credentials[p.resource].known()
		if !known || !isRefusal(p.signsIn(old)) {
			return "passed-by"
		}
		return "accepted"
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

// FactOfferedBefore and FactOfferedAfter (experiment smtp-offers): the
// mechanisms that EHLO lists before and after TLS.
const (
	FactOfferedBefore = "offered_before_tls"
	FactOfferedAfter  = "offered_after_tls"
)

// What SMTP offers often depends on TLS: a sign-in that is missing may only be
// missing before it.
var _ = trying(diagnosis.SMTPOffers, trial{
	unasked: unsure,
	fits: func(s *session) bool {
		return s.protocol == SMTP && s.failure.event.Step == StepAuthenticate && s.server.Security != mailbox.SecurityTLS
	},
	run: func(ctx context.Context, p *probe) string {
		if err := p.greeted(ctx, p.failed.address, mailbox.SecuritySTARTTLS); err != nil {
			return ""
		}
		capabilities, _ := p.facts[FactCapabilities].([]string)
		before := mechanismsIn(capabilities)
		after := before
		if p.dialog.startTLS() == nil {
			if _, err := p.untrusted(ctx); err != nil {
				return ""
			}
			offered, _, err := p.dialog.offers()
			if err != nil {
				return ""
			}
			after = offered
		}
		p.facts[FactOfferedBefore], p.facts[FactOfferedAfter] = list(before), list(after)
		switch {
		case len(after) == 0:
			return "never"
		case slices.Equal(before, after):
			return "same"
		}
		return "after-tls"
	},
})

// mechanismsIn reads EHLO's line AUTH.
func mechanismsIn(extensions []string) []string {
	for _, e := range extensions {
		if words := strings.Fields(strings.ToUpper(e)); len(words) > 0 && words[0] == "AUTH" {
			return words[1:]
		}
	}
	return nil
}
