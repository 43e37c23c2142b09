package products

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"mailgrant/assets"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

var helpdesk = mailbox.Definition{
	Name: "Helpdesk", Sender: "helpdesk@contoso.test",
	Servers: mailbox.NewServers(mailbox.Given{
		mailbox.IMAP: &mailbox.Server{Host: "outlook.office365.com", Port: 993, Security: mailbox.SecurityTLS},
		mailbox.POP3: &mailbox.Server{Host: "outlook.office365.com", Port: 995, Security: mailbox.SecurityTLS},
		mailbox.SMTP: &mailbox.Server{Host: "smtp.office365.com", Port: 587, Security: mailbox.SecuritySTARTTLS},
	}),
	OAuth: &mailbox.OAuth{Tenant: "contoso.test", ClientID: "1b4e28ba-2fa1-11d2-883f-0016d3cca427"},
}.Normalize()

func TestEveryProfileIsSound(t *testing.T) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := assets.Read(files, name)
		if err == nil {
			err = check(name, data)
		}
		if err != nil {
			t.Error(err)
		}
	}
	want := []string{
		"acmp", "zammad", "osticket", "znuny", "glpi", "freescout", "redmine", "jira-service-management", "zabbix", "prtg",
		"checkmk", "veeam", "paperless-ngx", "nextcloud", "matrix42", printer, Other,
	}
	for _, id := range want {
		if _, ok := Get(id); !ok {
			t.Errorf("no profile %s", id)
		}
	}
	if last := All()[len(All())-1].ID; last != Other {
		t.Errorf("%s comes last, not the one for all others", last)
	}
}

// A card of a product that can do OAuth2 leaves nothing open once mailbox and
// address are known, and no braces in any language.
func TestCardsAreComplete(t *testing.T) {
	for _, p := range All() {
		for _, lang := range i18n.Languages {
			c := p.For(helpdesk, "helpdesk.contoso.test", i18n.For(lang))
			if len(c.Open) != 0 && p.ID != Other {
				t.Errorf("%s/%s: open %v", p.ID, lang, c.Open)
			}
			for _, text := range cardTexts(c, i18n.For(lang)) {
				if strings.ContainsAny(text, "{}⟨") || strings.TrimSpace(text) == "" {
					t.Errorf("%s/%s: %q", p.ID, lang, text)
				}
			}
		}
	}
}

func cardTexts(c Card, t *i18n.Texts) []string {
	all := append(append(append([]string{c.Name}, c.Ways...), c.Traps...), c.Remarks(t)...)
	for _, r := range c.registrationRows(t) {
		all = append(all, r.Name, r.Value)
	}
	for _, f := range c.Fields {
		all = append(all, f.Name, f.Value+f.Note)
	}
	return all
}

func TestACMP(t *testing.T) {
	p, _ := Get("acmp")
	c := p.For(helpdesk, "", i18n.For(i18n.German))
	got := map[string]string{}
	for _, f := range c.Fields {
		got[f.Name] = f.Value
	}
	for name, want := range map[string]string{
		"Absender": "helpdesk@contoso.test", "Passwortverschlüsselung": "OAuth",
		"Application/Client ID": helpdesk.OAuth.ClientID, "Kontotyp": "Microsoft Azure AD (nur Organisationen)",
	} {
		if got[name] != want {
			t.Errorf("%s = %q, want %q", name, got[name], want)
		}
	}
	// It asks for the servers, but its words for them have no source.
	if len(c.Servers) != 9 || c.Servers[0].Value != "outlook.office365.com" || c.Servers[0].Name != "IMAP-Server" || !c.Servers[1].Copy || c.Servers[8].Value != "STARTTLS" || !strings.Contains(c.Servers[0].Where, "sagen die Quellen nicht") {
		t.Errorf("servers %+v", c.Servers)
	}
	if c.Registration.Redirects[0] != "https://login.microsoftonline.com/common/oauth2/nativeclient" || c.Registration.Secret != "no" {
		t.Errorf("registration %+v", c.Registration)
	}
}

// ACMP wants sender and user to be the same: of a shared mailbox it says so before
// it shows values that cannot work.
func TestAProductThatWantsOneAddress(t *testing.T) {
	acmp, _ := Get("acmp")
	english := i18n.For(i18n.English)
	if c := acmp.For(helpdesk, "", english); c.Conflict(english) != "" {
		t.Errorf("its own mailbox: %s", c.Conflict(english))
	}
	shared := helpdesk.Clone()
	shared.Sender, shared.SharedMailbox = "info@contoso.test", "info@contoso.test"
	c := acmp.For(shared, "", english)
	if got := c.Conflict(english); !slices.Contains(c.Remarks(english), got) || !strings.Contains(got, "With info@contoso.test as sender and "+helpdesk.User+" as user it cannot work there") {
		t.Errorf("shared: %q, %q", got, c.Remarks(english))
	}
}

// What is known about a product holds for the mailbox of a user in an
// organization. With another one its card shows the mailbox's own values and
// says so, or says that it cannot be used.
func TestOtherKindsOfMailboxes(t *testing.T) {
	kinds := map[string]mailbox.Definition{}
	for name, change := range map[string]func(d *mailbox.Definition){
		"google": func(d *mailbox.Definition) { d.OAuth = &mailbox.OAuth{Provider: mailbox.ProviderGoogle, ClientID: "c"} },
		"personal": func(d *mailbox.Definition) {
			d.OAuth = &mailbox.OAuth{AccountType: mailbox.AccountConsumers, ClientID: "c"}
		},
		"application": func(d *mailbox.Definition) { d.OAuth.AccountType = mailbox.AccountApplication },
		"password":    func(d *mailbox.Definition) { d.OAuth, d.Authentication = nil, mailbox.AuthPassword },
	} {
		d := helpdesk.Clone()
		change(&d)
		kinds[name] = d.Normalize()
	}
	for name, d := range kinds { // in JSON a list is one, even where nothing is in it
		for _, p := range All() {
			if data, err := json.Marshal(p.For(d, "", i18n.For(i18n.English))); err != nil || bytes.Contains(data, []byte(":null")) {
				t.Errorf("%s, %s: %s, %v", p.ID, name, data, err)
			}
		}
	}
	for _, c := range []struct{ product, kind, says, has, lacks string }{
		{"zammad", "google", "with Microsoft 365 only", "https://mail.google.com/", "Connect Microsoft 365 App"},
		{"osticket", "google", "with Microsoft 365 only", "https://oauth2.googleapis.com/token", "OAuth2 - Microsoft"},
		{"matrix42", "google", "with Microsoft 365 only", "", "redirect.html"},
		{"zammad", "personal", "Zammad does not support personal Microsoft accounts", "", helpdesk.User},
		{"acmp", "personal", "with accounts of an organization only", helpdesk.User, "nur Organisationen"},
		{"nextcloud", "personal", "", "Those that include personal Microsoft accounts", "any organizational directory"},
		{"acmp", "application", "with the sign-in of a user only", helpdesk.OAuth.ClientID, "nativeclient"},
		{"acmp", "password", "described here with OAuth2 only", "outlook.office365.com:993", "OAuth-Konfiguration"},
		{"redmine", "password", "", "", "described here"},
		{Other, "google", "", "https://mail.google.com/", "Directory (tenant) ID"},
	} {
		p, _ := Get(c.product)
		card := p.For(kinds[c.kind], "desk.contoso.test", i18n.For(i18n.English))
		text := strings.Join(cardTexts(card, i18n.For(i18n.English)), "\n")
		if card.ID != c.product || !strings.Contains(text, c.says) || !strings.Contains(text, c.has) || strings.Contains(text, c.lacks) {
			t.Errorf("%s, %s:\n%s", c.product, c.kind, text)
		}
		if c.says == "" && card.Unknown(i18n.For(i18n.English)) != "" {
			t.Errorf("%s, %s: %s", c.product, c.kind, card.Unknown(i18n.For(i18n.English)))
		}
		if slices.ContainsFunc(card.Open, func(s string) bool { return s != "redirect" && s != "tenant" }) && c.product != "matrix42" {
			t.Errorf("%s, %s: open %v", c.product, c.kind, card.Open)
		}
	}
	personal, _ := Get("zammad")
	if got := personal.For(kinds["personal"], "", i18n.For(i18n.English)).Conflict(i18n.For(i18n.English)); got == "" {
		t.Error("no conflict")
	}
}

func TestWithoutAMailboxThePlacesAreDescribed(t *testing.T) {
	p, _ := Get("zammad")
	c := p.For(mailbox.Definition{}, "", i18n.For(i18n.English))
	if want := "‹Application (client) ID›"; c.Fields[0].Value != want || c.Fields[0].Copy {
		t.Errorf("field %+v, want %s not to be copied", c.Fields[0], want)
	}
	if !strings.Contains(strings.Join(c.Open, " "), "host") {
		t.Errorf("open %v lacks the address", c.Open)
	}
}

// A password at Microsoft's servers ends soon: every card says so, and the one for
// other products names what is left. High Volume Email keeps passwords.
func TestAPasswordThatEnds(t *testing.T) {
	d := helpdesk.Clone()
	d.OAuth, d.Authentication = nil, mailbox.AuthPassword
	english := i18n.For(i18n.English)
	for _, id := range []string{Other, printer, "zammad", "redmine"} {
		p, _ := Get(id)
		c := p.For(d, "", english)
		if c.Ending(english) == "" || !slices.Contains(c.Remarks(english), c.Ending(english)) {
			t.Errorf("%s: %q", id, c.Remarks(english))
		}
		if ways := strings.Join(c.Ways, "\n"); id != "zammad" && id != "redmine" && (!strings.Contains(ways, "mail.protection.outlook.com), port 25") || !strings.Contains(ways, "Direct Send") || !strings.Contains(ways, "smtp-hve.office365.com") || !strings.Contains(ways, "smtp.azurecomm.net")) {
			t.Errorf("%s: %s", id, ways)
		}
	}
	if got := PasswordEnds(d, english); !strings.Contains(got, "(mailgrant products printer)") {
		t.Error(got)
	}
	for _, host := range []string{"smtp-hve.office365.com", "mail.contoso.test", "contoso-test.mail.protection.outlook.com"} {
		d.Servers = mailbox.NewServers(mailbox.Given{mailbox.SMTP: &mailbox.Server{Host: host, Port: 587, Security: mailbox.SecuritySTARTTLS}})
		other, _ := Get(Other)
		if c := other.For(d, "", english); PasswordEnds(d, english) != "" || c.Ending(english) != "" || len(c.Ways) != 0 {
			t.Errorf("%s: %q", host, c.Ways)
		}
	}
	if PasswordEnds(helpdesk, english) != "" {
		t.Error("a mailbox with OAuth2 is warned of")
	}
}

func TestTheAddressOfAProduct(t *testing.T) {
	for host, want := range map[string]bool{
		"desk.contoso.test": true, "desk.contoso.test:8443": true, "desk": true,
		"": false, "desk:": false, "desk:0": false, "desk:65536": false, "desk:https": false, ":8443": false, "desk:1:2": false, "desk/path": false,
	} {
		if IsHost(host) != want {
			t.Errorf("%q: %v", host, !want)
		}
	}
	if got := HostOf("https://ticket.müller.test:8443/"); got != "ticket.xn--mller-kva.test:8443" {
		t.Error(got)
	}
	zammad, _ := Get("zammad")
	c := zammad.For(helpdesk, HostOf("https://desk.contoso.test:8443/"), i18n.For(i18n.English))
	if got := c.Registration.Redirects[0]; !strings.HasPrefix(got, "https://desk.contoso.test:8443/api/") {
		t.Error(got)
	}
}

func TestASecretIsNeverAValue(t *testing.T) {
	for _, p := range All() {
		for _, f := range p.For(helpdesk, "host.test", i18n.For(i18n.English)).Fields {
			if strings.Contains(strings.ToLower(f.Name), "secret") && f.Copy {
				t.Errorf("%s: %s is copied", p.ID, f.Name)
			}
		}
	}
}

func TestProductsWithoutOAuthNameTheWays(t *testing.T) {
	for _, id := range []string{"redmine", "prtg", "checkmk"} {
		p, _ := Get(id)
		c := p.For(helpdesk, "", i18n.For(i18n.German))
		if c.OAuth || len(c.Ways) == 0 || !strings.Contains(c.Remarks(i18n.For(i18n.German))[0], "kein OAuth2") {
			t.Errorf("%s: %+v", id, c)
		}
	}
}

const sound = `{
  "id": "p",
  "name": "P",
  "access": {"flow": "browser", "api": "mail", "protocols": ["imap"], "source": "s"},
  "registration": {
    "platform": "web", "redirects": ["https://{host}/cb"], "secret": "yes", "authority": "tenant", "source": "s"
  },
  "fields": [
    {"name": "A", "value": "{user}", "source": "s"},
    {"name": "B", "value": "{client_id}", "source": "s"}
  ],
  "traps": [{"de": "x", "en": "y", "source": "s"}],
  "sources": {
    "s": {"title": "S", "checked": "2026-11-25"}
  }
}
`

func TestMistakesAreNamedWithTheirPlace(t *testing.T) {
	if err := check("p.json", []byte(sound)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{`"id": "p"`, `"id": "q"`, `p.json: id: "q"`},
		{`"browser"`, `"magic"`, `p.json: access.flow: "magic"`},
		{`"api": "mail"`, `"api" = "mail"`, `p.json: line 4: `},
		{`"https://{host}/cb"`, `"ftp://x"`, `p.json: registration.redirects: "ftp://x"`},
		{`"https://{host}/cb"`, `"https://{hosts}/cb"`, `p.json: registration.redirects: {hosts}`},
		{`"value": "{client_id}"`, `"value": "{client}"`, `p.json: fields[1].value: {client}`},
		{`"value": "{client_id}"`, `"colour": "red"`, `p.json: json: unknown field "colour"`},
		{`"name": "A"`, `"name": 1`, `p.json: json: cannot unmarshal number into Go struct field`},
		{`, "en": "y"`, ``, `p.json: traps[0]: a language is missing`},
		{`, "checked": "2026-11-25"`, ``, `p.json: sources.s: `},
		{`"2026-11-25"`, `"25.11.2026"`, `p.json: sources.s: `},
		{`"value": "{user}", "source": "s"`, `"value": "{user}", "source": "t"`, `p.json: fields[0].source: "t"`},
	} {
		data := strings.Replace(sound, c.old, c.new, 1)
		if err := check("p.json", []byte(data)); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s → %s: %v; want %s", c.old, c.new, err, c.want)
		}
	}
}
