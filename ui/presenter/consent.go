package presenter

import (
	"context"

	"mailgrant/app/authorization"
	"mailgrant/internal/mailbox"
)

// Consent lets an administrator agree to the permissions for the whole
// organization. It gives no token; the stored authorization stays as it is.
func (p *Presenter) Consent() {
	p.browse(waiting{consent: true}, p.Consent, func(ctx context.Context, e *entry, d mailbox.Definition, o authorization.Options) func() {
		result, err := p.c.Engine.Consent(ctx, d, o)
		return func() {
			if err != nil {
				e.outcome = p.failure(e, err, p.Consent)
				return
			}
			e.found.consent = &result
			p.tell(Notice{Text: p.text("ui.notice.consented", "tenant", result.TenantID)})
		}
	})
}
