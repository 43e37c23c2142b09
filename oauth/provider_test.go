package oauth

import (
	"slices"
	"strings"
	"testing"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

func TestScopes(t *testing.T) {
	server := &mailbox.Server{Host: "localhost", Port: 1}
	cases := []struct {
		name             string
		o                mailbox.OAuth
		imap, pop3, smtp bool
		mail             string
		base             string
	}{
		{"all three", mailbox.OAuth{Provider: "microsoft"}, true, true, true, "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/POP.AccessAsUser.All https://outlook.office.com/SMTP.Send", "openid profile email offline_access"},
		{"least privilege", mailbox.OAuth{Provider: "microsoft"}, false, false, true, "https://outlook.office.com/SMTP.Send", "openid profile email offline_access"},
		{"government", mailbox.OAuth{Provider: "microsoft", Cloud: mailbox.CloudUSGovHigh}, true, false, false, "https://outlook.office365.us/IMAP.AccessAsUser.All", "openid profile email offline_access"},
		{"own ones", mailbox.OAuth{Scopes: []string{"x"}}, true, true, true, "x", "openid profile email offline_access"},
		{"application", mailbox.OAuth{Provider: "microsoft", AccountType: mailbox.AccountApplication}, true, true, true, "https://outlook.office365.com/.default", "openid profile email offline_access"},
		{"application in China", mailbox.OAuth{Provider: "microsoft", AccountType: mailbox.AccountApplication, Cloud: mailbox.CloudChina}, true, true, true, "https://partner.outlook.cn/.default", "openid profile email offline_access"},
		{"google", mailbox.OAuth{Provider: mailbox.ProviderGoogle}, true, true, true, "https://mail.google.com/", "openid profile email"},
		{"custom", mailbox.OAuth{Provider: mailbox.ProviderCustom}, true, true, true, "", "openid profile email offline_access"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			d := mailbox.Definition{OAuth: &tc.o}
			for _, s := range []struct {
				on bool
				p  mailbox.Protocol
			}{{tc.imap, mailbox.IMAP}, {tc.pop3, mailbox.POP3}, {tc.smtp, mailbox.SMTP}} {
				if s.on {
					d.SetServer(s.p, server)
				}
			}
			if got := strings.Join(MailScopes(d), " "); got != tc.mail {
				t.Errorf("mail scopes %q", got)
			}
			if got, want := strings.Join(Scopes(d), " "), strings.TrimSpace(tc.mail+" "+tc.base); got != want {
				t.Errorf("scopes %q", got)
			}
		})
	}
}

func TestMissing(t *testing.T) {
	asked := []string{"https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send", "offline_access", "openid"}
	for _, tc := range []struct{ granted, missing string }{
		{"https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send", ""},
		{"https://outlook.office365.com/imap.accessasuser.all SMTP.Send", ""},
		{"https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send"},
		{"", "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send"},
	} {
		missing := Missing(asked, strings.Fields(tc.granted))
		if got := strings.Join(missing, " "); got != tc.missing || missing == nil {
			t.Errorf("%q: missing %q", tc.granted, got)
		}
	}
	if got := Missing([]string{"https://mail.google.com/"}, []string{"openid", "https://mail.google.com/"}); len(got) > 0 {
		t.Errorf("google: %v", got)
	}
	if got := MailOnly([]string{"openid", "email", "https://outlook.office.com/SMTP.Send", "profile"}); !slices.Equal(got, []string{"https://outlook.office.com/SMTP.Send"}) {
		t.Errorf("mail only: %v", got)
	}
}

func TestKey(t *testing.T) {
	d := newOffline().definition()
	key := Key(d)
	if len(key) != 64 || strings.Contains(key, "helpdesk") {
		t.Errorf("key %q", key)
	}
	same := d.Clone()
	same.Name, same.User, same.SharedMailbox = "Other", strings.ToUpper(d.User), "info@contoso.test"
	same.SetServer(mailbox.IMAP, nil)
	if Key(same) != key {
		t.Error("a definition of the same authorization has another key")
	}
	for name, change := range map[string]func(*mailbox.Definition){
		"user":         func(d *mailbox.Definition) { d.User = "x@contoso.test" },
		"client":       func(d *mailbox.Definition) { d.OAuth.ClientID = "x" },
		"authority":    func(d *mailbox.Definition) { d.OAuth.Authority = "https://x.test" },
		"tenant":       func(d *mailbox.Definition) { d.OAuth.Tenant = "x.test" },
		"account type": func(d *mailbox.Definition) { d.OAuth.Tenant, d.OAuth.AccountType = "", mailbox.AccountCommon },
	} {
		other := d.Clone()
		change(&other)
		if Key(other) == key {
			t.Errorf("another %s, the same key", name)
		}
	}
}

func TestHostAllowed(t *testing.T) {
	preset := mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, Cloud: mailbox.CloudGlobal}
	named := mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, Cloud: mailbox.CloudGlobal, Authority: "https://login.microsoftonline.com"}
	foreign := mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, Cloud: mailbox.CloudGlobal, Authority: "https://login.evil.test"}
	custom := mailbox.OAuth{Provider: mailbox.ProviderCustom, Issuer: "https://id.example.test"}
	for _, tc := range []struct {
		o        mailbox.OAuth
		host     string
		recorded []string
		want     bool
	}{
		{preset, "outlook.office365.com", nil, true},
		{preset, "Outlook.Office365.COM", nil, true},
		{preset, "smtp-mail.outlook.com", nil, true},
		{preset, "imap.gmail.com", nil, false},
		{named, "outlook.office365.com", nil, true},
		{preset, "outlook.office365.com.evil.test", nil, false},
		{preset, "evil.test", []string{"mail.contoso.test"}, false},
		{preset, "MAIL.contoso.test", []string{"mail.contoso.test"}, true},
		{foreign, "outlook.office365.com", nil, false},
		{custom, "mail.example.test", nil, false},
		{custom, "mail.example.test", []string{"mail.example.test"}, true},
	} {
		if got := HostAllowed(tc.o, tc.host, tc.recorded); got != tc.want {
			t.Errorf("%s to %s: %t", tc.o.Provider, tc.host, got)
		}
	}
}

func TestAuthority(t *testing.T) {
	for _, tc := range []struct {
		o               mailbox.OAuth
		authority, host string
		preset          bool
		name            diagnosis.Provider
	}{
		{mailbox.OAuth{Provider: mailbox.ProviderMicrosoft}, "https://login.microsoftonline.com", "login.microsoftonline.com", true, diagnosis.Microsoft},
		{mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, AccountType: mailbox.AccountConsumers}, "https://login.microsoftonline.com", "login.microsoftonline.com", true, diagnosis.Outlook},
		{mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, Cloud: mailbox.CloudUSDoD}, "https://login.microsoftonline.us", "login.microsoftonline.us", true, diagnosis.Microsoft},
		{mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, Authority: "http://127.0.0.1:5"}, "http://127.0.0.1:5", "127.0.0.1:5", false, diagnosis.Microsoft},
		{mailbox.OAuth{Provider: mailbox.ProviderGoogle}, "https://accounts.google.com", "accounts.google.com", true, diagnosis.Google},
		{mailbox.OAuth{Provider: mailbox.ProviderCustom, Issuer: "https://id.example.test/x"}, "https://id.example.test/x", "id.example.test", false, diagnosis.Generic},
	} {
		if Authority(tc.o) != tc.authority || AuthorityHost(tc.o) != tc.host || IsPreset(tc.o) != tc.preset || familyOf(tc.o) != tc.name {
			t.Errorf("%+v: %s %s %t %s", tc.o, Authority(tc.o), AuthorityHost(tc.o), IsPreset(tc.o), familyOf(tc.o))
		}
	}
}

// Everybody's mail host is among those a token may go to.
func TestPresetsAllowTheirOwnHosts(t *testing.T) {
	for _, o := range []mailbox.OAuth{
		{Provider: mailbox.ProviderGoogle},
		{Provider: mailbox.ProviderMicrosoft, Cloud: mailbox.CloudGlobal},
		{Provider: mailbox.ProviderMicrosoft, Cloud: mailbox.CloudGlobal, AccountType: mailbox.AccountConsumers},
		{Provider: mailbox.ProviderMicrosoft, Cloud: mailbox.CloudUSGovHigh},
		{Provider: mailbox.ProviderMicrosoft, Cloud: mailbox.CloudUSDoD},
		{Provider: mailbox.ProviderMicrosoft, Cloud: mailbox.CloudChina},
	} {
		p := o.Profile()
		for _, server := range p.Servers {
			host := server.Host
			if !HostAllowed(o, host, nil) {
				t.Errorf("%s %s: %s", o.Provider, o.Cloud, host)
			}
		}
	}
}

func TestAnApplicationHasAKeyOfItsOwn(t *testing.T) {
	user := newOffline().definition()
	application := user.Clone()
	application.OAuth.AccountType = mailbox.AccountApplication
	if Key(user) == Key(application) {
		t.Error("keys of a user and an application of one registration")
	}
}
