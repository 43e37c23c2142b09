package mailtest_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
)

const (
	testShared = "info@contoso.com"
	testUPN    = "hd01@contoso.com"
)

// whole are servers at which everything works, for the given names.
func whole(imapUser, pop3User, smtpUser string) map[mailtest.Protocol][]peer {
	return map[mailtest.Protocol][]peer{
		mailtest.IMAP: {imapStart(imapCaps, "C: T1 AUTHENTICATE XOAUTH2 "+xoauth2(imapUser, testToken), "S: T1 OK [CAPABILITY IMAP4rev1] done", "C: T2 EXAMINE INBOX", "S: T2 OK", "C: T3 LOGOUT", "S: T3 OK")},
		mailtest.POP3: {pop3Start("C: AUTH XOAUTH2", "S: +", "C: "+xoauth2(pop3User, testToken), "S: +OK", "C: STAT", "S: +OK 1 2", "C: QUIT", "S: +OK")},
		mailtest.SMTP: {smtpWhole(smtpUser)},
	}
}

func smtpWhole(user string) peer {
	return smtpStart("XOAUTH2", "C: AUTH XOAUTH2 "+xoauth2(user, testToken), "S: 235 ok", "C: MAIL FROM:<", "S: 250 ok", "C: RSET", "S: 250 ok", "C: QUIT", "S: 221 bye")
}

func smtpRefuses(user, text string) peer {
	return smtpStart("XOAUTH2", "C: AUTH XOAUTH2 "+xoauth2(user, testToken), "S: "+text, "C: QUIT", "S: 221 bye")
}

// credential is with() for an account that differs from the user.
func credential(account string, claims *diagnosis.Claims) func(*mailtest.Config) {
	return func(c *mailtest.Config) {
		c.Credential = func(context.Context, string) (mailtest.Credential, error) {
			return mailtest.Credential{Token: redact.NewSecret(testToken), Account: account, Claims: claims}, nil
		}
	}
}

// IMAP and POP3 open a shared mailbox under its own name, SMTP signs in as
// the account and sends from the shared address.
func TestSharedMailbox(t *testing.T) {
	r, s := play(t, whole(testShared, testShared, testUser), func(c *mailtest.Config) {
		c.Mailbox.SharedMailbox, c.Mailbox.Sender = testShared, testShared
	})
	if !r.OK() {
		for _, p := range mailbox.Protocols() {
			t.Log(p, states(r, p))
		}
		t.Fatal("it does not work")
	}
	found := false
	for _, line := range s.lines(t, mailtest.SMTP, 0) {
		found = found || line == "MAIL FROM:<"+testShared+">"
	}
	if !found {
		t.Error("SMTP does not send from the shared address")
	}
}

// Without an account of its own in the credential, the user signs in.
func TestSharedMailboxWithoutAccount(t *testing.T) {
	r, _ := play(t, alone(mailtest.SMTP, smtpWhole(testUser)), credential("", nil), func(c *mailtest.Config) { c.Mailbox.SharedMailbox = testShared })
	if !r.OK() {
		t.Fatal(states(r, mailtest.SMTP))
	}
}

func TestCredentialIsAskedForOnce(t *testing.T) {
	var asked atomic.Int32
	r, _ := play(t, whole(testUser, testUser, testUser), func(c *mailtest.Config) {
		inner := c.Credential
		c.Credential = func(ctx context.Context, resource string) (mailtest.Credential, error) {
			asked.Add(1)
			time.Sleep(time.Second) // all three wait for it
			return inner(ctx, resource)
		}
	})
	if !r.OK() || asked.Load() != 1 {
		t.Errorf("ok %v, asked %d times", r.OK(), asked.Load())
	}
}

func TestCredentialIsNotAskedForInVain(t *testing.T) {
	play(t, alone(mailtest.IMAP, says("")), func(c *mailtest.Config) {
		c.Credential = func(context.Context, string) (mailtest.Credential, error) {
			t.Error("asked for although nobody answers")
			return mailtest.Credential{}, nil
		}
	})
}

func TestNoCredential(t *testing.T) {
	revoked := diagnosis.New("refresh-token-revoked", diagnosis.PhaseRefresh, nil)
	for name, c := range map[string]struct {
		credential mailtest.CredentialFunc
		want       diagnosis.Cause
	}{
		"none":    {nil, diagnosis.CauseAuthorizationMissing},
		"empty":   {func(context.Context, string) (mailtest.Credential, error) { return mailtest.Credential{}, nil }, diagnosis.CauseAuthorizationMissing},
		"refused": {func(context.Context, string) (mailtest.Credential, error) { return mailtest.Credential{}, revoked }, "refresh-token-revoked"},
		"other error": {func(context.Context, string) (mailtest.Credential, error) {
			return mailtest.Credential{}, errors.New("zzz")
		}, diagnosis.CauseUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			peers := map[mailtest.Protocol][]peer{
				mailtest.IMAP: {imapStart(imapCaps, "C: A2 LOGOUT", "S: A2 OK")},
				mailtest.POP3: {pop3Start("C: QUIT", "S: +OK")},
				mailtest.SMTP: {smtpStart("XOAUTH2", "C: QUIT", "S: 221 bye")},
			}
			r, _ := play(t, peers, func(cfg *mailtest.Config) { cfg.Credential = c.credential })
			for _, p := range mailbox.Protocols() {
				if want := "resolve passed, connect passed, tls skipped, greeting passed, authenticate skipped, mailbox skipped, quit passed"; states(r, p) != want {
					t.Errorf("%s: %s", p, states(r, p))
				}
				if got := cause(step(t, r, p, mailtest.StepAuthenticate)); got != c.want {
					t.Errorf("%s: cause %s, want %s", p, got, c.want)
				}
				if r.Result(p).State != mailtest.Skipped {
					t.Errorf("%s is %s", p, r.Result(p).State)
				}
			}
			if r.OK() || !r.NoAuthorization() {
				t.Errorf("ok %v, nothing to sign in with: %v", r.OK(), r.NoAuthorization())
			}
			if all := r.Diagnoses(); len(all) != 1 {
				t.Errorf("%d diagnoses for one missing authorization", len(all))
			}
		})
	}
}

// A sign-in service that does not answer is not the mail server's fault.
func TestCredentialNeverComes(t *testing.T) {
	r, _ := play(t, alone(mailtest.IMAP, imapStart(imapCaps)), func(c *mailtest.Config) {
		c.Credential = func(ctx context.Context, _ string) (mailtest.Credential, error) {
			select {
			case <-ctx.Done():
			case <-time.After(time.Minute):
			}
			return mailtest.Credential{}, ctx.Err()
		}
	})
	if e := step(t, r, mailtest.IMAP, mailtest.StepAuthenticate); e.State != mailtest.Skipped || e.Duration > mailtest.DefaultTimeout {
		t.Errorf("%s after %s", e.State, e.Duration)
	}
}

const unsuccessful = "535 5.7.3 Authentication unsuccessful [FR2P281CA0042.DEUP281.PROD.OUTLOOK.COM]"

// SMTP refuses the address, IMAP takes it: SMTP gets the token's own name.
func TestSMTPTriesTheTokensName(t *testing.T) {
	peers := whole(testUser, testUser, testUser)
	peers[mailtest.SMTP] = []peer{smtpRefuses(testUser, unsuccessful), smtpWhole(testUPN)}
	r, s := play(t, peers, credential("", &diagnosis.Claims{User: testUPN}))
	if !r.OK() || r.Result(mailtest.SMTP).State != mailtest.Warned {
		t.Fatal(states(r, mailtest.SMTP))
	}
	e := step(t, r, mailtest.SMTP, mailtest.StepAuthenticate)
	if e.State != mailtest.Warned || cause(e) != diagnosis.CauseUPNDiffersFromAddress {
		t.Fatalf("%s with cause %s", e.State, cause(e))
	}
	if e.Diagnosis.Args["account"] != testUPN || e.Diagnosis.Args["user"] != testUser {
		t.Errorf("args %v", e.Diagnosis.Args)
	}
	if e.Facts[mailtest.FactUser] != testUPN || e.Facts[mailtest.FactRefusedUser] != testUser {
		t.Errorf("facts %v", e.Facts)
	}
	for n := range 2 {
		if lines := s.lines(t, mailtest.SMTP, n); lines[len(lines)-1] != "QUIT" {
			t.Errorf("connection %d was left without QUIT", n)
		}
	}
}

func TestSMTPDoesNotTryInVain(t *testing.T) {
	claims := &diagnosis.Claims{User: testUPN}
	refusesAll := func() map[mailtest.Protocol][]peer {
		peers := whole(testUser, testUser, testUser)
		peers[mailtest.IMAP] = []peer{imapStart(imapCaps, "C: T1 AUTH", "S: T1 NO AUTHENTICATE failed.", "C: T2 LOGOUT", "S: T2 OK")}
		peers[mailtest.POP3] = []peer{pop3Start("C: AUTH XOAUTH2", "S: +", "C~ ", "S: -ERR Authentication failure: unknown user name or bad password.", "C: QUIT", "S: +OK")}
		return peers
	}
	for name, c := range map[string]struct {
		peers  map[mailtest.Protocol][]peer
		text   string
		claims *diagnosis.Claims
	}{
		"the token is bad":   {refusesAll(), unsuccessful, claims},
		"another refusal":    {whole(testUser, testUser, testUser), "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.", claims},
		"it is the name":     {whole(testUser, testUser, testUser), unsuccessful, &diagnosis.Claims{User: strings.ToUpper(testUser)}},
		"the name is secret": {whole(testUser, testUser, testUser), unsuccessful, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c.peers[mailtest.SMTP] = []peer{smtpRefuses(testUser, c.text)}
			r, s := play(t, c.peers, credential("", c.claims))
			failedAt(t, r, mailtest.SMTP, mailtest.StepAuthenticate)
			if n := len(s.seen[mailtest.SMTP]); n != 1 {
				t.Errorf("%d connections", n)
			}
		})
	}
}

// If the second name fails too, the first refusal is the result.
func TestSMTPRefusesBothNames(t *testing.T) {
	peers := whole(testUser, testUser, testUser)
	for name, second := range map[string]peer{
		"refused":      smtpRefuses(testUPN, "535 5.7.8 other words"),
		"unreachable":  says(""),
		"another ehlo": script("S: 220 ready", "C: EHLO", "S: 550 no", "C: QUIT"),
	} {
		t.Run(name, func(t *testing.T) {
			peers[mailtest.SMTP] = []peer{smtpRefuses(testUser, unsuccessful), second}
			r, _ := play(t, peers, credential("", &diagnosis.Claims{User: testUPN}))
			e := failedAt(t, r, mailtest.SMTP, mailtest.StepAuthenticate)
			if !strings.Contains(e.Diagnosis.ServerText, "535 5.7.3") || e.Facts[mailtest.FactUser] != testUser {
				t.Errorf("%s; facts %v", e.Diagnosis, e.Facts)
			}
		})
	}
}

// POP3 alone is refused: only when IMAP is through with the same token is it
// known that the token is good and POP3 is switched off.
func TestEvidenceComesLast(t *testing.T) {
	peers := whole(testUser, testUser, testUser)
	delete(peers, mailtest.SMTP)
	peers[mailtest.POP3] = []peer{pop3Start("C: AUTH XOAUTH2", "S: +", "C~ ", "S: -ERR Authentication failure: unknown user name or bad password.", "C: QUIT", "S: +OK")}
	slow := peers[mailtest.IMAP][0]
	peers[mailtest.IMAP] = []peer{func(p *played) { time.Sleep(time.Second); slow(p) }}
	var causes []diagnosis.Cause
	var states []mailtest.State
	bubble(t, peers, func(t *testing.T, s *stage) {
		cfg := mailtest.Config{Mailbox: stageDefinition(peers), Dial: s.dial, Provider: diagnosis.Microsoft}
		credential("", nil)(&cfg)
		for e := range mailtest.Run(t.Context(), cfg) {
			if e.Protocol == mailtest.POP3 && e.Step == mailtest.StepAuthenticate && e.Diagnosis != nil {
				causes, states = append(causes, e.Diagnosis.Cause), append(states, e.State)
			}
		}
	})
	if len(causes) != 2 || causes[0] == causes[1] || causes[1] != diagnosis.CauseEXOProtocolDisabledMailbox || states[1] != mailtest.Failed {
		t.Errorf("causes %v, states %v", causes, states)
	}
}

// Only asks for a part of what the definition has.
func TestOnly(t *testing.T) {
	r, s := play(t, whole(testUser, testUser, testUser), func(c *mailtest.Config) { c.Only = []mailtest.Protocol{mailtest.POP3} })
	if got := r.Tested(); len(got) != 1 || got[0] != mailtest.POP3 || !r.OK() {
		t.Errorf("tested %v", got)
	}
	if len(s.seen[mailtest.IMAP])+len(s.seen[mailtest.SMTP]) > 0 {
		t.Error("others were connected to")
	}
}
