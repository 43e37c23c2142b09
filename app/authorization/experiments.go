package authorization

import (
	"context"
	"time"

	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// Experiments is what a mailbox test may try after a failure. hosts are those
// the user confirmed beyond the recorded ones.
func (m *Manager) Experiments(d mailbox.Definition, hosts []string) *mailtest.Experiments {
	x := &mailtest.Experiments{}
	if d.OAuth == nil || d.Authentication != mailbox.AuthOAuth2 {
		return x
	}
	x.Renew = func(ctx context.Context, resource string) (mailtest.Credential, error) {
		if _, err := m.renewLocked(ctx, d, resource, func(record) bool { return true }); err != nil {
			return mailtest.Credential{}, err
		}
		return m.Credential(d, hosts)(ctx, resource)
	}
	x.Clock = func(ctx context.Context) (time.Duration, error) {
		client, done, err := m.client(d)
		if err != nil {
			return 0, err
		}
		defer done()
		return client.ClockAhead(ctx, d)
	}
	x.Presets = map[mailtest.Protocol]mailbox.Server{}
	for _, s := range d.OAuth.Presets() {
		x.Presets[s.Protocol] = *s.Server
	}
	return x
}
