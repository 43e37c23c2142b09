package mailtest

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"strings"
	"sync"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// publicDomains are those whose mail hosts carry certificates of public roots;
// another root there belongs to something that opens the connection.
var publicDomains = []string{
	"office365.com", "outlook.com", "office.com", "office365.us", "outlook.cn",
	"gmail.com", "googlemail.com", "google.com",
}

func publicHost(host string) bool {
	host = strings.ToLower(host)
	for _, d := range publicDomains {
		if host == d || strings.HasSuffix(host, "."+d) {
			return true
		}
	}
	return false
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
