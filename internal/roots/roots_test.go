package roots

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// TestTheListIsKnown: every root of the list is known, and a chain of it alone
// ends in it.
func TestTheListIsKnown(t *testing.T) {
	known := 0
	for r := range bundle.Roots() {
		c, err := x509.ParseCertificate(r.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		if !Has(c) || r.Constraint == nil && !End([]*x509.Certificate{c}) {
			t.Errorf("%s is not known", c.Subject)
		}
		known++
	}
	if known < 100 {
		t.Errorf("only %d roots", known)
	}
}

// TestNamesAreNoRoots: whoever takes the name of a public root has not its key.
func TestNamesAreNoRoots(t *testing.T) {
	var public *x509.Certificate
	for r := range bundle.Roots() {
		public, _ = x509.ParseCertificate(r.Certificate)
		break
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	issue := func(name pkix.Name, parent *x509.Certificate) *x509.Certificate {
		c := &x509.Certificate{
			SerialNumber: big.NewInt(1), Subject: name, IsCA: true, BasicConstraintsValid: true,
			NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		}
		if parent == nil {
			parent = c
		}
		der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		c, err = x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	impostor := issue(public.Subject, nil)
	leaf := issue(pkix.Name{CommonName: "mail.contoso.com"}, impostor)
	for name, chain := range map[string][]*x509.Certificate{"none": nil, "the root": {impostor}, "the leaf": {leaf}, "both": {leaf, impostor}} {
		if End(chain) {
			t.Errorf("%s: ends in a public root", name)
		}
	}
	if Has(impostor) || Has(leaf) {
		t.Error("a name is enough")
	}
}
