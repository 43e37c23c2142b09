package table

import (
	"strconv"
	"strings"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/provider"
	"mailgrant/internal/redact"
)

// definition makes a normalised definition of cells by their fields. Its
// errors are about cells that have no place in a definition; Validate finds
// the rest.
func definition(cells map[string]string) (mailbox.Definition, mailbox.Invalid) {
	d := mailbox.Definition{
		Name: cells["name"], Sender: cells["sender"], User: cells["user"], SharedMailbox: cells["shared_mailbox"],
		Authentication: cells["authentication"], TrustedCA: cells["trusted_ca"],
	}
	if hasOAuth(cells) || d.Authentication != mailbox.AuthPassword {
		d.OAuth = &mailbox.OAuth{
			Provider: cells["oauth.provider"], Cloud: cells["oauth.cloud"], AccountType: cells["oauth.account_type"], Tenant: cells["oauth.tenant"],
			ClientID: cells["oauth.client_id"], Scopes: strings.Fields(cells["oauth.scopes"]), SignIn: cells["oauth.sign_in"],
			Prompt: cells["oauth.prompt"], Authority: cells["oauth.authority"], Issuer: cells["oauth.issuer"], Redirect: cells["oauth.redirect"],
		}
	}
	var wrong mailbox.Invalid
	presets := presetsOf(d)
	for _, s := range []struct {
		name   string
		into   **mailbox.Server
		preset mailbox.Server
	}{
		{"imap", &d.IMAP, presets.IMAP}, {"pop3", &d.POP3, presets.POP3}, {"smtp", &d.SMTP, presets.SMTP},
	} {
		server, err := server(s.name, cells, s.preset)
		*s.into, wrong = server, append(wrong, err...)
	}
	if d.IMAP == nil && d.POP3 == nil && d.SMTP == nil && presets.IMAP.Host != "" {
		imap, pop3, smtp := presets.IMAP, presets.POP3, presets.SMTP
		d.IMAP, d.POP3, d.SMTP = &imap, &pop3, &smtp
	}
	return d.Normalize(), wrong
}

func hasOAuth(cells map[string]string) bool {
	for field, cell := range cells {
		if strings.HasPrefix(field, "oauth.") && cell != "" {
			return true
		}
	}
	return false
}

// presetsOf gives the presets for a row. Without a known provider there are
// only the ports of the protocols.
func presetsOf(d mailbox.Definition) provider.Profile {
	p := d.Normalize().Profile()
	if p.IMAP.Host == "" {
		p = provider.Profiles[0]
		p.IMAP.Host, p.POP3.Host, p.SMTP.Host = "", "", ""
	}
	return p
}

// secure tells what the usual ports mean (RFC 8314, RFC 6409).
var secure = map[string]string{
	"993": mailbox.SecurityTLS, "995": mailbox.SecurityTLS, "465": mailbox.SecurityTLS,
	"143": mailbox.SecuritySTARTTLS, "110": mailbox.SecuritySTARTTLS, "587": mailbox.SecuritySTARTTLS, "25": mailbox.SecuritySTARTTLS,
}

// server reads the three cells of a server; nil without any. A port or an
// encryption that is left out is the usual one.
func server(name string, cells map[string]string, preset mailbox.Server) (*mailbox.Server, mailbox.Invalid) {
	host, port, security := cells[name+".host"], cells[name+".port"], cells[name+".security"]
	if host == "" && port == "" && security == "" {
		return nil, nil
	}
	s := mailbox.Server{Host: host, Port: preset.Port, Security: security}
	if security == "" {
		if s.Security = secure[port]; s.Security == "" {
			s.Security = preset.Security
		}
	}
	if port == "" {
		return &s, nil
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return &s, mailbox.Invalid{{Field: name + ".port", Problem: "port", Args: i18n.Args{"value": redact.Line(port)}}}
	}
	s.Port = n
	return &s, nil
}
