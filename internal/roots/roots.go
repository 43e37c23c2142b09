// Package roots is Mozilla's list of root certificates, whatever the system
// trusts: it tells a machine that lacks a root from a root that is nobody's.
package roots

import (
	"bytes"
	"crypto/x509"
	"embed"
	"encoding/base64"
	"slices"
	"strings"
	"sync"
	"time"

	"mailgrant/assets"
)

//go:embed mozilla.txt
var files embed.FS

// root is what tells a root: some exist in several certificates.
type root struct{ name, key []byte }

// mozilla is the list. A test compares it with where it comes from.
var mozilla = sync.OnceValue(func() (all []root) {
	data, _ := assets.Read(files, "mozilla.txt")
	for line := range strings.Lines(string(data)) {
		name, key, _ := strings.Cut(strings.TrimSpace(line), " ")
		all = append(all, root{plain(name), plain(key)})
	}
	return all
})

func plain(encoded string) []byte {
	data, _ := base64.StdEncoding.DecodeString(encoded)
	return data
}

// Has tells whether a certificate is a root of the list.
func Has(c *x509.Certificate) bool {
	return slices.ContainsFunc(mozilla(), func(r root) bool {
		return bytes.Equal(r.name, c.RawSubject) && bytes.Equal(r.key, c.RawSubjectPublicKeyInfo)
	})
}

// signed tells whether a root of the list signed a certificate.
func signed(c *x509.Certificate) bool {
	return slices.ContainsFunc(mozilla(), func(r root) bool {
		if !bytes.Equal(r.name, c.RawIssuer) {
			return false
		}
		key, err := x509.ParsePKIXPublicKey(r.key)
		return err == nil && (&x509.Certificate{PublicKey: key}).CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
	})
}

// End tells whether a chain, leaf first, as a server sent it, ends in a root
// of the list. Its time does not count.
func End(chain []*x509.Certificate) bool {
	if len(chain) == 0 {
		return false
	}
	ends, between := x509.NewCertPool(), x509.NewCertPool()
	for _, c := range chain {
		between.AddCert(c)
		if signed(c) {
			ends.AddCert(c)
		}
	}
	_, err := chain[0].Verify(x509.VerifyOptions{
		Roots: ends, Intermediates: between, CurrentTime: chain[0].NotBefore.Add(time.Hour), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	return err == nil
}
