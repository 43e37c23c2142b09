package practice

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// accessLife is the average that Microsoft documents ("Access tokens in the
// Microsoft identity platform": 60 to 90 minutes).
const accessLife = 75 * time.Minute

// signingKey is made when it is first asked for, one for all tenants of a process:
// nothing else that a tenant does takes so long. Each calls it by a name of its own.
var signingKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err) // such a key can be made everywhere
	}
	return key
})

// random is n random bytes in letters that need no escaping anywhere.
func random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails, crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}

// claims is an open set: what Entra puts in differs from token to token.
type claims = map[string]any

func (t *Tenant) sign(c claims) (string, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: signingKey(), KeyID: t.keyID}}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", err
	}
	return jwt.Signed(signer).Claims(c).Serialize()
}

// session is who signed in to what: the common part of everything issued.
type session struct {
	account Account // zero for an application on its own
	app     app
	tenant  string // GUID of the tenant signed in to
}

// accessToken makes a token in the form Exchange's have: version 1, with more
// claims than anybody reads. They are why such tokens exceed the limits of
// SASL lines, so this one is as long as real ones (2.5 kB and more). perms are
// what it permits: scopes or, of an application, roles.
func (t *Tenant) accessToken(s session, aud string, perms []string) (string, error) {
	now := t.now()
	c := claims{
		"aud": aud, "iss": "https://sts.windows.net/" + s.tenant + "/",
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(accessLife).Unix(),
		"app_displayname": s.app.name, "appid": s.app.id, "appidacr": "0",
		"tid": s.tenant, "uti": random(16), "ver": "1.0", "rh": "1." + random(36) + ".",
		"aio": random(72), "sid": guid(), "xms_ftd": random(48), "xms_idrel": "1 26", "xms_tcdt": 1500000000,
		"wids": padding(18),
	}
	if s.account.UPN == "" {
		c["idtyp"], c["appidacr"], c["roles"] = "app", "1", perms
		c["oid"], c["sub"] = s.app.id, s.app.id
		return t.sign(c)
	}
	upn := s.account.upnIn(s.tenant)
	maps.Copy(c, claims{
		"acct": 0, "acr": "1", "amr": []string{"pwd", "mfa"}, "idtyp": "user", "ipaddr": "127.0.0.1",
		"name": s.account.Name, "oid": s.account.ObjectID, "puid": "1003200" + strings.ToUpper(s.account.ObjectID[:8]),
		"scp": strings.Join(perms, " "), "sub": pairwise(s), "upn": upn, "unique_name": upn, "signin_state": []string{"kmsi"},
	})
	if s.tenant != s.account.Home {
		c["acct"], c["idp"] = 1, "https://sts.windows.net/"+s.account.Home+"/"
		c["unique_name"], c["email"] = s.account.UPN, s.account.UPN
	}
	return t.sign(c)
}

// padding is a list of directory role ids, the claim that grows in practice.
func padding(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = guid()
	}
	return ids
}

// idToken makes an OpenID Connect token of version 2 with the claims that the
// scopes ask for (Microsoft, "ID token claims reference").
func (t *Tenant) idToken(s session, scopes scopeSet, nonce string) (string, error) {
	now := t.now()
	c := claims{
		"aud": s.app.id, "iss": t.issuer(s.tenant), "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(accessLife).Unix(),
		"sub": pairwise(s), "tid": s.tenant, "uti": random(16), "ver": "2.0", "rh": "1." + random(36) + ".",
	}
	if nonce != "" {
		c["nonce"] = nonce
	}
	if scopes.has("profile") {
		c["name"], c["oid"], c["preferred_username"] = s.account.Name, s.account.ObjectID, s.account.UPN
	}
	if scopes.has("email") && s.account.Address != "" {
		c["email"] = s.account.Address
	}
	if s.tenant != s.account.Home {
		c["idp"], c["email"] = "https://sts.windows.net/"+s.account.Home+"/", s.account.UPN
	}
	return t.sign(c)
}

// pairwise is a subject that differs between applications.
func pairwise(s session) string {
	sum := sha256.Sum256([]byte(s.app.id + s.account.ObjectID))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// issuer is the iss of id_tokens of a tenant.
func (t *Tenant) issuer(tenant string) string { return t.url + "/" + tenant + "/v2.0" }

// accessClaims are the claims of an access token that somebody reads.
type accessClaims struct {
	Audience string `json:"aud"`
	Scope    string `json:"scp"`
	UPN      string `json:"upn"`
	ObjectID string `json:"oid"`
	TenantID string `json:"tid"`
	Subject  string `json:"sub"`
	Expires  int64  `json:"exp"`
}

func (c accessClaims) has(perm string) bool { return containsFold(strings.Fields(c.Scope), perm) }

// readAccessToken checks signature and time; ok is false for any other token.
func (t *Tenant) readAccessToken(token string) (c accessClaims, ok bool) {
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil || parsed.Claims(signingKey().Public(), &c) != nil {
		return accessClaims{}, false
	}
	return c, c.Subject != "" && t.now().Unix() < c.Expires
}
