package oauth

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/provider"
)

const (
	personalTenant = provider.PersonalTenant
	// personalMailTenant is what Exchange Online calls the same (seen in the
	// X-MS-Exchange-CrossTenant-Id of mail from outlook.com).
	personalMailTenant = "84df9e7f-e9f6-40af-b435-aaaaaaaaaaaa"

	tenantTemplate = "{tenantid}"
)

// entra is the Microsoft identity platform: its addresses carry a tenant or a
// kind of account, and whoever signs in belongs to a tenant.
type entra struct{}

// Before a tenant is known there is no address.
func (entra) endpoint(o mailbox.OAuth) oauth2.Endpoint {
	if tenantPath(o) == "" {
		return oauth2.Endpoint{}
	}
	return entraEndpoint(o)
}

// entraEndpoint builds the endpoints, which need no discovery (Microsoft
// identity platform, "OpenID Connect: endpoints").
func entraEndpoint(o mailbox.OAuth) oauth2.Endpoint {
	base := Authority(o) + "/" + url.PathEscape(tenantPath(o))
	return oauth2.Endpoint{
		AuthURL:       base + "/oauth2/v2.0/authorize",
		TokenURL:      base + "/oauth2/v2.0/token",
		DeviceAuthURL: base + "/oauth2/v2.0/devicecode",
		// Anything else would redeem a code twice after an error.
		AuthStyle: oauth2.AuthStyleInParams,
	}
}

// tenantPath is the {tenant} part of the addresses.
func tenantPath(o mailbox.OAuth) string { return cmp.Or(o.Tenant, o.AccountType) }

func (entra) discovery(o mailbox.OAuth) string { return discoveryOf(o, tenantPath(o)) }

// discoveryOf is the address at which a tenant, by its id or a domain of it, is
// described.
func discoveryOf(o mailbox.OAuth, tenant string) string {
	return Authority(o) + "/" + url.PathEscape(tenant) + "/v2.0" + wellKnown
}

// The addresses that serve all tenants have a template as issuer, the others
// name a tenant.
func (entra) service(o mailbox.OAuth, m metadata) (*service, error) {
	s := &service{metadata: m, endpoint: entraEndpoint(o), entra: true}
	common, organizations := o.AccountType == mailbox.AccountCommon, o.AccountType == mailbox.AccountOrganizations
	s.allowsPersonal = common || o.AccountType == mailbox.AccountConsumers
	s.allowsWork = o.AccountType != mailbox.AccountConsumers
	template := strings.Contains(m.Issuer, tenantTemplate)
	switch {
	case template != (common || organizations):
		return nil, fmt.Errorf("the discovery document names the issuer %q, which does not fit %q", m.Issuer, tenantPath(o))
	case !template && s.tenantID() == "":
		return nil, fmt.Errorf("the discovery document's issuer %q names no tenant", m.Issuer)
	}
	return s, nil
}

// Microsoft documents that login_hint and select_account cannot be used
// together, and a consent prompt would stop users whose administrator has
// consented already.
func (entra) prompts(r Request) []oauth2.AuthCodeOption {
	options := []oauth2.AuthCodeOption{param("response_mode", "query"), param("prompt", r.promptWord())}
	if r.prompt() != mailbox.PromptSelectAccount {
		options = append(options, param("login_hint", r.Mailbox.User))
	}
	return options
}

// The email claim can be set by administrators of any tenant; it counts only
// within the expected one.
func (entra) identity(c claims, want expectation) (exact, alias bool) {
	if c.guest() || want.tenant != "" && !sameName(c.TenantID, want.tenant) {
		return false, false
	}
	return c.named(want.user), sameName(c.Email, want.user) && want.tenant != ""
}

func (entra) lasting(signedIn Account, who claims) []identityFact {
	guid := strings.ToLower
	return []identityFact{
		{"tenant", guid(signedIn.TenantID), guid(who.TenantID)},
		{"object id", guid(signedIn.ObjectID), guid(who.ObjectID)},
	}
}

// tenantID is the tenant that an issuer names, or "".
func (m metadata) tenantID() string { return strings.ToLower(guidIn(m.Issuer)) }

// guidIn is the first GUID among the parts of an address, or "".
func guidIn(address string) string {
	for part := range strings.SplitSeq(address, "/") {
		if mailbox.IsGUID(part) {
			return part
		}
	}
	return ""
}

// hasTenants reports whether the accounts of a definition belong to tenants
// that a domain leads to: unless they are personal.
func (s *service) hasTenants(o mailbox.OAuth) bool {
	return s.entra && o.AccountType != mailbox.AccountConsumers
}

// issuerFits checks an issuer. With a tenant in the address, discovery has
// named the issuer, and tid must be the tenant in it. The shared addresses give
// a template that tid fills in.
func (s *service) issuerFits(issuer, tid string) bool {
	tid = strings.ToLower(tid)
	if !mailbox.IsGUID(tid) {
		return false
	}
	if personal := tid == personalTenant; personal && !s.allowsPersonal || !personal && !s.allowsWork {
		return false
	}
	if named := s.tenantID(); named != "" && named != tid {
		return false
	}
	return strings.EqualFold(issuer, strings.ReplaceAll(s.Issuer, tenantTemplate, tid))
}
