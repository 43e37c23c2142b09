package oauth

import (
	"context"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"

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
	a.work.Go(func() { readKeys(ctx, s.keys) })
	return a
}

// end waits for what is still being fetched; nobody needs it any more.
func (a *ahead) end(cancel context.CancelFunc) {
	cancel()
	a.work.Wait()
}

// nobodys is an identity token without a signature. A key set that is to
// verify it reads the service's keys, which then stay known; there is no other
// way to tell it to.
const nobodys = "eyJhbGciOiJSUzI1NiJ9.e30.AA" // {"alg":"RS256"}.{}

func readKeys(ctx context.Context, keys oidc.KeySet) { _, _ = keys.VerifySignature(ctx, nobodys) }

func (a *ahead) tenantOf(ctx context.Context, c *Client, r Request) (string, error) {
	tenant, err := a.tenant()
	if d, ok := err.(diagnosis.Diagnosis); ok && d.Cause != diagnosis.CauseTenantNotFound {
		return c.TenantOf(ctx, r.Mailbox, mailbox.DomainOf(r.Mailbox.User))
	}
	return tenant, err
}
