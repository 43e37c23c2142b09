package provider

const (
	firstCloud = "global"
	personal   = "consumers"

	googleMail = "https://mail.google.com/"
)

// Profiles are the providers, in the order in which they are offered. Tests may
// add one.
var Profiles = []Profile{
	// Hosts and scopes: Microsoft, "Authenticate an IMAP, POP or SMTP connection
	// using OAuth" (2026-06); those of the sovereign clouds are partly field
	// knowledge and stay editable. MX: Microsoft, "External Domain Name System
	// records for Microsoft 365", and the same for its clouds (2026-11).
	microsoft(Profile{
		Cloud: "global", AccountType: "tenant", Name: "Microsoft 365", Also: []string{"microsoft365", "office365", "exchangeonline"},
		Authority: "https://login.microsoftonline.com",
		Resource:  "https://outlook.office.com/",
		// Another host for applications than for users, in this cloud only.
		ApplicationResource: "https://outlook.office365.com/",
		MoreHosts:           []string{"smtp-mail.outlook.com", "imap-mail.outlook.com", "pop-mail.outlook.com", "outlook.office.com"},
		Domains:             []string{"office365.com", "outlook.com", "office.com", "outlook.sovcloud.de", "outlook.sovcloud.fr"},
		SignInDomains: []string{
			"microsoftonline.com", "sovcloud.de", "sovcloud.fr", "sovcloud-identity.de", "sovcloud-identity.fr",
		},
		MX: []string{"mail.protection.outlook.com", "mx.microsoft"},
	}, "outlook.office365.com", "smtp.office365.com"),
	microsoft(Profile{
		Cloud: "us-gov-high", AccountType: "tenant", Name: "Microsoft 365 US Government GCC High",
		Authority: "https://login.microsoftonline.us", Resource: "https://outlook.office365.us/",
		Domains: []string{"office365.us"}, SignInDomains: []string{"microsoftonline.us"}, MX: []string{"mail.protection.office365.us"},
	}, "outlook.office365.us", "smtp.office365.us"),
	microsoft(Profile{
		Cloud: "us-dod", AccountType: "tenant", Name: "Microsoft 365 US Government DoD",
		Authority: "https://login.microsoftonline.us", Resource: "https://outlook.office365.us/",
	}, "outlook-dod.office365.us", "outlook-dod.office365.us"),
	microsoft(Profile{
		Cloud: "china", AccountType: "tenant",
		Authority: "https://login.partner.microsoftonline.cn", Resource: "https://partner.outlook.cn/",
		Domains: []string{"outlook.cn"}, SignInDomains: []string{"microsoftonline.cn", "chinacloudapi.cn"}, MX: []string{"mail.protection.partner.outlook.cn"},
	}, "partner.outlook.cn", "partner.outlook.cn"),
	microsoft(Profile{
		Cloud: "global", AccountType: personal, Family: "outlook.com",
		Authority: "https://login.microsoftonline.com", Resource: "https://outlook.office.com/",
		ApplicationResource: "https://outlook.office365.com/",
		MoreHosts:           []string{"smtp.office365.com", "imap-mail.outlook.com", "pop-mail.outlook.com", "outlook.office.com"},
		Domains:             []string{"smtp-mail.outlook.com", "imap-mail.outlook.com", "pop-mail.outlook.com"},
		MX:                  []string{"olc.protection.outlook.com"},
	}, "outlook.office365.com", "smtp-mail.outlook.com"),

	// developers.google.com/identity/protocols/oauth2/native-app and
	// .../gmail/imap/xoauth2-protocol; MX: Google, "MX record values" (2026-11).
	// One scope opens all three protocols; offline_access is not a scope there
	// but the parameter access_type. Devices: "OAuth 2.0 for TV and limited-input
	// device applications: allowed scopes".
	{
		ID: "google", Name: "Google", Also: []string{"gmail", "googleworkspace"}, Family: "google",
		Authority: "https://accounts.google.com",
		Servers: map[string]Server{
			"imap": {"imap.gmail.com", 993, "tls"}, "pop3": {"pop.gmail.com", 995, "tls"}, "smtp": {"smtp.gmail.com", 587, "starttls"},
		},
		Scopes:         map[string]string{"imap": googleMail, "pop3": googleMail, "smtp": googleMail},
		BaseScopes:     []string{"openid", "profile", "email"},
		Domains:        []string{"gmail.com", "googlemail.com", "google.com"},
		SignInDomains:  []string{"googleapis.com"},
		AddressDomains: []string{"gmail.com", "googlemail.com"},
		MX:             []string{"google.com", "googlemail.com"},
		InactivityDays: 180, NoDevices: true,
	},

	// Any service that describes itself (OpenID Connect Discovery).
	{ID: "custom", Also: []string{"eigener"}, Family: "generic", BaseScopes: OpenIDScopes, Custom: true},
}

// unknown is what a definition's provider is before the definition is checked.
var unknown = Profile{Family: "generic", BaseScopes: OpenIDScopes}

// OpenIDScopes are those about identity and renewal.
var OpenIDScopes = []string{"openid", "profile", "email", "offline_access"}

// microsoft completes the profile of a cloud with what all of them share.
func microsoft(p Profile, mailHost, smtpHost string) Profile {
	p.ID, p.Entra, p.InactivityDays, p.BaseScopes = "microsoft", true, 90, OpenIDScopes
	p.Scopes = map[string]string{"imap": "IMAP.AccessAsUser.All", "pop3": "POP.AccessAsUser.All", "smtp": "SMTP.Send"}
	p.Roles = map[string]string{"imap": "IMAP.AccessAsApp", "pop3": "POP.AccessAsApp", "smtp": "SMTP.SendAsApp"}
	p.Servers = map[string]Server{"imap": {mailHost, 993, "tls"}, "pop3": {mailHost, 995, "tls"}, "smtp": {smtpHost, 587, "starttls"}}
	// The identifier of Office 365 Exchange Online itself.
	p.Audiences = []string{"00000002-0000-0ff1-ce00-000000000000"}
	if p.Family == "" {
		p.Family = "microsoft"
	}
	if p.ApplicationResource == "" {
		p.ApplicationResource = p.Resource
	}
	return p
}
