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
// not that of the registration.
func servicePrincipalCommand(client string) string {
	return "New-ServicePrincipal -AppId " + diagnosis.QuotePowerShell(client) + " -ObjectId (Get-MgServicePrincipal -Filter " +
		diagnosis.QuotePowerShell("appId eq '"+client+"'") + ").Id"
}

func applicationAccessCommand(d mailbox.Definition) string {
	return accessCommand(d, "(Get-ServicePrincipal | Where-Object AppId -eq "+diagnosis.QuotePowerShell(d.OAuth.ClientID)+").ObjectId")
}
