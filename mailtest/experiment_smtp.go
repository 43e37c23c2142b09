package mailtest

import (
	"context"
	"slices"
	"strings"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

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
		p.facts[FactOfferedBefore], p.facts[FactOfferedAfter] = append([]string{}, before...), append([]string{}, after...)
		switch {
		case len(after) == 0:
			return inTime(p.ctx, "never")
		case slices.Equal(before, after):
			return inTime(p.ctx, "same")
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
