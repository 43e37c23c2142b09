package provider

import (
	"slices"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	for _, c := range []struct{ id, cloud, accountType, authority, smtp, family string }{
		{"microsoft", "global", "tenant", "https://login.microsoftonline.com", "smtp.office365.com", "microsoft"},
		{"microsoft", "", "", "https://login.microsoftonline.com", "smtp.office365.com", "microsoft"},
		{"microsoft", "global", "application", "https://login.microsoftonline.com", "smtp.office365.com", "microsoft"},
		{"microsoft", "global", "consumers", "https://login.microsoftonline.com", "smtp-mail.outlook.com", "outlook.com"},
		{"microsoft", "", "consumers", "https://login.microsoftonline.com", "smtp-mail.outlook.com", "outlook.com"},
		{"microsoft", "us-dod", "organizations", "https://login.microsoftonline.us", "outlook-dod.office365.us", "microsoft"},
		{"microsoft", "mars", "tenant", "https://login.microsoftonline.com", "smtp.office365.com", "microsoft"},
		{"google", "", "", "https://accounts.google.com", "smtp.gmail.com", "google"},
		{"custom", "", "", "", "", "generic"},
		{"acme", "global", "consumers", "", "", "generic"},
	} {
		if p := Find(c.id, c.cloud, c.accountType); p.Authority != c.authority || p.Servers["smtp"].Host != c.smtp || p.Family != c.family {
			t.Errorf("%+v: %+v", c, p)
		}
	}
}

func TestByHost(t *testing.T) {
	for host, family := range map[string]string{
		"outlook.office365.com": "microsoft", "OUTLOOK.office365.com.": "microsoft", "office365.com": "microsoft",
		"smtp-mail.outlook.com": "outlook.com", "x.outlook.sovcloud.de": "microsoft", "outlook-dod.office365.us": "microsoft",
		"imap.gmail.com": "google", "notgmail.com": "", "gmail.com.evil.test": "", "": "", "192.0.2.1": "",
		"login.microsoftonline.com": "", // no mail server
	} {
		if p, ok := ByHost(host); p.Family != family || ok != (family != "") {
			t.Errorf("%s is %s", host, p.Family)
		}
	}
	if !IsPublic("login.microsoftonline.com") || !IsPublic("imap.gmail.com") || IsPublic("mail.contoso.test") {
		t.Error("public hosts")
	}
}

func TestByMX(t *testing.T) {
	for host, want := range map[string]string{
		"contoso-com.mail.protection.outlook.com.": "microsoft global tenant", "contoso-com.a-v1.mx.microsoft": "microsoft global tenant",
		"outlook-com.olc.protection.outlook.com": "microsoft global consumers", "x.mail.protection.office365.us": "microsoft us-gov-high tenant",
		"x.mail.protection.partner.outlook.cn": "microsoft china tenant", "aspmx.l.google.com": "google  ", "mx.contoso.test": "  ",
	} {
		p, _ := ByMX(host)
		if got := strings.Join([]string{p.ID, p.Cloud, p.AccountType}, " "); got != want {
			t.Errorf("%s: %q", host, got)
		}
	}
}

// What a table's lines have to be for the look-ups to mean anything.
func TestProfilesAreConsistent(t *testing.T) {
	seen := map[string]string{}
	for _, p := range Profiles() {
		if p.ID == "" || p.Family == "" || len(p.BaseScopes) == 0 {
			t.Errorf("incomplete: %+v", p)
		}
		if p.Custom {
			continue
		}
		for _, s := range p.Servers {
			if s.Host == "" || s.Port == 0 || s.Security == "" {
				t.Errorf("%s %s: server %+v", p.ID, p.Cloud, s)
			}
			if at, _ := ByHost(s.Host); at.ID != p.ID {
				t.Errorf("%s lies in no domain of %s", s.Host, p.ID)
			}
		}
		for _, d := range slices.Concat(p.Domains, p.SignInDomains, p.MX) {
			if d != strings.ToLower(d) || strings.HasPrefix(d, ".") {
				t.Errorf("domain %q", d)
			}
			if owner, twice := seen[d]; twice && owner != p.ID {
				t.Errorf("%s is %s's and %s's", d, owner, p.ID)
			}
			seen[d] = p.ID
		}
	}
	if !slices.Equal(IDs(), []string{"microsoft", "google", "custom"}) || !slices.Equal(Families(), []string{"microsoft", "outlook.com", "google", "generic"}) {
		t.Errorf("%v %v", IDs(), Families()) // both are part of the contract
	}
}

func TestAudience(t *testing.T) {
	exchange := Find("microsoft", "", "")
	for resource, is := range map[string]bool{
		"https://outlook.office.com": true, "https://outlook.office365.com/": true, "00000002-0000-0ff1-ce00-000000000000": true,
		"https://graph.microsoft.com": false, "https://imap.gmail.com": false,
	} {
		if exchange.IsAudience(resource) != is {
			t.Errorf("%s: %v", resource, !is)
		}
	}
}

func TestTokenFor(t *testing.T) {
	const graph = "https://graph.microsoft.com/"
	for name, c := range map[string]struct{ mail, scope, want string }{
		"of mail":           {"https://outlook.office.com/", "IMAP.AccessAsUser.All", ""},
		"none":              {"https://outlook.office.com/", "", ""},
		"of another":        {"https://outlook.office.com/", graph + "Mail.Read", graph},
		"two of another":    {"https://outlook.office.com/", graph + "Mail.Read " + graph + "Mail.Send", graph},
		"by an identifier":  {"https://outlook.office.com/", "api://0b6f3e52-91d4-4c8a-8f27-5a1c63e9d081/.default", "api://0b6f3e52-91d4-4c8a-8f27-5a1c63e9d081/"},
		"one token for all": {"", "https://mail.google.com/", ""},
	} {
		if got := (Profile{Resource: c.mail, Scopes: map[string]string{"x": c.scope}}).TokenFor("x"); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	for _, p := range Profiles() {
		for protocol := range p.Scopes {
			if got := p.TokenFor(protocol); got != "" {
				t.Errorf("%s %s has a token of its own, for %s", p.ID, protocol, got)
			}
		}
	}
}

// A log of a million records asks a million times.
func TestLookingUpMakesNothing(t *testing.T) {
	for _, host := range []string{"", "imap.gmail.com", "mail.contoso.test"} {
		if n := testing.AllocsPerRun(100, func() { ByHost(host); IsPublic(host) }); n > 0 {
			t.Errorf("%q: %v allocations", host, n)
		}
	}
}
