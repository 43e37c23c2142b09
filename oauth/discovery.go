package oauth

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/pattern"
	"mailgrant/internal/provider"
)

const (
	personalTenant = provider.PersonalTenant
	// personalMailTenant is what Exchange Online calls the same (seen in the
	// X-MS-Exchange-CrossTenant-Id of mail from outlook.com).
	personalMailTenant = "84df9e7f-e9f6-40af-b435-aaaaaaaaaaaa"

	tenantTemplate = "{tenantid}"
)

// metadata is the part of a discovery document that is used (OpenID Connect
// Discovery 1.0, 3; RFC 8414; RFC 9207, 3).
type metadata struct {
	Issuer        string   `json:"issuer"`
	Authorization string   `json:"authorization_endpoint"`
	Token         string   `json:"token_endpoint"`
	Device        string   `json:"device_authorization_endpoint"`
	Keys          string   `json:"jwks_uri"`
	Algorithms    []string `json:"id_token_signing_alg_values_supported"`
	SendsIssuer   bool     `json:"authorization_response_iss_parameter_supported"`
}

// service is a sign-in service as one definition uses it.
type service struct {
	metadata
	endpoint  oauth2.Endpoint
	keys      oidc.KeySet
	microsoft bool
	// whose accounts Microsoft's address is for
	allowsPersonal, allowsWork bool
}

// tenantPath is the {tenant} part of Microsoft's addresses.
func tenantPath(o mailbox.OAuth) string {
	if o.Tenant != "" {
		return o.Tenant
	}
	return o.AccountType
}

// microsoftEndpoint builds Microsoft's endpoints, which need no discovery
// (Microsoft identity platform, "OpenID Connect: endpoints").
func microsoftEndpoint(o mailbox.OAuth) oauth2.Endpoint {
	base := Authority(o) + "/" + url.PathEscape(tenantPath(o))
	return oauth2.Endpoint{
		AuthURL:       base + "/oauth2/v2.0/authorize",
		TokenURL:      base + "/oauth2/v2.0/token",
		DeviceAuthURL: base + "/oauth2/v2.0/devicecode",
		// Anything else would redeem a code twice after an error.
		AuthStyle: oauth2.AuthStyleInParams,
	}
}

const wellKnown = "/.well-known/openid-configuration"

// discoveryURL is where the definition's service describes itself.
func discoveryURL(o mailbox.OAuth) string {
	if o.Provider == mailbox.ProviderMicrosoft {
		return Authority(o) + "/" + url.PathEscape(tenantPath(o)) + "/v2.0" + wellKnown
	}
	return strings.TrimSuffix(Authority(o), "/") + wellKnown
}

// discover returns the definition's service. What it found is kept for the
// life of the client. Errors are diagnoses.
func (c *Client) discover(ctx context.Context, d mailbox.Definition) (*service, error) {
	address := discoveryURL(*d.OAuth)
	// Which accounts are allowed is the definition's, the rest the address's.
	cacheKey := d.OAuth.AccountType + " " + address
	c.mu.Lock()
	known := c.services[cacheKey]
	c.mu.Unlock()
	if known != nil {
		return known, nil
	}
	m, err := c.fetchMetadata(ctx, d, address)
	if err != nil {
		return nil, explain(ctx, d, diagnosis.PhaseAuthorize, err)
	}
	s, err := newService(*d.OAuth, m)
	if err != nil {
		return nil, unexpected(d, diagnosis.PhaseAuthorize, err.Error())
	}
	s.keys = oidc.NewRemoteKeySet(oidc.ClientContext(context.WithoutCancel(ctx), c.http()), m.Keys)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.services == nil {
		c.services = map[string]*service{}
	}
	c.services[cacheKey] = s
	return s, nil
}

// newService checks a discovery document against the definition.
func newService(o mailbox.OAuth, m metadata) (*service, error) {
	if !secureURL(m.Keys) {
		return nil, fmt.Errorf("the discovery document has no usable jwks_uri")
	}
	if o.Provider == mailbox.ProviderMicrosoft {
		return newMicrosoft(o, m)
	}
	// OpenID Connect Discovery 1.0, 4.3. Definitions may leave out a slash at
	// the end; tokens are compared with the document's own spelling.
	if strings.TrimSuffix(m.Issuer, "/") != strings.TrimSuffix(Authority(o), "/") {
		return nil, fmt.Errorf("the discovery document is for the issuer %q", m.Issuer)
	}
	if !secureURL(m.Authorization) || !secureURL(m.Token) || m.Device != "" && !secureURL(m.Device) {
		return nil, fmt.Errorf("the discovery document names no usable authorization and token endpoints")
	}
	return &service{metadata: m, endpoint: oauth2.Endpoint{
		AuthURL: m.Authorization, TokenURL: m.Token, DeviceAuthURL: m.Device, AuthStyle: oauth2.AuthStyleInParams,
	}}, nil
}

// newMicrosoft expects a template as issuer from the addresses that serve all
// tenants, and a tenant from the others.
func newMicrosoft(o mailbox.OAuth, m metadata) (*service, error) {
	s := &service{metadata: m, endpoint: microsoftEndpoint(o), microsoft: true}
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

// secureURL accepts https, and http on this machine.
func secureURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http" && mailbox.IsLoopback(u.Hostname()))
}

var guidInPath = pattern.New(`/([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?:/|$)`)

// tenantID is the tenant that a Microsoft issuer names, or "".
func (m metadata) tenantID() string {
	if found := guidInPath().FindStringSubmatch(m.Issuer); found != nil {
		return strings.ToLower(found[1])
	}
	return ""
}

// hasTenants reports whether the accounts of a definition belong to tenants
// that a domain leads to: Microsoft's, unless they are personal.
func (s *service) hasTenants(o mailbox.OAuth) bool {
	return s.microsoft && o.AccountType != mailbox.AccountConsumers
}

// TenantOf finds the tenant of a mail domain at the definition's authority.
// Errors: diagnosis.Diagnosis, tenant-not-found among them.
func (c *Client) TenantOf(ctx context.Context, d mailbox.Definition, domain string) (string, error) {
	if d.OAuth.Provider != mailbox.ProviderMicrosoft {
		return "", diagnosis.New(diagnosis.CauseTenantNotFound, diagnosis.PhaseAuthorize, nil)
	}
	m, err := c.fetchMetadata(ctx, d, Authority(*d.OAuth)+"/"+url.PathEscape(domain)+"/v2.0"+wellKnown)
	if err != nil {
		return "", explain(ctx, d, diagnosis.PhaseAuthorize, err)
	}
	switch id := m.tenantID(); id {
	case "":
		return "", unexpected(d, diagnosis.PhaseAuthorize, fmt.Sprintf("the discovery document's issuer %q names no tenant", m.Issuer))
	case personalMailTenant:
		return personalTenant, nil
	default:
		return id, nil
	}
}

// fetchMetadata reads a discovery document. A refusal comes back as
// *oauth2.RetrieveError, like that of any other request.
func (c *Client) fetchMetadata(ctx context.Context, d mailbox.Definition, address string) (m metadata, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return m, err
	}
	req.Header.Set("Accept", "application/json")
	resp, err := c.http().Do(req)
	if err != nil {
		return m, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return m, err
	}
	c.log().Debug("oauth: discovery", "address", address, "status", resp.StatusCode)
	if resp.StatusCode != http.StatusOK {
		return m, &oauth2.RetrieveError{Response: resp, Body: body}
	}
	if err := json.Unmarshal(body, &m); err != nil || m.Issuer == "" {
		return m, unexpected(d, diagnosis.PhaseAuthorize, "this is no OpenID discovery document: "+address)
	}
	return m, nil
}
