// Package certificate signs what servers of the practice tenant and of tests show.
package certificate

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"sync/atomic"
	"time"
)

// Pair is a certificate with its key.
type Pair struct {
	*x509.Certificate
	key *ecdsa.PrivateKey
}

// Root is one that signs others.
func Root(name string) *Pair {
	return Sign(x509.Certificate{Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, nil)
}

// Server is what a server's certificate says, to be changed and signed. It is no
// more than is needed: over net.Pipe, who refuses it can say so only once the
// server has nothing left to write.
func Server(host string) x509.Certificate {
	return x509.Certificate{Subject: pkix.Name{CommonName: host}, DNSNames: []string{host}}
}

// For is a server's certificate that p has signed.
func (p *Pair) For(host string) *Pair { return Sign(Server(host), p) }

var serials atomic.Int64

// Sign has a certificate signed, by itself if by is nil. Unless it says otherwise
// it is in force now, and in a bubble of testing/synctest too.
func Sign(c x509.Certificate, by *Pair) *Pair {
	c.SerialNumber = cmp.Or(c.SerialNumber, big.NewInt(serials.Add(1)))
	c.NotBefore = cmp.Or(c.NotBefore, time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC))
	c.NotAfter = cmp.Or(c.NotAfter, time.Now().Add(24*time.Hour))
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err) // such a key can be made everywhere
	}
	by = cmp.Or(by, &Pair{&c, key})
	der, err := x509.CreateCertificate(rand.Reader, &c, by.Certificate, key.Public(), by.key)
	if err != nil {
		panic(err)
	}
	signed, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return &Pair{signed, key}
}

// PEM is the certificate as a definition holds it.
func (p *Pair) PEM() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.Raw}))
}

// KeyPEM is its key as servers read it.
func (p *Pair) KeyPEM() string {
	der, err := x509.MarshalPKCS8PrivateKey(p.key)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// TLS is the certificate and those above it as a server shows them.
func (p *Pair) TLS(above ...*Pair) tls.Certificate {
	c := tls.Certificate{Certificate: [][]byte{p.Raw}, PrivateKey: p.key}
	for _, a := range above {
		c.Certificate = append(c.Certificate, a.Raw)
	}
	return c
}

// Config is that of a server that shows them.
func (p *Pair) Config(above ...*Pair) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{p.TLS(above...)}}
}
