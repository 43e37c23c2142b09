// Package roots is Mozilla's list of root certificates, whatever the system
// trusts: it tells a machine that lacks a root from a root that is nobody's.
package roots

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"sync"
	"time"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// mozilla holds the list as a pool, and the fingerprints of its keys. A root
// is told by name and key, since some exist in several certificates.
var mozilla = sync.OnceValues(func() (*x509.CertPool, map[[32]byte]bool) {
	pool, known := x509.NewCertPool(), map[[32]byte]bool{}
	for root := range bundle.Roots() {
		c, err := x509.ParseCertificate(root.Certificate)
		switch {
		case err != nil:
			continue
		case root.Constraint != nil:
			pool.AddCertWithConstraint(c, root.Constraint)
		default:
			pool.AddCert(c)
		}
		known[keyOf(c)] = true
	}
	return pool, known
})

// Has tells whether a certificate is a root of the list.
func Has(c *x509.Certificate) bool {
	_, known := mozilla()
	return known[keyOf(c)]
}

func keyOf(c *x509.Certificate) [32]byte {
	return sha256.Sum256(bytes.Join([][]byte{c.RawSubject, c.RawSubjectPublicKeyInfo}, nil))
}

// End tells whether a chain, leaf first, as a server sent it, ends in a root
// of the list. Its time does not count.
func End(chain []*x509.Certificate) bool {
	if len(chain) == 0 {
		return false
	}
	pool, _ := mozilla()
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{
		Roots: pool, Intermediates: between, CurrentTime: chain[0].NotBefore.Add(time.Hour), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	return err == nil
}
