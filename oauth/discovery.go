package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
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
	endpoint oauth2.Endpoint
	keys     keys
	entra    bool
	// whose accounts Entra's address is for
	allowsPersonal, allowsWork bool
}

const wellKnown = "/.well-known/openid-configuration"

// discoveryURL is where the definition's service describes itself.
func discoveryURL(o mailbox.OAuth) string { return mannersOf(o).discovery(o) }

// discover returns the definition's service. What it found is kept for the
// life of the client. Errors are diagnoses of what it is asked for (phase), of
// those that came to nobody as unreached.
func (c *Client) discover(ctx context.Context, d mailbox.Definition, phase diagnosis.Phase) (*service, error) {
	address := discoveryURL(*d.OAuth)
	// Which accounts are allowed is the definition's, the rest the address's.
	cacheKey := d.OAuth.AccountType + " " + address
	if known, found := c.services.Load(cacheKey); found {
		return known.(*service), nil
	}
	m, err := c.fetchMetadata(ctx, address)
	if err != nil {
		return nil, unreached{explain(ctx, d, phase, err), err}
	}
	s, err := newService(*d.OAuth, m)
	if err != nil {
		diag := unexpected(d, phase, err.Error())
		if named, is := errors.AsType[otherIssuer](err); is {
			diag.Args["issuer"] = redact.Line(string(named))
		}
		return nil, diag
	}
	c.services.Store(cacheKey, s)
	return s, nil
}

// discoverInTime is discover for a sign-in, which may have less time than an
// answer takes, and has the rest of it afterwards.
func (c *Client) discoverInTime(ctx context.Context, r *Request) (*service, error) {
	ctx, cancel := context.WithTimeout(ctx, r.limit())
	defer cancel()
	s, err := c.discover(ctx, r.Mailbox, diagnosis.PhaseAuthorize)
	until, _ := ctx.Deadline()
	r.Timeout = max(time.Until(until), time.Nanosecond)
	return s, err
}

// otherIssuer is who a discovery document is for that was asked of another.
type otherIssuer string

func (o otherIssuer) Error() string {
	return fmt.Sprintf("the discovery document is for the issuer %q", string(o))
}

// newService checks a discovery document against the definition.
func newService(o mailbox.OAuth, m metadata) (*service, error) {
	if !secureURL(m.Keys) {
		return nil, fmt.Errorf("the discovery document has no usable jwks_uri")
	}
	return mannersOf(o).service(o, m)
}

// secureURL accepts https, and http on this machine.
func secureURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http" && mailbox.IsLoopback(u.Hostname()))
}

// TenantOf finds the tenant of a mail domain at the definition's authority.
// Errors: diagnosis.Diagnosis, tenant-not-found among them.
func (c *Client) TenantOf(ctx context.Context, d mailbox.Definition, domain string) (string, error) {
	if !d.Profile().Entra {
		return "", diagnosis.New(diagnosis.CauseTenantNotFound, diagnosis.PhaseAuthorize, nil)
	}
	m, err := c.fetchMetadata(ctx, discoveryOf(*d.OAuth, domain))
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

var errNoDocument = errors.New("this is no OpenID discovery document")

// fetchMetadata reads a discovery document. A refusal comes back as
// *oauth2.RetrieveError, like that of any other request.
func (c *Client) fetchMetadata(ctx context.Context, address string) (m metadata, err error) {
	a, err := c.ask(ctx, address, nil)
	if err != nil {
		return m, err
	}
	c.log().Debug("oauth: discovery", "address", address, "status", a.StatusCode)
	if a.StatusCode != http.StatusOK {
		return m, a.refusal()
	}
	if err := json.Unmarshal(a.body, &m); err != nil || m.Issuer == "" {
		return m, fmt.Errorf("%w: %s", errNoDocument, address)
	}
	return m, nil
}

// Tenant is what can be found out about an organisation without signing in.
type Tenant struct {
	ID    string // GUID
	Name  string // as its sign-in page shows it, or ""
	Cloud string // the cloud's own name, "microsoftonline.com"
	// Federated: its people sign in at the organisation's own service, which
	// may sign the Windows user in without a question. Known says whether
	// that could be found out.
	Federated, Known bool
}

// Describe finds the tenant of an address's domain and what kind it is.
// Errors are those of TenantOf; the rest of the facts may be missing.
func (c *Client) Describe(ctx context.Context, d mailbox.Definition, address string) (Tenant, error) {
	domain := mailbox.DomainOf(address)
	id, err := c.TenantOf(ctx, d, domain)
	if err != nil {
		return Tenant{}, err
	}
	t := Tenant{ID: id}
	// The address that Microsoft's own libraries ask before a sign-in by
	// password; its answer needs no user that exists (MSAL, user realm discovery).
	a, err := c.ask(ctx, Authority(*d.OAuth)+"/getuserrealm.srf?"+url.Values{"login": {"mailgrant@" + domain}, "json": {"1"}}.Encode(), nil)
	if err != nil {
		return t, nil
	}
	var realm struct{ NameSpaceType, FederationBrandName, CloudInstanceName string }
	if json.Unmarshal(a.body, &realm) != nil {
		return t, nil
	}
	t.Name, t.Cloud = realm.FederationBrandName, realm.CloudInstanceName
	t.Known = realm.NameSpaceType == "Managed" || realm.NameSpaceType == "Federated"
	t.Federated = realm.NameSpaceType == "Federated"
	return t, nil
}
