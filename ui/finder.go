package ui

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"time"

	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

// Finder finds out what belongs to an address by the name service and the
// sign-in service. It implements presenter.Finder.
type Finder struct {
	Log      *slog.Logger
	LookupMX func(ctx context.Context, domain string) ([]*net.MX, error) // nil = the system's
	TenantOf func(ctx context.Context, d mailbox.Definition, domain string) (string, error)
}

// NewFinder asks the real services.
func NewFinder(log *slog.Logger) Finder {
	return Finder{Log: log, LookupMX: net.DefaultResolver.LookupMX, TenantOf: tenantOf}
}

func tenantOf(ctx context.Context, d mailbox.Definition, domain string) (string, error) {
	client, err := oauth.HTTPClient(d)
	if err != nil {
		return "", err
	}
	return (&oauth.Client{HTTP: client}).TenantOf(ctx, d, domain)
}

// Tenant implements presenter.Finder.
func (f Finder) Tenant(ctx context.Context, d mailbox.Definition, domain string) (string, error) {
	return f.TenantOf(ctx, d, domain)
}

// exchangers tell whose mail servers a domain's MX records name. Microsoft,
// "External Domain Name System records for Microsoft 365" and the same for its
// clouds; Google, "MX record values"; 2026-11.
var exchangers = []struct{ suffix, provider, cloud, accountType string }{
	{".olc.protection.outlook.com", mailbox.ProviderMicrosoft, mailbox.CloudGlobal, mailbox.AccountConsumers},
	{".mail.protection.outlook.com", mailbox.ProviderMicrosoft, mailbox.CloudGlobal, mailbox.AccountTenant},
	{".mx.microsoft", mailbox.ProviderMicrosoft, mailbox.CloudGlobal, mailbox.AccountTenant},
	{".mail.protection.office365.us", mailbox.ProviderMicrosoft, mailbox.CloudUSGovHigh, mailbox.AccountTenant},
	{".mail.protection.partner.outlook.cn", mailbox.ProviderMicrosoft, mailbox.CloudChina, mailbox.AccountTenant},
	{".google.com", mailbox.ProviderGoogle, "", ""},
	{".googlemail.com", mailbox.ProviderGoogle, "", ""},
}

// mxTime leaves time for the tenant after a slow name service.
const mxTime = 6 * time.Second

// Propose implements presenter.Finder. A domain whose mail goes through
// somebody else's filter may still be at Microsoft: its tenant tells.
func (f Finder) Propose(ctx context.Context, sender string) mailbox.Definition {
	domain := sender[strings.LastIndexByte(sender, '@')+1:]
	d := mailbox.Definition{Sender: sender, User: sender, Authentication: mailbox.AuthOAuth2}
	o := f.provider(ctx, domain)
	if o == nil {
		o = &mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, Cloud: mailbox.CloudGlobal, AccountType: mailbox.AccountTenant}
		d.OAuth = o
		if o.Tenant = f.tenant(ctx, d, domain); o.Tenant == "" {
			return mailbox.Definition{Sender: sender}
		}
	}
	d.OAuth = o
	if o.AccountType == mailbox.AccountTenant && o.Tenant == "" {
		o.Tenant = f.tenant(ctx, d, domain)
	}
	p := oauth.ProviderOf(*o)
	d.IMAP, d.POP3, d.SMTP = &p.IMAP, &p.POP3, &p.SMTP
	return d
}

func (f Finder) tenant(ctx context.Context, d mailbox.Definition, domain string) string {
	d = d.Clone()
	d.OAuth.Tenant = domain // a request for discovery needs one
	tenant, err := f.TenantOf(ctx, d, domain)
	if err != nil {
		f.Log.Debug("ui: no tenant found", "domain", domain, "error", err)
		return ""
	}
	return tenant
}

// provider reads it from the MX records; nil where they name nobody known.
func (f Finder) provider(ctx context.Context, domain string) *mailbox.OAuth {
	ctx, cancel := context.WithTimeout(ctx, mxTime)
	defer cancel()
	records, err := f.LookupMX(ctx, domain)
	if err != nil {
		f.Log.Debug("ui: no MX record", "domain", domain, "error", err)
	}
	for _, r := range records {
		host := strings.ToLower(strings.TrimSuffix(r.Host, "."))
		for _, e := range exchangers {
			if strings.HasSuffix(host, e.suffix) {
				return &mailbox.OAuth{Provider: e.provider, Cloud: e.cloud, AccountType: e.accountType}
			}
		}
	}
	return nil
}

// practiceFinder knows the practice tenant's domain and asks the real services
// about nothing: practice stays on this machine.
type practiceFinder struct{ definition mailbox.Definition }

// Propose implements presenter.Finder.
func (f practiceFinder) Propose(_ context.Context, sender string) mailbox.Definition {
	own := f.definition.Sender
	if !strings.EqualFold(sender[strings.LastIndexByte(sender, '@')+1:], own[strings.LastIndexByte(own, '@')+1:]) {
		return mailbox.Definition{Sender: sender}
	}
	d := f.definition.Clone()
	d.Name, d.Sender, d.User = "", sender, sender
	return d
}

// Tenant implements presenter.Finder.
func (f practiceFinder) Tenant(ctx context.Context, d mailbox.Definition, domain string) (string, error) {
	d = d.Clone()
	d.OAuth.Authority, d.TrustedCA = f.definition.OAuth.Authority, f.definition.TrustedCA
	return tenantOf(ctx, d, domain)
}
