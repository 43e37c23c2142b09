package mailtest_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"mailgrant/internal/certificate"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
)

// year2000 is when time begins in a bubble.
var year2000 = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// ended is what a server's certificate says whose time is over in a bubble.
func ended(host string) x509.Certificate {
	c := certificate.Server(host)
	c.NotAfter = year2000.AddDate(0, -1, 0)
	return c
}

// overTLS plays a script after a handshake.
func overTLS(c *tls.Config, next peer) peer {
	return func(p *played) {
		conn := tls.Server(p.Conn, c)
		if conn.Handshake() != nil {
			return
		}
		raw := p.Conn
		p.Conn, p.r = conn, bufio.NewReader(conn)
		next(p)
		raw.Close()
	}
}

// secured makes the definition use TLS under a name.
func secured(security, name, ca string) func(*mailtest.Config) {
	return func(c *mailtest.Config) {
		for _, s := range c.Mailbox.Servers {
			s.Security, s.Host = security, name
		}
		c.Mailbox.TrustedCA = ca
		c.Resolve = atLoopback
	}
}

func imapWhole() peer {
	return imapStart(imapCaps, "C: T1 AUTHENTICATE XOAUTH2 "+xoauth2(testUser, testToken), "S: T1 OK [CAPABILITY IMAP4rev1] done",
		"C: T2 EXAMINE INBOX", "S: * 1 EXISTS", "S: T2 OK done", "C: T3 LOGOUT", "S: * BYE", "S: T3 OK done")
}

func TestTLSCertificates(t *testing.T) {
	root, other := certificate.Root("Test Root"), certificate.Root("Other Root")
	inter := certificate.Sign(x509.Certificate{Subject: pkix.Name{CommonName: "Test Intermediate"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, root)
	for name, c := range map[string]struct {
		config *tls.Config
		ok     bool
		text   string // of the error
	}{
		"good":                 {root.For("mail.test").Config(), true, ""},
		"with an intermediate": {inter.For("mail.test").Config(inter), true, ""},
		"chain incomplete":     {inter.For("mail.test").Config(), false, "unknown authority"},
		"unknown root":         {other.For("mail.test").Config(other), false, "unknown authority"},
		"another name":         {root.For("www.test").Config(), false, "mail.test"},
		"expired":              {certificate.Sign(ended("mail.test"), root).Config(), false, "expired"},
		"self-signed":          {certificate.Sign(certificate.Server("mail.test"), nil).Config(), false, "unknown authority"},
	} {
		t.Run(name, func(t *testing.T) {
			r, s := play(t, alone(mailtest.IMAP, overTLS(c.config, imapWhole())), secured(mailbox.SecurityTLS, "mail.test", root.PEM()))
			facts := step(t, r, mailtest.IMAP, mailtest.StepTLS).Facts
			if facts[mailtest.FactVerified] != c.ok || facts[mailtest.FactSubject] == "" || facts[mailtest.FactExpires] == "" || facts[mailtest.FactChain] == nil {
				t.Errorf("facts %v", facts)
			}
			if c.ok {
				if !r.OK() || facts[mailtest.FactRoot] != "CN=Test Root" {
					t.Errorf("%s; facts %v", states(r, mailtest.IMAP), facts)
				}
				return
			}
			e := failedAt(t, r, mailtest.IMAP, mailtest.StepTLS)
			if e.Diagnosis.Phase != diagnosis.PhaseTLS {
				t.Errorf("phase %s", e.Diagnosis.Phase)
			}
			if len(s.lines(t, mailtest.IMAP, 0)) > 0 {
				t.Error("something was said after a bad certificate")
			}
		})
	}
}

// A company's root may be trusted here: the test goes on, with a warning where
// the host is known to have public certificates.
func TestATrustedPrivateRootIsTold(t *testing.T) {
	root := certificate.Root("Contoso Firewall")
	for host, want := range map[string]mailtest.State{"outlook.office365.com": mailtest.Warned, "mail.test": mailtest.Passed} {
		config := root.For(host).Config()
		r, _ := play(t, alone(mailtest.IMAP, overTLS(config, imapWhole())), secured(mailbox.SecurityTLS, host, root.PEM()))
		e := step(t, r, mailtest.IMAP, mailtest.StepTLS)
		if e.State != want || !r.OK() || (e.Facts[mailtest.FactPrivateRoot] == true) != (want == mailtest.Warned) {
			t.Errorf("%s: %s, good %t, facts %v", host, e.State, r.OK(), e.Facts)
		}
		if want == mailtest.Warned && (len(r.Diagnoses()) != 1 || r.Diagnoses()[0].Cause != diagnosis.CauseTLSInterceptionUntrustedCA ||
			!strings.Contains(r.Diagnoses()[0].Render(i18n.For(i18n.English)).Explanation, "Contoso Firewall")) {
			t.Errorf("diagnoses %v", r.Diagnoses())
		}
	}
}

func TestTLSTooOld(t *testing.T) {
	root := certificate.Root("Test Root")
	config := root.For("mail.test").Config()
	config.MinVersion, config.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	r, _ := play(t, alone(mailtest.IMAP, overTLS(config, silent)), secured(mailbox.SecurityTLS, "mail.test", root.PEM()))
	e := failedAt(t, r, mailtest.IMAP, mailtest.StepTLS)
	if !strings.Contains(e.Diagnosis.ServerText+string(e.Diagnosis.Cause), "version") {
		t.Errorf("the version is not named: %s", e.Diagnosis)
	}
}

// Something answers in place of TLS.
func TestNoTLSWhereItIsExpected(t *testing.T) {
	for name, p := range map[string]peer{
		"greets in plain":   says("* OK ready\r\n"),
		"http":              says("HTTP/1.1 400 Bad Request\r\n\r\n"),
		"silent":            silent,
		"closes":            says(""),
		"half a record":     says("\x16\x03\x03"),
		"endless handshake": forEver("\x16\x03\x03\x40\x00" + strings.Repeat("\x01", 0x4000)),
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := play(t, alone(mailtest.IMAP, p), secured(mailbox.SecurityTLS, "mail.test", certificate.Root("Test Root").PEM()))
			e := failedAt(t, r, mailtest.IMAP, mailtest.StepTLS)
			if e.Diagnosis.Cause == diagnosis.CauseCancelled || e.Duration > mailtest.DefaultTimeout {
				t.Errorf("cause %s after %s", e.Diagnosis.Cause, e.Duration)
			}
		})
	}
}

// before are the openings up to the consent to STARTTLS.
var before = map[mailtest.Protocol][]string{
	mailtest.IMAP: {"S: * OK ready", "C: A1 CAPABILITY", "S: * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED", "S: A1 OK", "C: A2 STARTTLS", "S: A2 OK begin"},
	mailtest.POP3: {"S: +OK ready", "C: STLS", "S: +OK begin"},
	mailtest.SMTP: {"S: 220 ready", "C: EHLO", "S: 250-hello", "S: 250 STARTTLS", "C: STARTTLS", "S: 220 begin"},
}

func TestSTARTTLS(t *testing.T) {
	root := certificate.Root("Test Root")
	config := root.For("mail.test").Config()
	after := map[mailtest.Protocol]peer{
		mailtest.IMAP: script("C: A3 CAPABILITY", imapCaps, "S: A3 OK done", "C: T1 AUTHENTICATE", "S: T1 OK [CAPABILITY IMAP4rev1] done", "C: T2 EXAMINE INBOX", "S: T2 OK", "C: T3 LOGOUT", "S: T3 OK"),
		mailtest.POP3: script("C: AUTH XOAUTH2", "S: +", "C~ ", "S: +OK", "C: STAT", "S: +OK 1 2", "C: QUIT", "S: +OK"),
		mailtest.SMTP: script("C: EHLO", "S: 250-hello", "S: 250 AUTH XOAUTH2", "C: AUTH XOAUTH2", "S: 235 ok", "C: MAIL", "S: 250 ok", "C: RSET", "S: 250 ok", "C: QUIT", "S: 221 bye"),
	}
	peers := map[mailtest.Protocol][]peer{}
	for p, lines := range before {
		peers[p] = []peer{then(lines, overTLS(config, after[p]))}
	}
	r, _ := play(t, peers, secured(mailbox.SecuritySTARTTLS, "mail.test", root.PEM()))
	for _, p := range mailbox.Protocols() {
		if want := "resolve passed, connect passed, greeting passed, tls passed, authenticate passed, mailbox passed, quit passed"; states(r, p) != want {
			t.Errorf("%s: %s", p, states(r, p))
		}
	}
}

func TestSTARTTLSFails(t *testing.T) {
	quit := map[mailtest.Protocol]string{mailtest.IMAP: " LOGOUT", mailtest.POP3: "QUIT", mailtest.SMTP: "QUIT"}
	for name, c := range map[string]struct {
		lines map[mailtest.Protocol][]string
		want  diagnosis.Cause
		quits bool
	}{
		"not offered": {map[mailtest.Protocol][]string{
			mailtest.IMAP: {"S: * OK ready", "C: A1 CAPABILITY", "S: * CAPABILITY IMAP4rev1 AUTH=XOAUTH2", "S: A1 OK"},
			mailtest.POP3: {"S: +OK ready", "C: STLS", "S: -ERR what"},
			mailtest.SMTP: {"S: 220 ready", "C: EHLO", "S: 250-hello", "S: 250 AUTH XOAUTH2"},
		}, diagnosis.CauseSTARTTLSUnavailable, true},
		"refused": {map[mailtest.Protocol][]string{
			mailtest.IMAP: append(before[mailtest.IMAP][:5:5], "S: A2 NO not now"),
			mailtest.POP3: {"S: +OK ready", "C: STLS", "S: -ERR not now"},
			mailtest.SMTP: append(before[mailtest.SMTP][:5:5], "S: 454 4.7.0 TLS not available"),
		}, "", true},
		"nonsense": {map[mailtest.Protocol][]string{
			mailtest.IMAP: append(before[mailtest.IMAP][:5:5], "S: A2 MAYBE"),
			mailtest.POP3: {"S: +OK ready", "C: STLS", "S: yes"},
			mailtest.SMTP: append(before[mailtest.SMTP][:5:5], "S: yes"),
		}, diagnosis.CauseServerProtocolError, true},
	} {
		t.Run(name, func(t *testing.T) {
			peers := map[mailtest.Protocol][]peer{}
			for p, lines := range c.lines {
				peers[p] = []peer{script(append(lines, "C~ "+quit[p])...)}
			}
			r, s := play(t, peers, starttls)
			for _, p := range mailbox.Protocols() {
				e := failedAt(t, r, p, mailtest.StepTLS)
				if c.want != "" && e.Diagnosis.Cause != c.want {
					t.Errorf("%s: cause %s, want %s", p, e.Diagnosis.Cause, c.want)
				}
				if c.quits && !strings.HasSuffix(s.last(t, p), quit[p]) {
					t.Errorf("%s: the last word was %q", p, s.last(t, p))
				}
			}
		})
	}
}

// What comes in one piece with the consent to STARTTLS is not the server's
// (CVE-2011-0411 and its relatives): the handshake does not begin.
func TestSTARTTLSInjection(t *testing.T) {
	for p, injected := range map[mailtest.Protocol]string{
		mailtest.IMAP: "A2 OK begin\r\n* OK injected\r\n",
		mailtest.POP3: "+OK begin\r\n+OK injected\r\n",
		mailtest.SMTP: "220 begin\r\n250 injected\r\n",
	} {
		t.Run(string(p), func(t *testing.T) {
			lines := before[p][: len(before[p])-1 : len(before[p])-1]
			r, s := play(t, alone(p, then(lines, func(pl *played) {
				pl.say(injected)
				silent(pl)
			})), starttls)
			e := failedAt(t, r, p, mailtest.StepTLS)
			if e.Diagnosis.Cause != diagnosis.CauseServerProtocolError {
				t.Errorf("cause %s", e.Diagnosis.Cause)
			}
			for _, line := range s.lines(t, p, 0) {
				if strings.HasPrefix(line, "\x16") {
					t.Error("the handshake began")
				}
			}
		})
	}
}

// The definition's own root counts beside the system's, and only if it is one.
func TestTrustedCAUnreadable(t *testing.T) {
	r, _ := play(t, alone(mailtest.IMAP, silent), secured(mailbox.SecurityTLS, "mail.test", "no certificate"))
	failedAt(t, r, mailtest.IMAP, mailtest.StepTLS)
}

var _ net.Conn = (*played)(nil)

// A handshake that ends in words of Go's own has a cause that has a name.
func TestHandshakesThatEndOddly(t *testing.T) {
	for name, c := range map[string]struct {
		says string
		want []diagnosis.Cause
	}{
		"another name": {"\x15\x03\x03\x00\x02\x02\x70", []diagnosis.Cause{"wrong-host-name"}},
		"too large":    {"\x16\x03\x03\x00\x04\x02\xff\xff\xff", []diagnosis.Cause{diagnosis.CauseServerProtocolError}},
		"damaged":      {"\x15\x03\x03\x00\x02\x02\x14", []diagnosis.Cause{diagnosis.CauseServerProtocolError}},
	} {
		t.Run(name, func(t *testing.T) {
			hello := func(p *played) {
				if _, err := p.Read(make([]byte, 1<<14)); err == nil {
					p.say(c.says)
					silent(p)
				}
			}
			r, _ := play(t, alone(mailtest.IMAP, hello), secured(mailbox.SecurityTLS, "mail.test", ""))
			if e := failedAt(t, r, mailtest.IMAP, mailtest.StepTLS); !slices.Contains(c.want, e.Diagnosis.Cause) {
				t.Errorf("cause %s, want one of %s: %q", e.Diagnosis.Cause, c.want, e.Diagnosis.ServerText)
			}
		})
	}
}

// A name in a certificate may repeat what was sent; its escapes hide nothing.
func TestASecretInACertificate(t *testing.T) {
	const secret = "c4nary pa55word+of/the=matrix"
	root := certificate.Root("Test root")
	leaf := certificate.Server("mail.test")
	leaf.Subject.CommonName = secret
	_ = redact.NewSecret(secret)
	r, _ := play(t, alone(mailtest.IMAP, overTLS(certificate.Sign(leaf, root).Config(), imapWhole())), secured(mailbox.SecurityTLS, "mail.test", root.PEM()))
	if facts := fmt.Sprint(step(t, r, mailtest.IMAP, mailtest.StepTLS).Facts); strings.Contains(facts, "the=matrix") || !strings.Contains(facts, "redacted") {
		t.Errorf("facts %s", facts)
	}
}
