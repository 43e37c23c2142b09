package assistant

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailgrant/app/products"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

const goodClient = "11111111-2222-3333-4444-555555555555"

// hostile values try to get out of their strings. Their canary must never be
// seen outside of one.
var hostile = []string{
	"o'canary@contoso.test", "'; canary; '", "\u2019; canary; \u2018", "\u201a\u201bcanary", "$(canary)", "`canary`", "a\"; canary \"",
	"a\n canary\r\n#", "a\u2028canary", "'@\ncanary", "%user%canary", "$canary", "-canary", "{canary}", "\\'canary",
}

func scripted(change func(*mailbox.Definition)) mailbox.Definition {
	server := &mailbox.Server{Host: "mail.test", Port: 993, Security: "tls"}
	d := mailbox.Definition{
		Name: "Helpdesk", Sender: "helpdesk@contoso.test", User: "helpdesk@contoso.test", Servers: mailbox.NewServers(mailbox.Given{mailbox.IMAP: server, mailbox.POP3: server, mailbox.SMTP: server}),
		Authentication: mailbox.AuthOAuth2,
		OAuth:          &mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, Cloud: mailbox.CloudGlobal, AccountType: mailbox.AccountTenant, Tenant: "contoso.test", Redirect: mailbox.RedirectLocalhost},
	}.Clone()
	if change != nil {
		change(&d)
	}
	return d
}

// variants are the definitions for which scripts differ.
func variants() map[string]mailbox.Definition {
	all := map[string]mailbox.Definition{
		"new":    scripted(nil),
		"known":  scripted(func(d *mailbox.Definition) { d.OAuth.ClientID = goodClient }),
		"IMAP":   scripted(func(d *mailbox.Definition) { d.SetServer(mailbox.POP3, nil); d.SetServer(mailbox.SMTP, nil) }),
		"shared": scripted(func(d *mailbox.Definition) { d.SharedMailbox, d.Sender = "info@contoso.test", "info@contoso.test" }),
		"application": scripted(func(d *mailbox.Definition) {
			d.OAuth.AccountType, d.OAuth.ClientID = mailbox.AccountApplication, goodClient
		}),
		"China": scripted(func(d *mailbox.Definition) { d.OAuth.Cloud = mailbox.CloudChina }),
	}
	for i, value := range hostile {
		all["hostile "+string(rune('a'+i))] = scripted(func(d *mailbox.Definition) {
			d.Sender, d.User, d.SharedMailbox, d.OAuth.Tenant, d.OAuth.ClientID, d.OAuth.Redirect = value, value, "x"+value, value, value, value
		})
	}
	return all
}

// cards are no product, and one of each platform.
func cards(d mailbox.Definition) map[string]*products.Card {
	all := map[string]*products.Card{"": nil}
	for _, id := range []string{"acmp", "freescout", "other"} {
		profile, _ := products.Get(id)
		card := profile.For(d, "desk.contoso.test", english)
		all[id] = &card
	}
	return all
}

// cmdlets are those that the script may use: it makes and changes, and removes
// nothing.
var cmdlets = strings.Fields(`
	Set-StrictMode Get-Module Connect-MgGraph Connect-ExchangeOnline Where-Object Select-Object Write-Warning Write-Output Get-MgContext
	Get-MgApplication New-MgApplication Update-MgApplication Get-MgServicePrincipal New-MgServicePrincipal
	Get-MgServicePrincipalOauth2PermissionGrant Update-MgOauth2PermissionGrant New-MgOauth2PermissionGrant
	Get-MgServicePrincipalAppRoleAssignment New-MgServicePrincipalAppRoleAssignment Get-ServicePrincipal New-ServicePrincipal
	Get-CASMailbox Set-CASMailbox Get-MailboxPermission Add-MailboxPermission Get-RecipientPermission Add-RecipientPermission`)

// changing are the verbs of cmdlets that change something.
var changing = []string{"New-", "Update-", "Set-CAS", "Add-"}

func TestPowerShellScript(t *testing.T) {
	for name, d := range variants() {
		for product, card := range cards(d) {
			for _, lang := range i18n.Languages {
				text := PowerShell(d, card, i18n.For(lang))
				s := readScript(t, text)
				if strings.Contains(s.code, "canary") || strings.Contains(s.code, "%") || strings.Contains(s.expanding, "canary") || strings.Contains(text, "⟨") {
					t.Errorf("%s %s %s: a value stands outside of a string, or one is missing:\n%s", name, product, lang, text)
				}
				for _, word := range words(s.code) {
					if isCmdlet(word) && !slices.Contains(cmdlets, word) {
						t.Errorf("%s: %s is not among the cmdlets", name, word)
					}
				}
				guarded(t, name, s.code)
				for _, value := range []string{d.User, d.Address(), d.OAuth.Tenant} {
					if !slices.Contains(s.strings, oneLine(value)) {
						t.Errorf("%s %s: %q is in none of the strings", name, product, value)
					}
				}
			}
		}
	}
}

func TestScriptsDoWhatTheDefinitionNeeds(t *testing.T) {
	for name, c := range map[string]struct{ has, hasNot string }{
		"new":         {"-ImapEnabled|-PopEnabled|-SmtpClientAuthenticationDisabled|AllPrincipals|'AzureADMyOrg'", "Add-MailboxPermission|AppRole|'" + goodClient + "'"},
		"known":       {"'" + goodClient + "'", "Add-MailboxPermission"},
		"IMAP":        {"-ImapEnabled|'IMAP.AccessAsUser.All'", "-PopEnabled|-SmtpClientAuthenticationDisabled|SMTP.Send|Add-"},
		"shared":      {"Add-MailboxPermission|Add-RecipientPermission|'info@contoso.test'|$sender = 'helpdesk@contoso.test'", "AppRole"},
		"application": {"AppRole|New-ServicePrincipal|'IMAP.AccessAsApp'|Add-MailboxPermission|'AppRoleAssignment.ReadWrite.All'|-SmtpClientAuthenticationDisabled|$user = $name", "AllPrincipals|'http://localhost'"},
		"China":       {"'China'|'O365China'", "'O365Default'"},
	} {
		text := PowerShell(variants()[name], nil, english)
		for _, want := range strings.Split(c.has, "|") {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %s", name, want)
			}
		}
		for _, no := range strings.Split(c.hasNot, "|") {
			if strings.Contains(text, no) {
				t.Errorf("%s: %s has no place here", name, no)
			}
		}
	}
	d := scripted(nil)
	for product, want := range map[string]string{
		"acmp":      "$redirects = @('http://localhost', 'https://login.microsoftonline.com/common/oauth2/nativeclient')\n$webRedirects = @()",
		"freescout": "$redirects = @('http://localhost')\n$webRedirects = @('https://desk.contoso.test/mailbox/oauth",
	} {
		if text := PowerShell(d, cards(d)[product], english); !strings.Contains(text, want) || !strings.Contains(text, "'AzureADMultipleOrgs'") {
			t.Errorf("%s: no %s in\n%s", product, want, text)
		}
	}
	d.OAuth.Provider = mailbox.ProviderGoogle
	if PowerShell(d, nil, english) != "" || AzureCLI(d, nil, english) != "" {
		t.Error("a script for another provider")
	}
}

func TestMailAppsOfASharedMailbox(t *testing.T) {
	const want = "Set-CASMailbox -Identity 'info@contoso.test' -ImapEnabled $true -PopEnabled $true\nSet-CASMailbox -Identity 'helpdesk@contoso.test' -SmtpClientAuthenticationDisabled $false"
	d := variants()["shared"]
	if got := mailAppsCommand(d); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	for _, i := range Checklist(Facts{Mailbox: d}, english) {
		if values := []Value{{"Account", "info@contoso.test"}, {"E-mail apps", "IMAP, POP"}, {"Account", "helpdesk@contoso.test"}, {"E-mail apps", "Authenticated SMTP"}}; i.ID == ItemMailApps && !slices.Equal(i.Values, values) {
			t.Errorf("%v", i.Values)
		}
	}
}

// fakeAz answers as "az" does, keeps what it was told to change, and knows an
// application once it was made.
const fakeAz = `#!/bin/sh
case "$*" in
	"account show"*) echo contoso.test ;;
	"ad app list"*) if [ -e "$STATE/made" ]; then echo ` + goodClient + `; fi ;;
	"ad app create"*) touch "$STATE/made"; printf '[%s]' "$@" >>"$STATE/changes"; echo >>"$STATE/changes" ;;
	"ad app show"*redirectUris*) if [ -e "$STATE/redirects" ]; then cat "$STATE/redirects"; fi ;;
	"ad app show"*) if [ -e "$STATE/permissions" ]; then cat "$STATE/permissions"; fi ;;
	"ad sp show --id 00000002"*) case "$*" in *IMAP*) echo id-imap ;; *POP*) echo id-pop ;; *) echo id-smtp ;; esac ;;
	"ad sp show"*) test -e "$STATE/sp" ;;
	"ad sp create"*) touch "$STATE/sp"; printf '[%s]' "$@" >>"$STATE/changes"; echo >>"$STATE/changes" ;;
	"ad app update"*) shift 6; for r in "$@"; do printf '%s\n' "$r"; done >"$STATE/redirects"; printf '[%s]' update "$@" >>"$STATE/changes"; echo >>"$STATE/changes" ;;
	"ad app permission add"*) printf '%s\n' "$*" | sed 's/.*permissions //; s/=.*//' >>"$STATE/permissions"; printf '[%s]' "$@" >>"$STATE/changes"; echo >>"$STATE/changes" ;;
	"ad app permission admin-consent"*) ;;
	*) echo "unknown: $*" >>"$STATE/changes" ;;
esac
`

// The script for az is run by a real shell against a pretended az: shown first,
// then made, and nothing the second time.
func TestAzureCLIScript(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no POSIX shell")
	}
	for name, d := range variants() {
		dir := t.TempDir()
		write := func(file, text string, mode os.FileMode) string {
			path := filepath.Join(dir, file)
			if err := os.WriteFile(path, []byte(text), mode); err != nil {
				t.Fatal(err)
			}
			return path
		}
		script := write("script.sh", AzureCLI(d, nil, english), 0o600)
		write("az", fakeAz, 0o700)
		write("canary", "#!/bin/sh\necho canary >>\"$STATE/changes\"\n", 0o700)
		changes := func(args ...string) string {
			c := exec.Command(shell, append([]string{script}, args...)...)
			c.Env = []string{"STATE=" + dir, "PATH=" + dir + ":/usr/bin:/bin"}
			out, err := c.CombinedOutput()
			if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, out)
			}
			made, _ := os.ReadFile(filepath.Join(dir, "changes"))
			_ = os.Remove(filepath.Join(dir, "changes"))
			return string(made)
		}
		if made := changes(); made != "" {
			t.Errorf("%s: only to be shown: %s", name, made)
		}
		made := changes("apply")
		if strings.Contains(made, "\ncanary") || strings.HasPrefix(made, "canary") || strings.Contains(made, "unknown") {
			t.Errorf("%s: %s", name, made)
		}
		if d.OAuth.ClientID != goodClient && !strings.Contains(made, "[--display-name]["+oneLineShell("Mailgrant "+mailbox.DomainOf(d.Sender))+"]") {
			t.Errorf("%s: the name is not there: %s", name, made)
		}
		if again := changes("apply"); again != "" {
			t.Errorf("%s: changed again: %s", name, again)
		}
	}
}

func oneLineShell(value string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1
		}
		return r
	}, value)
}

// What a script says while it runs is in the reader's language.
func TestAScriptSpeaksTheReadersLanguage(t *testing.T) {
	german := i18n.For(i18n.German)
	all := ""
	for _, d := range variants() {
		all += PowerShell(d, nil, german)
	}
	source, err := scripts.ReadFile("script.ps1")
	if err != nil {
		t.Fatal(err)
	}
	in, out := english.List("assistant.script.said"), german.List("assistant.script.said")
	for i, said := range in {
		if !strings.Contains(string(source), said) || strings.Contains(all, said) || !strings.Contains(all, out[i]) {
			t.Errorf("%q is not said as %q", said, out[i])
		}
		if strings.ContainsFunc(out[i], func(r rune) bool { return isSingle(r) || isDouble(r) }) {
			t.Errorf("what ends a string: %q", out[i])
		}
	}
}
