package mailtest_test

import (
	"slices"
	"strings"
	"testing"

	"mailgrant/mailtest"
)

// smtpStart is a server up to the sign-in.
func smtpStart(auth string, more ...string) peer {
	return script(append([]string{"S: 220 mail.test ready", "C: EHLO localhost", "S: 250-mail.test", "S: 250-SIZE 1000", "S: 250 AUTH " + auth}, more...)...)
}

func TestSMTPRefusals(t *testing.T) {
	auth := "C: AUTH XOAUTH2 " + xoauth2(testUser, testToken)
	for name, c := range map[string]struct {
		lines []string
		step  mailtest.Step
		text  string
	}{
		"535": {
			[]string{auth, "S: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.", "C: QUIT", "S: 221 bye"},
			mailtest.StepAuthenticate, "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.",
		},
		"several lines": {
			[]string{auth, "S: 535-5.7.8 Username and Password not accepted.", "S: 535 5.7.8  https://support.google.com/mail", "C: QUIT"},
			mailtest.StepAuthenticate, "535 5.7.8 Username and Password not accepted.",
		},
		"explained in a challenge": {
			[]string{auth, "S: 334 " + b64(`{"status":"401"}`), "C: AQ==", "S: 535 5.7.8 no", "C: QUIT"},
			mailtest.StepAuthenticate, `535 5.7.8 no` + "\n" + `{"status":"401"}`,
		},
		"temporary": {
			[]string{auth, "S: 454 4.7.0 Temporary authentication failure", "C: QUIT"},
			mailtest.StepAuthenticate, "454 4.7.0 Temporary authentication failure",
		},
		"may not send": {
			[]string{auth, "S: 235 2.7.0 ok", "C: MAIL FROM:<" + testUser + ">", "S: 550 5.7.60 SMTP; Client does not have permissions to send as this sender", "C: QUIT"},
			mailtest.StepMailbox, "550 5.7.60 SMTP; Client does not have permissions",
		},
		"goes away": {
			[]string{auth, "S: 421 4.3.2 Service not available", "C: QUIT"},
			mailtest.StepAuthenticate, "421 4.3.2 Service not available",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, s := play(t, alone(mailtest.SMTP, smtpStart("LOGIN XOAUTH2", c.lines...)))
			e := failedAt(t, r, mailtest.SMTP, c.step)
			if !strings.Contains(e.Diagnosis.ServerText, c.text) {
				t.Errorf("server text %q lacks %q", e.Diagnosis.ServerText, c.text)
			}
			// A "*" after the verdict would be an unknown command, and some
			// servers never answer it.
			if slices.Contains(s.lines(t, mailtest.SMTP, 0), "*") {
				t.Error(`a "*" was sent after the verdict`)
			}
		})
	}
}

func TestSMTPMechanisms(t *testing.T) {
	long := strings.Repeat("long-token.", 60)
	rest := []string{"S: 235 2.7.0 ok", "C: MAIL FROM:<" + testUser + ">", "S: 250 ok", "C: RSET", "S: 250 ok", "C: QUIT", "S: 221 bye"}
	for name, c := range map[string]struct {
		auth   string
		lines  []string
		change func(*mailtest.Config)
	}{
		"short token in one line": {"XOAUTH2", []string{"C: AUTH XOAUTH2 " + xoauth2(testUser, testToken)}, nil},
		"long token in two": {
			"LOGIN XOAUTH2",
			[]string{"C: AUTH XOAUTH2", "S: 334 ", "C: " + xoauth2(testUser, long)},
			func(c *mailtest.Config) { c.Credential = with(long, testUser) },
		},
		"oauthbearer": {"OAUTHBEARER", []string{"C: AUTH OAUTHBEARER " + b64("n,a="+testUser+",\x01host=127.0.0.1\x01port=25\x01auth=Bearer "+testToken+"\x01\x01")}, nil},
		"plain":       {"LOGIN PLAIN", []string{"C: AUTH PLAIN " + b64("\x00"+testUser+"\x00"+testPassword)}, byPassword},
		"login":       {"LOGIN", []string{"C: AUTH LOGIN", "S: 334 VXNlcm5hbWU6", "C: " + b64(testUser), "S: 334 UGFzc3dvcmQ6", "C: " + b64(testPassword)}, byPassword},
	} {
		t.Run(name, func(t *testing.T) {
			var change []func(*mailtest.Config)
			if c.change != nil {
				change = append(change, c.change)
			}
			r, s := play(t, alone(mailtest.SMTP, smtpStart(c.auth, append(c.lines, rest...)...)), change...)
			if !r.OK() {
				t.Fatal(states(r, mailtest.SMTP))
			}
			for _, line := range s.lines(t, mailtest.SMTP, 0) {
				if len(line) > 510 && strings.HasPrefix(line, "AUTH") {
					t.Errorf("an AUTH line of %d bytes", len(line))
				}
				if strings.HasPrefix(line, "DATA") || strings.HasPrefix(line, "RCPT") {
					t.Errorf("%q begins a message", line)
				}
			}
		})
	}
}

// LOGIN says the name in an answer of its own. That is no secret, and the
// server's words about it are shown.
func TestTheNameThatSignsInIsShown(t *testing.T) {
	login := []string{"C: AUTH LOGIN", "S: 334 VXNlcm5hbWU6", "C: " + b64(testUser), "S: 334 UGFzc3dvcmQ6", "C: " + b64(testPassword), "S: 235 ok"}
	refusal := "550 5.7.60 " + testUser + " may not send with the password "
	r, _ := play(t, alone(mailtest.SMTP, smtpStart("LOGIN", append(login, "C: MAIL", "S: "+refusal+testPassword, "C: QUIT")...)), byPassword)
	if e := failedAt(t, r, mailtest.SMTP, mailtest.StepMailbox); e.Diagnosis.ServerText != refusal+"[redacted]" {
		t.Error(e.Diagnosis.ServerText)
	}
}

// A token goes in one line where the server is known to take that, and in two
// on a new connection if it does not after all.
func TestSMTPLongLine(t *testing.T) {
	long := strings.Repeat("long-token.", 60)
	exchange := []string{"S: 220 AM0PR01.outlook.office365.com Microsoft ESMTP MAIL Service ready", "C: EHLO", "S: 250-hello", "S: 250 AUTH XOAUTH2"}
	one, two := "C: AUTH XOAUTH2 "+xoauth2(testUser, long), []string{"C: AUTH XOAUTH2", "S: 334 ", "C: " + xoauth2(testUser, long)}
	rest := []string{"S: 235 2.7.0 ok", "C: MAIL", "S: 250 ok", "C: RSET", "S: 250 ok", "C: QUIT", "S: 221 bye"}
	second := script(slices.Concat(exchange, two, rest)...)
	for name, c := range map[string]struct {
		peers []peer
		ok    bool
		want  string // the server's words where it is refused
	}{
		"taken":               {[]peer{script(slices.Concat(exchange, []string{one}, rest)...)}, true, ""},
		"too long":            {[]peer{script(append(exchange, one, "S: 500 5.5.2 Line too long", "C: QUIT")...), second}, true, ""},
		"too long, in short":  {[]peer{script(append(exchange, one, "S: 500 what", "C: QUIT")...), second}, true, ""},
		"cut off":             {[]peer{script(append(exchange, one, "S: 535 5.5.4 Invalid base64 data", "C: QUIT")...), second}, true, ""},
		"closed":              {[]peer{script(append(exchange, one, hangUp)...), second}, true, ""},
		"refused":             {[]peer{script(append(exchange, one, "S: 535 5.7.3 no", "C: QUIT")...)}, false, "535 5.7.3 no"},
		"refused in two":      {[]peer{script(append(exchange, one, hangUp)...), script(slices.Concat(exchange, two, []string{"S: 535 5.7.8 no", "C: QUIT"})...)}, false, "535 5.7.8 no"},
		"too long, then shut": {[]peer{script(append(exchange, one, "S: 501 5.5.2 Too long", "C: QUIT")...), script(hangUp)}, false, "501 5.5.2 Too long"},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := play(t, alone(mailtest.SMTP, c.peers...), func(c *mailtest.Config) { c.Credential = with(long, testUser) })
			if c.ok != r.OK() {
				t.Fatal(states(r, mailtest.SMTP))
			}
			if c.ok {
				return
			}
			if got := failedAt(t, r, mailtest.SMTP, mailtest.StepAuthenticate).Diagnosis.ServerText; got != c.want {
				t.Errorf("server text %q", got)
			}
		})
	}
}

// What goes together is told apart: the sender's refusal is the mailbox's, and
// a missing goodbye is the quit's.
func TestSMTPTogether(t *testing.T) {
	start := []string{"S: 220 ready", "C: EHLO", "S: 250-hello", "S: 250-PIPELINING", "S: 250 AUTH XOAUTH2", "C: AUTH", "S: 235 ok", "C: MAIL FROM:<" + testUser + ">", "C: RSET", "C: QUIT"}
	for name, c := range map[string]struct {
		answers []string
		good    bool
		goodbye any
	}{
		"good":          {[]string{"S: 250 ok", "S: 250 ok", "S: 221 bye"}, true, true},
		"refused":       {[]string{"S: 550 5.7.60 not as this sender", "S: 250 ok", "S: 221 bye"}, false, true},
		"no goodbye":    {[]string{"S: 250 ok", "S: 250 ok", hangUp}, true, false},
		"rude":          {[]string{"S: 250 ok", "S: 500 what", "S: 500 what"}, true, false},
		"goes away":     {[]string{"S: 421 4.3.2 shutting down", hangUp}, false, false},
		"says no word":  {[]string{hangUp}, false, nil},
		"another order": {[]string{"S: 221 bye", "S: 250 ok", "S: 250 ok"}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := play(t, alone(mailtest.SMTP, script(append(start[:len(start):len(start)], c.answers...)...)))
			if c.good != r.OK() {
				t.Error(states(r, mailtest.SMTP))
			}
			if !c.good {
				failedAt(t, r, mailtest.SMTP, mailtest.StepMailbox)
			}
			if got := step(t, r, mailtest.SMTP, mailtest.StepQuit).Facts[mailtest.FactAnswered]; got != c.goodbye {
				t.Errorf("goodbye %v, want %v", got, c.goodbye)
			}
		})
	}
}

func TestSMTPGreetings(t *testing.T) {
	for name, p := range map[string]peer{
		"refused":   script("S: 554 5.7.1 no service here"),
		"busy":      script("S: 421 4.3.2 too busy"),
		"ehlo":      script("S: 220 ready", "C: EHLO", "S: 550 who are you", "C: QUIT", "S: 221 bye"),
		"imap":      script("S: * OK ready"),
		"one digit": script("S: 2 ready"),
		"two codes": script("S: 554-no", "S: 220 ready", "C: QUIT"),
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := play(t, alone(mailtest.SMTP, p))
			failedAt(t, r, mailtest.SMTP, mailtest.StepGreeting)
		})
	}
}

// An old server without EHLO is spoken to with HELO; it has no sign-in.
func TestSMTPWithoutEHLO(t *testing.T) {
	r, _ := play(t, alone(mailtest.SMTP, script("S: 220 ready", "C: EHLO", "S: 502 what", "C: HELO", "S: 250 hello", "C: QUIT", "S: 221 bye")))
	failedAt(t, r, mailtest.SMTP, mailtest.StepAuthenticate)
}
