package mailtest_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
)

// authority is a root that signs what the tests ask for.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T, name string) authority {
	t.Helper()
	return authority{}.sign(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, year2000.AddDate(-1, 0, 0), year2000.AddDate(10, 0, 0))
}

// year2000 is when time begins in a bubble.
var year2000 = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func (a authority) sign(t *testing.T, c *x509.Certificate, from, to time.Time) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c.SerialNumber, c.NotBefore, c.NotAfter = big.NewInt(int64(len(c.Subject.CommonName))), from, to
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{cert, key}
}

// leaf is a server's certificate for a name.
func (a authority) leaf(t *testing.T, name string, from, to time.Time) authority {
	t.Helper()
	return a.sign(t, &x509.Certificate{Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}}, from, to)
}

func (a authority) pem() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw}))
}

// config is a TLS server with this certificate and those above it.
func (a authority) config(above ...authority) *tls.Config {
	c := tls.Certificate{Certificate: [][]byte{a.cert.Raw}, PrivateKey: a.key}
	for _, parent := range above {
		c.Certificate = append(c.Certificate, parent.cert.Raw)
	}
	return &tls.Config{Certificates: []tls.Certificate{c}}
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
	root, other := newAuthority(t, "Test Root"), newAuthority(t, "Other Root")
	from, to := year2000.Add(-time.Hour), year2000.Add(time.Hour)
	good := root.leaf(t, "mail.test", from, to)
	inter := root.sign(t, &x509.Certificate{Subject: pkix.Name{CommonName: "Test Intermediate"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, from, to)
	for name, c := range map[string]struct {
		config *tls.Config
		ok     bool
		text   string // of the error
	}{
		"good":                 {good.config(), true, ""},
		"with an intermediate": {inter.leaf(t, "mail.test", from, to).config(inter), true, ""},
		"chain incomplete":     {inter.leaf(t, "mail.test", from, to).config(), false, "unknown authority"},
		"unknown root":         {other.leaf(t, "mail.test", from, to).config(other), false, "unknown authority"},
		"another name":         {root.leaf(t, "www.test", from, to).config(), false, "mail.test"},
		"expired":              {root.leaf(t, "mail.test", from.Add(-time.Hour), from).config(), false, "expired"},
		"self-signed":          {authority{}.leaf(t, "mail.test", from, to).config(), false, "unknown authority"},
	} {
		t.Run(name, func(t *testing.T) {
			r, s := play(t, alone(mailtest.IMAP, overTLS(c.config, imapWhole())), secured(mailbox.SecurityTLS, "mail.test", root.pem()))
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
	root := newAuthority(t, "Contoso Firewall")
	for host, want := range map[string]mailtest.State{"outlook.office365.com": mailtest.Warned, "mail.test": mailtest.Passed} {
		config := root.leaf(t, host, year2000.Add(-time.Hour), year2000.Add(time.Hour)).config()
		r, _ := play(t, alone(mailtest.IMAP, overTLS(config, imapWhole())), secured(mailbox.SecurityTLS, host, root.pem()))
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
	root := newAuthority(t, "Test Root")
	config := root.leaf(t, "mail.test", year2000.Add(-time.Hour), year2000.Add(time.Hour)).config()
	config.MinVersion, config.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	r, _ := play(t, alone(mailtest.IMAP, overTLS(config, silent)), secured(mailbox.SecurityTLS, "mail.test", root.pem()))
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
			r, _ := play(t, alone(mailtest.IMAP, p), secured(mailbox.SecurityTLS, "mail.test", newAuthority(t, "Test Root").pem()))
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
	root := newAuthority(t, "Test Root")
	config := root.leaf(t, "mail.test", year2000.Add(-time.Hour), year2000.Add(time.Hour)).config()
	after := map[mailtest.Protocol]peer{
		mailtest.IMAP: script("C: A3 CAPABILITY", imapCaps, "S: A3 OK done", "C: T1 AUTHENTICATE", "S: T1 OK [CAPABILITY IMAP4rev1] done", "C: T2 EXAMINE INBOX", "S: T2 OK", "C: T3 LOGOUT", "S: T3 OK"),
		mailtest.POP3: script("C: AUTH XOAUTH2", "S: +", "C~ ", "S: +OK", "C: STAT", "S: +OK 1 2", "C: QUIT", "S: +OK"),
		mailtest.SMTP: script("C: EHLO", "S: 250-hello", "S: 250 AUTH XOAUTH2", "C: AUTH XOAUTH2", "S: 235 ok", "C: MAIL", "S: 250 ok", "C: RSET", "S: 250 ok", "C: QUIT", "S: 221 bye"),
	}
	peers := map[mailtest.Protocol][]peer{}
	for p, lines := range before {
		peers[p] = []peer{then(lines, overTLS(config, after[p]))}
	}
	r, _ := play(t, peers, secured(mailbox.SecuritySTARTTLS, "mail.test", root.pem()))
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
	root := newAuthority(t, "Test root")
	leaf := root.sign(t, &x509.Certificate{Subject: pkix.Name{CommonName: secret}, DNSNames: []string{"mail.test"}}, year2000.AddDate(-1, 0, 0), year2000.AddDate(1, 0, 0))
	_ = redact.NewSecret(secret)
	r, _ := play(t, alone(mailtest.IMAP, overTLS(leaf.config(), imapWhole())), secured(mailbox.SecurityTLS, "mail.test", root.pem()))
	if facts := fmt.Sprint(step(t, r, mailtest.IMAP, mailtest.StepTLS).Facts); strings.Contains(facts, "the=matrix") || !strings.Contains(facts, "redacted") {
		t.Errorf("facts %s", facts)
	}
}
