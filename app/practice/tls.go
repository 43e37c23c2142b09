package practice

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"math/rand/v2"
	"net"
	"time"

	"mailgrant/internal/certificate"
)

// certificates are the mail servers' own and the one that something on the
// way would show instead.
type certificates struct {
	root             *certificate.Pair // signed own; intercepted comes from a root nobody trusts
	own, intercepted tls.Certificate
}

func newCertificates() certificates {
	root, own := issue(pkix.Name{CommonName: "Mailgrant practice root", Organization: []string{"Mailgrant"}})
	shield, intercepted := issue(pkix.Name{CommonName: "Contoso Web Shield Root", Organization: []string{"Contoso Web Shield"}})
	return certificates{root, own.TLS(), intercepted.TLS(shield)} // scanners send their root along
}

// issue makes a root and a server certificate for this machine's loopback
// names signed by it. Browsers take two of one name and number for a forgery.
func issue(name pkix.Name) (root, leaf *certificate.Pair) {
	number := func() *big.Int { return big.NewInt(rand.Int64()) }
	from, to := time.Now().Add(-time.Hour), time.Now().Add(30*24*time.Hour)
	root = certificate.Sign(x509.Certificate{
		SerialNumber: number(), Subject: name, NotBefore: from, NotAfter: to,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, nil)
	return root, certificate.Sign(x509.Certificate{
		SerialNumber: number(), Subject: pkix.Name{CommonName: "localhost", Organization: name.Organization}, NotBefore: from, NotAfter: to,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}, root)
}

// tlsConfig chooses the certificate when a client comes.
func (t *Tenant) tlsConfig() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			if t.faulty(FaultTLSIntercepted) {
				return &t.certs.intercepted, nil
			}
			return &t.certs.own, nil
		},
		// A resumed session would show the certificate of before.
		SessionTicketsDisabled: true,
	}
}
