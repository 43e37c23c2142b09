package assistant

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"time"

	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

// CertificateLife is how long a certificate is good for: the two years that
// the portal offers for secrets at most.
const CertificateLife = 2 * 365 * 24 * time.Hour

// Certificate is a new credential for an application.
type Certificate struct {
	Secret     redact.Secret // certificate and private key, to be sealed
	Public     []byte        // the certificate alone in PEM, to be uploaded
	Thumbprint string        // SHA-1, as the portal shows it
	Expires    time.Time
}

// NewCertificate makes a self-signed certificate with a key of its own
// (Microsoft, "Application authentication certificate credentials": RSA,
// SHA-256). name becomes its common name.
func NewCertificate(name string, now time.Time) (Certificate, error) {
	key, err := rsa.GenerateKey(rand.Reader, 3072)
	if err != nil {
		return Certificate{}, err
	}
	template := &x509.Certificate{
		Subject:   pkix.Name{CommonName: name},
		NotBefore: now.Add(-time.Hour).UTC(), NotAfter: now.Add(CertificateLife).UTC(),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		SignatureAlgorithm: x509.SHA256WithRSA, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return Certificate{}, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return Certificate{}, err
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	secret := redact.NewSecret(string(public) + string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})))
	thumbprint, ends := oauth.Certificate(secret)
	return Certificate{Secret: secret, Public: public, Thumbprint: thumbprint, Expires: ends}, nil
}
