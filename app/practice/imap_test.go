package practice

import (
	"strings"
	"testing"

	"mailgrant/internal/mailbox"
)

// imapLogin signs in with an initial response and returns the tagged answer.
func imapLogin(t *testing.T, tenant *Tenant, user, token string) (*peer, string) {
	t.Helper()
	p := dialPeer(t, tenant, tenant.Definition().Server(mailbox.IMAP))
	p.read()
	return p, p.say("a AUTHENTICATE XOAUTH2 "+xoauth2(user, token), "a ")
}

const imapOK = "a OK AUTHENTICATE completed."

func TestIMAPSession(t *testing.T) {
	tenant := start(t, Options{})
	token := accessToken(t, tenant, Helpdesk.UPN)
	p := dialPeer(t, tenant, tenant.Definition().Server(mailbox.IMAP))
	if greeting := p.read(); !strings.HasPrefix(greeting, "* OK The Microsoft Exchange IMAP4 service is ready. [") {
		t.Error(greeting)
	}
	if caps := p.say("c CAPABILITY", "* "); !strings.Contains(caps, " AUTH=XOAUTH2 SASL-IR ") || strings.Contains(caps, "OAUTHBEARER") {
		t.Error(caps)
	}
	p.read()
	// In two lines: the library reads at most 4 KiB here, so the token must
	// not outgrow it.
	p.say("a AUTHENTICATE XOAUTH2", "+")
	if got := p.say(xoauth2(Helpdesk.UPN, token), "a "); got != imapOK {
		t.Error(got)
	}
	if got := p.say("b EXAMINE INBOX", "* "); got != "* 3 EXISTS" {
		t.Error(got)
	}
	if got := p.say("b2 FETCH 1 BODY.PEEK[HEADER.FIELDS (SUBJECT)]", "Subject"); got != "Subject: Welcome" {
		t.Error(got)
	}
	if got := p.say("d LOGOUT", "* BYE"); got != "* BYE Microsoft Exchange Server IMAP4 server signing off." {
		t.Error(got)
	}
	if got := p.read(); got != "d OK LOGOUT completed" {
		t.Error(got)
	}
	if !p.ended() {
		t.Error("the server does not hang up")
	}
}

func TestIMAPSignIn(t *testing.T) {
	tenant := start(t, Options{})
	token := map[string]string{}
	for _, a := range []Account{Helpdesk, Admin, Alias, Partner} {
		token[a.UPN] = accessToken(t, tenant, a.UPN)
	}
	id := grant(t, tenant, Helpdesk.UPN)["id_token"].(string)
	const noAccess = imapOK + " then BAD User is authenticated but not connected."
	tests := []struct{ name, user, token, want string }{
		{"own mailbox", Helpdesk.UPN, token[Helpdesk.UPN], imapOK},
		{"without case", "HelpDesk@Contoso.Test", token[Helpdesk.UPN], imapOK},
		{"alias by name", Alias.UPN, token[Alias.UPN], imapOK},
		{"alias by address", Alias.Address, token[Alias.UPN], imapOK},
		{"shared mailbox", Info.Address, token[Helpdesk.UPN], imapOK},
		{"shared mailbox without right", Info.Address, token[Admin.UPN], noAccess},
		{"somebody else's token", Helpdesk.UPN, token[Admin.UPN], noAccess},
		{"unknown mailbox", "nobody@contoso.test", token[Helpdesk.UPN], "a NO AUTHENTICATE failed."},
		{"guest", Partner.UPN, token[Partner.UPN], "a NO AUTHENTICATE failed."},
		{"guest on a mailbox", Helpdesk.UPN, token[Partner.UPN], "a NO AUTHENTICATE failed."},
		{"id_token", Helpdesk.UPN, id, "a NO AUTHENTICATE failed."},
		{"forged", Helpdesk.UPN, token[Helpdesk.UPN][:2000] + "A", "a NO AUTHENTICATE failed."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, got := imapLogin(t, tenant, test.user, test.token)
			if got == imapOK {
				if answer := p.say("b EXAMINE INBOX", "b "); !strings.HasPrefix(answer, "b OK ") {
					got += " then " + strings.TrimPrefix(answer, "b ")
				}
			}
			if got != test.want {
				t.Error(got)
			}
		})
	}
}

func TestIMAPFaults(t *testing.T) {
	tenant := start(t, Options{SlowBy: 1})
	tests := []struct{ fault, signIn, examine string }{
		{FaultIMAPOff, `a OK [Error="UserDisabled" AuthResult=27] AUTHENTICATE completed.`, "b BAD User is authenticated but not connected."},
		{FaultNotConnected, imapOK, "b BAD User is authenticated but not connected."},
		{FaultWrongAudience, "a NO AUTHENTICATE failed.", ""},
		{FaultPOP3Off, imapOK, "b OK "},
		{FaultMissingScope, imapOK, "b OK "},
		{FaultSlow, imapOK, "b OK "},
	}
	for _, test := range tests {
		t.Run(test.fault, func(t *testing.T) {
			if err := tenant.SetFaults([]string{test.fault}); err != nil {
				t.Fatal(err)
			}
			p, got := imapLogin(t, tenant, Helpdesk.UPN, accessToken(t, tenant, Helpdesk.UPN))
			if got != test.signIn {
				t.Fatal(got)
			}
			if test.examine == "" {
				return
			}
			got = p.say("b EXAMINE INBOX", "b ")
			if !strings.HasPrefix(got, test.examine) {
				t.Fatal(got)
			}
			if strings.Contains(got, "BAD") {
				p.say("c LIST \"\" *", "c BAD User is authenticated but not connected.")
				if bye := p.read(); bye != "* BYE Connection closed. 14" || !p.ended() {
					t.Error(bye)
				}
			}
		})
	}
}

func TestIMAPPasswords(t *testing.T) {
	tenant := start(t, Options{})
	p := dialPeer(t, tenant, tenant.Definition().Server(mailbox.IMAP))
	p.read()
	if got := p.say("a LOGIN "+Helpdesk.UPN+" "+Helpdesk.Password, "a "); got != "a NO LOGIN failed." {
		t.Error(got)
	}
	if got := p.say("a AUTHENTICATE PLAIN AGEAYg==", "a "); got != "a NO AUTHENTICATE failed. Provided authentication mechanism is not supported." {
		t.Error(got)
	}
	// A failed sign-in does not end the connection, nor does nonsense.
	for _, nonsense := range []string{"dXNlcj0=", "====", "*"} {
		if got := p.say("b AUTHENTICATE XOAUTH2 "+nonsense, "b "); strings.HasPrefix(got, "b OK") {
			t.Error(got)
		}
	}
	p.say("c NOOP", "c OK")
}

func TestAccessTokenIsAsLongAsRealOnes(t *testing.T) {
	tenant := start(t, Options{})
	for _, user := range []string{Helpdesk.UPN, Alias.UPN, Partner.UPN} {
		// Less than 3,000: the IMAP library takes a response of 4 KiB.
		if n := len(accessToken(t, tenant, user)); n < 2500 || n > 2980 {
			t.Errorf("%s: %d bytes", user, n)
		}
	}
}
