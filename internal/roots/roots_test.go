package roots

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/x509roots/fallback/bundle"

	"mailgrant/internal/certificate"
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

// TestNamesAreNoRoots: whoever takes the name of a public root has not its key.
func TestNamesAreNoRoots(t *testing.T) {
	impostor := certificate.Sign(x509.Certificate{Subject: unconditional(t)[0].Subject, IsCA: true, BasicConstraintsValid: true}, nil)
	leaf := impostor.For("mail.contoso.com").Certificate
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
	top := certificate.Root("Root")
	middle := certificate.Sign(x509.Certificate{Subject: pkix.Name{CommonName: "Between"}, IsCA: true, BasicConstraintsValid: true}, top)
	leaf, alone := middle.For("mail.contoso.com"), top.For("mail.contoso.com")
	below := leaf.For("mail.fabrikam.com")
	list := mozilla
	t.Cleanup(func() { mozilla = list })
	mozilla = func() []root { return []root{{top.RawSubject, top.RawSubjectPublicKeyInfo}} }
	for name, c := range map[string]struct {
		chain []*certificate.Pair
		want  bool
	}{
		"without the root":            {[]*certificate.Pair{leaf, middle}, true},
		"with the root":               {[]*certificate.Pair{leaf, middle, top}, true},
		"in another order":            {[]*certificate.Pair{leaf, top, middle}, true},
		"signed by the root":          {[]*certificate.Pair{alone}, true},
		"nothing between":             {[]*certificate.Pair{leaf}, false},
		"the root, nothing between":   {[]*certificate.Pair{leaf, top}, false},
		"a server's between":          {[]*certificate.Pair{below, leaf, middle}, false},
		"one that has no part in it":  {[]*certificate.Pair{below, middle}, false},
		"one more, of another server": {[]*certificate.Pair{leaf, alone, middle}, true},
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
