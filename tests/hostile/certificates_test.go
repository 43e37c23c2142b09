//go:build hostile

package hostile

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"sync"
	"time"
)

// authority signs server certificates.
type authority struct {
	cert *x509.Certificate
	der  []byte
	key  *ecdsa.PrivateKey
}

var (
	root     = newAuthority("Hostile root") // the one that the definitions trust
	foreign  = newAuthority("Somebody's root")
	stranger = newAuthority("localhost")
	honest   = sync.OnceValue(func() *tls.Config { return root.config(nil) })
)

func newAuthority(name string) *authority {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	if name != "localhost" {
		template.DNSNames = nil
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
	return &authority{cert: must(x509.ParseCertificate(der)), der: der, key: key}
}

func (a *authority) pem() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.der}))
}

// config is a server's with a certificate for localhost, as changed.
func (a *authority) config(change func(*x509.Certificate)) *tls.Config {
	if a == stranger {
		return a.itself()
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "server"}, DNSNames: []string{"localhost"},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	if change != nil {
		change(template)
	}
	der := must(x509.CreateCertificate(rand.Reader, template, a.cert, a.key.Public(), a.key))
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: a.key}}}
}

// itself is a server that shows the authority's own certificate.
func (a *authority) itself() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{a.der}, PrivateKey: a.key}}}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// wrapped is a connection that is read and written by way of something else.
type wrapped struct {
	net.Conn
	rw io.ReadWriter
}

func (w *wrapped) Read(b []byte) (int, error)  { return w.rw.Read(b) }
func (w *wrapped) Write(b []byte) (int, error) { return w.rw.Write(b) }

// limit lets a number of bytes out.
type limit struct {
	net.Conn
	left int
}

func (l *limit) Write(b []byte) (int, error) {
	n := min(len(b), l.left)
	l.left -= n
	if _, err := l.Conn.Write(b[:n]); err != nil || n < len(b) {
		return n, io.ErrClosedPipe
	}
	return n, nil
}

// bent changes one byte of what goes out.
type bent struct {
	net.Conn
	at int
}

func (c *bent) Write(b []byte) (int, error) {
	out := append([]byte(nil), b...)
	if c.at >= 0 && c.at < len(out) {
		out[c.at] ^= 0x55
	}
	c.at -= len(out)
	return c.Conn.Write(out)
}

// slow writes each byte by itself.
type slow struct{ net.Conn }

func (c *slow) Write(b []byte) (int, error) {
	for i := range b {
		if _, err := c.Conn.Write(b[i : i+1]); err != nil {
			return i, err
		}
	}
	return len(b), nil
}
