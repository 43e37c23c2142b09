package oauth

import (
	"context"
	"sync"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

// ahead is what the verdict on an answer needs of the service, fetched while
// the person signs in.
type ahead struct {
	tenant func() (string, error) // of the domain of the address
	work   sync.WaitGroup
}

// fetchAhead begins with it. What cannot be had now is tried again when it is
// needed.
func (c *Client) fetchAhead(ctx context.Context, r Request, s *service) *ahead {
	a := &ahead{tenant: sync.OnceValues(func() (string, error) {
		return c.TenantOf(ctx, r.Mailbox, mailbox.DomainOf(r.Mailbox.User))
	})}
	if s.hasTenants(*r.Mailbox.OAuth) {
		a.work.Go(func() { _, _ = a.tenant() })
	}
	a.work.Go(func() {
		s.keys.Lock()
		defer s.keys.Unlock()
		_ = c.readKeys(ctx, s)
	})
	return a
}

// end waits for what is still being fetched; nobody needs it any more.
func (a *ahead) end(cancel context.CancelFunc) {
	cancel()
	a.work.Wait()
}

func (a *ahead) tenantOf(ctx context.Context, c *Client, r Request) (string, error) {
	tenant, err := a.tenant()
	if d, ok := err.(diagnosis.Diagnosis); ok && d.Cause != diagnosis.CauseTenantNotFound {
		return c.TenantOf(ctx, r.Mailbox, mailbox.DomainOf(r.Mailbox.User))
	}
	return tenant, err
}
