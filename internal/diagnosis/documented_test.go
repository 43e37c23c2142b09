package diagnosis

import (
	"slices"
	"strings"
	"testing"

	"mailgrant/internal/i18n"
)

// TestOneProvidersAdviceProvesNothingElsewhere: the words are Google's.
func TestOneProvidersAdviceProvesNothingElsewhere(t *testing.T) {
	for _, text := range []string{"NO [ALERT] Application-specific password required", "535 Application-specific password required"} {
		if d := ExplainText(text, PhaseIMAP, Generic)[0]; d.Certainty == Certain {
			t.Errorf("%q of any provider: %s %v", text, d.Certainty, d.Causes)
		}
	}
}

// TestNoOtherNameInPinsAndKeys: that a certificate does not match a key, a pin
// or a fingerprint says nothing of the server's name, and nothing is certain.
func TestNoOtherNameInPinsAndKeys(t *testing.T) {
	for text, cause := range map[string]Cause{
		"certificate does not match the private key":        "client-software-problem",
		"SSL fingerprint of the server does not match":      "tls-interception-untrusted-ca",
		"the certificate pin does not match":                "tls-interception-untrusted-ca",
		"mail.example.com fingerprints do not match!":       "tls-interception-untrusted-ca",
		"msmtp: the certificate fingerprint does not match": "tls-interception-untrusted-ca",
	} {
		if d := ExplainText(text, PhaseTLS, Generic)[0]; d.Cause != cause || d.Certainty == Certain {
			t.Errorf("%q: %s %v, want %s", text, d.Certainty, d.Causes, cause)
		}
	}
}

// TestNothingOutweighedBesideACode: what a code leaves open is not added to
// from words beside it that say less.
func TestNothingOutweighedBesideACode(t *testing.T) {
	for text, want := range map[string][]Cause{
		"AADSTS53003: Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.": {"conditional-access-block", "device-compliance-required"},
		"421 4.7.66 TLS 1.0 and 1.1 are not supported. Please upgrade your client to support TLS 1.2.":                          {"tls-version-too-old"},
	} {
		if d := ExplainAll(Input{Text: text})[0]; !slices.Equal(d.Causes, want) {
			t.Errorf("%s: %v, want %v", text, d.Causes, want)
		}
	}
	if d := ExplainAll(Input{Text: "-ERR Logon failure: unknown user name or bad password.", Phase: PhasePOP3})[0]; !slices.Contains(d.Causes, "exo-basic-auth-disabled") {
		t.Errorf("Exchange's refusal of a password: %v", d.Causes)
	}
}

// A block list is no deed of Microsoft's: with another provider nothing is said of it.
func TestBlockListWithAnotherProvider(t *testing.T) {
	d := ExplainText("554 5.7.1 Service unavailable; Client host [192.0.2.5] blocked using zen.spamhaus.org", PhaseSMTP, Google)[0]
	if d.Cause != "outbound-spam-block" {
		t.Fatal(d.Causes)
	}
	r := d.Render(i18n.For(i18n.English))
	for _, line := range append(r.Fix, r.Title) {
		if strings.Contains(line, "Microsoft") {
			t.Errorf("%q", line)
		}
	}
}
