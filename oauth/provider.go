package oauth

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"

	"mailgrant/internal/mailbox"
)

// Provider is what Mailgrant knows about a sign-in service and the mail
// servers that accept its tokens. Everything in it is a preset: a definition
// may name other hosts and another authority.
type Provider struct {
	Authority string // base of the endpoints; "" for custom providers
	Resource  string // prefix of the mail scopes; "" where scopes are named whole

	// The mail scopes, and those every request adds.
	IMAPScope, POP3Scope, SMTPScope string
	BaseScopes                      []string

	// The mail servers, and the domains a token of this provider may go to.
	IMAP, POP3, SMTP mailbox.Server
	MailDomains      []string

	// Inactivity is after how many days without use the refresh token ends;
	// 0 where the provider says nothing.
	InactivityDays int
}

var openIDScopes = []string{"openid", "profile", "email", "offline_access"}

// microsoft builds the entry of one national cloud. Scopes and hosts:
// Microsoft, "Authenticate an IMAP, POP or SMTP connection using OAuth"
// (2026-06); the hosts of the sovereign clouds are partly field knowledge
// and stay editable.
func microsoft(authority, mailHost, smtpHost, resource string) Provider {
	return Provider{
		Authority:      "https://" + authority,
		Resource:       "https://" + resource + "/",
		IMAPScope:      "IMAP.AccessAsUser.All",
		POP3Scope:      "POP.AccessAsUser.All",
		SMTPScope:      "SMTP.Send",
		BaseScopes:     openIDScopes,
		IMAP:           mailbox.Server{Host: mailHost, Port: 993, Security: mailbox.SecurityTLS},
		POP3:           mailbox.Server{Host: mailHost, Port: 995, Security: mailbox.SecurityTLS},
		SMTP:           mailbox.Server{Host: smtpHost, Port: 587, Security: mailbox.SecuritySTARTTLS},
		MailDomains:    []string{mailHost, smtpHost},
		InactivityDays: 90,
	}
}

// clouds are Microsoft's national clouds.
var clouds = map[string]Provider{
	mailbox.CloudGlobal:    withDomains(microsoft("login.microsoftonline.com", "outlook.office365.com", "smtp.office365.com", "outlook.office.com"), "smtp-mail.outlook.com", "imap-mail.outlook.com", "pop-mail.outlook.com", "outlook.office.com"),
	mailbox.CloudUSGovHigh: microsoft("login.microsoftonline.us", "outlook.office365.us", "smtp.office365.us", "outlook.office365.us"),
	mailbox.CloudUSDoD:     microsoft("login.microsoftonline.us", "outlook-dod.office365.us", "outlook-dod.office365.us", "outlook.office365.us"),
	mailbox.CloudChina:     microsoft("login.partner.microsoftonline.cn", "partner.outlook.cn", "partner.outlook.cn", "partner.outlook.cn"),
}

func withDomains(p Provider, more ...string) Provider {
	p.MailDomains = append(p.MailDomains, more...)
	return p
}

// google: developers.google.com/identity/protocols/oauth2/native-app and
// .../gmail/imap/xoauth2-protocol. One scope opens all three protocols;
// offline_access is not a scope there but the parameter access_type.
var google = Provider{
	Authority:      "https://accounts.google.com",
	IMAPScope:      "https://mail.google.com/",
	POP3Scope:      "https://mail.google.com/",
	SMTPScope:      "https://mail.google.com/",
	BaseScopes:     []string{"openid", "profile", "email"},
	IMAP:           mailbox.Server{Host: "imap.gmail.com", Port: 993, Security: mailbox.SecurityTLS},
	POP3:           mailbox.Server{Host: "pop.gmail.com", Port: 995, Security: mailbox.SecurityTLS},
	SMTP:           mailbox.Server{Host: "smtp.gmail.com", Port: 587, Security: mailbox.SecuritySTARTTLS},
	MailDomains:    []string{"imap.gmail.com", "pop.gmail.com", "smtp.gmail.com"},
	InactivityDays: 180,
}

// ProviderOf returns the presets for a definition's provider and cloud.
func ProviderOf(o mailbox.OAuth) Provider {
	switch o.Provider {
	case mailbox.ProviderGoogle:
		return google
	case mailbox.ProviderCustom:
		return Provider{BaseScopes: openIDScopes}
	}
	p, ok := clouds[o.Cloud]
	if !ok {
		p = clouds[mailbox.CloudGlobal]
	}
	if o.AccountType == mailbox.AccountConsumers {
		p.SMTP.Host = "smtp-mail.outlook.com"
	}
	return p
}

// Authority returns the base address of the sign-in service: the definition's
// own, else its issuer, else the preset of its cloud.
func Authority(o mailbox.OAuth) string {
	switch {
	case o.Provider == mailbox.ProviderCustom:
		return o.Issuer
	case o.Authority != "":
		return o.Authority
	}
	return ProviderOf(o).Authority
}

// IsPreset reports whether the sign-in service is one that Mailgrant knows.
// Any other is shown to the administrator before a browser opens.
func IsPreset(o mailbox.OAuth) bool {
	return o.Provider != mailbox.ProviderCustom && (o.Authority == "" || o.Authority == ProviderOf(o).Authority)
}

// Scopes returns what a definition asks for: its own scopes if it names any,
// else those its servers need. All belong to one resource: Microsoft refuses
// a token request for two (AADSTS28000, AADSTS70011).
func Scopes(d mailbox.Definition) []string {
	return append(MailScopes(d), ProviderOf(*d.OAuth).BaseScopes...)
}

// MailScopes is Scopes without those that are about identity and renewal.
func MailScopes(d mailbox.Definition) []string {
	if len(d.OAuth.Scopes) > 0 {
		return append([]string(nil), d.OAuth.Scopes...)
	}
	p := ProviderOf(*d.OAuth)
	if d.OAuth.AccountType == mailbox.AccountApplication {
		// Client credentials know no single permissions (AADSTS1002012).
		return []string{applicationResource(d.OAuth.Cloud, p) + ".default"}
	}
	var scopes []string
	for _, s := range []struct {
		server *mailbox.Server
		scope  string
	}{{d.IMAP, p.IMAPScope}, {d.POP3, p.POP3Scope}, {d.SMTP, p.SMTPScope}} {
		if s.server == nil || s.scope == "" {
			continue
		}
		if full := p.Resource + s.scope; len(scopes) == 0 || scopes[len(scopes)-1] != full {
			scopes = append(scopes, full)
		}
	}
	return scopes
}

// applicationResource is the resource of application access: in the global
// cloud Microsoft names another host for it than for delegated access.
func applicationResource(cloud string, p Provider) string {
	if cloud == mailbox.CloudGlobal || cloud == "" {
		return "https://outlook.office365.com/"
	}
	return p.Resource
}

// Missing compares what was asked for with what was granted: by the part
// after the last slash, without case, and without the scopes that are about
// identity and renewal, which token responses often leave out.
func Missing(asked, granted []string) []string {
	have := map[string]bool{}
	for _, s := range granted {
		have[scopeName(s)] = true
	}
	missing := []string{}
	for _, s := range asked {
		if name := scopeName(s); !have[name] && !isOpenIDScope(name) && name != ".default" {
			missing = append(missing, s)
		}
	}
	return missing
}

// MailOnly leaves out the scopes that are about identity and renewal.
func MailOnly(scopes []string) []string {
	kept := []string{}
	for _, s := range scopes {
		if !isOpenIDScope(scopeName(s)) {
			kept = append(kept, s)
		}
	}
	return kept
}

// scopeName is the part after the last slash; "https://mail.google.com/"
// itself ends in one.
func scopeName(scope string) string {
	scope = strings.TrimSuffix(strings.ToLower(scope), "/")
	return scope[strings.LastIndex(scope, "/")+1:]
}

func isOpenIDScope(name string) bool {
	for _, s := range openIDScopes {
		if name == s {
			return true
		}
	}
	return false
}

// Key names the authorization a definition uses: definitions with the same
// user, client, authority and tenant share one. It is the hex SHA-256 of
// those parts, so that a file name does not tell whose it is. An application
// without a user shares none with the user of the same definition.
func Key(d mailbox.Definition) string {
	if d.OAuth.AccountType == mailbox.AccountApplication {
		return keyOf(d, mailbox.AccountApplication)
	}
	return keyOf(d)
}

// OldKey is the key that an application shared with a user before.
func OldKey(d mailbox.Definition) string { return keyOf(d) }

func keyOf(d mailbox.Definition, more ...string) string {
	tenant := d.OAuth.Tenant
	if tenant == "" {
		tenant = d.OAuth.AccountType
	}
	parts := append([]string{d.User, d.OAuth.ClientID, Authority(*d.OAuth), tenant}, more...)
	sum := sha256.Sum256([]byte(strings.ToLower(strings.Join(parts, "\n"))))
	return hex.EncodeToString(sum[:])
}

// HostAllowed reports whether a token may be sent to a mail host: one of the
// provider's own, or one recorded when the token was made. A definition from
// somebody else must not carry a token to his server.
func HostAllowed(o mailbox.OAuth, host string, recorded []string) bool {
	if IsPreset(o) {
		for _, own := range ProviderOf(o).MailDomains {
			if strings.EqualFold(host, own) {
				return true
			}
		}
	}
	for _, r := range recorded {
		if strings.EqualFold(host, r) {
			return true
		}
	}
	return false
}

// AuthorityHost is the host of the sign-in service, to be shown.
func AuthorityHost(o mailbox.OAuth) string {
	u, err := url.Parse(Authority(o))
	if err != nil {
		return Authority(o)
	}
	return u.Host
}
