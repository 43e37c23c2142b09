//go:build hostile

package hostile

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"strings"
	"time"

	"mailgrant/internal/certificate"
)

// shakes are the misbehaviours in a handshake.
var shakes = []way{
	{name: "silence", then: breaks, waits: true, do: func(p *peer, _ string) bool { return p.listen() }},
	{name: "hangs up", then: breaks, do: func(*peer, string) bool { return false }},
	{name: "resets", then: breaks, early: true, do: func(p *peer, _ string) bool { return p.reset() }},
	{name: "half closes", then: breaks, do: halfClosePlain},
	{name: "drips for ever", then: breaks, waits: true, do: func(p *peer, _ string) bool {
		for p.say("\x16") {
			time.Sleep(50 * time.Millisecond)
		}
		return false
	}},
	{name: "garbage", then: breaks, do: says(strings.Repeat("\x00\xff garbage ", 20))},
	{name: "speaks in the clear", then: breaks, do: func(p *peer, _ string) bool {
		return p.say(p.by("* OK ready\r\n", "+OK ready\r\n", "220 ready\r\n")) && p.listen()
	}},
	{name: "a web server", then: breaks, do: says("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")},
	{name: "refuses", then: breaks, do: says("\x15\x03\x03\x00\x02\x02\x28")},
	{name: "does not know the name", then: breaks, do: says("\x15\x03\x03\x00\x02\x02\x70")},
	{name: "wants SSL 3", then: breaks, do: says("\x15\x03\x00\x00\x02\x02\x46")},
	{name: "a record too large", then: breaks, do: says("\x16\x03\x03\xff\xff" + strings.Repeat("x", 1<<16))},
	{name: "a message too large", then: breaks, do: says("\x16\x03\x03\x40\x00\x02\xff\xff\xff" + strings.Repeat("x", 1<<14-4) + strings.Repeat("\x16\x03\x03\x40\x00"+strings.Repeat("x", 1<<14), 20))},
	{name: "endless records", then: breaks, do: func(p *peer, _ string) bool { return p.forEver("\x14\x03\x03\x00\x01\x01") }},
	{name: "endless bytes", then: breaks, do: func(p *peer, _ string) bool { return p.forEver(strings.Repeat("\x16", 16<<10)) }},
	{name: "cut after 1 byte", then: breaks, do: cut(1, false)},
	{name: "cut after 90 bytes", then: breaks, do: cut(90, false)},
	{name: "cut after 400 bytes", then: breaks, do: cut(400, false)},
	{name: "stops after 90 bytes", then: breaks, waits: true, do: cut(90, true)},
	{name: "stops after 400 bytes", then: breaks, waits: true, do: cut(400, true)},
	{name: "damages a byte", then: breaks, do: func(p *peer, _ string) bool { return p.secureOver(&bent{Conn: p.Conn, at: 300}) }},

	{name: "byte by byte", then: harmless, do: func(p *peer, _ string) bool { return p.secureOver(&slow{p.Conn}) }},
	{name: "TLS 1.2", then: harmless, do: with(func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 })},
	{name: "TLS 1.1", then: breaks, do: with(func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 })},
	{name: "no common cipher", then: breaks, do: with(func(c *tls.Config) {
		c.MaxVersion, c.CipherSuites = tls.VersionTLS12, []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}
	})},
	{name: "asks for a certificate", then: harmless, do: with(func(c *tls.Config) { c.ClientAuth = tls.RequestClientCert })},
	{name: "demands a certificate", then: open, do: with(func(c *tls.Config) { c.ClientAuth = tls.RequireAnyClientCert })},
	{name: "speaks the web's protocol only", then: open, do: with(func(c *tls.Config) { c.NextProtos = []string{"h2"} })},

	{name: "expired", then: breaks, do: certified(func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Hour) })},
	{name: "not valid yet", then: breaks, do: certified(func(c *x509.Certificate) { c.NotBefore = time.Now().Add(24 * time.Hour) })},
	{name: "another name", then: breaks, do: certified(func(c *x509.Certificate) { c.DNSNames = []string{"elsewhere.example"} })},
	{name: "no name", then: breaks, do: certified(func(c *x509.Certificate) { c.DNSNames = nil; c.Subject.CommonName = "localhost" })},
	{name: "a wildcard for all", then: breaks, do: certified(func(c *x509.Certificate) { c.DNSNames = []string{"*"} })},
	{name: "a name with a NUL", then: breaks, do: certified(func(c *x509.Certificate) { c.DNSNames = []string{"localhost\x00.elsewhere.example"} })},
	{name: "for clients only", then: breaks, do: certified(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} })},
	{name: "3,000 names", then: open, do: certified(func(c *x509.Certificate) {
		for n := range 3000 {
			c.DNSNames = append(c.DNSNames, fmt.Sprintf("host-%d.elsewhere.example", n))
		}
	})},
	{name: "misleading characters", then: open, do: certified(func(c *x509.Certificate) { c.Subject.CommonName = "loc\u202etsohla\x1b[2J\u2066" })},
	{name: "repeats the secret", then: open, do: certified(func(c *x509.Certificate) { c.Subject.CommonName = repeated() })},
	{name: "signed by itself", then: breaks, do: func(p *peer, _ string) bool { return p.secureWith(stranger.Config()) }},
	{name: "a root that nobody knows", then: breaks, do: func(p *peer, _ string) bool { return p.secureWith(foreign.For("localhost").Config()) }},
	{name: "a root in place of the leaf", then: breaks, do: func(p *peer, _ string) bool { return p.secureWith(root.Config()) }},
	{name: "200 certificates", then: open, do: with(func(c *tls.Config) {
		chain := c.Certificates[0]
		for range 200 {
			chain.Certificate = append(chain.Certificate, root.Raw)
		}
		c.Certificates = []tls.Certificate{chain}
	})},
}

// with is the right handshake with another setting.
func with(change func(*tls.Config)) func(*peer, string) bool {
	return func(p *peer, _ string) bool {
		c := honest().Clone()
		change(c)
		return p.secureWith(c)
	}
}

// certified is the right handshake with another certificate.
func certified(change func(*x509.Certificate)) func(*peer, string) bool {
	return func(p *peer, _ string) bool {
		c := certificate.Server("localhost")
		change(&c)
		return p.secureWith(certificate.Sign(c, root).Config())
	}
}

func (p *peer) secureOver(conn net.Conn) bool {
	p.Conn = conn
	return p.secureWith(honest())
}

func halfClosePlain(p *peer, _ string) bool {
	_ = p.raw.CloseWrite()
	return p.listen()
}

// cut does the right handshake up to a byte, and then hangs up or stops.
func cut(at int, stay bool) func(*peer, string) bool {
	return func(p *peer, _ string) bool {
		p.secureOver(&limit{Conn: p.Conn, left: at})
		if stay {
			p.r = bufio.NewReader(p.raw)
			return p.listen()
		}
		return false
	}
}
