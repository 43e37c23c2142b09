package practice

import (
	"net/url"
	"slices"
	"strings"
)

// The tenants. Guests of the first come from the second.
const (
	TenantID        = "8f3a2c61-5d0e-4b7a-9c1f-2e6d4a90b713"
	Domain          = "contoso.test"
	PartnerTenantID = "d41b7e90-2c58-4f06-b3aa-70c9e15f8a24"
	PartnerDomain   = "fabrikam.test"

	// consumersTenantID is the tenant of all personal Microsoft accounts.
	consumersTenantID = "9188040d-6c67-4c5b-b112-36a304b66dad"
)

// Account is somebody (or a shared mailbox) in the directory.
type Account struct {
	UPN      string // the name to sign in with
	Address  string // the primary mail address; "" = no mailbox
	Name     string
	Password string // "" = nobody can sign in as this account
	ObjectID string
	Home     string // the tenant it belongs to; in another one it is a guest
	Admin    bool   // may consent for the organisation

	FullAccess []string // shared mailboxes it may open
	SendAs     []string // addresses besides its own that it may send as
}

// The accounts. Helpdesk is the mailbox the definition is about; Admin is the
// one the browser is already signed in as, and has no right on any other
// mailbox. Info is a shared mailbox of which Helpdesk is the delegate. Alias
// signs in under a name that is not its mail address. Partner is a guest.
var (
	Helpdesk = Account{
		UPN: "helpdesk@contoso.test", Address: "helpdesk@contoso.test", Name: "Help Desk", Password: "Ticket-4711", ObjectID: "0b6f3e52-91d4-4c8a-8f27-5a1c63e9d081", Home: TenantID,
		FullAccess: []string{"info@contoso.test"}, SendAs: []string{"info@contoso.test"},
	}
	Admin   = Account{UPN: "admin@contoso.test", Address: "admin@contoso.test", Name: "Alex Admin", Password: "Root-0815", ObjectID: "6a2d91c7-7e30-45b9-a0d8-c84f1b27e365", Home: TenantID, Admin: true}
	Info    = Account{UPN: "info@contoso.test", Address: "info@contoso.test", Name: "Info", ObjectID: "e7c05a18-3f6b-4921-b54d-0d9a72f8c1e6", Home: TenantID}
	Alias   = Account{UPN: "j.doe@contoso.test", Address: "jane.doe@contoso.test", Name: "Jane Doe", Password: "Alias-1234", ObjectID: "29f84d60-c1ab-4e73-9d05-b6371fe2a8c4", Home: TenantID}
	Partner = Account{UPN: "partner@fabrikam.test", Name: "Pat Partner", Password: "Guest-5678", ObjectID: "b350c7fa-48e2-4d19-8c6b-e19d02a47f53", Home: PartnerTenantID}
)

// Accounts are all of them.
var Accounts = []Account{Helpdesk, Admin, Alias, Info, Partner}

// ssoAccount is whom a browser is signed in as: the administrator at whose
// desk the sign-in happens, and not the mailbox. This is the trouble that
// prompt=login exists for.
var ssoAccount = Admin

// accountOf finds an account by the name it signs in with, as Microsoft does
// also by its address.
func accountOf(name string) (Account, bool) {
	name = strings.TrimSpace(name)
	i := slices.IndexFunc(Accounts, func(a Account) bool { return a.owns(name) })
	if i < 0 {
		return Account{}, false
	}
	return Accounts[i], true
}

// upnIn is the account's user principal name in a tenant: a guest gets one
// made from its name at home.
func (a Account) upnIn(tenant string) string {
	if tenant == a.Home {
		return a.UPN
	}
	return strings.ReplaceAll(a.UPN, "@", "_") + "#EXT#@contoso.onmicrosoft.test"
}

func (a Account) mayOpen(address string) bool {
	return a.owns(address) || containsFold(a.FullAccess, address)
}

func (a Account) owns(address string) bool {
	return strings.EqualFold(address, a.UPN) || a.Address != "" && strings.EqualFold(address, a.Address)
}

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(e string) bool { return strings.EqualFold(e, s) })
}

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
