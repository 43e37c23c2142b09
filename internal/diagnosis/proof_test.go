package diagnosis

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mailgrant/internal/i18n"
)

// TestWhatIsCertainSaysByWhat: the words of the message, the outcome of an
// experiment, what the token says of itself.
func TestWhatIsCertainSaysByWhat(t *testing.T) {
	refused := func(change func(*Claims), e Evidence) Input {
		e.User, e.Sender, e.Account, e.Mechanism, e.Claims = helpdesk, helpdesk, helpdesk, "XOAUTH2", with(change)
		return Input{Phase: PhasePOP3, Step: "authenticate", Provider: Microsoft, Text: "-ERR Authentication failure: unknown user name or bad password.", Evidence: e}
	}
	same := func(*Claims) {}
	for name, c := range map[string]struct {
		in     Input
		en, de string
	}{
		"code": {Input{Phase: PhaseToken, Text: "AADSTS7000222: The provided client secret keys are expired."}, "Proof: the message says “AADSTS7000222”.", "Beweis: In der Meldung steht „AADSTS7000222“."},
		"sentence": {
			Input{Phase: PhaseSMTP, Provider: Microsoft, Text: "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is\r\n disabled for the Tenant. Visit"},
			"Proof: the message says “SmtpClientAuthentication is disabled for the Tenant”.", "steht „SmtpClientAuthentication is disabled for the Tenant“",
		},
		"experiment": {
			refused(same, Evidence{SignedIn: map[Phase]bool{PhaseIMAP: true}, Tried: map[Experiment]string{RenewAndRetry: "refused"}}),
			"Proof: IMAP accepts the same sign-in. The token belongs to the account of the mailbox itself. A renewed token is refused as well", "Beweis: IMAP nimmt dieselbe Anmeldung an. Das Token gehört dem Konto des Postfachs selbst. Auch ein erneuertes Token",
		},
		"audience": {
			refused(func(c *Claims) { c.Audience = []string{"https://graph.microsoft.com"} }, Evidence{}),
			"Proof: The token is made out for https://graph.microsoft.com, which is no mail server.", "ist für https://graph.microsoft.com ausgestellt",
		},
		"permission": {
			refused(func(c *Claims) { c.Scopes = []string{"SMTP.Send"} }, Evidence{}),
			"Proof: Among the permissions of the token (SMTP.Send) there is no POP.AccessAsUser.All.", "(SMTP.Send)",
		},
		"end": {
			refused(func(c *Claims) { c.Expires = time.Date(2020, 2, 3, 4, 5, 0, 0, time.UTC) }, Evidence{}),
			"Proof: The token ended at 2020-02-03 04:05 UTC.", "seit 2020-02-03 04:05 UTC abgelaufen",
		},
	} {
		d := Explain(c.in)
		for lang, want := range map[i18n.Language]string{i18n.English: c.en, i18n.German: c.de} {
			r := d.Render(i18n.For(lang))
			if d.Certainty != Certain || !strings.Contains(r.Proof, want) || r.Note(i18n.For(lang)) != r.Proof {
				t.Errorf("%s: %s %s: %q, want %q", name, d.Certainty, d.Cause, r.Proof, want)
			}
		}
	}
}

// TestWhatIsNotCertainHasNoProof, and neither has what Mailgrant itself found.
func TestWhatIsNotCertainHasNoProof(t *testing.T) {
	for _, d := range []Diagnosis{
		ExplainText("A1 NO AUTHENTICATE failed.", PhaseIMAP, Microsoft)[0],
		ExplainText("550 5.1.1 User unknown", PhaseSMTP, Generic)[0],
		New(CauseAuthorizationMissing, "", nil),
	} {
		if r := d.Render(i18n.For(i18n.English)); r.Proof != "" {
			t.Errorf("%s %s: %q", d.Certainty, d.Cause, r.Proof)
		}
	}
	proved := New(CauseClockSkew, PhaseToken, nil).ProvedBy(Clock, "wrong").Render(i18n.For(i18n.English))
	if !strings.Contains(proved.Note(i18n.For(i18n.English)), "The clock of this machine is wrong") {
		t.Errorf("%q", proved.Proof)
	}
}

// TestAProofQuotesNoSecret: nothing is quoted that is masked in the whole.
func TestAProofQuotesNoSecret(t *testing.T) {
	const canary = "eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJjYW5hcnkifQ.c2lnbmF0dXJl"
	for _, text := range []string{
		"535 5.7.139 Authentication unsuccessful " + canary + " deaktiviert für den Mandanten",
		"basic auth " + canary + " is disabled",
		"AUTHENTICATE failed for password=k4n4rie, mechanism is not supported",
	} {
		for _, d := range ExplainText(text, PhaseSMTP, Microsoft) {
			if r := d.Render(i18n.For(i18n.English)); strings.Contains(r.Proof, "eyJ0") || strings.Contains(r.Proof, "k4n4rie") {
				t.Errorf("%q: %s", text, r.Proof)
			}
		}
	}
}

// saidNothingOf are the conditions of proofs that a reader need not be told:
// whose servers they are, and which protocol.
var saidNothingOf = []string{"microsoft", "google", "not-google", "imap", "pop3", "smtp"}

// TestEveryProofHasWords: each condition that proves a cause can be told.
func TestEveryProofHasWords(t *testing.T) {
	for _, e := range theBook().entries {
		for _, w := range e.proofs {
			for _, condition := range w.conditions() {
				for name := range strings.SplitSeq(condition, "|") {
					for _, lang := range i18n.Languages {
						if !slices.Contains(saidNothingOf, name) && !slices.ContainsFunc(proofKeys(name), i18n.For(lang).Has) {
							t.Errorf("%s: %s: no words for %q, which proves %s", e.at, lang, name, e.name)
						}
					}
				}
			}
		}
	}
}

// TestUncertainWordsProveNothing: that a certificate could not be checked is
// often said with the word for its validity, which is no date.
func TestUncertainWordsProveNothing(t *testing.T) {
	for _, message := range []string{
		`Nelze ověřit platnost certifikátu serveru.`, `Nie można sprawdzić ważności certyfikatu serwera.`, `Die Gültigkeit des Zertifikats konnte nicht geprüft werden.`,
		`Impossible de vérifier la validité du certificat.`, `No se pudo comprobar la validez del certificado.`, `Impossibile verificare la validità del certificato.`,
		`Sertifikanın geçerliliği doğrulanamadı.`, `证书不符合要求`, `無法驗證憑證的有效性`, `証明書の有効性を確認できません`, `Не удалось проверить действительность сертификата`,
	} {
		if d := ExplainText(message, PhaseSMTP, Generic)[0]; d.Certainty == Certain {
			t.Errorf("%q: %s %v", message, d.Certainty, d.Causes)
		}
	}
}
