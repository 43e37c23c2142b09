package practice

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// tenantPath is what the {tenant} part of an address can mean.
type tenantPath struct {
	name      string // as written
	id        string // GUID, "" for the shared names
	consumers bool
}

// tenantOf reads the {tenant} part: GUID or domain, or one of the shared
// names. Any other is AADSTS90002.
func tenantOf(name string) (tenantPath, *aadError) {
	p := tenantPath{name: name}
	switch strings.ToLower(name) {
	case TenantID, Domain, "contoso.onmicrosoft.test":
		p.id = TenantID
	case PartnerTenantID, PartnerDomain:
		p.id = PartnerTenantID
	case "common", "organizations":
	case "consumers", consumersTenantID:
		p.consumers = true
	default:
		return p, aad(90002, name)
	}
	return p, nil
}

// registered is the application of an id that may be used at this address.
func (p tenantPath) registered(id string) (app, *aadError) {
	a, known := appOf(id)
	switch {
	case id == "":
		return a, aad(900144, "client_id")
	case !known:
		return a, aad(700016, id, "Contoso")
	case a.disabled:
		return a, aad(7000112, a.id, a.name)
	case p.consumers:
		return a, aad(9002332, a.id, a.name)
	case p.id == "" && !a.multitenant:
		return a, aad(50194, a.id, a.name)
	case p.id == PartnerTenantID && !a.multitenant:
		return a, aad(700016, a.id, "Fabrikam")
	}
	return a, nil
}

//go:embed openid-configuration.json
var configuration string

// discovery answers the OpenID configuration. Asked for a domain it names the
// issuer by GUID; asked for a shared name, by a template.
func (t *Tenant) discovery(_ *http.Request, p tenantPath) (any, *aadError) {
	issuer := p.id
	switch {
	case p.consumers:
		issuer = consumersTenantID
	case issuer == "":
		issuer = "{tenantid}"
	}
	fill := strings.NewReplacer("{issuer}", t.issuer(issuer), "{tenant}", t.url+"/"+p.name)
	return json.RawMessage(fill.Replace(configuration)), nil
}

// keys answers the JSON web keys. Entra adds each key's issuer for the shared
// names; clients here get along without.
func (t *Tenant) keys(*http.Request, tenantPath) (any, *aadError) {
	return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: signingKey().Public(), KeyID: t.keyID, Algorithm: string(jose.RS256), Use: "sig"}}}, nil
}

// userRealm says how an address's organisation signs in. Contoso does it at
// Entra; Fabrikam's people are sent to a service of their own.
func (t *Tenant) userRealm(w http.ResponseWriter, r *http.Request) {
	login := formValue(r, "login")
	domain := strings.ToLower(login[strings.LastIndexByte(login, '@')+1:])
	answer := map[string]any{"State": 4, "UserState": 1, "Login": login, "NameSpaceType": "Unknown", "DomainName": domain, "CloudInstanceName": "practice"}
	switch domain {
	case Domain:
		answer["NameSpaceType"], answer["FederationBrandName"] = "Managed", "Contoso"
	case PartnerDomain:
		answer["NameSpaceType"], answer["FederationBrandName"] = "Federated", "Fabrikam"
		answer["AuthURL"] = "https://sts." + PartnerDomain + "/adfs/ls/"
	}
	writeJSON(w, http.StatusOK, answer)
}
