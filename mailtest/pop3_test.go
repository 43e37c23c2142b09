package mailtest_test

import (
	"strings"
	"testing"

	"mailgrant/mailtest"
)

// pop3Start is a server up to the sign-in.
func pop3Start(sasl string, more ...string) peer {
	return script(append([]string{"S: +OK ready", "C: CAPA", "S: +OK", "S: TOP", "S: USER", "S: SASL " + sasl, "S: ."}, more...)...)
}

func TestPOP3Success(t *testing.T) {
	rest := []string{"S: +OK done", "C: STAT", "S: +OK 4 8123 extra", "C: QUIT", "S: +OK bye"}
	for name, c := range map[string]struct {
		sasl   string
		lines  []string
		change []func(*mailtest.Config)
		want   string
	}{
		"always two lines": {"PLAIN XOAUTH2", []string{"C: AUTH XOAUTH2", "S: + ", "C: " + xoauth2(testUser, testToken)}, nil, "XOAUTH2"},
		"plus alone":       {"XOAUTH2", []string{"C: AUTH XOAUTH2", "S: +", "C: " + xoauth2(testUser, testToken)}, nil, "XOAUTH2"},
		"oauthbearer":      {"OAUTHBEARER", []string{"C: AUTH OAUTHBEARER", "S: + ", "C: " + b64("n,a="+testUser+",\x01host=127.0.0.1\x01port=110\x01auth=Bearer "+testToken+"\x01\x01")}, nil, "OAUTHBEARER"},
		"plain":            {"PLAIN", []string{"C: AUTH PLAIN", "S: + ", "C: " + b64("\x00"+testUser+"\x00"+testPassword)}, []func(*mailtest.Config){byPassword}, "PLAIN"},
		"user and pass":    {"XOAUTH2", []string{"C: USER " + testUser, "S: +OK", "C: PASS " + testPassword}, []func(*mailtest.Config){byPassword}, "LOGIN command"},
	} {
		t.Run(name, func(t *testing.T) {
			r, s := play(t, alone(mailtest.POP3, pop3Start(c.sasl, append(c.lines, rest...)...)), c.change...)
			if !r.OK() {
				t.Fatal(states(r, mailtest.POP3))
			}
			facts := step(t, r, mailtest.POP3, mailtest.StepMailbox).Facts
			if facts[mailtest.FactMessages] != 4 || facts[mailtest.FactOctets] != int64(8123) {
				t.Errorf("facts %v", facts)
			}
			if got := step(t, r, mailtest.POP3, mailtest.StepAuthenticate).Facts[mailtest.FactMechanism]; got != c.want {
				t.Errorf("mechanism %v, want %s", got, c.want)
			}
			for _, line := range s.lines(t, mailtest.POP3, 0) {
				if strings.HasPrefix(line, "DELE") || strings.HasPrefix(line, "RETR") || strings.HasPrefix(line, "TOP") {
					t.Errorf("%q touches a message", line)
				}
			}
		})
	}
}

// A server that does not know CAPA does not say what it offers: it is tried.
func TestPOP3WithoutCAPA(t *testing.T) {
	r, _ := play(t, alone(mailtest.POP3, script("S: +OK ready", "C: CAPA", "S: -ERR what", "C: AUTH XOAUTH2", "S: + ", "C~ ", "S: +OK", "C: STAT", "S: +OK 0 0", "C: QUIT", "S: +OK")))
	if !r.OK() {
		t.Fatal(states(r, mailtest.POP3))
	}
}

func TestPOP3Refusals(t *testing.T) {
	const auth = "C: AUTH XOAUTH2"
	for name, c := range map[string]struct {
		lines    []string
		password bool
		step     mailtest.Step
		text     string
	}{
		"err":                      {[]string{auth, "S: + ", "C~ ", "S: -ERR Authentication failure: unknown user name or bad password.", "C: QUIT"}, false, mailtest.StepAuthenticate, "-ERR Authentication failure: unknown user name or bad password."},
		"err at once":              {[]string{auth, "S: -ERR Protocol error. Connection is closed. 10", "C: QUIT"}, false, mailtest.StepAuthenticate, "-ERR Protocol error. Connection is closed. 10"},
		"explained in a challenge": {[]string{auth, "S: + ", "C~ ", "S: + " + b64(`{"status":"400"}`), "C: AQ==", "S: -ERR [AUTH] no", "C: QUIT"}, false, mailtest.StepAuthenticate, "-ERR [AUTH] no\n{\"status\":\"400\"}"},
		"keeps asking":             {[]string{auth, "S: + ", "C~ ", "S: + eA==", "C~ ", "S: + eA==", "C~ ", "S: + eA==", "C~ ", "S: + eA==", "C: QUIT"}, false, mailtest.StepAuthenticate, ""},
		"wrong word":               {[]string{auth, "S: 334 go on", "C: QUIT"}, false, mailtest.StepAuthenticate, ""},
		"user":                     {[]string{"C: USER", "S: -ERR no such user", "C: QUIT"}, true, mailtest.StepAuthenticate, "-ERR no such user"},
		"pass":                     {[]string{"C: USER", "S: +OK", "C: PASS", "S: -ERR [AUTH] wrong", "C: QUIT"}, true, mailtest.StepAuthenticate, "-ERR [AUTH] wrong"},
		"mailbox in use":           {[]string{auth, "S: + ", "C~ ", "S: +OK", "C: STAT", "S: -ERR [IN-USE] locked", "C: QUIT"}, false, mailtest.StepMailbox, "-ERR [IN-USE] locked"},
		"stat without numbers":     {[]string{auth, "S: + ", "C~ ", "S: +OK", "C: STAT", "S: +OK", "C: QUIT"}, false, mailtest.StepMailbox, ""},
		"stat with words":          {[]string{auth, "S: + ", "C~ ", "S: +OK", "C: STAT", "S: +OK some mail", "C: QUIT"}, false, mailtest.StepMailbox, ""},
		"stat below zero":          {[]string{auth, "S: + ", "C~ ", "S: +OK", "C: STAT", "S: +OK -1 -1", "C: QUIT"}, false, mailtest.StepMailbox, ""},
	} {
		t.Run(name, func(t *testing.T) {
			sasl, change := "XOAUTH2", []func(*mailtest.Config){}
			if c.password {
				change = append(change, byPassword)
			}
			r, s := play(t, alone(mailtest.POP3, pop3Start(sasl, c.lines...)), change...)
			e := failedAt(t, r, mailtest.POP3, c.step)
			if !strings.Contains(e.Diagnosis.ServerText, c.text) {
				t.Errorf("server text %q lacks %q", e.Diagnosis.ServerText, c.text)
			}
			if s.last(t, mailtest.POP3) != "QUIT" {
				t.Errorf("the last word was %q", s.last(t, mailtest.POP3))
			}
		})
	}
}

func TestPOP3OffersNothingThatFits(t *testing.T) {
	r, _ := play(t, alone(mailtest.POP3, pop3Start("PLAIN CRAM-MD5", "C: QUIT", "S: +OK")))
	failedAt(t, r, mailtest.POP3, mailtest.StepAuthenticate)
}

// A long list of capabilities is read to its end and kept in part.
func TestPOP3ManyCapabilities(t *testing.T) {
	lines := []string{"S: +OK ready", "C: CAPA", "S: +OK"}
	for range 500 {
		lines = append(lines, "S: X-CAPABILITY")
	}
	lines = append(lines, "S: SASL XOAUTH2", "S: .", "C: AUTH XOAUTH2", "S: +", "C~ ", "S: +OK", "C: STAT", "S: +OK 0 0", "C: QUIT", "S: +OK")
	r, _ := play(t, alone(mailtest.POP3, script(lines...)))
	if !r.OK() {
		t.Fatal(states(r, mailtest.POP3))
	}
	if kept, _ := step(t, r, mailtest.POP3, mailtest.StepGreeting).Facts[mailtest.FactCapabilities].([]string); len(kept) != 100 {
		t.Errorf("%d capabilities kept", len(kept))
	}
}
