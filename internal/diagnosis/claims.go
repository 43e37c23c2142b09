package diagnosis

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// ClaimsOf reads what an access token says about itself, without checking
// its signature. It returns nil if the token is no readable JWT: many are
// opaque (Microsoft's compact tokens for personal accounts, Google's).
func ClaimsOf(accessToken string) *Claims {
	parts := strings.Split(accessToken, ".")
	if len(parts) != 3 {
		return nil
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return nil
	}
	var raw struct {
		Audience   oneOrMany `json:"aud"`
		Scopes     oneOrMany `json:"scp"`
		Scope      oneOrMany `json:"scope"`
		Roles      oneOrMany `json:"roles"`
		UPN        string    `json:"upn"`
		Preferred  string    `json:"preferred_username"`
		UniqueName string    `json:"unique_name"`
		TenantID   string    `json:"tid"`
		IDType     string    `json:"idtyp"`
		IDP        string    `json:"idp"`
		Expires    float64   `json:"exp"`
	}
	if json.Unmarshal(payload, &raw) != nil {
		return nil
	}
	c := &Claims{
		Audience: raw.Audience, Scopes: raw.Scopes.words(), Roles: raw.Roles,
		User: cmp.Or(raw.UPN, raw.Preferred, raw.UniqueName), TenantID: raw.TenantID, IDType: raw.IDType, IDP: raw.IDP,
	}
	if len(c.Scopes) == 0 {
		c.Scopes = raw.Scope.words()
	}
	if raw.Expires > 0 {
		c.Expires = time.Unix(int64(raw.Expires), 0).UTC()
	}
	return c
}

// oneOrMany is a claim that is a string in some tokens and a list in others.
type oneOrMany []string

func (o *oneOrMany) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		if one != "" {
			*o = []string{one}
		}
		return nil
	}
	var many []string
	if err := json.Unmarshal(data, &many); err == nil {
		*o = many
	}
	return nil // another shape is no evidence, and no reason to drop the rest
}

// words splits lists that are written as one string with blanks.
func (o oneOrMany) words() []string {
	var words []string
	for _, s := range o {
		words = append(words, strings.Fields(s)...)
	}
	return words
}
