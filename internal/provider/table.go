package provider

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"mailgrant/assets"
)

const personal = "consumers"

// OpenIDScopes are those about identity and renewal.
var OpenIDScopes = []string{"openid", "profile", "email", "offline_access"}

// unknown is what a definition's provider is before the definition is checked.
var unknown = Profile{Family: "generic", BaseScopes: OpenIDScopes}

//go:embed profiles.json
var profilesData embed.FS

// Profiles are the providers, in the order in which they are offered; they are
// read when the first is asked for. Tests may put a function of their own here.
var Profiles = sync.OnceValue(func() (profiles []Profile) {
	var providers []struct {
		All  json.RawMessage // what its profiles share
		Each []json.RawMessage
	}
	data, err := assets.Read(profilesData, "profiles.json")
	err = errors.Join(err, json.Unmarshal(data, &providers))
	for _, provider := range providers {
		for _, own := range provider.Each {
			var p Profile
			err = errors.Join(err, json.Unmarshal(provider.All, &p), json.Unmarshal(own, &p))
			if p.BaseScopes == nil {
				p.BaseScopes = OpenIDScopes
			}
			profiles = append(profiles, p)
		}
	}
	if err != nil {
		panic(fmt.Errorf("provider: the embedded profiles: %w", err)) // every test meets this
	}
	return profiles
})

// PersonalTenant is the tid of personal Microsoft accounts (Microsoft, "ID token
// claims reference").
const PersonalTenant = "9188040d-6c67-4c5b-b112-36a304b66dad"

// IsGuest reports whether the account of a token belongs to another tenant or
// provider than the one that issued it. names are what the token calls the
// account; idp, issuer and tenant are the claims of these names, "" where the
// token has none.
func IsGuest(idp, issuer, tenant string, names ...string) bool {
	for _, name := range names {
		if strings.Contains(strings.ToUpper(name), "#EXT#") {
			return true
		}
	}
	if idp == "" || idp == issuer || tenant == "" || strings.EqualFold(tenant, PersonalTenant) { // idp is live.com there
		return false
	}
	// Older tokens name the own tenant as https://sts.windows.net/<tid>/.
	return !strings.Contains(strings.ToLower(idp), strings.ToLower(tenant))
}
