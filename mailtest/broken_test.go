package mailtest_test

import (
	"context"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// forEver repeats a text until the client has had enough. What that says
// meanwhile has room, as on a real connection.
func forEver(text string) func(p *played) {
	return func(p *played) {
		go func() { _, _ = io.Copy(io.Discard, p.Conn) }()
		for {
			if _, err := io.WriteString(p.Conn, text); err != nil {
				return
			}
		}
	}
}

// silent says nothing more and listens.
func silent(p *played) { _, _ = io.Copy(io.Discard, p.Conn) }

// greetings are the openings of the three protocols.
var greetings = map[mailtest.Protocol][]string{
	mailtest.IMAP: {"S: * OK ready", "C: A1 CAPABILITY"},
	mailtest.POP3: {"S: +OK ready", "C: CAPA"},
	mailtest.SMTP: {"S: 220 ready", "C: EHLO"},
}

// pending are the openings up to the sign-in, which is pending.
var pending = map[mailtest.Protocol][]string{
	mailtest.IMAP: {"S: * OK ready", "C: A1 CAPABILITY", imapCaps, "S: A1 OK done", "C: T1 AUTHENTICATE"},
	mailtest.POP3: {"S: +OK ready", "C: AUTH"},
	mailtest.SMTP: {"S: 220 ready", "C: EHLO", "S: 250-hello", "S: 250 AUTH XOAUTH2", "C: AUTH"},
}

// A server that asks for ever is told to stop, as each protocol has it (RFC 9051,
// section 6.2.2; RFC 5034, section 4; RFC 4954, section 4).
func TestEndlessQuestions(t *testing.T) {
	for p, c := range map[mailtest.Protocol]struct {
		more    []string // before the questions that explain
		ask     string
		stopped []string
	}{
		mailtest.IMAP: {nil, "S: + eA==", []string{"S: T1 BAD stopped", "C: T2 LOGOUT", "S: T2 OK"}},
		mailtest.POP3: {[]string{"S: +", "C~ "}, "S: + eA==", []string{"S: -ERR stopped", "C: QUIT", "S: +OK"}},
		mailtest.SMTP: {nil, "S: 334 eA==", []string{"S: 501 stopped", "C: QUIT", "S: 221 bye"}},
	} {
		lines := append(slices.Clone(pending[p]), c.more...)
		for range 4 - len(c.more)/2 {
			lines = append(lines, c.ask, "C: AQ==")
		}
		r, _ := play(t, alone(p, script(slices.Concat(lines, []string{c.ask, "C: *"}, c.stopped)...)))
		failedAt(t, r, p, mailtest.StepAuthenticate)
		if step(t, r, p, mailtest.StepQuit).Facts[mailtest.FactAnswered] != true {
			t.Errorf("%s: no goodbye", p)
		}
	}
}

// Whatever answers, and however badly: the test ends within its limit, at the
// step where it happens, with a cause. That nothing is left running is the
// bubble's own check.
func TestBrokenServers(t *testing.T) {
	everywhere := func(text string) map[mailtest.Protocol]string {
		return map[mailtest.Protocol]string{mailtest.IMAP: text, mailtest.POP3: text, mailtest.SMTP: text}
	}
	for name, c := range map[string]struct {
		after map[mailtest.Protocol][]string
		says  map[mailtest.Protocol]string // for ever, if endless
		last  func(*played)                // instead of saying
		step  mailtest.Step
		want  []diagnosis.Cause
	}{
		"silent":              {nil, nil, silent, mailtest.StepGreeting, []diagnosis.Cause{diagnosis.CauseServerTimeout}},
		"closes at once":      {nil, everywhere(""), nil, mailtest.StepGreeting, []diagnosis.Cause{diagnosis.CauseNetworkConnectionReset}},
		"closes in mid-line":  {nil, map[mailtest.Protocol]string{mailtest.IMAP: "* OK rea", mailtest.POP3: "+OK rea", mailtest.SMTP: "220 rea"}, nil, mailtest.StepGreeting, []diagnosis.Cause{diagnosis.CauseNetworkConnectionReset}},
		"http":                {nil, everywhere("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), nil, mailtest.StepGreeting, []diagnosis.Cause{diagnosis.CauseServerProtocolError, "wrong-port-or-encryption", "wrong-host-name"}},
		"ssh":                 {nil, everywhere("SSH-2.0-OpenSSH_9.6\r\n"), nil, mailtest.StepGreeting, []diagnosis.Cause{diagnosis.CauseServerProtocolError, "wrong-port-or-encryption", "wrong-host-name"}},
		"tls alert":           {nil, everywhere("\x15\x03\x01\x00\x02\x02\x46\r\n"), nil, mailtest.StepGreeting, []diagnosis.Cause{diagnosis.CauseServerProtocolError, "wrong-port-or-encryption"}},
		"garbage":             {nil, everywhere("\x00\xff\xfe\x80garbage\x1b[2J\r\n"), nil, mailtest.StepGreeting, []diagnosis.Cause{diagnosis.CauseServerProtocolError, "wrong-port-or-encryption"}},
		"an empty line":       {nil, everywhere("\r\n"), nil, mailtest.StepGreeting, []diagnosis.Cause{diagnosis.CauseServerProtocolError, "wrong-port-or-encryption"}},
		"endless line":        {nil, nil, forEver(strings.Repeat("x", 4096)), mailtest.StepGreeting, []diagnosis.Cause{diagnosis.CauseServerProtocolError, "wrong-port-or-encryption"}},
		"silent after hello":  {greetings, nil, silent, mailtest.StepGreeting, []diagnosis.Cause{diagnosis.CauseServerTimeout}},
		"leaves after hello":  {greetings, everywhere(""), nil, mailtest.StepGreeting, []diagnosis.Cause{diagnosis.CauseNetworkConnectionReset}},
		"endless after hello": {greetings, nil, forEver(strings.Repeat("x", 4096)), mailtest.StepGreeting, []diagnosis.Cause{diagnosis.CauseServerProtocolError}},
		"garbage after hello": {greetings, everywhere("\x00\xff garbage\r\n"), nil, mailtest.StepGreeting, []diagnosis.Cause{diagnosis.CauseServerProtocolError}},
		"silent at sign-in":   {pending, nil, silent, mailtest.StepAuthenticate, []diagnosis.Cause{diagnosis.CauseServerTimeout}},
		"leaves at sign-in":   {pending, everywhere(""), nil, mailtest.StepAuthenticate, []diagnosis.Cause{diagnosis.CauseNetworkConnectionReset}},
		"endless at sign-in":  {pending, nil, forEver(strings.Repeat("y", 4096)), mailtest.StepAuthenticate, []diagnosis.Cause{diagnosis.CauseServerProtocolError}},
		"garbage at sign-in":  {pending, everywhere("\x01\x02\x03\r\n"), nil, mailtest.StepAuthenticate, []diagnosis.Cause{diagnosis.CauseServerProtocolError}},
		"unexpected tag":      {pending, map[mailtest.Protocol]string{mailtest.IMAP: "T99 OK done\r\n", mailtest.POP3: "T2 OK done\r\n", mailtest.SMTP: "T2 OK done\r\n"}, nil, mailtest.StepAuthenticate, []diagnosis.Cause{diagnosis.CauseServerProtocolError}},
	} {
		t.Run(name, func(t *testing.T) {
			peers := map[mailtest.Protocol][]peer{}
			for _, p := range mailbox.Protocols() {
				last := c.last
				if last == nil {
					last = says(c.says[p])
				}
				peers[p] = []peer{then(c.after[p], last)}
			}
			change := func(*mailtest.Config) {}
			if strings.HasSuffix(name, "hello") {
				change = byPassword // for which POP3 asks what the server can
			}
			r, _ := play(t, peers, change)
			for _, p := range mailbox.Protocols() {
				e := failedAt(t, r, p, c.step)
				found := false
				for _, want := range c.want {
					found = found || e.Diagnosis.Cause == want
				}
				if !found {
					t.Errorf("%s: cause %s, want one of %s", p, e.Diagnosis.Cause, c.want)
				}
				if e.Duration > mailtest.DefaultTimeout {
					t.Errorf("%s: it took %s", p, e.Duration)
				}
			}
		})
	}
}

// Small lines that never end are an endless answer too.
func TestEndlessAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		p     mailtest.Protocol
		after []string
		text  string
		step  mailtest.Step
	}{
		"imap lines":          {mailtest.IMAP, pending[mailtest.IMAP], "* OK still working\r\n", mailtest.StepAuthenticate},
		"imap questions":      {mailtest.IMAP, pending[mailtest.IMAP], "+ eA==\r\n", mailtest.StepAuthenticate},
		"imap nothing":        {mailtest.IMAP, greetings[mailtest.IMAP], "* OK still working\r\n", mailtest.StepGreeting},
		"smtp greeting":       {mailtest.SMTP, nil, "220-welcome\r\n", mailtest.StepGreeting},
		"smtp extensions":     {mailtest.SMTP, greetings[mailtest.SMTP], "250-EXTENSION\r\n", mailtest.StepGreeting},
		"smtp refusal":        {mailtest.SMTP, pending[mailtest.SMTP], "535-no\r\n", mailtest.StepAuthenticate},
		"pop3 capabilities":   {mailtest.POP3, []string{"S: +OK ready", "C: CAPA", "S: +OK"}, "TOP\r\n", mailtest.StepGreeting},
		"imap starttls hello": {mailtest.IMAP, []string{"S: * OK ready", "C: A1 CAPABILITY"}, "* OK wait\r\n", mailtest.StepGreeting},
	} {
		t.Run(name, func(t *testing.T) {
			change := func(*mailtest.Config) {}
			switch {
			case strings.Contains(name, "starttls"):
				change = starttls
			case c.p == mailtest.POP3:
				change = byPassword
			}
			r, _ := play(t, alone(c.p, then(c.after, forEver(strings.Repeat(c.text, 100)))), change)
			e := failedAt(t, r, c.p, c.step)
			if e.Diagnosis.Cause != diagnosis.CauseServerProtocolError {
				t.Errorf("cause %s", e.Diagnosis.Cause)
			}
			if lines, _ := e.Facts[mailtest.FactTranscript].([]string); len(lines) > 200 {
				t.Errorf("%d lines kept", len(lines))
			}
		})
	}
}

// A server that says one byte now and then keeps no protocol alive for longer
// than its limit.
func TestSlowServer(t *testing.T) {
	drip := func(p *played) {
		for {
			time.Sleep(time.Second)
			if _, err := io.WriteString(p.Conn, "2"); err != nil {
				return
			}
		}
	}
	r, _ := play(t, alone(mailtest.SMTP, drip), func(c *mailtest.Config) { c.Timeout = 5 * time.Second })
	e := failedAt(t, r, mailtest.SMTP, mailtest.StepGreeting)
	if e.Diagnosis.Cause != diagnosis.CauseServerTimeout || e.Duration != 5*time.Second {
		t.Errorf("cause %s after %s", e.Diagnosis.Cause, e.Duration)
	}
}

// A server that never says goodbye fails nothing and is not waited for long.
func TestNoGoodbye(t *testing.T) {
	for p, lines := range map[mailtest.Protocol][]string{
		mailtest.IMAP: append(pending[mailtest.IMAP][:4:4], "C~ AUTHENTICATE", "S: T1 OK [CAPABILITY IMAP4rev1] done", "C~ EXAMINE", "S: T2 OK done", "C: T3 LOGOUT"),
		mailtest.POP3: append(pending[mailtest.POP3][:2:2], "S: + ", "C~ ", "S: +OK", "C: STAT", "S: +OK 0 0", "C: QUIT"),
		mailtest.SMTP: append(pending[mailtest.SMTP][:5:5], "S: 235 ok", "C: MAIL", "S: 250 ok", "C: RSET", "S: 250 ok", "C: QUIT"),
	} {
		for name, end := range map[string]string{"silent": "", "hangs up": hangUp} {
			t.Run(string(p)+" "+name, func(t *testing.T) {
				all := lines
				if end != "" {
					all = append(all[:len(all):len(all)], end)
				}
				r, _ := play(t, alone(p, script(all...)))
				if !r.OK() {
					t.Fatal(states(r, p))
				}
				quit := step(t, r, p, mailtest.StepQuit)
				if quit.Facts[mailtest.FactAnswered] != false || quit.Duration > 5*time.Second {
					t.Errorf("quit %v after %s", quit.Facts, quit.Duration)
				}
			})
		}
	}
}

func TestNoConnection(t *testing.T) {
	dns := &net.DNSError{Err: "no such host", Name: "mail.test", IsNotFound: true}
	refuse := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	hang := func(ctx context.Context, _ netip.AddrPort) (net.Conn, error) { <-ctx.Done(); return nil, ctx.Err() }
	for name, c := range map[string]struct {
		change func(*mailtest.Config)
		step   mailtest.Step
		want   diagnosis.Cause
	}{
		"no name": {func(c *mailtest.Config) {
			c.Resolve = func(context.Context, string) ([]netip.Addr, error) { return nil, dns }
		}, mailtest.StepResolve, ""},
		"no address": {func(c *mailtest.Config) {
			c.Resolve = func(context.Context, string) ([]netip.Addr, error) { return nil, nil }
		}, mailtest.StepResolve, ""},
		"refused": {func(c *mailtest.Config) {
			c.Dial = func(context.Context, netip.AddrPort) (net.Conn, error) { return nil, refuse }
		}, mailtest.StepConnect, ""},
		"nobody answers": {func(c *mailtest.Config) { c.Dial = hang }, mailtest.StepConnect, diagnosis.CausePortBlocked},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := play(t, alone(mailtest.IMAP, silent), func(cfg *mailtest.Config) {
				cfg.Mailbox.Server(mailbox.IMAP).Host = "mail.test"
				cfg.Resolve = func(context.Context, string) ([]netip.Addr, error) {
					return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
				}
				c.change(cfg)
			})
			e := failedAt(t, r, mailtest.IMAP, c.step)
			if c.want != "" && e.Diagnosis.Cause != c.want {
				t.Errorf("cause %s, want %s", e.Diagnosis.Cause, c.want)
			}
		})
	}
}

// The end of the context and of the iteration end everything, wherever the
// protocols are.
func TestCancelled(t *testing.T) {
	for name, after := range map[string]map[mailtest.Protocol][]string{"at the greeting": nil, "after it": greetings, "at the sign-in": pending} {
		peers := map[mailtest.Protocol][]peer{}
		for _, p := range mailbox.Protocols() {
			peers[p] = []peer{then(after[p], silent)}
		}
		t.Run(name, func(t *testing.T) {
			inBubble(t, peers, func(t *testing.T, cfg mailtest.Config) {
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Second, cancel)
				if name == "after it" {
					byPassword(&cfg) // for which POP3 asks what the server can
				}
				r := mailtest.NewReport(cfg.Mailbox, time.Now())
				for e := range mailtest.Run(ctx, cfg) {
					r.Add(e)
				}
				if took := time.Since(r.Started); took != time.Second {
					t.Errorf("it ended after %s", took)
				}
				for _, p := range mailbox.Protocols() {
					res := r.Result(p)
					if res.State != mailtest.Failed || !res.Done {
						t.Errorf("%s: %s", p, states(r, p))
					}
				}
				for _, d := range r.Diagnoses() {
					if d.Cause != diagnosis.CauseCancelled {
						t.Errorf("cause %s", d.Cause)
					}
				}
			})
		})
		t.Run(name+", left by the caller", func(t *testing.T) {
			inBubble(t, peers, func(t *testing.T, cfg mailtest.Config) {
				began := time.Now()
				seen := 0
				for range mailtest.Run(t.Context(), cfg) {
					if seen++; seen == 5 {
						break
					}
				}
				if took := time.Since(began); took > 0 {
					t.Errorf("it ended after %s", took)
				}
			})
		})
	}
}

// A secret never crosses a network in the clear.
func TestNothingSecretUnencrypted(t *testing.T) {
	for name, change := range map[string]func(*mailtest.Config){"token": func(*mailtest.Config) {}, "password": byPassword} {
		t.Run(name, func(t *testing.T) {
			peers := map[mailtest.Protocol][]peer{
				mailtest.IMAP: {imapStart(imapCaps, "C: A2 LOGOUT", "S: A2 OK")},
				mailtest.POP3: {pop3Start("C: QUIT", "S: +OK")},
				mailtest.SMTP: {smtpStart("PLAIN XOAUTH2", "C: QUIT", "S: 221 bye")},
			}
			if name == "password" {
				peers[mailtest.POP3] = []peer{pop3Start(pop3Capa("PLAIN", "C: QUIT", "S: +OK")...)}
			}
			asked := false
			r, s := play(t, peers, change, func(c *mailtest.Config) {
				for _, server := range c.Mailbox.Servers {
					server.Host = "192.0.2.7"
				}
				credential := c.Credential
				c.Credential = func(ctx context.Context, resource string) (mailtest.Credential, error) {
					asked = true
					return credential(ctx, resource)
				}
			})
			for _, p := range mailbox.Protocols() {
				e := failedAt(t, r, p, mailtest.StepAuthenticate)
				if e.Diagnosis.Cause != diagnosis.CauseSTARTTLSMissing {
					t.Errorf("%s: cause %s", p, e.Diagnosis.Cause)
				}
				for _, line := range s.lines(t, p, 0) {
					if strings.Contains(line, "AUTH") || strings.Contains(line, "LOGIN") || strings.Contains(line, "USER") {
						t.Errorf("%s: %q was sent", p, line)
					}
				}
			}
			if asked {
				t.Error("the credential was asked for although it could not be used")
			}
		})
	}
}

// inBubble runs a test of its own making against scripted servers.
func inBubble(t *testing.T, peers map[mailtest.Protocol][]peer, f func(*testing.T, mailtest.Config)) {
	t.Helper()
	bubble(t, peers, func(t *testing.T, s *stage) {
		f(t, mailtest.Config{Mailbox: stageDefinition(peers), Credential: with(testToken, testUser), Dial: s.dial})
	})
}
