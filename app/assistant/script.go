package assistant

import (
	"embed"
	"slices"
	"strings"

	"mailgrant/app/products"
	"mailgrant/assets"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

// The scripts, in sections. A line "#@ name condition" begins one: it is left
// out unless the condition holds, and the text assistant.script.<name> explains
// it. %name% is a value, quoted for the language of the script.
//
//go:embed script.ps1 script.sh
var scripts embed.FS

// PowerShell is a script that does in Microsoft Graph and Exchange Online what
// the checklist asks for: registration, permissions and consent, e-mail apps,
// rights on the mailbox. It asks before each change or, with -WhatIf, only shows
// them; what is right already it leaves alone, and it takes nothing away.
// Mailgrant never runs it. product may be nil. It is "" where the mailbox is
// not that of an organization at Microsoft.
func PowerShell(d mailbox.Definition, product *products.Card, t *i18n.Texts) string {
	return script("script.ps1", "", d, product, t, diagnosis.QuotePowerShell, ", ")
}

// AzureCLI is the same for the registration alone, for "az" in a shell such as
// that of Azure Cloud Shell. Without the argument "apply" it only shows what it
// would change.
func AzureCLI(d mailbox.Definition, product *products.Card, t *i18n.Texts) string {
	return script("script.sh", "#!/bin/sh\n", d, product, t, quoteShell, " ")
}

// audiences are the account types of a registration (signInAudience of the
// application in Microsoft Graph).
var audiences = map[string]string{
	"tenant": "AzureADMyOrg", mailbox.AccountOrganizations: "AzureADMultipleOrgs",
	mailbox.AccountCommon: "AzureADandPersonalMicrosoftAccount",
}

func script(file, head string, d mailbox.Definition, product *products.Card, t *i18n.Texts, quote func(string) string, comma string) string {
	o := d.OAuth
	if !d.Profile().Organization() {
		return ""
	}
	application := o.AccountType == mailbox.AccountApplication
	l := &list{f: Facts{Mailbox: d, Product: product}, t: t}
	name := "Mailgrant " + mailbox.DomainOf(d.Sender)
	permissions, scopes := []string{}, []string{"Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All"}
	permissionList, permissionKind := "oauth2PermissionScopes", "Scope"
	if application {
		permissions, scopes[1] = l.roles(), "AppRoleAssignment.ReadWrite.All"
		permissionList, permissionKind = "appRoles", "Role"
	} else {
		for _, s := range oauth.MailScopes(d) {
			permissions = append(permissions, oauth.ScopeNames([]string{s}))
		}
	}
	redirects, web := l.redirects()
	client, tenant := o.ClientID, o.Tenant
	if !mailbox.IsGUID(client) {
		client = ""
	}
	if tenant == "" {
		tenant = mailbox.DomainOf(d.User)
	}
	value := func(text string) string {
		if text == "" {
			return "''"
		}
		return quote(text)
	}
	all := func(texts []string) string {
		quoted := make([]string, len(texts))
		for i, text := range texts {
			quoted[i] = value(text)
		}
		return strings.Join(quoted, comma)
	}
	cloud := clouds().Clouds[o.Cloud]
	fills := []string{
		"%tenant%", value(tenant), "%client%", value(client), "%name%", value(name), "%audience%", value(audiences[audience(l.f)]),
		"%name-filter%", value("displayName eq '" + strings.ReplaceAll(name, "'", "''") + "'"),
		"%redirects%", all(redirects), "%web-redirects%", all(web), "%permissions%", all(permissions),
		"%permission-list%", permissionList, "%permission-kind%", permissionKind,
		"%mailbox%", value(d.Address()), "%user%", value(d.User), "%sender-mailbox%", value(d.User),
		"%graph-environment%", value(cloud["graph"]), "%exchange-environment%", value(cloud["exchange-online"]), "%graph-scopes%", all(scopes),
	}
	for i, said := range i18n.For(i18n.English).List("assistant.script.said") { // to who runs the script
		fills = append(fills, said, t.List("assistant.script.said")[i])
	}
	delegate := application || d.SharedMailbox != ""
	holds := map[string]bool{
		"": true, "user": !application, "application": application, "imap": d.Server(mailbox.IMAP) != nil, "pop3": d.Server(mailbox.POP3) != nil,
		"smtp": d.Server(mailbox.SMTP) != nil, "delegate": delegate, "delegate-smtp": delegate && d.Server(mailbox.SMTP) != nil,
	}
	return head + sections(assets.Text(scripts, file), holds, t, strings.NewReplacer(fills...))
}

// redirects are the addresses that the registration needs, by platform. Those of
// a product whose own address is not known are left out.
func (l *list) redirects() (desktop, web []string) {
	o := l.f.Mailbox.OAuth
	if o.AccountType != mailbox.AccountApplication && o.Redirect != "" {
		desktop = append(desktop, o.Redirect)
	}
	p := l.f.Product
	if p == nil || p.Registration == nil {
		return desktop, nil
	}
	for _, redirect := range p.Registration.Redirects {
		switch {
		case strings.ContainsRune(redirect, '‹') || slices.Contains(desktop, redirect):
		case p.Registration.Platform == products.PlatformWeb:
			web = append(web, redirect)
		default:
			desktop = append(desktop, redirect)
		}
	}
	return desktop, web
}

func sections(source string, holds map[string]bool, t *i18n.Texts, fill *strings.Replacer) string {
	var b strings.Builder
	taken := true
	for line := range strings.Lines(source) {
		rest, begins := strings.CutPrefix(line, "#@ ")
		if !begins {
			if taken {
				b.WriteString(fill.Replace(line))
			}
			continue
		}
		name, condition, _ := strings.Cut(strings.TrimSpace(rest), " ")
		if taken = holds[condition]; !taken || name == "-" {
			continue
		}
		b.WriteString("\n")
		for _, text := range t.List("assistant.script." + name) {
			b.WriteString(commented(text))
		}
	}
	return strings.TrimLeft(b.String(), "\n")
}

func commented(text string) string {
	var b strings.Builder
	line := "#"
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > 100 {
			b.WriteString(line + "\n")
			line = "#"
		}
		line += " " + word
	}
	return b.String() + line + "\n"
}

// quoteShell makes a string of POSIX's shell of a value (XCU, 2.2.2: nothing
// but a single quote means anything between single quotes). Line breaks and
// other controls have no place in a value.
func quoteShell(value string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, value)
	return "'" + strings.ReplaceAll(plain, "'", `'\''`) + "'"
}
