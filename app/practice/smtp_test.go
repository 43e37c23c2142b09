package practice

import (
	"net/url"
	"strings"
	"testing"

	"mailgrant/internal/mailbox"
)

// smtpPeer connects and changes to TLS.
func smtpPeer(t *testing.T, tenant *Tenant) *peer {
	t.Helper()
	p := dialPeer(t, tenant, tenant.Definition().Server(mailbox.SMTP))
	if greeting := p.read(); !strings.HasPrefix(greeting, "220 FR2P281CA0042.outlook.office365.com Microsoft ESMTP ") {
		t.Error(greeting)
	}
	p.say("EHLO client.test", "250 ")
	p.say("STARTTLS", "220 ")
	p.secure(tenant)
	return p
}

// smtpLogin signs in and returns the answer.
func smtpLogin(t *testing.T, tenant *Tenant, user, token string) (*peer, string) {
	t.Helper()
	p := smtpPeer(t, tenant)
	p.say("EHLO client.test", "250-AUTH LOGIN XOAUTH2")
	for !strings.HasPrefix(p.read(), "250 ") {
	}
	if got := p.say("AUTH XOAUTH2", ""); got != "334 " {
		t.Errorf("%q", got)
	}
	return p, p.say(xoauth2(user, token), "")
}

const (
	smtpOK      = "235 2.7.0 Authentication successful"
	smtpRefused = "535 5.7.3 Authentication unsuccessful ["
	smtpOff     = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the "
)

func TestSMTPSignIn(t *testing.T) {
	tenant := start(t, Options{SlowBy: 1})
	tests := []struct {
		name, user string
		as         Account
		fault      string
		want       string
	}{
		{"own name", Helpdesk.UPN, Helpdesk, "", smtpOK},
		{"alias by name", Alias.UPN, Alias, "", smtpOK},
		{"alias by address", Alias.Address, Alias, "", smtpRefused},
		{"shared mailbox", Info.Address, Helpdesk, "", smtpRefused},
		{"somebody else's token", Helpdesk.UPN, Admin, "", smtpRefused},
		{"mailbox off", Helpdesk.UPN, Helpdesk, FaultSMTPOffMailbox, smtpOff + "Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information. ["},
		{"tenant off", Helpdesk.UPN, Helpdesk, FaultSMTPOffTenant, smtpOff + "Tenant. Visit https://aka.ms/smtp_auth_disabled for more information. ["},
		{"wrong-audience", Helpdesk.UPN, Helpdesk, FaultWrongAudience, smtpRefused},
		{"missing-scope", Helpdesk.UPN, Helpdesk, FaultMissingScope, smtpOK},
		{"slow", Helpdesk.UPN, Helpdesk, FaultSlow, smtpOK},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := tenant.SetFaults(strings.Fields(test.fault)); err != nil {
				t.Fatal(err)
			}
			if _, got := smtpLogin(t, tenant, test.user, accessToken(t, tenant, test.as.UPN)); !strings.HasPrefix(got, test.want) {
				t.Error(got)
			}
		})
	}
}

func TestSMTPWithoutPermission(t *testing.T) {
	tenant := start(t, Options{})
	r := redeem(t, tenant, signIn(t, tenant, Helpdesk.UPN, map[string]string{"scope": "https://outlook.office.com/IMAP.AccessAsUser.All"}), nil)
	if _, got := smtpLogin(t, tenant, Helpdesk.UPN, r.json(t)["access_token"].(string)); !strings.HasPrefix(got, smtpRefused) {
		t.Error(got)
	}
}

func TestSMTPInOneLine(t *testing.T) {
	tenant := start(t, Options{})
	p := smtpPeer(t, tenant)
	p.say("EHLO client.test", "250 ")
	if got := p.say("AUTH XOAUTH2 "+xoauth2(Helpdesk.UPN, accessToken(t, tenant, Helpdesk.UPN)), ""); got != smtpOK {
		t.Error(got)
	}
	if got := p.say("QUIT", ""); !strings.HasPrefix(got, "221 ") || !p.ended() {
		t.Error(got)
	}
}

func TestSMTPBeforeSignIn(t *testing.T) {
	tenant := start(t, Options{})
	p := smtpPeer(t, tenant)
	p.say("EHLO client.test", "250 ")
	for line, want := range map[string]string{
		"MAIL FROM:<helpdesk@contoso.test>": "530 5.7.57 Client not authenticated to send mail. [",
		"AUTH NTLM":                         "504 5.7.4 Unrecognized authentication type [",
		"AUTH XOAUTH2 eA==":                 smtpRefused,
	} {
		if got := p.say(line, ""); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", line, got)
		}
	}
	p.say("AUTH LOGIN", "334 VXNlcm5hbWU6")
	p.say(base64Text(Helpdesk.UPN), "334 UGFzc3dvcmQ6")
	if got := p.say(base64Text(Helpdesk.Password), ""); !strings.HasPrefix(got, "535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [") {
		t.Error(got)
	}
}

// sendMail sends a message and returns the last answer.
func sendMail(p *peer, envelope, from, to, subject string) string {
	p.t.Helper()
	p.say("MAIL FROM:<"+envelope+">", "250 ")
	p.say("RCPT TO:<"+to+">", "250 ")
	p.say("DATA", "354 ")
	return p.say("From: <"+from+">\r\nTo: <"+to+">\r\nSubject: "+subject+"\r\n\r\nhello\r\n.", "")
}

func TestSMTPDelivers(t *testing.T) {
	tenant := start(t, Options{})
	token := accessToken(t, tenant, Helpdesk.UPN)
	p, _ := smtpLogin(t, tenant, Helpdesk.UPN, token)
	for _, test := range []struct{ envelope, from, want string }{
		{Helpdesk.UPN, Helpdesk.UPN, "250 "},
		{Info.Address, Info.Address, "250 "},
		{Admin.UPN, Admin.UPN, "554 5.2.252 SendAsDenied; helpdesk@contoso.test not allowed to send as admin@contoso.test; "},
		{Helpdesk.UPN, Admin.UPN, "554 5.2.252 SendAsDenied; "},
	} {
		if got := sendMail(p, test.envelope, test.from, Helpdesk.Address, "round trip"); !strings.HasPrefix(got, test.want) {
			t.Errorf("%s: %s", test.from, got)
		}
	}
	if got := sendMail(p, Helpdesk.UPN, Helpdesk.UPN, "outside@example.com", "leaves nothing"); !strings.HasPrefix(got, "250 ") {
		t.Error(got)
	}
	i, _ := imapLogin(t, tenant, Helpdesk.UPN, token)
	if got := i.say("b SELECT INBOX", "* "); got != "* 5 EXISTS" {
		t.Error(got)
	}
	pop, _ := pop3Login(t, tenant, Helpdesk.UPN, token)
	if got := pop.say("STAT", ""); !strings.HasPrefix(got, "+OK 5 ") {
		t.Error(got)
	}
	if got := pop.say("RETR 5", "Subject: "); got != "Subject: round trip" {
		t.Error(got)
	}
	if got := i.say(`c SELECT "Sent Items"`, "* 3 EXISTS"); got == "" {
		t.Error("not in Sent Items")
	}
	// What IMAP deletes is gone for POP3 too.
	i.say("d SELECT INBOX", "d OK")
	i.say(`e STORE 5 +FLAGS (\Deleted)`, "e OK")
	i.say("f EXPUNGE", "f OK")
	pop, _ = pop3Login(t, tenant, Helpdesk.UPN, token)
	if got := pop.say("STAT", ""); !strings.HasPrefix(got, "+OK 4 ") {
		t.Error(got)
	}
}

func TestIMAPAppendIsSeenByPOP3(t *testing.T) {
	tenant := start(t, Options{})
	token := accessToken(t, tenant, Helpdesk.UPN)
	i, _ := imapLogin(t, tenant, Helpdesk.UPN, token)
	if got := i.say("b APPEND INBOX {18+}\r\nSubject: x\r\n\r\nbody", "b "); !strings.HasPrefix(got, "b OK ") {
		t.Error(got)
	}
	if got := i.say("c APPEND Nowhere {18+}\r\nSubject: x\r\n\r\nbody", "c "); !strings.HasPrefix(got, "c NO [TRYCREATE] ") {
		t.Error(got)
	}
	p, _ := pop3Login(t, tenant, Helpdesk.UPN, token)
	if got := p.say("STAT", ""); !strings.HasPrefix(got, "+OK 4 ") {
		t.Error(got)
	}
}

func TestMailAsApplication(t *testing.T) {
	tenant := start(t, Options{})
	r := post(t, tokenURL(tenant, TenantID), url.Values{"grant_type": {"client_credentials"}, "client_id": {WebClientID}, "client_secret": {WebClientSecret}, "scope": {"https://outlook.office365.com/.default"}})
	token := r.json(t)["access_token"].(string)
	if _, got := imapLogin(t, tenant, Info.Address, token); got != imapOK {
		t.Error(got)
	}
	p, got := smtpLogin(t, tenant, Info.Address, token)
	if got != smtpOK {
		t.Error(got)
	}
	if got := sendMail(p, Info.Address, Info.Address, Info.Address, "x"); !strings.HasPrefix(got, "250 ") {
		t.Error(got)
	}
}
