package practice

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// codeLife is about how long Entra's authorization codes last.
const codeLife = 10 * time.Minute

// code is an authorization code on its way to be redeemed.
type code struct {
	session
	path, redirect, challenge, nonce string
	scopes                           scopeSet
	expires                          time.Time
	used                             bool
}

// token is the token address, for all grants.
func (t *Tenant) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		t.tokenError(w, aad(9002313))
		return
	}
	answer, aerr := t.grant(r)
	if aerr != nil {
		t.tokenError(w, aerr)
		return
	}
	if r.PostForm.Get("client_info") != "1" {
		delete(answer, "client_info")
	}
	writeJSON(w, http.StatusOK, answer)
}

func (t *Tenant) grant(r *http.Request) (map[string]any, *aadError) {
	path, aerr := tenantOf(r.PathValue("tenant"))
	grantType := r.PostForm.Get("grant_type")
	if aerr == nil && grantType == "" {
		aerr = aad(900144, "grant_type")
	}
	if aerr != nil {
		return nil, aerr
	}
	a, aerr := client(r, path)
	if aerr != nil {
		return nil, aerr
	}
	switch grantType {
	case "authorization_code":
		return t.redeem(r, a, path)
	case "refresh_token":
		return t.renew(r, a)
	case deviceGrant, "device_code":
		return t.pollDevice(r, a)
	case "client_credentials":
		return t.applicationToken(r, a, path)
	default:
		return nil, aad(70003, grantType)
	}
}

// client authenticates the application: a public one must not send a secret,
// the other kind must.
func client(r *http.Request, path tenantPath) (app, *aadError) {
	id, secret, ok := r.BasicAuth()
	if !ok {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	a, aerr := path.registered(id)
	switch {
	case aerr != nil:
		return a, aerr
	case r.PostForm.Get("client_assertion") != "": // no application here has a certificate
		return a, aad(700027)
	case a.secret == "" && secret != "":
		return a, aad(700025)
	case a.secret != "" && secret == "":
		return a, aad(7000218)
	case subtle.ConstantTimeCompare([]byte(a.secret), []byte(secret)) == 0:
		return a, aad(7000215, a.id)
	}
	return a, nil
}

func (t *Tenant) redeem(r *http.Request, a app, path tenantPath) (map[string]any, *aadError) {
	t.mu.Lock()
	c := t.codes[r.PostForm.Get("code")]
	var aerr *aadError
	switch {
	case r.PostForm.Get("code") == "":
		aerr = aad(900144, "code")
	case c == nil || c.app.id != a.id:
		aerr = aad(9002313).as("invalid_grant")
	case c.used:
		aerr = aad(54005)
	case t.now().After(c.expires):
		aerr = aad(70008)
	case !strings.EqualFold(c.path, path.name):
		aerr = aad(700005)
	case r.PostForm.Get("redirect_uri") != c.redirect:
		aerr = aad(500112, r.PostForm.Get("redirect_uri"), c.redirect)
	case !verifierFits(r.PostForm.Get("code_verifier"), c.challenge):
		aerr = aad(501481)
	default:
		c.used = true
	}
	t.mu.Unlock()
	if aerr != nil {
		return nil, aerr
	}
	asked, aerr := askedScopes(r, a, c.scopes)
	if aerr != nil {
		return nil, aerr
	}
	return t.issue(c.session, asked, c.nonce, &family{scopes: c.scopes})
}

// verifierFits is the PKCE check (RFC 7636 section 4.6) with S256.
func verifierFits(verifier, challenge string) bool {
	if challenge == "" {
		return verifier == ""
	}
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:]) == challenge
}

// askedScopes are the request's own, else those granted before; for one
// resource only.
func askedScopes(r *http.Request, a app, granted scopeSet) (scopeSet, *aadError) {
	asked := granted
	if scope := r.PostForm.Get("scope"); scope != "" {
		var aerr *aadError
		if asked, aerr = parseScopes(scope, a.name); aerr != nil {
			return asked, aerr
		}
		if len(asked.resources) > 1 {
			return asked, aad(28000, scope)
		}
	}
	return asked, nil
}

// issue makes the token answer. The faults about tokens take effect here.
func (t *Tenant) issue(s session, asked scopeSet, nonce string, f *family) (map[string]any, *aadError) {
	resource := resourceGraph
	if len(asked.resources) > 0 {
		resource = asked.resources[0]
	}
	perms := slices.Clone(asked.perms[resource])
	if t.faulty(FaultMissingScope) {
		perms = slices.DeleteFunc(perms, func(p string) bool { return p == permPOP })
	}
	if t.faulty(FaultWrongAudience) {
		resource = resourceGraph
	}
	access, err := t.accessToken(s, audience(resource), perms)
	if err != nil {
		return nil, aad(50000, err)
	}
	answer := bearer(access)
	repeated := slices.DeleteFunc(slices.Clone(asked.openID), func(name string) bool { return name == "offline_access" }) // as Entra does
	answer["scope"] = strings.Join(append(qualified(resource, perms), repeated...), " ")
	answer["client_info"] = clientInfo(s.account)
	if asked.has("openid") {
		if answer["id_token"], err = t.idToken(s, asked, nonce); err != nil {
			return nil, aad(50000, err)
		}
	}
	if asked.has("offline_access") {
		value := "1.A" + random(400)
		t.mu.Lock()
		t.refresh[value] = &refreshToken{session: s, issued: t.now(), family: f}
		t.mu.Unlock()
		answer["refresh_token"] = value
	}
	t.log.Info("practice: token issued", "user", s.account.UPN, "application", s.app.id)
	return answer, nil
}

// clientInfo names the account in its home tenant, by which Microsoft's
// libraries recognise it; only they ask for it.
func clientInfo(a Account) string {
	raw, _ := json.Marshal(map[string]string{"uid": a.ObjectID, "utid": a.Home}) // two strings always fit
	return base64.RawURLEncoding.EncodeToString(raw)
}

// applicationToken is the client credentials grant: no user, .default only.
func (t *Tenant) applicationToken(r *http.Request, a app, path tenantPath) (map[string]any, *aadError) {
	switch {
	case a.secret == "":
		return nil, aad(7000218)
	case path.id == "":
		return nil, aad(9001023)
	}
	scope := r.PostForm.Get("scope")
	asked, aerr := parseScopes(scope, a.name)
	if aerr != nil {
		return nil, aerr
	}
	if len(asked.resources) != 1 || !strings.HasSuffix(strings.ToLower(scope), "/.default") {
		return nil, aad(1002012, scope)
	}
	resource := asked.resources[0]
	if t.faulty(FaultWrongAudience) {
		resource = resourceGraph
	}
	access, err := t.accessToken(session{app: a, tenant: path.id}, audience(resource), a.roles(resource))
	if err != nil {
		return nil, aad(50000, err)
	}
	return bearer(access), nil
}

func bearer(access string) map[string]any {
	life := int(accessLife / time.Second)
	return map[string]any{"token_type": "Bearer", "expires_in": life, "ext_expires_in": life, "access_token": access}
}
