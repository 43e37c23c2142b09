package practice

import (
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"mailgrant/internal/markup"
)

const (
	deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"
	deviceLife  = 15 * time.Minute
	// devicePoll is shorter than Entra's five seconds: nobody is protected by
	// waiting here.
	devicePoll = time.Second
)

// deviceRequest is a sign-in on another device (RFC 8628).
type deviceRequest struct {
	granted
	path     tenantPath
	userCode string
	expires  time.Time
	approved bool
	declined bool
}

// deviceCode begins one.
func (t *Tenant) deviceCode(r *http.Request, path tenantPath) (any, *aadError) {
	a, aerr := path.registered(formValue(r, "client_id"))
	if aerr == nil && a.secret != "" {
		aerr = aad(7000218)
	}
	if aerr != nil {
		return nil, aerr
	}
	scopes, aerr := parseScopes(formValue(r, "scope"), a.name)
	if aerr != nil {
		return nil, aerr
	}
	d := &deviceRequest{granted: granted{session: session{app: a}, family: &family{scopes: scopes}}, path: path, userCode: rand.Text()[:9], expires: t.now().Add(deviceLife)}
	value, page := random(48), t.url+"/devicelogin"
	t.mu.Lock()
	t.devices[value] = d
	t.mu.Unlock()
	return map[string]any{
		"device_code": value, "user_code": d.userCode, "verification_uri": page,
		"expires_in": int(deviceLife / time.Second), "interval": int(devicePoll / time.Second),
		"message": "To sign in, use a web browser to open the page " + page + " and enter the code " + d.userCode + " to authenticate.",
	}, nil
}

// deviceLogin is the page on which the code is entered.
func (t *Tenant) deviceLogin(w http.ResponseWriter, r *http.Request) {
	userCode := strings.ToUpper(strings.TrimSpace(formValue(r, "otc")))
	v := markup.Values{"user-code": userCode}
	d, app := t.pendingDevice(userCode)
	if d == nil {
		if userCode != "" {
			v["problem"] = aad(70018).Error()
		}
		t.render(w, r, http.StatusOK, "device", v)
		return
	}
	if formValue(r, "cancel") != "" {
		t.mu.Lock()
		d.declined = true
		t.mu.Unlock()
		t.render(w, r, http.StatusOK, "device-done", nil)
		return
	}
	account, ok := t.signIn(w, r, "login", "device", v)
	if !ok {
		return
	}
	s, aerr := enter(account, authRequest{app: app, path: d.path})
	if aerr == nil && t.faulty(FaultConsentMissing) {
		aerr = aad(65001, app.id, app.name)
	}
	if aerr != nil {
		t.errorPage(w, r, aerr)
		return
	}
	t.mu.Lock()
	d.session, d.approved = s, true
	t.mu.Unlock()
	t.render(w, r, http.StatusOK, "device-done", nil)
}

// pendingDevice finds the request that waits for a user code. Its application
// and path do not change any more.
func (t *Tenant) pendingDevice(userCode string) (*deviceRequest, app) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, d := range t.devices {
		if d.userCode == userCode && !d.approved && !d.declined && t.now().Before(d.expires) {
			return d, d.app
		}
	}
	return nil, app{}
}

// pollDevice answers the device that asks whether it is signed in yet.
func (t *Tenant) pollDevice(value string, a app) (*granted, *aadError) {
	d := t.devices[value]
	switch {
	case value == "":
		return nil, aad(900144, "device_code")
	case d == nil || d.used || d.app.id != a.id:
		return nil, aad(70018)
	case d.declined:
		return nil, aad(65004).as("authorization_declined")
	case !t.now().Before(d.expires):
		return nil, aad(70019)
	case !d.approved:
		return nil, aad(70016)
	}
	return &d.granted, nil
}
