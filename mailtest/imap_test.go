package mailtest_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

const imapCaps = "S: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2"

// imapStart is a server up to the sign-in.
func imapStart(caps string, more ...string) peer {
	return script(append([]string{"S: * OK ready", "C: A1 CAPABILITY", caps, "S: A1 OK done"}, more...)...)
}

func xoauth2(user, token string) string {
	return base64.StdEncoding.EncodeToString([]byte("user=" + user + "\x01auth=Bearer " + token + "\x01\x01"))
}

func TestIMAPRefusals(t *testing.T) {
	auth := "C: T1 AUTHENTICATE XOAUTH2 " + xoauth2(testUser, testToken)
	challenge := base64.StdEncoding.EncodeToString([]byte(`{"status":"400","schemes":"Bearer"}`))
	for name, c := range map[string]struct {
		lines []string
		step  mailtest.Step
		text  []string
	}{
		"no": {
			[]string{auth, "S: T1 NO AUTHENTICATE failed.", "C: T2 LOGOUT", "S: * BYE", "S: T2 OK"},
			mailtest.StepAuthenticate,
			[]string{"NO AUTHENTICATE failed."},
		},
		"no with a code": {
			[]string{auth, "S: T1 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", "C: T2 LOGOUT"},
			mailtest.StepAuthenticate,
			[]string{"NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)"},
		},
		"no with an unreadable code": {
			[]string{auth, `S: T1 NO [Error="AccountDisabled" AuthResult=1] AUTHENTICATE failed.`, "C: T2 LOGOUT"},
			mailtest.StepAuthenticate,
			[]string{"NO", `Error="AccountDisabled"`, "AUTHENTICATE failed."},
		},
		"switched off": {
			[]string{auth, `S: T1 OK [Error="UserDisabled" AuthResult=27] AUTHENTICATE completed.`, "C: T2 LOGOUT"},
			mailtest.StepAuthenticate,
			[]string{`OK [Error="UserDisabled" AuthResult=27] AUTHENTICATE completed.`},
		},
		"explained in a challenge": {
			[]string{auth, "S: + " + challenge, "C: AQ==", "S: T1 NO SASL authentication failed", "C: T2 LOGOUT"},
			mailtest.StepAuthenticate,
			[]string{"NO SASL authentication failed", `"status":"400"`},
		},
		"an empty challenge": {
			[]string{auth, "S: + ", "C: AQ==", "S: T1 NO AUTHENTICATE failed.", "C: T2 LOGOUT"},
			mailtest.StepAuthenticate,
			[]string{"NO AUTHENTICATE failed."},
		},
		"goodbye instead of an answer": {
			[]string{auth, "S: * BYE Connection is closed. 13", hangUp},
			mailtest.StepAuthenticate,
			[]string{"BYE Connection is closed. 13"},
		},
		"not connected": {
			[]string{auth, "S: T1 OK [CAPABILITY IMAP4rev1] done", "C: T2 EXAMINE INBOX", "S: T2 BAD User is authenticated but not connected.", "C: T3 LOGOUT"},
			mailtest.StepMailbox,
			[]string{"BAD User is authenticated but not connected."},
		},
		"no inbox": {
			[]string{auth, "S: T1 OK [CAPABILITY IMAP4rev1] done", "C: T2 EXAMINE INBOX", "S: T2 NO [NONEXISTENT] Unknown mailbox", "C: T3 LOGOUT"},
			mailtest.StepMailbox,
			[]string{"NO [NONEXISTENT] Unknown mailbox"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := play(t, alone(mailtest.IMAP, imapStart(imapCaps, c.lines...)))
			e := failedAt(t, r, mailtest.IMAP, c.step)
			for _, text := range c.text {
				if !strings.Contains(e.Diagnosis.ServerText, text) {
					t.Errorf("server text %q lacks %q", e.Diagnosis.ServerText, text)
				}
			}
		})
	}
}

func TestIMAPSuccess(t *testing.T) {
	r, s := play(t, alone(mailtest.IMAP, imapStart(imapCaps,
		"C: T1 AUTHENTICATE XOAUTH2 "+xoauth2(testUser, testToken), "S: T1 OK [CAPABILITY IMAP4rev1] done",
		"C: T2 EXAMINE INBOX", "S: * 17 EXISTS", "S: T2 OK [READ-ONLY] done",
		"C: T3 LOGOUT", "S: * BYE", "S: T3 OK done")))
	if !r.OK() {
		t.Fatal(states(r, mailtest.IMAP))
	}
	if got := step(t, r, mailtest.IMAP, mailtest.StepMailbox).Facts[mailtest.FactMessages]; got != 17 {
		t.Errorf("messages %v", got)
	}
	for _, line := range s.lines(t, mailtest.IMAP, 0) {
		if strings.Contains(line, "SELECT") {
			t.Errorf("%q changes the mailbox", line)
		}
	}
	if got := step(t, r, mailtest.IMAP, mailtest.StepTLS).State; got != mailtest.Skipped {
		t.Errorf("tls is %s", got)
	}
}

func TestIMAPMechanisms(t *testing.T) {
	plain := base64.StdEncoding.EncodeToString([]byte("\x00" + testUser + "\x00" + testPassword))
	bearer := base64.StdEncoding.EncodeToString([]byte("n,a=" + testUser + ",\x01host=127.0.0.1\x01port=143\x01auth=Bearer " + testToken + "\x01\x01"))
	rest := func(tag string) []string {
		return []string{"S: " + tag + " OK [CAPABILITY IMAP4rev1] done", "C~ EXAMINE", "S: T2 OK done", "C: T3 LOGOUT", "S: T3 OK"}
	}
	for name, c := range map[string]struct {
		caps     string
		lines    []string
		password bool
		want     string
	}{
		"oauthbearer where nothing else is": {"S: * CAPABILITY IMAP4rev1 SASL-IR AUTH=OAUTHBEARER", []string{"C: T1 AUTHENTICATE OAUTHBEARER " + bearer}, false, "OAUTHBEARER"},
		"without initial response":          {"S: * CAPABILITY IMAP4rev1 AUTH=XOAUTH2", []string{"C: T1 AUTHENTICATE XOAUTH2", "S: + ", "C: " + xoauth2(testUser, testToken)}, false, "XOAUTH2"},
		"plain":                             {imapCaps, []string{"C: T1 AUTHENTICATE PLAIN " + plain}, true, "PLAIN"},
		"login command":                     {"S: * CAPABILITY IMAP4rev1", []string{`C: T1 LOGIN "` + testUser + `" "pa55 word\"x"`}, true, "LOGIN command"},
		"login mechanism":                   {"S: * CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=LOGIN", []string{"C: T1 AUTHENTICATE LOGIN", "S: + VXNlcm5hbWU6", "C: " + b64(testUser), "S: + UGFzc3dvcmQ6", "C: " + b64(testPassword)}, true, "LOGIN"},
	} {
		t.Run(name, func(t *testing.T) {
			var change []func(*mailtest.Config)
			if c.password {
				change = append(change, byPassword)
			}
			r, _ := play(t, alone(mailtest.IMAP, imapStart(c.caps, append(c.lines, rest("T1")...)...)), change...)
			if !r.OK() {
				t.Fatal(states(r, mailtest.IMAP))
			}
			if got := step(t, r, mailtest.IMAP, mailtest.StepAuthenticate).Facts[mailtest.FactMechanism]; got != c.want {
				t.Errorf("mechanism %v, want %s", got, c.want)
			}
		})
	}
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func TestIMAPOffersNothingThatFits(t *testing.T) {
	for name, change := range map[string]func(*mailtest.Config){
		"no token mechanism":   func(*mailtest.Config) {},
		"no password accepted": byPassword,
	} {
		t.Run(name, func(t *testing.T) {
			r, s := play(t, alone(mailtest.IMAP, imapStart("S: * CAPABILITY IMAP4rev1 LOGINDISABLED STARTTLS", "C: A2 LOGOUT")), change)
			failedAt(t, r, mailtest.IMAP, mailtest.StepAuthenticate)
			if s.last(t, mailtest.IMAP) != "A2 LOGOUT" {
				t.Errorf("the last word was %q", s.last(t, mailtest.IMAP))
			}
		})
	}
}

func TestIMAPGreetings(t *testing.T) {
	for name, greeting := range map[string]string{
		"bye":     "S: * BYE too many connections",
		"preauth": "S: * PREAUTH welcome",
		"tagged":  "S: A1 OK done",
		"pop3":    "S: +OK ready",
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := play(t, alone(mailtest.IMAP, script(greeting, "C: A1 LOGOUT")), starttls)
			failedAt(t, r, mailtest.IMAP, mailtest.StepGreeting)
		})
	}
}

func starttls(c *mailtest.Config) {
	for _, s := range c.Mailbox.Servers {
		s.Security = mailbox.SecuritySTARTTLS
	}
}
