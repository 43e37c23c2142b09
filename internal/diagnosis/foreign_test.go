package diagnosis

import (
	"os"
	"strings"
	"testing"
)

// TestOtherSoftwareStaysUnknown: what SAP, printers, databases, games and
// others say in words that mail servers use as well is no business of
// Mailgrant's, unless somebody says that it is about mail.
func TestOtherSoftwareStaysUnknown(t *testing.T) {
	data, err := os.ReadFile("testdata/foreign.txt")
	if err != nil {
		t.Fatal(err)
	}
	count, languages := 0, map[string]bool{}
	for line := range strings.Lines(string(data)) {
		lang, text, found := strings.Cut(strings.TrimSpace(line), " ")
		if !found || lang == "#" {
			continue
		}
		text, _, _ = strings.Cut(text, "\t")
		count, languages[lang] = count+1, true
		for _, provider := range []Provider{"", Generic} {
			if all := ExplainText(text, "", provider); len(all) != 1 || all[0].Cause != CauseUnknown {
				t.Errorf("%s: %s %v", text, all[0].Certainty, all[0].Causes)
			}
		}
	}
	if count < 60 || len(languages) < 4 {
		t.Errorf("%d texts in %d languages", count, len(languages))
	}
}

// TestWordsNeedAnAnchor: the same words mean something as soon as the record
// speaks of mail or signing in, or somebody says what they are about. A code or
// a full sentence that means nothing else needs no anchor.
func TestWordsNeedAnAnchor(t *testing.T) {
	for text, want := range map[string]Cause{
		"account disabled":                                CauseUnknown,
		"IMAP: account disabled":                          "user-account-disabled",
		"Das Postfachkonto meldet: Konto deaktiviert":     "user-account-disabled",
		"AADSTS9999999: Your account has been locked.":    "user-account-locked",
		"535 Authentication failed":                       "password-wrong",
		"AADSTS50057":                                     "user-account-disabled",
		"The refresh token has expired due to inactivity": CauseRefreshTokenExpired,
	} {
		if d := ExplainText(text, "", "")[0]; d.Cause != want {
			t.Errorf("%s: %v, want %s", text, d.Causes, want)
		}
	}
	for _, in := range []Input{
		{Phase: PhaseIMAP}, {Provider: Microsoft}, {Step: "authenticate"}, {Evidence: Evidence{Host: "mail.contoso.test"}},
	} {
		if in.Text = "account disabled"; Explain(in).Cause != "user-account-disabled" {
			t.Errorf("%+v: %v", in, Explain(in).Causes)
		}
	}
}

// TestAnchorsHoldTheirRecord: in a log the words of one record are no anchor
// for those of another.
func TestAnchorsHoldTheirRecord(t *testing.T) {
	const log = "2026-05-06 07:00:01 smtp: connected\n2026-05-06 07:00:02 sap: account disabled\n2026-05-06 07:00:03 imap: 3 messages\n"
	if d := ExplainText(log, "", "")[0]; d.Cause != CauseUnknown {
		t.Errorf("%v", d.Causes)
	}
	if d := ExplainText(log+"2026-05-06 07:00:04 imap:\n  account disabled\n", "", "")[0]; d.Cause != "user-account-disabled" {
		t.Errorf("%v", d.Causes)
	}
}

// TestNothingIsCertainOfWhatIsNotAboutMail: a phrase that proves a cause in a mail
// program's words is no proof where nothing speaks of mail or of signing in.
func TestNothingIsCertainOfWhatIsNotAboutMail(t *testing.T) {
	for text, about := range map[string]Input{
		"Reminder: company policy requires multi-factor authentication for all VPN users.": {},
		"IP address mismatch between the CMDB and the switch":                              {},
		"Too many recipients for the invitation to the garden party":                       {},
		"Die neue Heizung wird derzeit getestet.":                                          {},
		"E-Mail: Die neue Heizung wird derzeit getestet.":                                  {},
		"E-mail: our DMARC policy was published":                                           {},
		"queue num=62 finished, num=64 waiting":                                            {Phase: PhaseSMTP},
		"Num: 9 messages deleted, num=10 kept, num=18 moved, num=20 read":                  {Phase: PhaseIMAP},
		"allow IMAP access from 10.0.0.0/8, 3 folders synchronised":                        {Phase: PhaseIMAP, Provider: Microsoft},
		"enable POP3 in the settings: done":                                                {Phase: PhasePOP3, Provider: Microsoft},
	} {
		d := ExplainText(text, about.Phase, about.Provider)[0]
		if d.Certainty == Certain || about.Phase != "" && d.Certainty == Likely {
			t.Errorf("%s: %s %v", text, d.Certainty, d.Causes)
		}
	}
	if d := ExplainText("x509: certificate is valid for a.example.org, not mail.example.org", "", "")[0]; d.Certainty != Certain {
		t.Errorf("%s %v", d.Certainty, d.Causes)
	}
}

// TestWhatIsWrongWithAChain: .NET names the errors of a chain beside its summary of
// them, which alone tells none.
func TestWhatIsWrongWithAChain(t *testing.T) {
	for text, want := range map[string]Cause{
		"RemoteCertificateChainErrors":                "tls-interception-untrusted-ca",
		"RemoteCertificateChainErrors, UntrustedRoot": "tls-interception-untrusted-ca",
		"RemoteCertificateChainErrors, NotTimeValid":  "tls-certificate-expired",
	} {
		if d := ExplainText(text, PhaseSMTP, "")[0]; d.Cause != want {
			t.Errorf("%s: %v", text, d.Causes)
		}
	}
}

// TestNothingIsCertainByChance: numbers of lines, settings, advice, guesses and words
// of two sentences prove nothing; what a server says after such a sentence does.
func TestNothingIsCertainByChance(t *testing.T) {
	data, err := os.ReadFile("testdata/unproven.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if w := strings.SplitN(strings.TrimSpace(line), " ", 3); w[0] != "#" {
			if d := ExplainText(w[2], Phase(w[0]), Provider(w[1]))[0]; d.Certainty == Certain {
				t.Errorf("%s: %s", w[2], d.Cause)
			}
		}
	}
	for text, want := range map[string]Cause{
		"Please check if the settings are right. 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.":              "exo-smtp-auth-disabled-tenant",
		"The message may not have been sent: 550 5.7.60 SMTP; Client does not have permissions to send as this sender":                                       "send-as-denied",
		"2026-11-29 10:00:01 INFO check if the queue is empty\n2026-11-29 10:00:02 ERROR AADSTS7000222: The provided client secret keys for app are expired": "client-secret-expired",
	} {
		if d := ExplainText(text, PhaseSMTP, Microsoft)[0]; d.Cause != want || d.Certainty != Certain {
			t.Errorf("%s: %s %v", text, d.Certainty, d.Causes)
		}
	}
}
