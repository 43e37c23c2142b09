package practice

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// startDevice begins a sign-in on a device.
func startDevice(t *testing.T, tenant *Tenant) (deviceCode, userCode string) {
	t.Helper()
	m := post(t, tenant.URL()+"/"+Domain+"/oauth2/v2.0/devicecode", url.Values{"client_id": {ClientID}, "scope": {allScopes}}).json(t)
	if m["verification_uri"] != tenant.URL()+"/devicelogin" || m["verification_uri_complete"] != nil || m["interval"] == nil || m["expires_in"] != 900.0 || !strings.Contains(m["message"].(string), m["user_code"].(string)) {
		t.Fatal(m)
	}
	return m["device_code"].(string), m["user_code"].(string)
}

func pollDevice(t *testing.T, tenant *Tenant, code string) reply {
	t.Helper()
	return post(t, tokenURL(tenant, Domain), url.Values{"grant_type": {deviceGrant}, "client_id": {ClientID}, "device_code": {code}})
}

func TestDeviceCode(t *testing.T) {
	tenant := start(t, Options{})
	page := tenant.URL() + "/devicelogin"
	if r := get(t, page); !strings.Contains(r.body, `name="otc"`) {
		t.Fatal(r.body)
	}
	for name, enter := range map[string]func(code string) reply{
		"script": func(code string) reply {
			return get(t, page+"?"+url.Values{"otc": {strings.ToLower(code)}, "practice_user": {Helpdesk.UPN}}.Encode())
		},
		"form": func(code string) reply {
			return post(t, page, url.Values{"otc": {code}, "login": {Helpdesk.UPN}, "passwd": {Helpdesk.Password}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			device, user := startDevice(t, tenant)
			refusedWith(t, pollDevice(t, tenant, device), "authorization_pending", "70016")
			if r := post(t, page, url.Values{"otc": {user}, "login": {Helpdesk.UPN}, "passwd": {"guess"}}); !strings.Contains(r.body, "AADSTS50126") {
				t.Error(r.body)
			}
			refusedWith(t, pollDevice(t, tenant, device), "authorization_pending", "70016")
			if r := enter(user); r.status != http.StatusOK || strings.Contains(r.body, "passwd") {
				t.Fatal(r.body)
			}
			r := pollDevice(t, tenant, device)
			if r.status != http.StatusOK || claimsOf(t, r.json(t)["id_token"].(string))["preferred_username"] != Helpdesk.UPN {
				t.Error(r.body)
			}
			refusedWith(t, pollDevice(t, tenant, device), "bad_verification_code", "70018")
		})
	}
}

func TestDeviceCodeRefused(t *testing.T) {
	c := &clock{now: time.Now()}
	tenant := start(t, Options{Now: c.Now})
	page := tenant.URL() + "/devicelogin"
	if r := post(t, page, url.Values{"otc": {"WRONGCODE"}}); !strings.Contains(r.body, "AADSTS70018") {
		t.Error(r.body)
	}
	device, user := startDevice(t, tenant)
	post(t, page, url.Values{"otc": {user}, "cancel": {"1"}})
	refusedWith(t, pollDevice(t, tenant, device), "authorization_declined", "65004")

	device, user = startDevice(t, tenant)
	c.pass(deviceLife)
	refusedWith(t, pollDevice(t, tenant, device), "expired_token", "70019")
	if r := post(t, page, url.Values{"otc": {user}}); !strings.Contains(r.body, "AADSTS70018") {
		t.Error(r.body)
	}
	address := tenant.URL() + "/organizations/oauth2/v2.0/devicecode"
	refusedWith(t, post(t, address, url.Values{"client_id": {ClientID}, "scope": {allScopes}}), "invalid_request", "50194")
	refusedWith(t, post(t, address, url.Values{"scope": {allScopes}}), "invalid_request", "900144")
	refusedWith(t, post(t, tenant.URL()+"/"+Domain+"/oauth2/v2.0/devicecode", url.Values{"client_id": {WebClientID}}), "invalid_client", "7000218")
}
