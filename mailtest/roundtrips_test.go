package mailtest_test

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"mailgrant/internal/certificate"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// oneWay is how long a line takes from one end to the other. In a bubble only
// waiting takes time, so a test's duration is its number of round trips.
const oneWay = 25 * time.Millisecond

// distant makes a dialer's servers as far away as oneWay.
func distant(dial mailtest.Dialer) mailtest.Dialer {
	return func(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
		far, err := dial(ctx, to)
		if err != nil {
			return nil, err
		}
		time.Sleep(2 * oneWay) // SYN and its answer
		near, relay := net.Pipe()
		go carry(far, relay)
		time.AfterFunc(oneWay, func() { carry(relay, far) }) // the server learns of the connection
		return near, nil
	}
}

// carry brings every piece from one connection to the other, oneWay later.
func carry(to, from net.Conn) {
	type piece struct {
		data []byte
		due  time.Time
	}
	pieces := make(chan piece, 100)
	go func() {
		defer close(pieces)
		for {
			data := make([]byte, 64<<10)
			n, err := from.Read(data)
			if err != nil {
				return
			}
			pieces <- piece{data[:n], time.Now().Add(oneWay)}
		}
	}()
	for p := range pieces {
		time.Sleep(time.Until(p.due))
		_, _ = to.Write(p.data)
	}
	to.Close()
}

// TestRoundTrips counts how often a test waits for a server: the least that
// the protocols allow, and what it costs where a server does not help.
func TestRoundTrips(t *testing.T) {
	const (
		tls, starttls, provider = mailbox.SecurityTLS, mailbox.SecuritySTARTTLS, "smtp.office365.com"
		caps                    = "CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2"
		ready                   = "S: * OK [" + caps + "] ready"
	)
	long := strings.Repeat("long-token.", 300)
	imap := []string{"C~ AUTHENTICATE XOAUTH2 ", "S: T1 OK done", "C~ EXAMINE", "S: * 3 EXISTS", "S: T2 OK done", "C~ LOGOUT", "S: * BYE", "S: T3 OK"}
	imapTwo := slices.Concat([]string{"C~ AUTHENTICATE", "S: + ", "C~ "}, imap[1:])
	ask := func(tag, caps string) []string {
		return []string{"C: " + tag + " CAPABILITY", "S: * " + caps, "S: " + tag + " OK"}
	}
	pop3 := []string{"C: AUTH", "S: +", "C~ ", "S: +OK", "C: STAT", "S: +OK 1 2", "C: QUIT", "S: +OK"}
	ehlo := []string{"C: EHLO", "S: 250-hello", "S: 250-PIPELINING", "S: 250-STARTTLS", "S: 250 AUTH XOAUTH2"}
	bare := []string{"C: EHLO", "S: 250-hello", "S: 250-STARTTLS", "S: 250 AUTH XOAUTH2"}
	auth, authTwo := []string{"C: AUTH XOAUTH2 ", "S: 235 ok"}, []string{"C: AUTH XOAUTH2", "S: 334 ", "C~ ", "S: 235 ok"}
	together := []string{"C: MAIL", "C: RSET", "C: QUIT", "S: 250 ok", "S: 250 ok", "S: 221 bye"}
	apart := []string{"C: MAIL", "S: 250 ok", "C: RSET", "S: 250 ok", "C: QUIT", "S: 221 bye"}

	for name, c := range map[string]struct {
		p             mailtest.Protocol
		security      string
		host, token   string
		before, after []string // the handshake
		want          int
	}{
		"imap":                                {mailtest.IMAP, tls, "mail.test", testToken, nil, append([]string{ready}, imap...), 5},
		"imap, greeting without capabilities": {mailtest.IMAP, tls, "mail.test", testToken, nil, slices.Concat([]string{"S: * OK"}, ask("A1", caps), imap), 6},
		"imap, no SASL-IR":                    {mailtest.IMAP, tls, "mail.test", testToken, nil, append([]string{"S: * OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2]"}, imapTwo...), 6},
		"imap, neither":                       {mailtest.IMAP, tls, "mail.test", testToken, nil, slices.Concat([]string{"S: * OK"}, ask("A1", "CAPABILITY IMAP4rev1 AUTH=XOAUTH2"), imapTwo), 7},
		"imap with STARTTLS":                  {mailtest.IMAP, starttls, "mail.test", testToken, []string{"S: * OK [CAPABILITY IMAP4rev1 STARTTLS]", "C: A1 STARTTLS", "S: A1 OK"}, slices.Concat(ask("A2", caps), imap), 7},
		"pop3":                                {mailtest.POP3, tls, "mail.test", testToken, nil, append([]string{"S: +OK"}, pop3...), 6},
		"pop3 with STLS":                      {mailtest.POP3, starttls, "mail.test", testToken, []string{"S: +OK", "C: STLS", "S: +OK"}, pop3, 7},
		"pop3, mechanism refused":             {mailtest.POP3, tls, "mail.test", testToken, nil, slices.Concat([]string{"S: +OK"}, unheard("OAUTHBEARER"), pop3), 8},
		"smtp":                                {mailtest.SMTP, starttls, "mail.test", testToken, slices.Concat([]string{"S: 220 ready"}, ehlo, []string{"C: STARTTLS", "S: 220 go"}), slices.Concat(ehlo, auth, together), 8},
		"smtp with TLS":                       {mailtest.SMTP, tls, "mail.test", testToken, nil, slices.Concat([]string{"S: 220 ready"}, ehlo, auth, together), 6},
		"smtp, no PIPELINING":                 {mailtest.SMTP, starttls, "mail.test", testToken, slices.Concat([]string{"S: 220 ready"}, bare, []string{"C: STARTTLS", "S: 220 go"}), slices.Concat(bare, auth, apart), 10},
		"smtp, long token at the provider":    {mailtest.SMTP, starttls, provider, long, slices.Concat([]string{"S: 220 ready"}, ehlo, []string{"C: STARTTLS", "S: 220 go"}), slices.Concat(ehlo, auth, together), 8},
		"smtp, long token at a foreign host":  {mailtest.SMTP, starttls, "mail.test", long, slices.Concat([]string{"S: 220 ready"}, ehlo, []string{"C: STARTTLS", "S: 220 go"}), slices.Concat(ehlo, authTwo, together), 9},
	} {
		t.Run(name, func(t *testing.T) {
			root := certificate.Root("Test Root")
			config := root.For(c.host).Config()
			r, _ := play(t, alone(c.p, then(c.before, overTLS(config, script(c.after...)))), secured(c.security, c.host, root.PEM()), func(cfg *mailtest.Config) {
				cfg.Credential = with(c.token, testUser)
				cfg.Dial = distant(cfg.Dial)
			})
			if !r.OK() {
				t.Fatal(states(r, c.p))
			}
			if got := r.Duration(); got != time.Duration(c.want)*2*oneWay {
				t.Errorf("%.1f round trips, want %d", got.Seconds()/2/oneWay.Seconds(), c.want)
			}
		})
	}
}
