package mailtest_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

var notice = mailtest.Message{To: "admin@contoso.com", Subject: "Mailgrant", Text: "It is broken.\n"}

// sending sends a notice at a scripted server.
func sending(t *testing.T, server peer, change func(*mailtest.Config), messages ...mailtest.Message) (took time.Duration, err error) {
	t.Helper()
	bubble(t, alone(mailtest.SMTP, server), func(t *testing.T, s *stage) {
		cfg := mailtest.Config{Mailbox: stageDefinition(s.peers), Credential: with(testToken, testUser), Dial: s.dial}
		if change != nil {
			change(&cfg)
		}
		began := time.Now()
		err = mailtest.Send(t.Context(), cfg, append(messages, notice)[0])
		took = time.Since(began)
		time.Sleep(2 * time.Hour) // let go what was left behind
	})
	return took, err
}

func causeOf(t *testing.T, err error) diagnosis.Cause {
	t.Helper()
	d, ok := errors.AsType[diagnosis.Diagnosis](err)
	if !ok {
		t.Fatalf("%v is no diagnosis", err)
	}
	return d.Cause
}

// The steps of what was sent are in the log, as those of a test are.
func TestSendTellsItsStepsToTheLog(t *testing.T) {
	var log bytes.Buffer
	_, err := sending(t, (&odd{}).smtp(), func(cfg *mailtest.Config) {
		cfg.Mailbox.Sender = testUser
		cfg.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	if err == nil {
		t.Error("the server takes mail for its own user alone")
	}
	for _, want := range []string{"protocol=smtp step=connect state=passed", "protocol=smtp step=authenticate state=passed"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%q is missing in\n%s", want, &log)
		}
	}
	if strings.Contains(log.String(), testToken) {
		t.Error("the token is in the log")
	}
}

// One limit is over everything, and what does not heed it is left behind. The
// durations are those of the bubble's clock.
func TestSendEndsInTime(t *testing.T) {
	start := []string{"S: 220 ready", "C: EHLO", "S: 250-slow", "S: 250 AUTH XOAUTH2", "C: AUTH XOAUTH2"}
	for name, c := range map[string]struct {
		server peer
		change func(*mailtest.Config)
	}{
		"each command takes its time": {then(start, func(p *played) {
			time.Sleep(mailtest.DefaultTimeout * 2 / 3)
			p.say("235 ok\r\n")
			_, _ = p.line()
			time.Sleep(mailtest.DefaultTimeout * 2 / 3)
			p.say("250 ok\r\n")
		}), nil},
		"a dialer that does not heed its context": {script(start...), func(cfg *mailtest.Config) {
			dial := cfg.Dial
			cfg.Dial = func(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
				time.Sleep(time.Hour)
				return dial(ctx, to)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			took, err := sending(t, c.server, c.change)
			if got := causeOf(t, err); got != diagnosis.CauseServerTimeout {
				t.Errorf("cause %s", got)
			}
			if took >= mailtest.DefaultTimeout*4/3 {
				t.Errorf("it ended after %s", took)
			}
		})
	}
}

// What is neither consent nor a refusal leaves open whether the message was sent.
func TestSendWithoutAVerdict(t *testing.T) {
	_, err := sending(t, then([]string{
		"S: 220 ready", "C: EHLO", "S: 250-hello", "S: 250 AUTH XOAUTH2", "C: AUTH XOAUTH2", "S: 235 ok", "C: MAIL", "S: 250 ok",
		"C: RCPT", "S: 250 ok", "C: DATA", "S: 354 go on",
	}, func(p *played) {
		for line, err := p.line(); err == nil && line != "."; line, err = p.line() {
			continue
		}
		p.say("354 go on\r\n")
		_, _ = p.line()
	}), nil)
	if got := causeOf(t, err); got != diagnosis.CauseServerProtocolError || !errors.Is(err, mailtest.ErrDoubt) {
		t.Errorf("%s: %v", got, err)
	}
}

// A server that will forward what it takes takes it.
func TestSendToWhomItIsForwarded(t *testing.T) {
	_, err := sending(t, script(
		"S: 220 ready", "C: EHLO", "S: 250-hello", "S: 250 AUTH XOAUTH2", "C: AUTH XOAUTH2", "S: 235 ok", "C: MAIL", "S: 250 ok",
		"C: RCPT", "S: 251 User not local; will forward", "C: DATA", "S: 354 go on", "C: From:",
	), nil)
	if got := causeOf(t, err); got != diagnosis.CauseServerTimeout || !errors.Is(err, mailtest.ErrDoubt) { // of the verdict, which never comes
		t.Errorf("%v", err)
	}
}

// A line of one dot does not end a message (RFC 5321, section 4.5.2).
func TestSendDoublesDots(t *testing.T) {
	var got []string
	_, err := sending(t, then([]string{
		"S: 220 ready", "C: EHLO", "S: 250-hello", "S: 250 AUTH XOAUTH2", "C: AUTH", "S: 235 ok",
		"C: MAIL", "S: 250 ok", "C: RCPT", "S: 250 ok", "C: DATA", "S: 354 go on",
	}, func(p *played) {
		for line, err := p.line(); err == nil && line != "."; line, err = p.line() {
			got = append(got, line)
		}
		p.follow([]string{"S: 250 ok", "C: QUIT", "S: 221 bye"})
	}), nil, mailtest.Message{To: notice.To, Text: ".\n...\n.hidden\nend.\n"})
	if want := []string{"..", "....", "..hidden", "end."}; err != nil || !slices.Equal(got[len(got)-4:], want) {
		t.Errorf("%q, %v", got, err)
	}
}

// Who is refused says goodbye all the same (RFC 5321, section 4.1.1.10).
func TestSendTakesItsLeaveAfterARefusal(t *testing.T) {
	hello := []string{"S: 220 ready", "C: EHLO", "S: 250-hello", "S: 250 AUTH XOAUTH2"}
	auth := append(slices.Clone(hello), "C: AUTH XOAUTH2")
	for name, lines := range map[string][]string{
		"of the greeting":  {"S: 554 no"},
		"of the sign-in":   append(slices.Clone(auth), "S: 535 no"),
		"of the sender":    append(slices.Clone(auth), "S: 235 ok", "C: MAIL", "S: 550 no"),
		"of the recipient": append(slices.Clone(auth), "S: 235 ok", "C: MAIL", "S: 250 ok", "C: RCPT", "S: 550 no"),
		"of the mechanism": append(hello[:3:3], "S: 250 AUTH CRAM-MD5"),
	} {
		t.Run(name, func(t *testing.T) {
			gone := false
			_, err := sending(t, then(lines, func(p *played) { gone = p.follow([]string{"C: QUIT", "S: 221 bye"}) }), nil)
			if err == nil || !gone {
				t.Errorf("said goodbye %v, %v", gone, err)
			}
		})
	}
}

func TestSendWithoutAWay(t *testing.T) {
	for name, change := range map[string]func(*mailtest.Config){
		"no SMTP server":       func(cfg *mailtest.Config) { cfg.Mailbox.SetServer(mailtest.SMTP, nil) },
		"no address as sender": func(cfg *mailtest.Config) { cfg.Mailbox.Sender = "nobody" },
	} {
		_, err := sending(t, script(), change)
		if got := causeOf(t, err); got != diagnosis.CauseUnknown {
			t.Errorf("%s: cause %s", name, got)
		}
	}
}

// A server that says goodbye to STARTTLS has not agreed to it.
func TestSendWhereSTARTTLSEndsTheConnection(t *testing.T) {
	_, err := sending(t, script("S: 220 ready", "C: EHLO", "S: 250-hello", "S: 250 STARTTLS", "C: STARTTLS", "S: 221 2.0.0 closing"), func(cfg *mailtest.Config) {
		cfg.Mailbox.Server(mailtest.SMTP).Security = mailbox.SecuritySTARTTLS
	})
	if d, _ := errors.AsType[diagnosis.Diagnosis](err); !strings.Contains(d.ServerText, "221 2.0.0 closing") {
		t.Errorf("%+v", d)
	}
}
