package mailtest_test

import (
	"slices"
	"strings"
	"testing"

	"mailgrant/mailtest"
)

// pop3Start is a server up to the sign-in.
func pop3Start(more ...string) peer { return script(append([]string{"S: +OK ready"}, more...)...) }

// pop3Capa are its capabilities, which only a password or a refusal asks for.
func pop3Capa(sasl string, more ...string) []string {
	return append([]string{"C: CAPA", "S: +OK", "S: TOP", "S: USER", "S: SASL " + sasl, "S: PIPELINING", "S: ."}, more...)
}

// unheard is a refusal of the mechanism, followed by what there is instead.
func unheard(sasl string, more ...string) []string {
	return append([]string{"C: AUTH XOAUTH2", "S: -ERR [AUTH] Unsupported authentication mechanism."}, pop3Capa(sasl, more...)...)
}

func TestPOP3Success(t *testing.T) {
	rest := []string{"S: +OK done", "C: STAT", "S: +OK 4 8123 extra", "C: QUIT", "S: +OK bye"}
	bearer := "C: " + b64("n,a="+testUser+",\x01host=127.0.0.1\x01port=110\x01auth=Bearer "+testToken+"\x01\x01")
	for name, c := range map[string]struct {
		lines  []string
		change []func(*mailtest.Config)
		want   string
	}{
		"always two lines":        {[]string{"C: AUTH XOAUTH2", "S: + ", "C: " + xoauth2(testUser, testToken)}, nil, "XOAUTH2"},
		"plus alone":              {[]string{"C: AUTH XOAUTH2", "S: +", "C: " + xoauth2(testUser, testToken)}, nil, "XOAUTH2"},
		"oauthbearer":             {unheard("OAUTHBEARER", "C: AUTH OAUTHBEARER", "S: + ", bearer), nil, "OAUTHBEARER"},
		"plain":                   {pop3Capa("PLAIN", "C: AUTH PLAIN", "S: + ", "C: "+b64("\x00"+testUser+"\x00"+testPassword)), []func(*mailtest.Config){byPassword}, "PLAIN"},
		"user and pass":           {pop3Capa("XOAUTH2", "C: USER "+testUser, "S: +OK", "C: PASS "+testPassword), []func(*mailtest.Config){byPassword}, "LOGIN command"},
		"a password without CAPA": {[]string{"C: CAPA", "S: -ERR what", "C: USER " + testUser, "S: +OK", "C: PASS " + testPassword}, []func(*mailtest.Config){byPassword}, "LOGIN command"},
	} {
		t.Run(name, func(t *testing.T) {
			r, s := play(t, alone(mailtest.POP3, pop3Start(append(c.lines, rest...)...)), c.change...)
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

// Where the server says what it can and PIPELINING is not among it, QUIT waits
// for the answer to STAT.
func TestPOP3OneByOne(t *testing.T) {
	for name, pipelining := range map[string]bool{"together": true, "one by one": false} {
		t.Run(name, func(t *testing.T) {
			lines := pop3Capa("PLAIN")
			if !pipelining {
				lines = slices.DeleteFunc(lines, func(l string) bool { return l == "S: PIPELINING" })
			}
			waited := false
			r, _ := play(t, alone(mailtest.POP3, then(append([]string{"S: +OK"}, append(lines, "C: AUTH PLAIN", "S: +", "C~ ", "S: +OK", "C: STAT")...), func(p *played) {
				waited = p.r.Buffered() == 0
				p.follow([]string{"S: +OK 0 0", "C: QUIT", "S: +OK"})
			})), byPassword)
			if !r.OK() || waited == pipelining {
				t.Errorf("%s; QUIT waited: %v", states(r, mailtest.POP3), waited)
			}
		})
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
		"err":                       {[]string{auth, "S: + ", "C~ ", "S: -ERR Authentication failure: unknown user name or bad password.", "C: QUIT"}, false, mailtest.StepAuthenticate, "-ERR Authentication failure: unknown user name or bad password."},
		"err at once":               {[]string{auth, "S: -ERR Protocol error. Connection is closed. 10", hangUp}, false, mailtest.StepAuthenticate, "-ERR Protocol error. Connection is closed. 10"},
		"err at once, without CAPA": {[]string{auth, "S: -ERR no", "C: CAPA", "S: -ERR what", "C: QUIT"}, false, mailtest.StepAuthenticate, "-ERR no"},
		"err at once, offered":      {unheard("XOAUTH2", "C: QUIT"), false, mailtest.StepAuthenticate, "-ERR [AUTH] Unsupported"},
		"explained in a challenge":  {[]string{auth, "S: + ", "C~ ", "S: + " + b64(`{"status":"400"}`), "C: AQ==", "S: -ERR [AUTH] no", "C: QUIT"}, false, mailtest.StepAuthenticate, "-ERR [AUTH] no\n{\"status\":\"400\"}"},
		"wrong word":                {[]string{auth, "S: 334 go on", "C: QUIT"}, false, mailtest.StepAuthenticate, ""},
		"user":                      {[]string{"C: USER", "S: -ERR no such user", "C: QUIT"}, true, mailtest.StepAuthenticate, "-ERR no such user"},
		"pass":                      {[]string{"C: USER", "S: +OK", "C: PASS", "S: -ERR [AUTH] wrong", "C: QUIT"}, true, mailtest.StepAuthenticate, "-ERR [AUTH] wrong"},
		"mailbox in use":            {[]string{auth, "S: + ", "C~ ", "S: +OK", "C: STAT", "S: -ERR [IN-USE] locked", "C: QUIT"}, false, mailtest.StepMailbox, "-ERR [IN-USE] locked"},
		"stat without numbers":      {[]string{auth, "S: + ", "C~ ", "S: +OK", "C: STAT", "S: +OK", "C: QUIT"}, false, mailtest.StepMailbox, ""},
		"stat with words":           {[]string{auth, "S: + ", "C~ ", "S: +OK", "C: STAT", "S: +OK some mail", "C: QUIT"}, false, mailtest.StepMailbox, ""},
		"stat below zero":           {[]string{auth, "S: + ", "C~ ", "S: +OK", "C: STAT", "S: +OK -1 -1", "C: QUIT"}, false, mailtest.StepMailbox, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var change []func(*mailtest.Config)
			if c.password {
				change = append(change, byPassword)
				c.lines = append(pop3Capa("XOAUTH2"), c.lines...)
			}
			r, s := play(t, alone(mailtest.POP3, pop3Start(c.lines...)), change...)
			e := failedAt(t, r, mailtest.POP3, c.step)
			if !strings.Contains(e.Diagnosis.ServerText, c.text) {
				t.Errorf("server text %q lacks %q", e.Diagnosis.ServerText, c.text)
			}
			if s.last(t, mailtest.POP3) != "QUIT" && !slices.Contains(c.lines, hangUp) {
				t.Errorf("the last word was %q", s.last(t, mailtest.POP3))
			}
		})
	}
}

func TestPOP3OffersNothingThatFits(t *testing.T) {
	r, _ := play(t, alone(mailtest.POP3, pop3Start(unheard("PLAIN CRAM-MD5", "C: QUIT", "S: +OK")...)))
	failedAt(t, r, mailtest.POP3, mailtest.StepAuthenticate)
}

// A long list of capabilities is read to its end and kept in part.
func TestPOP3ManyCapabilities(t *testing.T) {
	lines := []string{"S: +OK ready", "C: AUTH XOAUTH2", "S: -ERR", "C: CAPA", "S: +OK"}
	for range 500 {
		lines = append(lines, "S: X-CAPABILITY")
	}
	lines[5] = "S: ..DOTTED" // RFC 1939, section 3
	lines = append(lines, "S: SASL OAUTHBEARER", "S: .", "C: AUTH OAUTHBEARER", "S: +", "C~ ", "S: +OK", "C: STAT", "S: +OK 0 0", "C: QUIT", "S: +OK")
	r, _ := play(t, alone(mailtest.POP3, script(lines...)))
	if !r.OK() {
		t.Fatal(states(r, mailtest.POP3))
	}
	if kept, _ := step(t, r, mailtest.POP3, mailtest.StepAuthenticate).Facts[mailtest.FactCapabilities].([]string); len(kept) != 100 || kept[0] != ".DOTTED" {
		t.Errorf("%d capabilities kept, the first is %s", len(kept), kept[0])
	}
}
