package diagnosis

import (
	"crypto/x509"
	"testing"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// publicRoot returns some root that Mozilla trusts without conditions.
func publicRoot(t *testing.T) *x509.Certificate {
	t.Helper()
	for root := range bundle.Roots() {
		if root.Constraint != nil {
			continue
		}
		c, err := x509.ParseCertificate(root.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	t.Fatal("no root")
	return nil
}
