package mailtest

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"sync"

	"golang.org/x/crypto/x509roots/fallback/bundle"

	"mailgrant/internal/provider"
)

// publicHost tells whether a host is a known provider's, whose certificates have
// public roots; another root there belongs to something that opens the
// connection.
func publicHost(host string) bool {
	_, known := provider.ByHost(host)
	return known
}

// mozilla holds the fingerprints of the keys of Mozilla's list of roots. A
// root is told by name and key, since some exist in several certificates.
var mozilla = sync.OnceValue(func() map[[32]byte]bool {
	known := map[[32]byte]bool{}
	for root := range bundle.Roots() {
		if c, err := x509.ParseCertificate(root.Certificate); err == nil {
			known[keyOf(c)] = true
		}
	}
	return known
})

// mozillaNames are the names of the same roots, as certificates carry them.
var mozillaNames = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{}
	for root := range bundle.Roots() {
		if c, err := x509.ParseCertificate(root.Certificate); err == nil {
			known[string(c.RawSubject)] = true
		}
	}
	return known
})

func publicRoot(c *x509.Certificate) bool { return mozilla()[keyOf(c)] }

func keyOf(c *x509.Certificate) [32]byte {
	return sha256.Sum256(bytes.Join([][]byte{c.RawSubject, c.RawSubjectPublicKeyInfo}, nil))
}
