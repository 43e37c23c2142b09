package practice

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// codeLife is about how long Entra's authorization codes last.
const codeLife = 10 * time.Minute

// granted is what a code or a refresh token stands for.
type granted struct {
	session
	family  *family // with what was agreed to
	nonce   string
	renewal bool
	used    bool
}

// code is an authorization code on its way to be redeemed.
type code struct {
	granted
	path, redirect, challenge string
	expires                   time.Time
}

// token is the token address, for all grants.
func (t *Tenant) token(r *http.Request, path tenantPath) (any, *aadError) {
	if r.ParseForm() != nil {
		return nil, aad(9002313)
	}
	kind := r.PostForm.Get("grant_type")
	if kind == "" {
		return nil, aad(900144, "grant_type")
	}
	a, aerr := client(r, path)
	switch {
	case aerr != nil:
		return nil, aerr
	case kind == "client_credentials":
		return t.applicationToken(r.PostForm.Get("scope"), a, path)
	}
	g, asked, aerr := t.take(kind, r, a, path)
	if aerr != nil {
		return nil, aerr
	}
	answer, aerr := t.issue(g, asked)
	if r.PostForm.Get("client_info") != "1" {
		delete(answer, "client_info")
	}
	return answer, aerr
}

// take looks up what is shown and uses it up in one go, so that of two requests
// with the same only one succeeds.
func (t *Tenant) take(kind string, r *http.Request, a app, path tenantPath) (g *granted, asked scopeSet, aerr *aadError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch kind {
	case "authorization_code":
		g, aerr = t.redeem(r.PostForm, a, path)
	case "refresh_token":
		g, aerr = t.renew(r.PostForm.Get("refresh_token"), a)
	case deviceGrant, "device_code":
		g, aerr = t.pollDevice(r.PostForm.Get("device_code"), a)
	default:
		aerr = aad(70003, kind)
	}
	if aerr == nil {
		asked, aerr = askedScopes(r, a, g.family.scopes)
	}
	if aerr == nil {
		g.used = true
	}
	return g, asked, aerr
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

func (t *Tenant) redeem(form url.Values, a app, path tenantPath) (*granted, *aadError) {
	c := t.codes[form.Get("code")]
	switch {
	case form.Get("code") == "":
		return nil, aad(900144, "code")
	case c == nil || c.app.id != a.id:
		return nil, aad(9002313).as("invalid_grant")
	case c.used:
		return nil, aad(54005)
	case t.now().After(c.expires):
		return nil, aad(70008)
	case !strings.EqualFold(c.path, path.name):
		return nil, aad(700005)
	case form.Get("redirect_uri") != c.redirect:
		return nil, aad(500112, form.Get("redirect_uri"), c.redirect)
	case !verifierFits(form.Get("code_verifier"), c.challenge):
		return nil, aad(501481)
	}
	return &c.granted, nil
}

// verifierFits is the PKCE check (RFC 7636 section 4.6) with S256.
func verifierFits(verifier, challenge string) bool {
	if challenge == "" {
		return verifier == ""
	}
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:]) == challenge
}

// askedScopes are the request's own, of one resource among those agreed to, else
// all of these.
func askedScopes(r *http.Request, a app, agreed scopeSet) (scopeSet, *aadError) {
	scope := r.PostForm.Get("scope")
	if scope == "" {
		return agreed, nil
	}
	asked, aerr := parseScopes(scope, a.name)
	switch {
	case aerr != nil:
	case len(asked.resources) > 1:
		aerr = aad(28000, scope)
	case !asked.within(agreed):
		aerr = aad(65001, a.id, a.name)
	}
	return asked, aerr
}

// issue makes the token answer. The faults about tokens take effect here.
func (t *Tenant) issue(g *granted, asked scopeSet) (map[string]any, *aadError) {
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
	access, err := t.accessToken(g.session, audience(resource), perms)
	if err != nil {
		return nil, aad(50000, err)
	}
	answer := bearer(access)
	repeated := slices.DeleteFunc(slices.Clone(asked.openID), func(name string) bool { return name == "offline_access" }) // as Entra does
	answer["scope"] = strings.Join(append(qualified(resource, perms), repeated...), " ")
	answer["client_info"] = clientInfo(g.account)
	if asked.has("openid") {
		if answer["id_token"], err = t.idToken(g.session, asked, g.nonce); err != nil {
			return nil, aad(50000, err)
		}
	}
	if g.renewal || asked.has("offline_access") { // once granted it stays
		value := "1.A" + random(400)
		t.mu.Lock()
		t.refresh[value] = &refreshToken{granted{session: g.session, family: g.family, renewal: true}, t.now()}
		t.mu.Unlock()
		answer["refresh_token"] = value
	}
	t.log.Info("practice: token issued", "user", g.account.UPN, "application", g.app.id)
	return answer, nil
}

// clientInfo names the account in its home tenant, by which Microsoft's
// libraries recognise it; only they ask for it.
func clientInfo(a Account) string {
	raw, _ := json.Marshal(map[string]string{"uid": a.ObjectID, "utid": a.Home}) // two strings always fit
	return base64.RawURLEncoding.EncodeToString(raw)
}

// applicationToken is the client credentials grant: no user, .default only.
func (t *Tenant) applicationToken(scope string, a app, path tenantPath) (any, *aadError) {
	switch {
	case a.secret == "":
		return nil, aad(7000218)
	case path.id == "":
		return nil, aad(9001023)
	}
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
