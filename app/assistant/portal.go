package assistant

import (
	"strings"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

// portals are the hosts of the administration pages of each national cloud
// (Microsoft, "National clouds", 2026-11). An empty one is not known.
var portals = map[string]struct{ azure, admin, exchange string }{
	mailbox.CloudGlobal:    {"https://entra.microsoft.com", "https://admin.microsoft.com", "https://admin.exchange.microsoft.com"},
	mailbox.CloudUSGovHigh: {"https://portal.azure.us", "https://portal.office365.us", ""},
	mailbox.CloudUSDoD:     {"https://portal.azure.us", "https://portal.apps.mil", ""},
	mailbox.CloudChina:     {"https://portal.azure.cn", "https://portal.partner.microsoftonline.cn", ""},
}

// portal is the page for a piece of work; with a client id the page of that
// very registration.
func portal(o mailbox.OAuth, page string) string {
	p := portals[o.Cloud]
	blade := func(s string) string {
		if p.azure == "" {
			return ""
		}
		return p.azure + "/#view/" + s
	}
	app := func(menu string) string {
		if !mailbox.IsGUID(o.ClientID) {
			return blade("Microsoft_AAD_RegisteredApps/ApplicationsListBlade")
		}
		return blade("Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/" + menu + "/appId/" + strings.ToLower(o.ClientID) + "/isMSAApp~/false")
	}
	switch page {
	case "overview":
		return blade("Microsoft_AAD_IAM/ActiveDirectoryMenuBlade/~/Overview")
	case "registrations":
		return app("Authentication")
	case "permissions":
		return app("CallAnAPI")
	case "credentials":
		return app("Credentials")
	case "enterprise":
		return blade("Microsoft_AAD_IAM/StartboardApplicationsMenuBlade/~/AppAppsPreview/menuId~/null")
	case "users":
		if p.admin == "" {
			return ""
		}
		return p.admin + "/#/users"
	case "exchange":
		return p.exchange
	}
	return ""
}

// mailAppsCommand switches on the e-mail apps that are used, and no others. SMTP
// is a switch of the account that signs in, which for a shared mailbox is
// another one.
func mailAppsCommand(d mailbox.Definition) string {
	set := func(address string) string { return "Set-CASMailbox -Identity " + diagnosis.QuotePowerShell(address) }
	read, smtp := "", ""
	if d.Server(mailbox.IMAP) != nil {
		read += " -ImapEnabled $true"
	}
	if d.Server(mailbox.POP3) != nil {
		read += " -PopEnabled $true"
	}
	if d.Server(mailbox.SMTP) != nil {
		smtp = " -SmtpClientAuthenticationDisabled $false"
	}
	switch {
	case smtp == "" || d.User == d.Address():
		return set(d.Address()) + read + smtp
	case read == "":
		return set(d.User) + smtp
	}
	return set(d.Address()) + read + "\n" + set(d.User) + smtp
}

func sharedCommand(d mailbox.Definition) string {
	shared, user := diagnosis.QuotePowerShell(d.SharedMailbox), diagnosis.QuotePowerShell(d.User)
	lines := []string{"Add-MailboxPermission -Identity " + shared + " -User " + user + " -AccessRights FullAccess"}
	if d.Server(mailbox.SMTP) != nil {
		lines = append(lines, "Add-RecipientPermission -Identity "+shared+" -Trustee "+user+" -AccessRights SendAs -Confirm:$false")
	}
	return strings.Join(lines, "\n")
}

// servicePrincipalCommand needs the object id of the enterprise application,
// not that of the registration.
func servicePrincipalCommand(client string) string {
	return "New-ServicePrincipal -AppId " + diagnosis.QuotePowerShell(client) + " -ObjectId (Get-MgServicePrincipal -Filter " +
		diagnosis.QuotePowerShell("appId eq '"+client+"'") + ").Id"
}

func applicationAccessCommand(d mailbox.Definition) string {
	box := diagnosis.QuotePowerShell(d.Address())
	find := "(Get-ServicePrincipal | Where-Object AppId -eq " + diagnosis.QuotePowerShell(d.OAuth.ClientID) + ").ObjectId"
	lines := []string{"Add-MailboxPermission -Identity " + box + " -User " + find + " -AccessRights FullAccess"}
	if d.Server(mailbox.SMTP) != nil {
		lines = append(lines, "Add-RecipientPermission -Identity "+box+" -Trustee "+find+" -AccessRights SendAs -Confirm:$false")
	}
	return strings.Join(lines, "\n")
}
