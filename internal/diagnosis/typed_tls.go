package diagnosis

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/x509roots/fallback/bundle"

	"mailgrant/internal/i18n"
	"mailgrant/internal/provider"
)

// certificate names the sign of a refused certificate from the error's type,
// and notes as facts what the chain as the server sent it tells.
func (f *facts) certificate() (sign string, args i18n.Args) {
	err, chain := f.in.Err, f.in.Evidence.Chain
	var verify *tls.CertificateVerificationError
	if errors.As(err, &verify) && len(chain) == 0 {
		chain = verify.UnverifiedCertificates
	}
	var invalid x509.CertificateInvalidError
	var name x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var roots x509.SystemRootsError
	switch {
	case errors.As(err, &name):
		return "certificate-wrong-name", i18n.Args{"names": namesOf(name.Certificate)}
	case errors.As(err, &roots):
		return "no-roots", nil
	case errors.As(err, &unknown):
		if len(chain) == 0 && unknown.Cert != nil {
			chain = []*x509.Certificate{unknown.Cert}
		}
		f.chain(chain)
		return "certificate-not-trusted", i18n.Args{"issuer": issuerOf(chain)}
	case errors.As(err, &invalid):
		return f.invalid(invalid, chain), i18n.Args{"issuer": issuerOf(chain), "until": until(invalid.Cert)}
	}
	return "", nil
}

func (f *facts) invalid(invalid x509.CertificateInvalidError, chain []*x509.Certificate) string {
	switch invalid.Reason {
	case x509.Expired:
		f.clue["clock-off"] = f.in.Evidence.ClockOffset.Abs() > time.Hour
		return "certificate-not-in-time"
	case x509.NameMismatch, x509.CANotAuthorizedForThisName:
		return "certificate-wrong-name"
	}
	f.chain(chain)
	return "certificate-not-trusted"
}

// chain notes why a chain does not end in a trusted root.
func (f *facts) chain(chain []*x509.Certificate) {
	if len(chain) == 0 {
		return
	}
	leaf, host := chain[0], f.in.Evidence.Host
	f.clue["inspected"] = inspects(chain)
	f.clue["ends-in-public-root"] = endsInPublicRoot(chain)
	f.clue["known-host"] = provider.IsPublic(host)
	f.clue["signs-itself"] = leaf.Subject.String() == leaf.Issuer.String()
	f.clue["private-host"] = !publicHost(host)
	f.clue["alone"] = len(chain) == 1 && len(leaf.IssuingCertificateURL) > 0
}

// Inspects tells whether a chain names a product that opens connections.
func Inspects(chain []*x509.Certificate) bool { return inspects(chain) }

func inspects(chain []*x509.Certificate) bool {
	for _, c := range chain {
		names := strings.ToLower(c.Issuer.String() + " ")
		if slices.ContainsFunc(theBook().words("inspector"), func(word string) bool { return strings.Contains(names, word) }) {
			return true
		}
	}
	return false
}

// endsInPublicRoot tests a chain against the roots Mozilla trusts: then it is
// not the server but the machine's own store that is at fault.
func endsInPublicRoot(chain []*x509.Certificate) bool {
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for root := range bundle.Roots() {
		c, err := x509.ParseCertificate(root.Certificate)
		if err != nil {
			continue
		}
		if root.Constraint == nil {
			roots.AddCert(c)
		} else {
			roots.AddCertWithConstraint(c, root.Constraint)
		}
	}
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: chain[0].NotBefore.Add(time.Hour), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	return err == nil
}

// issuerOf is the name a reader can look for: the last issuer in the chain.
func issuerOf(chain []*x509.Certificate) string {
	if len(chain) == 0 {
		return ""
	}
	n := chain[len(chain)-1].Issuer
	return cmp.Or(n.CommonName, strings.Join(n.Organization, ", "), n.String())
}

func namesOf(c *x509.Certificate) string {
	if c == nil {
		return ""
	}
	names := c.DNSNames
	if len(names) > 4 {
		names = append(names[:4:4], "…")
	}
	return cmp.Or(strings.Join(names, ", "), c.Subject.CommonName)
}

func until(c *x509.Certificate) string {
	if c == nil {
		return ""
	}
	return c.NotAfter.UTC().Format("2006-01-02")
}

// publicHost: a name or address that the whole Internet can mean.
func publicHost(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return !ip.IsPrivate() && !ip.IsLoopback() && !ip.IsLinkLocalUnicast()
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return strings.Contains(host, ".") && !hasSuffixes(host, "local", "lan", "internal", "intern", "intra", "corp", "home", "test", "localhost", "localdomain", "home.arpa", "example", "invalid")
}
