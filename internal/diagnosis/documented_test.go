package diagnosis

import (
	"slices"
	"strings"
	"testing"

	"mailgrant/internal/i18n"
)

// documented is what a documentation says a text means: the text, and the cause
// that has to come first, or those of which one has to.
type documented struct {
	text   string
	causes []Cause
}

func means(text string, causes ...Cause) documented { return documented{text, causes} }

func checkDocumented(t *testing.T, phase Phase, provider Provider, table []documented) {
	t.Helper()
	for _, c := range table {
		d := ExplainText(c.text, phase, provider)[0]
		if !slices.Contains(c.causes, d.Cause) {
			t.Errorf("%s/%s %q: %s %v, want %v", phase, provider, c.text, d.Certainty, d.Causes, c.causes)
		}
	}
}

// TestEntraCodesByTheirNumber: the numbers of Entra ID mean what Microsoft's
// list says, without a word beside them. Source:
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
func TestEntraCodesByTheirNumber(t *testing.T) {
	checkDocumented(t, PhaseToken, Microsoft, []documented{
		means("AADSTS16000", "user-not-in-tenant", "interactive-sign-in-needed"),
		means("AADSTS16001", "interactive-sign-in-needed"),
		means("AADSTS50001", "resource-not-found-in-tenant"),
		means("AADSTS50011", "redirect-uri-mismatch"),
		means("AADSTS50012", "client-certificate-invalid", "client-secret-invalid"),
		means("AADSTS50020", "user-not-in-tenant", "app-audience-excludes-personal-accounts"),
		means("AADSTS50034", "user-not-found"),
		means("AADSTS50053", "user-account-locked", "sign-in-from-bad-ip"),
		means("AADSTS50055", "user-password-expired"),
		means("AADSTS50056", "password-wrong", "password-grant-not-possible"),
		means("AADSTS50057", "user-account-disabled"),
		means("AADSTS50058", "interactive-sign-in-needed"),
		means("AADSTS50059", "tenant-specific-endpoint-needed", "tenant-not-found"),
		means("AADSTS50072", "mfa-enrollment-required"),
		means("AADSTS50074", "mfa-required"),
		means("AADSTS50076", "mfa-required"),
		means("AADSTS50079", "mfa-enrollment-required"),
		means("AADSTS50089", "auth-code-expired-or-reused"),
		means("AADSTS50097", "device-compliance-required"),
		means("AADSTS50105", "user-not-assigned-to-app"),
		means("AADSTS50126", "password-wrong"),
		means("AADSTS50128", "tenant-not-found", "tenant-specific-endpoint-needed"),
		means("AADSTS50131", "conditional-access-block"),
		means("AADSTS50142", "user-risk-blocked"),
		means("AADSTS50144", "user-password-expired"),
		means("AADSTS50173", "refresh-token-revoked"),
		means("AADSTS50194", "tenant-specific-endpoint-needed"),
		means("AADSTS51004", "user-not-found"),
		means("AADSTS53000", "device-compliance-required"),
		means("AADSTS53001", "device-compliance-required"),
		means("AADSTS53002", "device-compliance-required"),
		means("AADSTS53003", "conditional-access-block"),
		means("AADSTS53004", "mfa-enrollment-required"),
		means("AADSTS53009", "device-compliance-required"),
		means("AADSTS53010", "mfa-enrollment-required"),
		means("AADSTS53011", "user-risk-blocked"),
		means("AADSTS54005", "auth-code-expired-or-reused"),
		means("AADSTS65001", "consent-missing"),
		means("AADSTS65004", "user-declined-consent"),
		means("AADSTS67003", "client-did-not-authenticate", "oauth-request-invalid", "user-not-found", "resource-not-found-in-tenant"),
		means("AADSTS70000", "refresh-token-revoked", "refresh-token-expired", "grant-value-malformed", "scope-invalid"),
		means("AADSTS70001", "app-not-found-in-tenant"),
		means("AADSTS70002", "client-secret-invalid", "client-secret-missing"),
		means("AADSTS70003", "oauth-request-invalid"),
		means("AADSTS70008", "refresh-token-expired", "auth-code-expired-or-reused"),
		means("AADSTS70011", "scope-invalid"),
		means("AADSTS70012", "provider-temporary-error"),
		means("AADSTS70016", "device-code-pending"),
		means("AADSTS70018", "device-code-expired"),
		means("AADSTS70019", "device-code-expired"),
		means("AADSTS70043", "refresh-token-sign-in-frequency"),
		means("AADSTS80001", "on-premises-auth-agent-problem"),
		means("AADSTS80002", "on-premises-auth-agent-problem"),
		means("AADSTS80005", "on-premises-auth-agent-problem"),
		means("AADSTS90002", "tenant-not-found"),
		means("AADSTS90004", "oauth-request-invalid"),
		means("AADSTS90008", "app-permissions-not-declared", "consent-missing"),
		means("AADSTS90009", "app-permissions-not-declared", "scope-invalid"),
		means("AADSTS90013", "oauth-request-invalid"),
		means("AADSTS90014", "oauth-request-invalid"),
		means("AADSTS90023", "oauth-request-invalid"),
		means("AADSTS90033", "provider-temporary-error"),
		means("AADSTS90038", "tenant-in-national-cloud"),
		means("AADSTS90072", "user-not-in-tenant"),
		means("AADSTS90094", "admin-consent-required"),
		means("AADSTS90095", "admin-consent-required"),
		means("AADSTS240002", "oauth-request-invalid", "grant-value-malformed", "auth-code-expired-or-reused"),
		means("AADSTS500011", "resource-not-found-in-tenant"),
		means("AADSTS500021", "tenant-restriction-proxy"),
		means("AADSTS500022", "tenant-restriction-proxy"),
		means("AADSTS500113", "redirect-uri-mismatch"),
		means("AADSTS500121", "mfa-required"),
		means("AADSTS500212", "cross-tenant-access-policy"),
		means("AADSTS500213", "cross-tenant-access-policy"),
		means("AADSTS530032", "conditional-access-block"),
		means("AADSTS700003", "device-compliance-required"),
		means("AADSTS700016", "app-not-found-in-tenant"),
		means("AADSTS700022", "scope-multiple-resources"),
		means("AADSTS700023", "scope-invalid"),
		means("AADSTS700025", "client-secret-sent-by-public-client"),
		means("AADSTS700027", "client-certificate-invalid"),
		means("AADSTS700030", "client-certificate-invalid"),
		means("AADSTS700054", "implicit-id-token-not-enabled"),
		means("AADSTS700082", "refresh-token-expired"),
		means("AADSTS700084", "redirect-uri-registered-as-spa", "refresh-token-expired"),
		means("AADSTS7000112", "app-disabled"),
		means("AADSTS7000215", "client-secret-invalid"),
		means("AADSTS7000218", "client-secret-missing", "public-client-flow-disabled"),
		means("AADSTS7000222", "client-secret-expired"),
		means("AADSTS9001023", "tenant-specific-endpoint-needed"),
		means("AADSTS9002313", "oauth-request-invalid", "grant-value-malformed"),
		means("AADSTS9002325", "redirect-uri-registered-as-spa", "pkce-verifier-mismatch"),
		means("AADSTS9002326", "oauth-request-invalid"),
		means("AADSTS9002327", "redirect-uri-registered-as-spa"),
		means("AADSTS9002331", "personal-account-needs-consumers-authority"),
		means("AADSTS9002346", "personal-account-needs-consumers-authority", "app-audience-excludes-personal-accounts"),
	})
}

// TestOAuthErrorsByTheirName: what the standards say of the names by which a
// provider answers, with nothing beside them. Sources: RFC 6749 sections 4.1.2.1
// and 5.2, RFC 8628 section 3.5, OpenID Connect Core section 3.1.2.6, RFC 6750.
func TestOAuthErrorsByTheirName(t *testing.T) {
	checkDocumented(t, PhaseToken, Generic, []documented{
		means(`{"error":"invalid_client"}`, "client-secret-invalid", "client-secret-expired", "client-secret-missing", "app-not-found-in-tenant"),
		means(`{"error":"invalid_grant"}`, "auth-code-expired-or-reused", "refresh-token-revoked", "refresh-token-expired", "password-wrong"),
		means(`{"error":"unauthorized_client"}`, "public-client-flow-disabled", "app-permission-missing", "app-not-found-in-tenant", "google-wrong-client-type", "app-audience-excludes-personal-accounts"),
		means(`{"error":"unsupported_grant_type"}`, "oauth-request-invalid", "public-client-flow-disabled"),
		means(`{"error":"invalid_scope"}`, "scope-invalid"),
		means(`{"error":"invalid_request"}`, "oauth-request-invalid"),
		means(`{"error":"slow_down"}`, "device-code-pending", "token-requests-too-many"),
		means(`{"error":"authorization_pending"}`, "device-code-pending"),
		means(`{"error":"expired_token"}`, "device-code-expired"),
		means(`{"error":"invalid_token"}`, "token-expired", "google-token-invalid-or-expired", "token-wrong-audience"),
	})
	checkDocumented(t, PhaseAuthorize, Generic, []documented{
		means("?error=access_denied&state=x", "user-declined-consent", "admin-consent-required"),
		means("?error=unauthorized_client&state=x", "public-client-flow-disabled", "app-not-found-in-tenant", "app-audience-excludes-personal-accounts", "redirect-uri-mismatch"),
		means("?error=unsupported_response_type&state=x", "oauth-request-invalid", "implicit-id-token-not-enabled"),
		means("?error=invalid_scope&state=x", "scope-invalid"),
		means("?error=invalid_request&state=x", "oauth-request-invalid", "redirect-uri-mismatch"),
		means("?error=server_error&state=x", "provider-temporary-error"),
		means("?error=temporarily_unavailable&state=x", "provider-temporary-error"),
		means("?error=login_required&state=x", "interactive-sign-in-needed"),
		means("?error=interaction_required&state=x", "interactive-sign-in-needed", "mfa-required"),
		means("?error=consent_required&state=x", "consent-missing"),
		means("?error=account_selection_required&state=x", "interactive-sign-in-needed"),
	})
}

// TestResponseCodesOfMailServers: RFC 5530 (IMAP), RFC 2449 and RFC 3206 (POP3),
// RFC 9051 section 7.1.
func TestResponseCodesOfMailServers(t *testing.T) {
	checkDocumented(t, PhaseIMAP, Generic, []documented{
		means("a1 NO [AUTHENTICATIONFAILED]", "password-wrong"),
		means("a1 NO [AUTHORIZATIONFAILED]", "exo-mailbox-permission-missing", "token-user-mismatch", "protocol-disabled-at-provider", "password-wrong"),
		means("a1 NO [EXPIRED]", "user-password-expired", "token-expired"),
		means("a1 NO [PRIVACYREQUIRED]", CauseSTARTTLSMissing, "wrong-port-or-encryption"),
		means("a1 NO [UNAVAILABLE]", "provider-temporary-error"),
		means("a1 NO [OVERQUOTA]", "mailbox-full", "provider-rate-limited"),
		means("a1 NO [LIMIT]", "too-many-connections", "provider-rate-limited"),
		means("a1 NO [INUSE]", "too-many-connections", "provider-temporary-error"),
		means("a1 NO [CONTACTADMIN]", "provider-temporary-error", "user-account-disabled", "protocol-disabled-at-provider", "password-wrong"),
		means("a1 NO [SERVERBUG]", "provider-temporary-error", "server-protocol-error"),
		means("a1 BAD [CLIENTBUG]", "client-software-problem", "server-protocol-error"),
	})
	checkDocumented(t, PhasePOP3, Generic, []documented{
		means("-ERR [AUTH]", "password-wrong", "protocol-disabled-at-provider"),
		means("-ERR [IN-USE]", "pop-mailbox-in-use"),
		means("-ERR [LOGIN-DELAY]", "provider-rate-limited", "too-many-connections"),
		means("-ERR [SYS/TEMP]", "provider-temporary-error"),
		means("-ERR [SYS/PERM]", "provider-temporary-error", "mailbox-missing-or-unlicensed", "protocol-disabled-at-provider"),
	})
}

// An apostrophe that is left out changes nothing, nor do the capitals of a constant.
func TestWordsWithoutTheirApostrophe(t *testing.T) {
	checkDocumented(t, PhaseSMTP, "", []documented{
		means("CURLE_COULDNT_CONNECT", CausePortBlocked),
		means("CURLE_COULDNT_RESOLVE_PROXY", "proxy-unreachable"),
		means("Couldnt open connection to server", CausePortBlocked),
		means("Couldnt connect to host", CausePortBlocked),
		means("user doesnt exist", "recipient-not-found"),
		means("mailbox doesnt exist", "recipient-not-found"),
		means("cant connect to server", CausePortBlocked),
		means("certificate isnt trusted", "tls-interception-untrusted-ca"),
		means("SmtpClientAuthentication isnt enabled", "protocol-disabled-at-provider"),
	})
}

// TestNumbersOfMailPrograms: the numbers of Outlook (imnxport.h, mapicode.h),
// of CDO, curl, OpenSSL, Apple's Secure Transport and errno without a word.
func TestNumbersOfMailPrograms(t *testing.T) {
	checkDocumented(t, PhaseSMTP, Generic, []documented{
		means("Error Number: 0x800CCC67", "provider-temporary-error"),
		means("Error Number: 0x800CCC69", "recipient-not-found"),
		means("Error Number: 0x800CCC6D", "message-too-large"),
		means("Error Number: 0x800CCC7C", CauseSTARTTLSMissing),
		means("Error Number: 0x800CCC80", "auth-mechanism-not-offered"),
		means("Error (0x8004060C)", "mailbox-full"),
		means("Run-time error -2147220973", CausePortBlocked),
		means("Error 8004020F", "client-did-not-authenticate", "recipient-not-found"),
		means("Error 8004020E", "client-did-not-authenticate", "send-as-denied"),
		means("code: 'EENVELOPE'", "client-did-not-authenticate", "recipient-not-found"),
		means("curl: (67)", "password-wrong"),
	})
	checkDocumented(t, PhaseNetwork, Generic, []documented{
		means("os error 11", "server-timeout"),
		means("os error 111", CausePortBlocked),
		means("os error 104", "network-connection-reset"),
		means("[Errno 61]", CausePortBlocked),
		means("[Errno 54]", "network-connection-reset"),
		means("MCOErrorDomain Code=1", CausePortBlocked),
	})
	checkDocumented(t, PhaseTLS, Generic, []documented{
		means("verify error:num=62", "tls-name-mismatch"),
		means("verify error:num=9", "tls-certificate-expired", "clock-skew"),
		means("CFNetwork SSLHandshake failed (-9814)", "tls-certificate-expired"),
		means("CFNetwork SSLHandshake failed (-9843)", "tls-name-mismatch"),
		means("CFNetwork SSLHandshake failed (-9836)", "tls-version-too-old"),
	})
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

// TestServersAnswerTellsThePhase: a code of a mail server tells what a text is
// about, whether no phase was told or one that ends before the server answers.
// What a proxy answers stays a matter of the network.
func TestServersAnswerTellsThePhase(t *testing.T) {
	for _, phase := range []Phase{"", PhaseNetwork, PhaseTLS} {
		checkDocumented(t, phase, Microsoft, []documented{means("535 5.7.3 Authentication unsuccessful [contoso.test]", ExplainText("535 5.7.3 Authentication unsuccessful [contoso.test]", PhaseSMTP, Microsoft)[0].Cause)})
		checkDocumented(t, phase, Generic, []documented{
			means("535 Authentication failed", "password-wrong"),
			means("a1 NO [AUTHENTICATIONFAILED] Authentication failed.", "password-wrong"),
			means("550 5.1.1 unknown user", "recipient-not-found"),
		})
	}
	checkDocumented(t, PhaseNetwork, Generic, []documented{
		means("HTTP/1.1 504 Gateway Timeout, smtp.contoso.test:587", "provider-temporary-error"),
		means("CONNECT smtp.contoso.test:587: 503 Service Unavailable", "proxy-refuses-host"),
	})
}

// TestDeliveryReportsOfExchangeOnline: what its reports say of forwarding,
// lists, circles, an own server's certificate and converting. Source:
// https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online
func TestDeliveryReportsOfExchangeOnline(t *testing.T) {
	checkDocumented(t, "", "", []documented{
		means("550 5.7.520 Access denied, Your organization does not allow external forwarding", "outbound-spam-block"),
		means("550 5.7.606 Access denied, banned sending IP [192.0.2.5]", "outbound-spam-block"),
		means("554 5.4.14 Hop count exceeded - possible mail loop ATTR34", "recipient-not-found"),
		means("550 5.6.0 M2MCVT.StorageError.Exception: ConversionFailedException, Content conversion", "client-software-problem"),
		means("450 4.7.320 Certificate validation failed [Message=UntrustedRoot] [LastAttemptedServerName=mail.contoso.test]", "tls-self-signed", "tls-server-chain-incomplete"),
		means("Die Serverantwort war: 5.7.57 Client not authenticated to send mail. Der SMTP-Server erfordert eine sichere Verbindung, oder der Client wurde nicht authentifiziert.", "client-did-not-authenticate"),
	})
}

// TestAnswersOfPowerShellAndGraph: what the lines that are given for Exchange
// Online PowerShell may answer, and Graph and EWS without a word of mail.
func TestAnswersOfPowerShellAndGraph(t *testing.T) {
	checkDocumented(t, "", "", []documented{
		means("The operation couldn't be performed because object 'helpdesk' couldn't be found on 'X.PROD.OUTLOOK.COM'.", "mailbox-missing-or-unlicensed"),
		means("New-ServicePrincipal: The service principal with AppId '00000000-0000-0000-0000-000000000001' already exists.", "exo-service-principal-wrong-object-id"),
		means("The role assigned to application 00000000-0000-0000-0000-000000000001 isn't supported in this scenario.", "app-permission-missing"),
		means("Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.", "exo-mailbox-permission-missing"),
		means("ErrorImpersonateUserDenied", "exo-mailbox-permission-missing"),
	})
	checkDocumented(t, "", "", []documented{
		means("0x8004210B", "server-timeout"),
		means("Die Authentifizierung ist fehlgeschlagen, da die Gegenstelle den Transportdatenstrom geschlossen hat.", "network-connection-reset"),
		means("Zugriff blockiert: Die Google-Überprüfung für „App“ ist nicht abgeschlossen. Fehler 403: access_denied", "google-app-not-verified-or-not-test-user"),
		means("AADSTS5000225: This tenant has been blocked due to inactivity.", "tenant-not-found"),
		means("A1 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", "google-app-password-required"),
	})
}

// TestTooManyRequests: RFC 6585 section 4; who is asked too often is told by the part of the work.
func TestTooManyRequests(t *testing.T) {
	for _, text := range []string{"HTTP 429", "HTTP/1.1 429 Too Many Requests", "Der Remoteserver hat einen Fehler zurückgegeben: (429) Zu viele Anforderungen."} {
		checkDocumented(t, PhaseToken, Microsoft, []documented{means(text, "token-requests-too-many")})
		checkDocumented(t, PhaseSMTP, Microsoft, []documented{means(text, "exo-throttled")})
		checkDocumented(t, PhaseSMTP, Generic, []documented{means(text, "provider-rate-limited")})
		checkDocumented(t, PhaseIMAP, Google, []documented{means(text, "provider-rate-limited")})
	}
	checkDocumented(t, "", "", []documented{means("https://graph.microsoft.com/v1.0/me/sendMail 429 TooManyRequests", "exo-throttled")})
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
