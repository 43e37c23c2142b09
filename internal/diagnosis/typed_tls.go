package diagnosis

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"slices"
	"strings"

	"mailgrant/internal/i18n"
	"mailgrant/internal/roots"
)

// certificate names the sign of a refused certificate from the error's type,
// and notes what the chain as the server sent it tells.
func (f *facts) certificate() (sign string, args i18n.Args) {
	err, chain := f.in.Err, f.in.Evidence.Chain
	if verify, ok := errors.AsType[*tls.CertificateVerificationError](err); ok && len(chain) == 0 {
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
		args = i18n.Args{"issuer": issuerOf(chain)}
	case errors.As(err, &invalid):
		args = i18n.Args{"issuer": issuerOf(chain), "until": until(invalid.Cert)}
		switch invalid.Reason {
		case x509.Expired:
			return "certificate-not-in-time", args
		case x509.NameMismatch, x509.CANotAuthorizedForThisName:
			return "certificate-wrong-name", args
		}
	default:
		return "", nil
	}
	f.in.Evidence.Chain, f.chain = chain, KindOfChain(chain)
	return "certificate-not-trusted", args
}

// KindOfChain tells why a chain of certificates is not trusted, as an outcome
// of FetchChain: it names a product that opens connections ("inspector"), ends
// in a root that Mozilla trusts and this machine lacks ("public"), lacks what
// stands between leaf and root ("alone"), or has a root of its own ("private").
func KindOfChain(chain []*x509.Certificate) string {
	switch {
	case len(chain) == 0:
		return ""
	case slices.ContainsFunc(chain, inspects):
		return "inspector"
	case roots.End(chain):
		return "public"
	case len(chain) == 1 && len(chain[0].IssuingCertificateURL) > 0:
		return "alone"
	}
	return "private"
}

// inspects tells whether a product that opens connections issued a certificate.
func inspects(c *x509.Certificate) bool {
	issuer := strings.ToLower(c.Issuer.String() + " ")
	return slices.ContainsFunc(theBook().words("inspector"), func(word string) bool { return strings.Contains(issuer, word) })
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
	private := func(suffix string) bool { return strings.HasSuffix("."+host, "."+suffix) }
	return strings.Contains(host, ".") && !slices.ContainsFunc(theBook().words("private-names"), private)
}
