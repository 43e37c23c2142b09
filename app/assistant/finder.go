package assistant

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/provider"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

// Finder finds out what belongs to an address by the name service and the
// sign-in service.
type Finder struct {
	Log       *slog.Logger
	LookupMX  func(ctx context.Context, domain string) ([]*net.MX, error)
	LookupSRV func(ctx context.Context, service, proto, domain string) (string, []*net.SRV, error)
	TenantOf  func(ctx context.Context, d mailbox.Definition, domain string) (string, error)
}

// NewFinder asks the real services, by the proxy and with its password that a
// mailbox has.
func NewFinder(m *authorization.Manager, log *slog.Logger) Finder {
	r := net.DefaultResolver
	return Finder{Log: log, LookupMX: r.LookupMX, LookupSRV: r.LookupSRV, TenantOf: func(ctx context.Context, d mailbox.Definition, domain string) (string, error) {
		return tenantOf(ctx, m, d, domain)
	}}
}

func tenantOf(ctx context.Context, m *authorization.Manager, d mailbox.Definition, domain string) (tenant string, err error) {
	unread := m.Ask(d, func(c *oauth.Client, _ redact.Secret) { tenant, err = c.TenantOf(ctx, d, domain) })
	return tenant, errors.Join(unread, err)
}

// Tenant finds the tenant of a domain at the definition's sign-in service.
func (f Finder) Tenant(ctx context.Context, d mailbox.Definition, domain string) (string, error) {
	return f.TenantOf(ctx, d, domain)
}

// mxTime leaves time for the tenant after a slow name service.
const mxTime = 6 * time.Second

// Propose fills in what can be found out about the domain of the sender of a
// definition, of which nothing else counts but whose mailbox it is. A domain
// whose mail goes through somebody else's filter may still be at Microsoft:
// its tenant tells. Of any other only the servers that it announces itself
// are proposed, with password sign-in and without OAuth. An error is that of
// a service that did not answer; then nothing was found.
func (f Finder) Propose(ctx context.Context, from mailbox.Definition) (mailbox.Definition, error) {
	o, err := f.provider(ctx, mailbox.DomainOf(from.Sender))
	known := o != nil
	if !known {
		o = &mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, Cloud: mailbox.CloudGlobal, AccountType: mailbox.AccountTenant}
	}
	if o.AccountType == mailbox.AccountTenant {
		var unasked error
		o.Tenant, unasked = f.tenant(ctx, from, *o)
		err = errors.Join(err, unasked)
	}
	if !known && o.Tenant == "" {
		d := f.announced(ctx, from.Sender)
		if len(d.Servers) > 0 {
			err = nil
		}
		return d, err
	}
	return mailbox.Definition{
		Sender: from.Sender, User: from.Sender, Authentication: mailbox.AuthOAuth2, OAuth: o, Servers: o.Presets(),
	}, nil
}

// tenant is "" without an error where the domain has none.
func (f Finder) tenant(ctx context.Context, from mailbox.Definition, o mailbox.OAuth) (string, error) {
	domain := mailbox.DomainOf(from.Sender)
	o.Tenant = domain // a request for discovery needs one
	tenant, err := f.TenantOf(ctx, mailbox.Definition{Name: from.Name, Sender: from.Sender, User: from.User, OAuth: &o}, domain)
	if err != nil {
		f.Log.Debug("assistant: no tenant found", "domain", domain, "error", err)
	}
	if d, _ := errors.AsType[diagnosis.Diagnosis](err); d.Cause == diagnosis.CauseTenantNotFound {
		err = nil
	}
	return tenant, err
}

// provider knows some domains, and reads it from the MX records of others; nil where
// they name nobody known.
func (f Finder) provider(ctx context.Context, domain string) (*mailbox.OAuth, error) {
	if p, known := provider.ByAddress(domain); known {
		return &mailbox.OAuth{Provider: p.ID, Cloud: p.Cloud, AccountType: p.AccountType}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, mxTime)
	defer cancel()
	records, err := f.LookupMX(ctx, domain)
	if err != nil {
		f.Log.Debug("assistant: no MX record", "domain", domain, "error", err)
	}
	for _, r := range records {
		if p, known := provider.ByMX(r.Host); known {
			return &mailbox.OAuth{Provider: p.ID, Cloud: p.Cloud, AccountType: p.AccountType}, nil
		}
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok && e.IsNotFound {
		err = nil
	}
	return nil, err
}

// announced are the servers of a domain's SRV records (RFC 6186; RFC 8314,
// 5.1 for submissions). A target of "." says that there is none.
func (f Finder) announced(ctx context.Context, sender string) mailbox.Definition {
	d := mailbox.Definition{Sender: sender}
	ctx, cancel := context.WithTimeout(ctx, mxTime)
	defer cancel()
	for _, k := range mailbox.Kinds() {
		if server := f.server(ctx, k, mailbox.DomainOf(sender)); server != nil {
			d.SetServer(k.Protocol, server)
			d.User, d.Authentication = sender, mailbox.AuthPassword
		}
	}
	return d
}

func (f Finder) server(ctx context.Context, k mailbox.Kind, domain string) *mailbox.Server {
	for _, s := range k.Services {
		_, records, err := f.LookupSRV(ctx, s.Name, "tcp", domain)
		if err != nil || len(records) == 0 {
			continue
		}
		if host := strings.TrimSuffix(records[0].Target, "."); mailbox.IsHostName(host) {
			return &mailbox.Server{Host: host, Port: int(records[0].Port), Security: s.Security}
		}
	}
	return nil
}

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
