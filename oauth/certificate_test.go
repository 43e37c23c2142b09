package oauth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// certificatePEM makes a self-signed certificate and gives it with its key,
// the key first if keyFirst.
func certificatePEM(t *testing.T, key any, public any, keyFirst bool) (text string, der []byte) {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "app"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	private := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}))
	if keyFirst {
		return private + cert, der
	}
	return cert + private, der
}

func TestApplicationWithACertificate(t *testing.T) {
	f, c := offline()
	d := f.definition()
	d.OAuth.AccountType, d.OAuth.Tenant = mailbox.AccountApplication, testTenant
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for _, keyFirst := range []bool{true, false} {
		text, der := certificatePEM(t, key, key.Public(), keyFirst)
		seen := map[string]bool{}
		f.token = func(w http.ResponseWriter, form url.Values) bool {
			claims := checkAssertion(t, form, der, key.Public().(*rsa.PublicKey))
			if claims.Audience != entraEndpoint(*d.OAuth).TokenURL || claims.Issuer != d.OAuth.ClientID || claims.Subject != d.OAuth.ClientID || seen[claims.ID] {
				t.Errorf("claims %+v", claims)
			}
			seen[claims.ID] = true
			writeTestJSON(w, 200, map[string]any{"access_token": "app-token", "token_type": "Bearer", "expires_in": 3599})
			return true
		}
		for range 2 {
			g, err := c.Refresh(t.Context(), d, Renewal{ClientSecret: redact.NewSecret(text)})
			if err != nil || g.AccessToken.Reveal() != "app-token" {
				t.Errorf("%v", err)
			}
		}
	}
}

type assertionClaims struct {
	Audience string `json:"aud"`
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	ID       string `json:"jti"`
	Expires  int64  `json:"exp"`
}

// checkAssertion verifies it as the service would.
func checkAssertion(t *testing.T, form url.Values, der []byte, key *rsa.PublicKey) (c assertionClaims) {
	t.Helper()
	if form.Has("client_secret") || form.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
		t.Errorf("form fields %v", form)
	}
	signed, err := jose.ParseSignedCompact(form.Get("client_assertion"), []jose.SignatureAlgorithm{jose.PS256})
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(der)
	if got := signed.Signatures[0].Header.ExtraHeaders["x5t#S256"]; got != base64.RawURLEncoding.EncodeToString(sum[:]) {
		t.Errorf("thumbprint %v", got)
	}
	payload, err := signed.Verify(key)
	if err == nil {
		err = json.Unmarshal(payload, &c)
	}
	if left := time.Until(time.Unix(c.Expires, 0)); err != nil || left <= 0 || left > 10*time.Minute {
		t.Errorf("%v, good for %s", err, left)
	}
	return c
}

func TestUnusableCertificates(t *testing.T) {
	f, c := offline()
	d := f.definition()
	d.OAuth.AccountType, d.OAuth.Tenant = mailbox.AccountApplication, testTenant
	f.token = func(http.ResponseWriter, url.Values) bool { t.Error("the service was asked"); return false }
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	elliptic, _ := certificatePEM(t, ec, ec.Public(), false)
	alone, _, _ := strings.Cut(elliptic, "-----BEGIN PRIVATE")
	for name, text := range map[string]string{
		"elliptic curve": elliptic, "no key": alone, "cut off": elliptic[:len(elliptic)-40], "nonsense": "-----BEGIN NONSENSE-----\n",
	} {
		secret := redact.NewSecret(text)
		if !IsCertificate(secret) || CheckCertificate(secret) == nil {
			t.Errorf("%s: not refused", name)
		}
		if _, err := c.Refresh(t.Context(), d, Renewal{ClientSecret: secret}); causeOf(err) != diagnosis.CauseClientCertificateInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A certificate that was stored for application access is never sent as if
// it were a text.
func TestACertificateIsNeverSentAsASecret(t *testing.T) {
	f, c := offline()
	with := Renewal{RefreshToken: redact.NewSecret("old"), ClientSecret: redact.NewSecret("-----BEGIN PRIVATE KEY-----")}
	if _, err := c.Refresh(t.Context(), f.definition(), with); err != nil || f.requests[0].Has("client_secret") {
		t.Errorf("sent, or %v", err)
	}
}
