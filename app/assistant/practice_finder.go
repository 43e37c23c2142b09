package assistant

import (
	"context"
	"strings"

	"mailgrant/app/authorization"
	"mailgrant/internal/mailbox"
)

// PracticeFinder knows the practice tenant's domain and asks the real services
// about nothing: practice stays on this machine.
type PracticeFinder struct {
	Manager  *authorization.Manager
	Practice mailbox.Definition // the tenant's own mailbox
}

// Propose is Finder's.
func (f PracticeFinder) Propose(_ context.Context, from mailbox.Definition) (mailbox.Definition, error) {
	if !strings.EqualFold(mailbox.DomainOf(from.Sender), mailbox.DomainOf(f.Practice.Sender)) {
		return mailbox.Definition{Sender: from.Sender}, nil
	}
	d := f.Practice.Clone()
	d.Name, d.Sender, d.User = "", from.Sender, from.Sender
	return d, nil
}

// Tenant is Finder's.
func (f PracticeFinder) Tenant(ctx context.Context, d mailbox.Definition, domain string) (string, error) {
	d = d.Clone()
	d.OAuth.Authority, d.TrustedCA = f.Practice.OAuth.Authority, f.Practice.TrustedCA
	return tenantOf(ctx, f.Manager, d, domain)
}
