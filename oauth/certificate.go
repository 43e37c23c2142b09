package oauth

import (
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // the portal shows certificates by their SHA-1 thumbprint
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"mailgrant/internal/redact"
)

// assertionLife is how long the proof of one token request is good for.
const assertionLife = 5 * time.Minute

// errCertificate says what a certificate credential has to be.
var errCertificate = errors.New("oauth: needed are a certificate and its unencrypted RSA private key, both in PEM")

// IsCertificate reports whether an application's secret is a certificate with
// its private key in PEM instead of a text.
func IsCertificate(secret redact.Secret) bool {
	return strings.HasPrefix(strings.TrimSpace(secret.Reveal()), "-----BEGIN ")
}

// CheckCertificate reports whether such a secret can be used: nil or an error
// that names what is needed.
func CheckCertificate(secret redact.Secret) error {
	_, _, err := readCertificate(secret)
	return err
}

// Certificate is the thumbprint of a certificate (SHA-1, as the portal shows
// it) and its end; nothing where the secret is none.
func Certificate(secret redact.Secret) (thumbprint string, ends time.Time) {
	if c, _, err := readCertificate(secret); err == nil {
		thumbprint, ends = fmt.Sprintf("%X", sha1.Sum(c.Raw)), c.NotAfter
	}
	return thumbprint, ends
}

// readCertificate takes certificate and key in any order, as PEM files come.
func readCertificate(secret redact.Secret) (*x509.Certificate, *rsa.PrivateKey, error) {
	data := []byte(secret.Reveal())
	pair, err := tls.X509KeyPair(data, data)
	key, ok := pair.PrivateKey.(*rsa.PrivateKey)
	if err != nil || !ok {
		return nil, nil, errCertificate // the library's words may repeat the file
	}
	return pair.Leaf, key, nil
}

// clientAssertion proves by the certificate who asks for a token (RFC 7523,
// 2.2; Microsoft, "Application authentication certificate credentials":
// PS256 and the SHA-256 thumbprint x5t#S256).
func clientAssertion(secret redact.Secret, clientID, audience string, now time.Time) (url.Values, error) {
	certificate, key, err := readCertificate(secret)
	if err != nil {
		return nil, err
	}
	thumbprint := sha256.Sum256(certificate.Raw)
	options := (&jose.SignerOptions{}).WithType("JWT").WithHeader("x5t#S256", base64.RawURLEncoding.EncodeToString(thumbprint[:]))
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.PS256, Key: key}, options)
	if err != nil {
		return nil, errCertificate
	}
	text, err := jwt.Signed(signer).Claims(map[string]any{
		"aud": audience, "iss": clientID, "sub": clientID, "jti": random(16),
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(assertionLife).Unix(),
	}).Serialize()
	if err != nil {
		return nil, errCertificate
	}
	return url.Values{
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		"client_assertion":      {text},
	}, nil
}
