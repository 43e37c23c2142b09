package roots

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// TestTheListIsFresh: mozilla.txt holds name and key of each root that Mozilla
// trusts without conditions, as DER in base64. "make docs" sets
// MAILGRANT_WRITE_DOCS.
func TestTheListIsFresh(t *testing.T) {
	var want []string
	for _, c := range unconditional(t) {
		encode := base64.StdEncoding.EncodeToString
		want = append(want, encode(c.RawSubject)+" "+encode(c.RawSubjectPublicKeyInfo)+"\n")
	}
	slices.Sort(want)
	text := strings.Join(slices.Compact(want), "")
	if os.Getenv("MAILGRANT_WRITE_DOCS") != "" {
		if err := os.WriteFile("mozilla.txt", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got, err := os.ReadFile("mozilla.txt"); err != nil || string(got) != text {
		t.Errorf("mozilla.txt is not what the module has, run make docs: %v", err)
	}
}

// unconditional are the roots that Mozilla trusts whenever what they signed
// was issued.
func unconditional(t *testing.T) (all []*x509.Certificate) {
	t.Helper()
	for r := range bundle.Roots() {
		c, err := x509.ParseCertificate(r.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		if r.Constraint == nil {
			all = append(all, c)
		}
	}
	if len(all) < 100 {
		t.Errorf("only %d roots", len(all))
	}
	return all
}

// TestTheListIsKnown: every root of the list is known, and a chain of it alone
// ends in it.
func TestTheListIsKnown(t *testing.T) {
	for _, c := range unconditional(t) {
		if !Has(c) || !End([]*x509.Certificate{c}) {
			t.Errorf("%s is not known", c.Subject)
		}
	}
}

// issuer is a certificate with its key.
type issuer struct {
	*x509.Certificate
	key *ecdsa.PrivateKey
}

// issue has a certificate signed, by itself if parent is nil.
func issue(t *testing.T, name pkix.Name, ca bool, parent *issuer) *issuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: name, IsCA: ca, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	if parent == nil {
		parent = &issuer{c, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent.Certificate, &key.PublicKey, parent.key)
	if err == nil {
		c, err = x509.ParseCertificate(der)
	}
	if err != nil {
		t.Fatal(err)
	}
	return &issuer{c, key}
}

// TestNamesAreNoRoots: whoever takes the name of a public root has not its key.
func TestNamesAreNoRoots(t *testing.T) {
	impostor := issue(t, unconditional(t)[0].Subject, true, nil)
	leaf := issue(t, pkix.Name{CommonName: "mail.contoso.com"}, false, impostor).Certificate
	for name, chain := range map[string][]*x509.Certificate{"none": nil, "the root": {impostor.Certificate}, "the leaf": {leaf}, "both": {leaf, impostor.Certificate}} {
		if End(chain) {
			t.Errorf("%s: ends in a public root", name)
		}
	}
	if Has(impostor.Certificate) || Has(leaf) {
		t.Error("a name is enough")
	}
}

// TestChains: what stands between leaf and root has to be there and in force,
// the root itself has not.
func TestChains(t *testing.T) {
	top := issue(t, pkix.Name{CommonName: "Root"}, true, nil)
	middle := issue(t, pkix.Name{CommonName: "Between"}, true, top)
	leaf := issue(t, pkix.Name{CommonName: "mail.contoso.com"}, false, middle)
	below := issue(t, pkix.Name{CommonName: "mail.fabrikam.com"}, false, leaf)
	alone := issue(t, pkix.Name{CommonName: "mail.contoso.com"}, false, top)
	list := mozilla
	t.Cleanup(func() { mozilla = list })
	mozilla = func() []root { return []root{{top.RawSubject, top.RawSubjectPublicKeyInfo}} }
	for name, c := range map[string]struct {
		chain []*issuer
		want  bool
	}{
		"without the root":            {[]*issuer{leaf, middle}, true},
		"with the root":               {[]*issuer{leaf, middle, top}, true},
		"in another order":            {[]*issuer{leaf, top, middle}, true},
		"signed by the root":          {[]*issuer{alone}, true},
		"nothing between":             {[]*issuer{leaf}, false},
		"the root, nothing between":   {[]*issuer{leaf, top}, false},
		"a server's between":          {[]*issuer{below, leaf, middle}, false},
		"one that has no part in it":  {[]*issuer{below, middle}, false},
		"one more, of another server": {[]*issuer{leaf, alone, middle}, true},
	} {
		var chain []*x509.Certificate
		for _, i := range c.chain {
			chain = append(chain, i.Certificate)
		}
		if got := End(chain); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
