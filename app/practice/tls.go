package practice

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"net"
	"time"
)

// certificates are the mail servers' own and the one that something on the
// way would show instead.
type certificates struct {
	own, intercepted tls.Certificate
	rootPEM          []byte // signed own; intercepted comes from a root nobody trusts
}

func newCertificates() (*certificates, error) {
	own, root, err := issue(pkix.Name{CommonName: "Mailgrant practice root", Organization: []string{"Mailgrant"}})
	if err != nil {
		return nil, err
	}
	intercepted, shield, err := issue(pkix.Name{CommonName: "Contoso Web Shield Root", Organization: []string{"Contoso Web Shield"}})
	if err != nil {
		return nil, err
	}
	// Scanners send their root along.
	intercepted.Certificate = append(intercepted.Certificate, shield)
	return &certificates{
		own: own, intercepted: intercepted,
		rootPEM: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root}),
	}, nil
}

// issue makes a root and a server certificate for this machine's loopback
// names signed by it.
func issue(name pkix.Name) (leaf tls.Certificate, root []byte, err error) {
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return leaf, nil, err
	}
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return leaf, nil, err
	}
	from, to := time.Now().Add(-time.Hour), time.Now().Add(30*24*time.Hour)
	ca := &x509.Certificate{
		Subject: name, NotBefore: from, NotAfter: to,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	if root, err = x509.CreateCertificate(rand.Reader, ca, ca, rootKey.Public(), rootKey); err != nil {
		return leaf, nil, err
	}
	server := &x509.Certificate{
		Subject: pkix.Name{CommonName: "localhost", Organization: name.Organization}, NotBefore: from, NotAfter: to,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	der, err := x509.CreateCertificate(rand.Reader, server, ca, leafKey.Public(), rootKey)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: leafKey}, root, err
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
