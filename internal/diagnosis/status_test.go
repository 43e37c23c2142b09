package diagnosis

import (
	"fmt"
	"slices"
	"testing"
)

// statusMeanings is the registry of RFC 5248 as far as a code by itself says
// what is wrong: the detail of each subject, and the cause it comes first for.
// Those left out say no more than their class.
var statusMeanings = map[string]Cause{
	"1.1": "recipient-not-found", "1.2": "recipient-not-found", "1.3": "recipient-not-found", "1.4": "recipient-not-found", "1.6": "recipient-not-found",
	"1.7": "send-as-denied", "1.8": "send-as-denied", "1.10": "recipient-not-found",
	"2.1": "recipient-not-found", "2.2": "mailbox-full", "2.3": "message-too-large", "2.4": "recipient-refuses-sender",
	"3.1": "provider-temporary-error", "3.3": CauseAuthMechanismNotOffered, "3.4": "message-too-large",
	"4.2": CauseNetworkConnectionReset, "4.3": "recipient-not-found", "4.4": "recipient-not-found", "4.7": CauseServerTimeout,
	"5.3": "sending-limit-exceeded", "5.6": "sasl-string-malformed", "6.7": "client-software-problem", "6.9": "client-software-problem",
	"7.2": "recipient-refuses-sender", "7.4": CauseAuthMechanismNotOffered, "7.8": "password-wrong", "7.9": CauseAuthMechanismNotOffered,
	"7.10": CauseSTARTTLSMissing, "7.11": CauseSTARTTLSMissing, "7.12": CauseAuthMechanismNotOffered, "7.13": "user-account-disabled", "7.16": "message-too-large",
	"7.17": "recipient-not-found", "7.18": "recipient-not-found", "7.20": "recipient-policy-rejected", "7.21": "recipient-policy-rejected",
	"7.22": "recipient-policy-rejected", "7.23": "recipient-policy-rejected", "7.24": "recipient-policy-rejected", "7.25": "recipient-policy-rejected",
	"7.26": "recipient-policy-rejected", "7.27": "recipient-policy-rejected", "7.28": "outbound-spam-block", "7.29": "recipient-policy-rejected", "7.30": CauseSTARTTLSMissing,
}

// TestStatusCodesByTheirMeaning: whatever reply code stands before it and
// whatever says no more than that something failed, the code's meaning counts.
func TestStatusCodesByTheirMeaning(t *testing.T) {
	for code, want := range statusMeanings {
		for _, text := range []string{"554 5.%s", "550 5.%s Ошибка", "550-5.%s Message rejected, error, failed", "smtp; 550 5.%s (denied)", "status=bounced, dsn=5.%s"} {
			text := fmt.Sprintf(text, code)
			if d := ExplainText(text, PhaseSMTP, Generic)[0]; d.Cause != want {
				t.Errorf("%s: %v, want %s", text, d.Causes, want)
			}
		}
	}
}

// TestWordsSayMoreThanStatusCodes: servers use codes loosely; words that say
// what is wrong come first.
func TestWordsSayMoreThanStatusCodes(t *testing.T) {
	for text, want := range map[string]Cause{
		"554 5.2.2 mailbox full": "mailbox-full",
		"550 5.7.1 <a@b.test>: Recipient address rejected: mailbox is full": "mailbox-full",
		"550 5.1.1 Relaying denied":                                         "client-did-not-authenticate",
		"554 5.7.1 message size exceeds fixed limit":                        "message-too-large",
		"550 5.7.1 User unknown":                                            "recipient-not-found",
		"553 5.1.8 Sender address rejected: not owned by user":              "send-as-denied",
		"450 Requested action not taken: mailbox unavailable":               "provider-temporary-error",
		"550 Requested action not taken: mailbox unavailable":               "recipient-not-found",
		"发送邮件时报错535":                                                        "password-wrong",
		"535 5.7.0 Invalid login or password":                               "password-wrong",
		"530 5.7.0 Must issue a STARTTLS command first":                     CauseSTARTTLSMissing,
	} {
		if d := ExplainText(text, PhaseSMTP, Generic)[0]; d.Cause != want {
			t.Errorf("%s: %v, want %s", text, d.Causes, want)
		}
	}
}

// TestProvidersUseCodesInTheirOwnSense: the registry's meaning is not theirs.
func TestProvidersUseCodesInTheirOwnSense(t *testing.T) {
	for _, c := range []struct {
		text            string
		provider        Provider
		want            Cause
		elsewhere, sure bool
	}{
		{"550 5.1.8 x", Microsoft, "outbound-spam-block", true, true},
		{"550 5.7.30 x", Microsoft, "exo-basic-auth-disabled", false, true},
		{"550 5.4.1 x", Microsoft, "recipient-not-found", true, false},
		{"550 5.4.5 x", Google, "sending-limit-exceeded", true, true},
		{"421 4.7.28 x", Google, "provider-rate-limited", true, false},
		{"421 4.7.26 x", Google, "recipient-policy-rejected", true, true},
		{"534 5.7.14 x", Google, "google-web-login-required", false, true},
	} {
		d := ExplainText(c.text, PhaseSMTP, c.provider)[0]
		if d.Cause != c.want || (d.Certainty == Certain) != c.sure {
			t.Errorf("%s at %s: %s %v", c.text, c.provider, d.Certainty, d.Causes)
		}
		d = ExplainText(c.text, PhaseSMTP, Generic)[0]
		if d.Certainty == Certain || slices.Contains(d.Causes, c.want) && !c.elsewhere {
			t.Errorf("%s elsewhere: %s %v", c.text, d.Certainty, d.Causes)
		}
	}
}

// TestStatusCodesAreNoVersions: numbers with two dots are codes only behind a
// reply code or words that announce one.
func TestStatusCodesAreNoVersions(t *testing.T) {
	for text, want := range map[string]bool{
		"550 5.2.2 x": true, "dsn=5.2.2, status=bounced": true, "Status: 5.2.2": true, "5.2.2 x": true, "the server said: 5.2.2": true, "#5.2.2": true, "reason 5.7.139": true,
		"PHPMailer 5.2.2 ready": false, "release 5.2.22": false, "from 5.2.2.1": false, "v4.2.2": false, "Exim 4.9.2": false,
	} {
		found := false
		theBook().mailCodes(text, func(c coded) { found = found || len(c.code) > 4 })
		if found != want {
			t.Errorf("%q: %v", text, found)
		}
	}
}

// TestProgramsAnnounceStatusCodes in words of their own, without the reply
// code before it; a version is none.
func TestProgramsAnnounceStatusCodes(t *testing.T) {
	for _, text := range []string{
		"SMTP Status Code = 5.1.1", "DSN: 5.1.1", "Der Mail-Server antwortete: 5.1.1 <x@contoso.test>", "Le serveur a répondu : 5.1.1 <x@contoso.test>",
		"The mail server responded: 5.1.1 <x@contoso.test>", "SmtpCommandException: 5.1.1 <x@contoso.test>", `Failed to add "x@contoso.test" (5.1.1 <x@contoso.test>)`,
	} {
		if d := ExplainText(text, PhaseSMTP, Generic)[0]; d.Cause != "recipient-not-found" {
			t.Errorf("%s: %v", text, d.Causes)
		}
	}
	if d := ExplainText("smtp failed with Postfix 3.5.1, PHP (5.1.1) and OpenSSL 5.1.1", PhaseSMTP, Generic)[0]; d.Cause == "recipient-not-found" {
		t.Errorf("a version is a status code: %v", d.Causes)
	}
}
