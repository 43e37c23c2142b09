package mailtest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"net"
	"strings"
	"time"

	"mailgrant/internal/provider"
	"mailgrant/internal/redact"
	"mailgrant/internal/roots"
)

// handshake encrypts a connection. Verification is ours, so that the chain of
// a server that is refused can be shown too; the handshake ends with the
// verdict and nothing is sent after a bad one.
type handshake struct {
	host  string
	roots []*x509.CertPool // one after the other; nil is the system's
	state tls.ConnectionState
	chain []*x509.Certificate // the verified one, leaf first
	seen  bool
	// received are the first bytes that came in place of a handshake.
	received []byte
}

// trustedRoots are the definition's own, if it has some, and then the system's.
// Those are loaded here if they are the only ones, and not inside the handshake:
// it takes some milliseconds, once.
func trustedRoots(trustedCA string) []*x509.CertPool {
	if trustedCA == "" {
		_, _ = x509.SystemCertPool() // without roots no certificate is good, which is said then
		return []*x509.CertPool{nil}
	}
	own := x509.NewCertPool()
	own.AppendCertsFromPEM([]byte(trustedCA)) // a valid definition's holds a certificate
	return []*x509.CertPool{own, nil}
}

// encrypt does the handshake of a client. The certificate is verified by verify
// alone, which keeps what it has seen; with nil it may be anybody's.
func encrypt(ctx context.Context, conn net.Conn, host string, verify func(tls.ConnectionState) error) (*tls.Conn, error) {
	secured := tls.Client(conn, &tls.Config{
		ServerName: host, InsecureSkipVerify: true, VerifyConnection: verify,
		MinVersion: tls.VersionTLS12, // TLS 1.0 and 1.1 are refused by the mail services themselves
	})
	return secured, secured.HandshakeContext(ctx)
}

// verify does what the default does. A client always gets a certificate
// (crypto/tls, ConnectionState).
func (h *handshake) verify(state tls.ConnectionState) error {
	h.state, h.seen = state, true
	intermediates := x509.NewCertPool()
	for _, c := range state.PeerCertificates[1:] {
		intermediates.AddCert(c)
	}
	var refusal error
	for _, roots := range h.roots {
		chains, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{
			DNSName: h.host, Roots: roots, Intermediates: intermediates,
		})
		if err == nil {
			h.chain = chains[0]
			return nil
		}
		// Roots that know the certificate say what is wrong with it.
		if refusal == nil || errors.As(refusal, new(x509.UnknownAuthorityError)) {
			refusal = err
		}
	}
	return &tls.CertificateVerificationError{UnverifiedCertificates: state.PeerCertificates, Err: refusal}
}

// root is the certificate in which the verified chain ends.
func (h *handshake) root() *x509.Certificate { return h.chain[len(h.chain)-1] }

// facts is what people get to see of a handshake, whether it succeeded or not.
func (h *handshake) facts() map[string]any {
	if !h.seen {
		return nil
	}
	f := map[string]any{
		FactVersion:  tls.VersionName(h.state.Version),
		FactCipher:   tls.CipherSuiteName(h.state.CipherSuite),
		FactVerified: h.chain != nil,
	}
	var chain []map[string]any
	for _, c := range h.state.PeerCertificates {
		chain = append(chain, map[string]any{"subject": shownName(c.Subject), "issuer": shownName(c.Issuer)})
	}
	f[FactChain] = chain
	leaf := h.state.PeerCertificates[0]
	f[FactSubject], f[FactIssuer] = shownName(leaf.Subject), shownName(leaf.Issuer)
	f[FactExpires] = leaf.NotAfter.UTC().Format(time.RFC3339)
	f[FactNames] = names(leaf)
	if h.chain != nil {
		root := h.root()
		f[FactRoot] = shownName(root.Subject)
		if publicHost(h.host) && !roots.Has(root) {
			f[FactPrivateRoot] = true
		}
	}
	return f
}

// shownName is a name without the escapes of RFC 4514, in which a secret that
// somebody repeats would not be found.
func shownName(n pkix.Name) string { return redact.Line(strings.ReplaceAll(n.String(), `\`, "")) }

func names(c *x509.Certificate) []string {
	all := []string{}
	for _, n := range c.DNSNames {
		all = append(all, redact.Line(n))
	}
	for _, ip := range c.IPAddresses {
		all = append(all, ip.String())
	}
	return all
}

// publicHost tells whether a host is a known provider's, whose certificates have
// public roots; another root there belongs to something that opens the
// connection.
func publicHost(host string) bool {
	_, known := provider.ByHost(host)
	return known
}
