package oauth

import (
	"context"
	"encoding/json"
	"net/url"

	"mailgrant/internal/mailbox"
)

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
