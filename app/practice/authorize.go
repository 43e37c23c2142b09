package practice

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"mailgrant/internal/markup"
)

// authRequest is an authorization request that may be answered to its
// redirect address.
type authRequest struct {
	app      app
	path     tenantPath
	redirect string
	mode     string // response_mode
	state    string
}

// authorize is the authorize address: the sign-in page and its answer. Errors
// about the application or its redirect address never leave the browser; all
// others are sent to the redirect address.
func (t *Tenant) authorize(w http.ResponseWriter, r *http.Request) {
	req, aerr := t.readAuthRequest(r)
	if aerr != nil {
		t.errorPage(w, r, aerr)
		return
	}
	scopes, aerr := checkAuthorize(r, req.app)
	switch {
	case aerr != nil:
		t.refuse(w, r, req, aerr)
		return
	case formValue(r, "cancel") != "":
		t.refuse(w, r, req, aad(65004))
		return
	}
	account, ok := t.signIn(w, r, formValue(r, "prompt"), "sign-in", markup.Values{"app": req.app.name})
	if !ok {
		return
	}
	s, aerr := enter(account, req)
	switch {
	case aerr != nil:
		t.errorPage(w, r, aerr)
	case t.faulty(FaultConsentMissing):
		t.refuse(w, r, req, aad(65001, req.app.id, req.app.name).as("consent_required"))
	default:
		value := "1.A" + random(300)
		t.mu.Lock()
		t.codes[value] = &code{
			granted: granted{session: s, family: &family{scopes: scopes}, nonce: formValue(r, "nonce")},
			path:    req.path.name, redirect: req.redirect, challenge: formValue(r, "code_challenge"), expires: t.now().Add(codeLife),
		}
		t.mu.Unlock()
		t.log.Info("practice: signed in", "user", account.UPN, "application", req.app.id)
		t.answer(w, r, req, url.Values{"code": {value}, "session_state": {guid()}})
	}
}

// readAuthRequest checks what decides whether there is anybody to answer.
func (t *Tenant) readAuthRequest(r *http.Request) (authRequest, *aadError) {
	req := authRequest{redirect: formValue(r, "redirect_uri"), mode: formValue(r, "response_mode"), state: formValue(r, "state")}
	var aerr *aadError
	if req.path, aerr = tenantOf(r.PathValue("tenant")); aerr != nil {
		return req, aerr
	}
	if req.app, aerr = req.path.registered(formValue(r, "client_id")); aerr != nil {
		return req, aerr
	}
	if t.faulty(FaultRedirectUnregister) || !req.app.allows(req.redirect) {
		return req, aad(50011, req.redirect, req.app.id)
	}
	return req, nil
}

func checkAuthorize(r *http.Request, a app) (scopeSet, *aadError) {
	switch responseType := formValue(r, "response_type"); {
	case responseType == "" || formValue(r, "scope") == "":
		missing := "scope"
		if responseType == "" {
			missing = "response_type"
		}
		return scopeSet{}, aad(900144, missing)
	case strings.Contains(responseType, "id_token"):
		return scopeSet{}, aad(700054)
	case responseType != "code":
		return scopeSet{}, aad(700051, responseType)
	}
	// Entra also takes plain challenges; a client that sends one has a mistake.
	if c := formValue(r, "code_challenge"); c != "" && (formValue(r, "code_challenge_method") != "S256" || len(c) != 43) {
		return scopeSet{}, aad(501471)
	}
	return parseScopes(formValue(r, "scope"), a.name)
}

// enter lets an account into the tenant that the address names, or into its
// own. Contoso knows Fabrikam's people as guests, not the other way round.
func enter(account Account, req authRequest) (session, *aadError) {
	s := session{account: account, app: req.app, tenant: req.path.id}
	switch {
	case s.tenant == "":
		s.tenant = account.Home
	case s.tenant == PartnerTenantID && account.Home != PartnerTenantID:
		return s, aad(50020, account.UPN, account.Home, req.app.id, req.app.name)
	}
	return s, nil
}

// signIn finds out who signs in: named outright, by the form, chosen from the
// list, or, if the request does not ask otherwise, whoever the browser is
// signed in as. ok is false if a page was shown instead.
func (t *Tenant) signIn(w http.ResponseWriter, r *http.Request, prompt, page string, v markup.Values) (account Account, ok bool) {
	name := formValue(r, "practice_user")
	outright := name != ""
	if !outright && r.Method == http.MethodPost {
		name = formValue(r, "login")
	}
	switch {
	case name != "":
		var aerr *aadError
		account, ok = accountOf(name)
		switch {
		case !outright && (!ok || formValue(r, "passwd") != account.Password):
			aerr = aad(50126)
		case !ok:
			aerr = aad(50034, name, Domain)
		case account.Password == "":
			aerr = aad(50057)
		default:
			return account, true
		}
		if outright {
			t.errorPage(w, r, aerr)
			return account, false
		}
		v["login"], v["problem"] = name, aerr.Error()
	case r.Method == http.MethodPost && formValue(r, "picked") == ssoAccount.UPN:
		return ssoAccount, true
	case prompt == "select_account" && formValue(r, "other") == "":
		page, v["upn"], v["name"] = "pick", ssoAccount.UPN, ssoAccount.Name
	case prompt == "login" || prompt == "select_account":
		v["login"] = formValue(r, "login_hint")
	default:
		return ssoAccount, true
	}
	t.render(w, r, http.StatusOK, page, v)
	return account, false
}

// refuse sends an error to the redirect address.
func (t *Tenant) refuse(w http.ResponseWriter, r *http.Request, req authRequest, e *aadError) {
	i := t.incident(e)
	t.log.Info("practice: sign-in refused", "error", e.Error())
	v := url.Values{"error": {e.oauth}, "error_description": {i.Description()}}
	if e.code == 65004 {
		v.Set("error_subcode", "cancel")
	}
	t.answer(w, r, req, v)
}

// answer sends values to the redirect address in the form asked for.
func (t *Tenant) answer(w http.ResponseWriter, r *http.Request, req authRequest, values url.Values) {
	if req.state != "" {
		values.Set("state", req.state)
	}
	target := req.redirect
	if u, err := url.Parse(target); err == nil && u.Path == "" {
		target += "/" // as Entra does
	}
	w.Header().Set("Cache-Control", "no-store")
	switch {
	case req.redirect == nativeClient && formValue(r, "prompt") != "none":
		// The real page is on the internet, where nothing of this belongs. A
		// program that asks without a page follows no redirect.
		t.render(w, r, http.StatusOK, "native", markup.Values{"address": target + "?" + values.Encode()})
	case req.mode == "form_post":
		var fields []markup.Values
		for _, name := range slices.Sorted(maps.Keys(values)) {
			fields = append(fields, markup.Values{"name": name, "value": values.Get(name)})
		}
		t.render(w, r, http.StatusOK, "post", markup.Values{"address": target, "fields": fields})
	default:
		w.Header().Set("Location", target+"?"+values.Encode())
		w.WriteHeader(http.StatusFound)
	}
}

// adminConsent is the administrator consent address. Consenting repairs the
// fault consent-missing.
func (t *Tenant) adminConsent(w http.ResponseWriter, r *http.Request) {
	req, aerr := t.readAuthRequest(r)
	if aerr != nil {
		t.errorPage(w, r, aerr)
		return
	}
	if formValue(r, "cancel") != "" {
		t.refuse(w, r, req, aad(65004).as("consent_required"))
		return
	}
	account, ok := t.signIn(w, r, "login", "consent", markup.Values{"app": req.app.name, "login": ssoAccount.UPN})
	switch {
	case !ok:
	case !account.Admin:
		t.refuse(w, r, req, aad(90094))
	default:
		t.repair(FaultConsentMissing)
		values := url.Values{"admin_consent": {"True"}, "tenant": {account.Home}}
		if scope := formValue(r, "scope"); scope != "" {
			values.Set("scope", scope)
		}
		t.answer(w, r, req, values)
	}
}
