package practice

import (
	"strings"
	"testing"

	"mailgrant/internal/mailbox"
)

func pop3Login(t *testing.T, tenant *Tenant, user, token string) (*peer, string) {
	t.Helper()
	p := dialPeer(t, tenant, tenant.Definition().Server(mailbox.POP3))
	p.read()
	if got := p.say("AUTH XOAUTH2", "+"); got != "+ " {
		t.Errorf("%q", got)
	}
	return p, p.say(xoauth2(user, token), "")
}

const (
	pop3OK  = "+OK User successfully authenticated."
	pop3Err = "-ERR Authentication failure: unknown user name or bad password."
)

func TestPOP3Session(t *testing.T) {
	tenant := start(t, Options{})
	p := dialPeer(t, tenant, tenant.Definition().Server(mailbox.POP3))
	if greeting := p.read(); !strings.HasPrefix(greeting, "+OK The Microsoft Exchange POP3 service is ready. [") {
		t.Error(greeting)
	}
	p.say("CAPA", "SASL PLAIN XOAUTH2")
	p.read()
	p.read()
	for line, want := range map[string]string{
		"STAT": "-ERR Command is not valid in this state.", "AUTH NTLM": "-ERR Authentication failure: mechanism is not supported.",
		"USER helpdesk@contoso.test": "+OK", "PASS Ticket-4711": "-ERR Logon failure: unknown user name or bad password.",
	} {
		if got := p.say(line, ""); got != want && !strings.HasPrefix(line, "PASS") {
			t.Errorf("%s: %s", line, got)
		}
	}
	p.say("AUTH XOAUTH2", "+ ")
	if got := p.say(xoauth2(Helpdesk.UPN, accessToken(t, tenant, Helpdesk.UPN)), ""); got != pop3OK {
		t.Fatal(got)
	}
	if got := p.say("STAT", ""); !strings.HasPrefix(got, "+OK 3 ") {
		t.Error(got)
	}
	for _, command := range []string{"LIST", "UIDL", "TOP 1 0", "RETR 3"} {
		if got := p.say(command, ""); !strings.HasPrefix(got, "+OK") {
			t.Errorf("%s: %s", command, got)
		}
		p.say("NOOP", ".") // the end of the listing
		if got := p.read(); got != "+OK" {
			t.Error(got)
		}
	}
	if got := p.say("LIST 2", ""); !strings.HasPrefix(got, "+OK 2 ") {
		t.Error(got)
	}
	for _, bad := range []string{"RETR 4", "RETR 0", "RETR x", "DELE 9", "LIST -1", "TOP 1", "TOP 1 x", "NONSENSE"} {
		if got := p.say(bad, ""); !strings.HasPrefix(got, "-ERR ") {
			t.Errorf("%s: %s", bad, got)
		}
	}
	p.say("DELE 1", "+OK")
	p.say("RSET", "+OK")
	p.say("DELE 2", "+OK")
	if got := p.say("STAT", ""); !strings.HasPrefix(got, "+OK 2 ") {
		t.Error(got)
	}
	if got := p.say("QUIT", ""); got != "+OK Microsoft Exchange Server POP3 server signing off." || !p.ended() {
		t.Error(got)
	}
	// What POP3 deleted is gone for IMAP too.
	i, _ := imapLogin(t, tenant, Helpdesk.UPN, accessToken(t, tenant, Helpdesk.UPN))
	if got := i.say("b EXAMINE INBOX", "* "); got != "* 2 EXISTS" {
		t.Error(got)
	}
}

func TestPOP3SignIn(t *testing.T) {
	tenant := start(t, Options{SlowBy: 1})
	tests := []struct {
		name, user string
		as         Account
		fault      string
		want       string
	}{
		{"own mailbox", Helpdesk.UPN, Helpdesk, "", pop3OK},
		{"alias by address", Alias.Address, Alias, "", pop3OK},
		{"shared mailbox", Info.Address, Helpdesk, "", pop3OK},
		{"shared mailbox without right", Info.Address, Admin, "", pop3Err},
		{"somebody else's token", Helpdesk.UPN, Admin, "", pop3Err},
		{"pop3-off", Helpdesk.UPN, Helpdesk, FaultPOP3Off, pop3Err},
		{"missing-scope", Helpdesk.UPN, Helpdesk, FaultMissingScope, pop3Err},
		{"wrong-audience", Helpdesk.UPN, Helpdesk, FaultWrongAudience, pop3Err},
		{"imap-off", Helpdesk.UPN, Helpdesk, FaultIMAPOff, pop3OK},
		{"not-connected", Helpdesk.UPN, Helpdesk, FaultNotConnected, pop3OK},
		{"slow", Helpdesk.UPN, Helpdesk, FaultSlow, pop3OK},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := tenant.SetFaults(strings.Fields(test.fault)); err != nil {
				t.Fatal(err)
			}
			if _, got := pop3Login(t, tenant, test.user, accessToken(t, tenant, test.as.UPN)); got != test.want {
				t.Error(got)
			}
		})
	}
}

func TestPOP3WantsTwoLines(t *testing.T) {
	tenant := start(t, Options{})
	p := dialPeer(t, tenant, tenant.Definition().Server(mailbox.POP3))
	p.read()
	got := p.say("AUTH XOAUTH2 "+xoauth2(Helpdesk.UPN, accessToken(t, tenant, Helpdesk.UPN)), "")
	if got != "-ERR Protocol error. Connection is closed. 10" || !p.ended() {
		t.Error(got)
	}
}

func TestPOP3EndsOnEndlessLine(t *testing.T) {
	tenant := start(t, Options{})
	p := dialPeer(t, tenant, tenant.Definition().Server(mailbox.POP3))
	p.read()
	_, _ = p.conn.Write([]byte(strings.Repeat("x", 2*pop3Line))) // may fail: the server may have hung up
	if !p.ended() {
		t.Error("still there")
	}
}

func TestPOP3Passwords(t *testing.T) {
	tenant := start(t, Options{})
	p := dialPeer(t, tenant, tenant.Definition().Server(mailbox.POP3))
	p.read()
	p.say("USER "+Helpdesk.UPN, "+OK")
	if got := p.say("PASS "+Helpdesk.Password, ""); got != "-ERR Logon failure: unknown user name or bad password." {
		t.Error(got)
	}
}
