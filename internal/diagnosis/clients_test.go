package diagnosis

import (
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// clientsOfSMTP is how programs put what an SMTP server said into their own
// words; %s is the reply.
var clientsOfSMTP = map[string]string{
	"go net/smtp":       "sending the report: %s",
	"swaks":             "<** %s\n -> QUIT\n<-  221 2.0.0 Service closing transmission channel\n=== Connection closed with remote host.",
	"swaks, after EHLO": "~~> STARTTLS\n<~  220 2.0.0 SMTP server ready\n~> EHLO PC-17\n<~  250-mail.contoso.test Hello [192.0.2.1]\n<~* %s",
	"mutt":              "Could not send the message.\nSMTP session failed: %s",
	"msmtp":             "msmtp: could not send mail (account default from /etc/msmtprc)\nmsmtp: server message: %s\nmsmtp: the mail could not be sent",
	"javamail":          "Exception in thread \"main\" javax.mail.MessagingException: %s\n\tat com.sun.mail.smtp.SMTPTransport.issueCommand(SMTPTransport.java:2374)\n\tat javax.mail.Transport.send(Transport.java:124)",
	"spring":            "org.springframework.mail.MailSendException: Failed messages: com.sun.mail.smtp.SMTPSendFailedException: %s\n; message exceptions (1) are:",
	"smtplib":           "Traceback (most recent call last):\n  File \"/usr/lib/python3.11/smtplib.py\", line 662, in login\n    raise last_exception\nsmtplib.SMTPException: %s",
	"nodemailer":        "Error: Message failed: %s\n    at SMTPConnection._formatError (/app/node_modules/nodemailer/lib/smtp-connection/index.js:790:19) {\n  code: 'EENVELOPE',\n  command: 'DATA'\n}",
	"postfix":           "Nov 28 10:11:12 mx postfix/smtp[1234]: 4F2A1: to=<name@example.com>, relay=mail.contoso.test[192.0.2.1]:587, delay=1.2, dsn=5.0.0, status=bounced (host mail.contoso.test[192.0.2.1] said: %s (in reply to end of DATA command))",
	"exim":              "2026-11-28 10:11:12 1r7abc-0001 ** name@example.com R=smarthost T=remote_smtp_smarthost H=mail.contoso.test [192.0.2.1]: SMTP error from remote mail server: %s",
	"system.net.mail":   "System.Net.Mail.SmtpException: The server response was: %s\r\n   at System.Net.Mail.MailCommand.CheckResponse(SmtpStatusCode statusCode, String response)",
	"mailkit":           "MailKit.Net.Smtp.SmtpCommandException: %s\r\n   at MailKit.Net.Smtp.SmtpClient.SendAsync(FormatOptions options, MimeMessage message)",
	"thunderbird":       "An error occurred while sending mail. The mail server responded:\n%s.\nPlease check the message and try again.",
	"thunderbird, de":   "Fehler beim Senden der Nachricht. Der Mail-Server antwortete:\n%s.\nBitte überprüfen Sie die Nachricht und wiederholen Sie den Vorgang.",
	"home assistant":    "Logger: homeassistant.components.smtp.notify\nSource: components/smtp/notify.py:225\nFirst occurred: 10:11:12 (1 occurrences)\n%s",
	"a scanner":         "Scan to e-mail: error. Job 0042\nServer: mail.contoso.test:587\nAnswer: %s",
	"power shell":       "Send-MailMessage : %s\nAt line:1 char:1\n+ Send-MailMessage -From a@contoso.test -To b@example.com\n    + CategoryInfo          : InvalidOperation: (System.Net.Mail.SmtpClient:SmtpClient) [Send-MailMessage]",
	"a log of json":     `{"level":"error","ts":"2026-11-28T10:11:12Z","logger":"notify","msg":"sending failed","err":"%s"}`,
}

// TestClientsDoNotChangeWhatAServerSaid: a reply keeps its meaning in whatever a
// program puts around it.
func TestClientsDoNotChangeWhatAServerSaid(t *testing.T) {
	for reply, want := range map[string]Cause{
		"552 5.2.2 Mailbox full": "mailbox-full",
		"550 5.1.1 <name@example.com>: Recipient address rejected: User unknown in virtual mailbox table":             "recipient-not-found",
		"554 5.7.1 <name@example.com>: Relay access denied":                                                           "client-did-not-authenticate",
		"553 5.7.1 <info@contoso.test>: Sender address rejected: not owned by user helpdesk@contoso.test":             "send-as-denied",
		"552 5.3.4 Message size exceeds fixed limit":                                                                  "message-too-large",
		"530 5.7.0 Must issue a STARTTLS command first":                                                               CauseSTARTTLSMissing,
		"550 5.7.26 This mail has been blocked because the sender is unauthenticated. DKIM = did not pass":            "recipient-policy-rejected",
		"554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org":                       "outbound-spam-block",
		"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.":               CauseEXOSMTPAuthDisabledTenant,
		"535 5.7.139 Authentication unsuccessful, basic authentication is disabled.":                                  "exo-basic-auth-disabled",
		"534 5.7.9 Application-specific password required.":                                                           "google-app-password-required",
		"550 5.4.5 Daily user sending limit exceeded.":                                                                "sending-limit-exceeded",
		"432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded":                                               "exo-smtp-concurrency-limit",
		"554 5.2.252 SendAsDenied; helpdesk@contoso.test not allowed to send as info@contoso.test":                    "send-as-denied",
		"421 4.7.66 TLS 1.0 and 1.1 are not supported. Please upgrade/update your client to support TLS 1.2.":         "tls-version-too-old",
		"421 4.7.0 mail.contoso.test Error: too many connections from 192.0.2.1":                                      "too-many-connections",
		"535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated success.": "exo-basic-auth-disabled",
	} {
		alone := ExplainText(reply, PhaseSMTP, "")[0]
		if alone.Cause != want && reply[:11] != "535 5.7.139" {
			t.Errorf("%q alone: %v", reply, alone.Causes)
		}
		for name, around := range clientsOfSMTP {
			text := strings.Replace(around, "%s", reply, 1)
			for _, phase := range []Phase{PhaseSMTP, ""} {
				if d := Consolidate(ExplainText(text, phase, "")); !slices.Contains(causesOf(d), alone.Cause) {
					t.Errorf("%s (phase %q): %v, alone %s: %s", name, phase, causesOf(d), alone.Cause, text)
				}
			}
		}
	}
}

// clientsOfTokens is how programs quote what a sign-in service said.
var clientsOfTokens = map[string]string{
	"msal python":  "{'error': 'invalid_grant', 'error_description': '%s', 'error_codes': [], 'timestamp': '2026-11-28 10:11:12Z', 'suberror': ''}",
	"msal.net":     "MSAL.NetCore.4.60.0.0.MsalServiceException:\n\tErrorCode: invalid_grant\nMicrosoft.Identity.Client.MsalServiceException: %s\n   at Microsoft.Identity.Client.OAuth2.OAuth2Client.ThrowServerException(HttpResponse response)",
	"go oauth2":    "oauth2: cannot fetch token: 400 Bad Request\nResponse: {\"error\":\"invalid_grant\",\"error_description\":\"%s\"}",
	"php league":   "PHP Fatal error:  Uncaught League\\OAuth2\\Client\\Provider\\Exception\\IdentityProviderException: %s in /app/vendor/league/oauth2-client/src/Provider/GenericProvider.php:236",
	"node":         "ResponseError: invalid_grant (%s)\n    at processResponse (/app/node_modules/openid-client/lib/helpers/process_response.js:41:13)",
	"spring":       "[invalid_grant] %s\norg.springframework.security.oauth2.core.OAuth2AuthorizationException",
	"query string": "http://localhost:53100/?error=access_denied&error_description=%s&state=abc",
	"browser page": "Sorry, but we’re having trouble signing you in.\n%s\nTroubleshooting details\nIf you contact your administrator, send this info to them.",
	"davmail":      "2026-11-28 10:11:12,345 ERROR [ImapConnection-50000] davmail  - Authentication failed: invalid user or password. %s",
	"powershell":   "Invoke-RestMethod : {\"error\":\"invalid_grant\",\"error_description\":\"%s\"}\nAt line:1 char:1\n    + FullyQualifiedErrorId : WebCmdletWebResponseException",
}

func TestClientsDoNotChangeWhatASignInServiceSaid(t *testing.T) {
	for answer, want := range map[string]Cause{
		"AADSTS50076: Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access.": "mfa-required",
		"AADSTS700082: The refresh token has expired due to inactivity.":                                                      CauseRefreshTokenExpired,
		"AADSTS7000222: The provided client secret keys for app are expired.":                                                 "client-secret-expired",
		"AADSTS7000215: Invalid client secret provided.":                                                                      "client-secret-invalid",
		"AADSTS50126: Error validating credentials due to invalid username or password.":                                      "password-wrong",
		"AADSTS50057: The user account is disabled.":                                                                          "user-account-disabled",
		"AADSTS65001: The user or administrator has not consented to use the application.":                                    "consent-missing",
		"AADSTS50105: The signed in user is not assigned to a role for the application.":                                      "user-not-assigned-to-app",
		"AADSTS50173: The provided grant has expired due to it being revoked, a fresh auth token is needed.":                  "refresh-token-revoked",
		"AADSTS90002: Tenant 'contoso' not found.":                                                                            "tenant-not-found",
		"AADSTS500011: The resource principal named https://outlook.office365.com was not found in the tenant named Contoso.": "resource-not-found-in-tenant",
	} {
		for name, around := range clientsOfTokens {
			quoted := answer
			if name == "query string" {
				quoted = url.QueryEscape(answer)
			}
			text := strings.Replace(around, "%s", quoted, 1)
			for _, phase := range []Phase{PhaseToken, ""} {
				if d := Consolidate(ExplainText(text, phase, "")); d[0].Cause != want {
					t.Errorf("%s (phase %q): %v, want %s: %s", name, phase, causesOf(d), want, text)
				}
			}
		}
	}
}

// TestEveryExampleInOtherClothes: what a program, a browser or a mail does to a
// text changes nothing about its first cause, for every example of every cause.
func TestEveryExampleInOtherClothes(t *testing.T) {
	clothes := map[string]func(string) string{
		"html":   func(s string) string { return "<p class=\"e\">" + html.EscapeString(s) + "</p>" },
		"json":   func(s string) string { b, _ := json.Marshal(map[string]string{"message": s}); return string(b) },
		"nbsp":   func(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") },
		"blanks": func(s string) string { return "   " + strings.ReplaceAll(s, " ", "  ") + "  \n" },
		"quotes": func(s string) string { return strings.NewReplacer("'", "’", "\"", "”").Replace(s) },
		"crlf":   func(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n") },
	}
	n, changed := 0, 0
	for _, e := range theBook().entries {
		for _, x := range e.examples() {
			was := ExplainText(x.text, x.phase, x.provider)[0]
			for name, dress := range clothes {
				n++
				if d := ExplainText(dress(x.text), x.phase, x.provider)[0]; d.Cause != was.Cause {
					changed++
					t.Logf("%s: %v, was %v: %.200s", name, d.Causes, was.Causes, x.text)
				}
			}
		}
	}
	if changed*200 > n {
		t.Errorf("%d of %d change", changed, n)
	}
}
