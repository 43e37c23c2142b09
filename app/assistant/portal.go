package assistant

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

// microsoft is what is known of each national cloud: the hosts of its
// administration pages and its names, and the pages on the hosts. Elsewhere are
// the pages of other families of providers.
type microsoft struct {
	Clouds    map[string]map[string]string
	Pages     map[string]struct{ At, Path string }
	Elsewhere map[string]map[string]string
}

//go:embed clouds.json
var cloudsData []byte

var clouds = sync.OnceValue(func() (all microsoft) {
	if err := json.Unmarshal(cloudsData, &all); err != nil {
		panic(fmt.Errorf("assistant: the embedded clouds: %w", err)) // every test meets this
	}
	return all
})

// portal is the page for a piece of work, "" where it is not known; with a
// client id the page of that very registration.
func portal(o mailbox.OAuth, name string) string {
	if link, own := clouds().Elsewhere[o.Profile().Family][name]; own {
		return link
	}
	page := clouds().Pages[name]
	if strings.Contains(page.Path, "{client}") && !mailbox.IsGUID(o.ClientID) {
		page = clouds().Pages["applications"]
	}
	host := clouds().Clouds[o.Cloud][page.At]
	if host == "" {
		return ""
	}
	return host + strings.ReplaceAll(page.Path, "{client}", strings.ToLower(o.ClientID))
}

// mailApps are the e-mail apps to switch on for an account.
type mailApps struct {
	account string
	apps    []mailbox.Protocol
}

// mailAppsOf are those that are used, and no others. SMTP is a switch of the
// account that signs in, which for a shared mailbox is another one.
func mailAppsOf(d mailbox.Definition) (all []mailApps) {
	for _, p := range mailbox.Protocols() {
		account := d.Address()
		if p == mailbox.SMTP {
			account = d.User
		}
		switch last := len(all) - 1; {
		case d.Server(p) == nil:
		case last >= 0 && all[last].account == account:
			all[last].apps = append(all[last].apps, p)
		default:
			all = append(all, mailApps{account, []mailbox.Protocol{p}})
		}
	}
	return all
}

var mailAppSwitches = map[mailbox.Protocol]string{
	mailbox.IMAP: " -ImapEnabled $true", mailbox.POP3: " -PopEnabled $true", mailbox.SMTP: " -SmtpClientAuthenticationDisabled $false",
}

func mailAppsCommand(d mailbox.Definition) string {
	var lines []string
	for _, m := range mailAppsOf(d) {
		line := "Set-CASMailbox -Identity " + diagnosis.QuotePowerShell(m.account)
		for _, p := range m.apps {
			line += mailAppSwitches[p]
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// accessCommand gives somebody the rights on the mailbox that its protocols need.
func accessCommand(d mailbox.Definition, who string) string {
	box := diagnosis.QuotePowerShell(d.Address())
	command := "Add-MailboxPermission -Identity " + box + " -User " + who + " -AccessRights FullAccess"
	if d.Server(mailbox.SMTP) != nil {
		command += "\nAdd-RecipientPermission -Identity " + box + " -Trustee " + who + " -AccessRights SendAs -Confirm:$false"
	}
	return command
}

// servicePrincipalCommand needs the object id of the enterprise application,
// not that of the registration. Only Microsoft Graph knows it.
func servicePrincipalCommand(o mailbox.OAuth) string {
	return "Connect-MgGraph -Environment " + clouds().Clouds[o.Cloud]["graph"] + " -Scopes Application.Read.All\n" +
		"New-ServicePrincipal -AppId " + diagnosis.QuotePowerShell(o.ClientID) + " -ObjectId (Get-MgServicePrincipal -Filter " +
		diagnosis.QuotePowerShell("appId eq '"+o.ClientID+"'") + ").Id"
}
