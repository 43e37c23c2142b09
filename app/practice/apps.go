package practice

import (
	"net/url"
	"slices"
	"strings"
)

// The app registrations. ClientID is the one of the definition: a public
// client for this directory only. MultitenantClientID also serves other
// directories, and a made-up FreeScout at desk.contoso.test. WebClientID is registered under the platform Web, needs
// WebClientSecret and alone may sign in as an application. DisabledClientID may
// not be used by anybody.
const (
	ClientID            = "5c0f7a1e-3b92-4d68-a7e4-91d2f6b0c853"
	MultitenantClientID = "f9217d3c-0e84-4b5d-96c1-3ab8d27e604f"
	WebClientID         = "1de86b4a-c7f3-4029-8b1e-64f05c92ad37"
	WebClientSecret     = "practice~secret~is~no~secret"
	DisabledClientID    = "8a40c9d2-6f1b-4e57-b3a9-d07c52e81f64"
)

type app struct {
	id, name, secret string
	multitenant      bool
	disabled         bool
	redirects        []string
}

var apps = []app{
	{id: ClientID, name: "Mailgrant practice", redirects: []string{"http://localhost", "http://127.0.0.1", nativeClient}},
	{id: MultitenantClientID, name: "Mailgrant practice (multitenant)", multitenant: true, redirects: []string{"http://localhost", "http://127.0.0.1", nativeClient, "https://desk.contoso.test/mailbox/oauth"}},
	{id: WebClientID, name: "Mailgrant practice (web)", secret: WebClientSecret, redirects: []string{"http://localhost"}},
	{id: DisabledClientID, name: "Mailgrant practice (disabled)", disabled: true, redirects: []string{"http://localhost"}},
}

// nativeClient is Microsoft's page for programs without a listener.
const nativeClient = "https://login.microsoftonline.com/common/oauth2/nativeclient"

// roles are the application permissions that an administrator has agreed to.
func (a app) roles(resource string) []string {
	if forMail(resource) {
		return []string{"IMAP.AccessAsApp", "POP.AccessAsApp", "SMTP.SendAsApp"}
	}
	return []string{"Mail.Read"}
}

func appOf(id string) (app, bool) {
	i := slices.IndexFunc(apps, func(a app) bool { return strings.EqualFold(a.id, id) })
	if i < 0 {
		return app{}, false
	}
	return apps[i], true
}

// allows compares a redirect address with the registered ones: exactly, but
// without the port for http://localhost and http://127.0.0.1 (Microsoft,
// "Redirect URI (reply URL) best practices and limitations").
func (a app) allows(redirect string) bool {
	if slices.Contains(a.redirects, redirect) {
		return true
	}
	u, err := url.Parse(redirect)
	if err != nil || u.Scheme != "http" || u.User != nil || u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1" {
		return false
	}
	u.Host = u.Hostname()
	return slices.Contains(a.redirects, u.String())
}
