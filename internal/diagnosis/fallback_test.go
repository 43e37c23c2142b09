package diagnosis

import (
	"fmt"
	"slices"
	"testing"
)

// oauthErrors are the values of "error" of RFC 6749, RFC 6750, RFC 7591, RFC
// 8628, RFC 9449 and OpenID Connect Core 3.1.2.6, and those of Microsoft.
var oauthErrors = []string{
	"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope",
	"access_denied", "unsupported_response_type", "server_error", "temporarily_unavailable",
	"invalid_token", "insufficient_scope", "invalid_redirect_uri", "invalid_client_metadata",
	"authorization_pending", "slow_down", "expired_token",
	"interaction_required", "login_required", "account_selection_required", "consent_required", "invalid_request_uri",
	"invalid_request_object", "request_not_supported", "request_uri_not_supported", "registration_not_supported",
	"use_dpop_nonce", "invalid_dpop_proof", "invalid_target", "invalid_resource",
}

// TestNothingThatFailedIsUnknown: whatever a part of the work can answer with
// leaves causes open, and none is called certain or likely for a bare code.
func TestNothingThatFailedIsUnknown(t *testing.T) {
	known := func(text string, phase Phase, provider Provider) {
		t.Helper()
		if d := ExplainText(text, phase, provider)[0]; d.Cause == CauseUnknown {
			t.Errorf("%s %s: nothing for %q", phase, provider, text)
		}
	}
	for _, provider := range []Provider{Microsoft, Outlook, Google, Generic} {
		for _, phase := range oauthPhases {
			for _, e := range oauthErrors {
				known(`{"error":"`+e+`"}`, phase, provider)
			}
			for _, status := range []int{400, 401, 403, 404, 405, 407, 408, 415, 429, 500, 502, 503, 504} {
				known(fmt.Sprintf("request failed with status code %d", status), phase, provider)
				known(fmt.Sprintf("(%d) error", status), phase, provider)
			}
		}
		for class := 4; class <= 5; class++ {
			for subject := range 8 {
				for _, detail := range []int{0, 1, 9, 57, 139, 606} {
					known(fmt.Sprintf("%d50 %d.%d.%d ответ сервера", class, class, subject, detail), PhaseSMTP, provider)
				}
			}
		}
		for _, reply := range theBook().words("reply-codes") {
			known(reply+" エラー", PhaseSMTP, provider)
		}
		for _, code := range []string{"AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "UNAVAILABLE", "LIMIT", "INUSE", "PRIVACYREQUIRED", "CONTACTADMIN", "NOPERM", "EXPIRED", "SERVERBUG", "CLIENTBUG", "OVERQUOTA", "ALERT", "CANNOT"} {
			known("A1 NO ["+code+"] réponse", PhaseIMAP, provider)
		}
		for _, code := range []string{"AUTH", "SYS/TEMP", "SYS/PERM", "IN-USE", "LOGIN-DELAY"} {
			known("-ERR ["+code+"] respuesta", PhasePOP3, provider)
		}
		for _, text := range []string{"ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "EPIPE", "EACCES", "WSAECONNREFUSED", "error 10060", "error 10061", "error 10054", "error 11001", "connection failed"} {
			known(text, PhaseNetwork, provider)
		}
	}
	for family := 10; family < 100; family++ {
		known(fmt.Sprintf("AADSTS%d9998: 未知", family), PhaseToken, Microsoft)
		known(fmt.Sprintf("AADSTS%d99987: 未知", family), PhaseAuthorize, Microsoft)
	}
}

// TestVagueWordsProveNothing: words that say only that something failed leave
// causes open, count where nothing else is said, and wait for a failure.
func TestVagueWordsProveNothing(t *testing.T) {
	d := ExplainText("Beim Versand trat ein Fehler auf.", PhaseSMTP, Generic)[0]
	if !d.Vague() || d.Certainty != Possible || len(d.Causes) < 3 {
		t.Errorf("%s %v", d.Certainty, d.Causes)
	}
	d = ExplainText("The relay gave an error: 550", PhaseSMTP, Generic)[0]
	if !d.Vague() || d.Cause != "client-did-not-authenticate" {
		t.Errorf("%v", d.Causes)
	}
	if d = ExplainText("AADSTS7000222: error, the tenant, the redirect", PhaseToken, Microsoft)[0]; d.Vague() || d.Certainty != Certain {
		t.Errorf("%s %v", d.Certainty, d.Causes)
	}
	if d = ExplainText("The relay, the sender and the password are fine.", PhaseSMTP, Generic)[0]; d.Cause != CauseUnknown {
		t.Errorf("%v", d.Causes)
	}
	own := Explain(Input{Phase: PhaseIMAP, Provider: Microsoft, Step: "sign-in", Text: "NO AUTHENTICATE failed. scope"})
	if slices.Contains(own.Causes, "scope-invalid") {
		t.Errorf("what the caller knows is outvoted: %v", own.Causes)
	}
}

// TestLaterStepTells: who was refused a sign-in had a connection; another
// record of a log stays as it is.
func TestLaterStepTells(t *testing.T) {
	const connect, refused = "IMAP connect error", "unable to authenticate with these credentials"
	if d := ExplainText(connect+": "+refused, PhaseIMAP, Generic); len(d) != 1 || d[0].Cause != "password-wrong" {
		t.Errorf("one record: %v", d)
	}
	if d := ExplainText("2026-11-01 10:00:00 "+connect+"\n2026-11-01 11:00:00 "+refused, PhaseIMAP, Generic); d[0].Cause != "port-blocked" {
		t.Errorf("two records: %v", d)
	}
}
