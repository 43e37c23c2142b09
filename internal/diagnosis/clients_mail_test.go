package diagnosis

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
)

// clientsOfIMAP is how programs quote what an IMAP or POP3 server said.
var clientsOfIMAP = map[string]string{
	"imaplib":        "Traceback (most recent call last):\n  File \"/usr/lib/python3.11/imaplib.py\", line 617, in login\n    raise self.error(dat[-1])\nimaplib.error: b'%s'",
	"go-imap":        "imap: cannot sign in: %s",
	"javamail":       "javax.mail.AuthenticationFailedException: %s\n\tat com.sun.mail.imap.IMAPStore.protocolConnect(IMAPStore.java:732)\n\tat javax.mail.Service.connect(Service.java:366)",
	"jakarta":        "jakarta.mail.MessagingException: A3 %s;\n  nested exception is:\n\tcom.sun.mail.iap.CommandFailedException: A3 %s",
	"node-imap":      "Error: %s\n    at Connection._resTagged (/app/node_modules/imap/lib/Connection.js:1509:11) {\n  type: 'no',\n  textCode: undefined,\n  source: 'authentication'\n}",
	"imapflow":       "{\n  response: '2 %s',\n  responseStatus: 'NO',\n  executedCommand: '2 AUTHENTICATE'\n}",
	"php imap_open":  "PHP Warning:  imap_open(): Couldn't open stream {mail.contoso.test:993/imap/ssl}INBOX in /app/fetch.php on line 12\n%s",
	"offlineimap":    "ERROR: While attempting to sync account 'work'\n  %s",
	"mbsync":         "IMAP command 'AUTHENTICATE <authdata>' returned an error: %s",
	"fetchmail":      "fetchmail: %s\nfetchmail: Authorization failure on name@contoso.test@mail.contoso.test",
	"thunderbird":    "Sending of username did not succeed. Mail server mail.contoso.test responded: %s",
	"home assistant": "2026-11-28 10:11:12.345 ERROR (MainThread) [homeassistant.components.imap.coordinator] %s",
	"zammad":         "Can't use Channel::Driver::Imap: #<Net::IMAP::NoResponseError: %s>",
	"glpi":           "[2026-11-28 10:11:12] glpimailgate.ERROR: *** %s\n  Backtrace :\n  src/MailCollector.php:521",
	"getmail":        "SimpleIMAPSSLRetriever:name@contoso.test@mail.contoso.test:993:\n  credential/login error (%s)",
}

// TestClientsDoNotChangeWhatAMailboxServerSaid, see the test for SMTP. Where
// neither the caller nor a word tells that it is about mail, nothing is guessed.
func TestClientsDoNotChangeWhatAMailboxServerSaid(t *testing.T) {
	for answer, want := range map[string]Cause{
		"NO [AUTHENTICATIONFAILED] Authentication failed.":                                                            "password-wrong",
		"NO [UNAVAILABLE] Temporary authentication failure.":                                                          "provider-temporary-error",
		"NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833":        "google-app-password-required",
		"NO [WEBALERT https://accounts.google.com/signin/continue] Web login required.":                               "google-web-login-required",
		"NO [ALERT] Your account is not enabled for IMAP use.":                                                        "google-imap-pop-disabled",
		"NO [ALERT] Too many simultaneous connections. (Failure)":                                                     "too-many-connections",
		"NO [OVERQUOTA] Account exceeded command or bandwidth limits.":                                                "provider-rate-limited",
		"NO [PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.":               CauseSTARTTLSMissing,
		"BYE [ALERT] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)":            "too-many-connections",
		"NO [IN-USE] Mailbox is locked by another session":                                                            "pop-mailbox-in-use",
		"BAD Invalid SASL argument.":                                                                                  "sasl-string-malformed",
		"NO AUTHENTICATE failed. AADSTS7000222: The provided client secret keys are expired.":                         "client-secret-expired",
		"NO Logon failure: account is disabled.":                                                                      "user-account-disabled",
		"NO Basic authentication is disabled for this organisation; see https://aka.ms/exchangeonlinebasicauth (993)": "exo-basic-auth-disabled",
	} {
		for name, around := range clientsOfIMAP {
			text := strings.ReplaceAll(around, "%s", answer)
			for _, phase := range []Phase{PhaseIMAP, ""} {
				if ds := Consolidate(ExplainText(text, phase, "")); ds[0].Cause != want && (phase != "" || ds[0].Cause != CauseUnknown) {
					t.Errorf("%s (phase %q): %v, want %s: %s", name, phase, ds[0].Causes, want, text)
				}
			}
		}
	}
}

// wrapped puts an error into what Go's packages put around it.
func wrapped(err error) []error {
	return []error{
		err,
		fmt.Errorf("imap.contoso.test:993: %w", err),
		&url.Error{Op: "Post", URL: "https://login.contoso.test/token", Err: err},
		errors.Join(errors.New("the first of two"), err),
		fmt.Errorf("retrying: %w", fmt.Errorf("attempt 3: %w", err)),
	}
}

// TestTypedErrorsInWrappings: the type counts wherever it stands, and the words
// around it are not needed.
func TestTypedErrorsInWrappings(t *testing.T) {
	certificate := &x509.Certificate{DNSNames: []string{"mx.contoso.test"}}
	for name, c := range map[string]struct {
		err  error
		want Cause
	}{
		"unknown host":      {&net.DNSError{Err: "no such host", Name: "imap.contoso.test", IsNotFound: true}, "wrong-host-name"},
		"DNS is silent":     {&net.DNSError{Err: "timeout", Name: "imap.contoso.test", IsTimeout: true}, CauseDNSNotResolved},
		"refused":           {dialError(syscall.ECONNREFUSED), CausePortBlocked},
		"no answer":         {dialError(syscall.ETIMEDOUT), CausePortBlocked},
		"reset":             {&net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, CauseNetworkConnectionReset},
		"broken pipe":       {&net.OpError{Op: "write", Net: "tcp", Err: os.NewSyscallError("write", syscall.EPIPE)}, CauseNetworkConnectionReset},
		"end in the middle": {io.ErrUnexpectedEOF, CauseNetworkConnectionReset},
		"another name":      {x509.HostnameError{Certificate: certificate, Host: "imap.contoso.test"}, "tls-name-mismatch"},
		"no TLS there":      {tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, "wrong-port-or-encryption"},
		"cancelled":         {context.Canceled, CauseCancelled},
		"a reply of SMTP":   {&textproto.Error{Code: 535, Msg: "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."}, CauseEXOSMTPAuthDisabledTenant},
		"another of SMTP":   {&textproto.Error{Code: 552, Msg: "5.2.2 Mailbox full"}, "mailbox-full"},
	} {
		for i, err := range wrapped(c.err) {
			if d := Explain(Input{Phase: PhaseSMTP, Err: err}); d.Cause != c.want {
				t.Errorf("%s, wrapping %d: %v, want %s", name, i, d.Causes, c.want)
			}
		}
	}
}

// TestTheStepTellsWhatATimeoutMeans: the same deadline is missed for different
// reasons.
func TestTheStepTellsWhatATimeoutMeans(t *testing.T) {
	for step, want := range map[string]Cause{"resolve": CauseDNSNotResolved, "connect": CausePortBlocked, "authenticate": CauseServerTimeout, "select": CauseServerTimeout} {
		for _, err := range []error{context.DeadlineExceeded, os.ErrDeadlineExceeded, fmt.Errorf("read: %w", os.ErrDeadlineExceeded)} {
			for _, phase := range []Phase{PhaseIMAP, PhasePOP3, PhaseSMTP} {
				if d := Explain(Input{Phase: phase, Step: step, Err: err, Evidence: Evidence{Host: "mail.contoso.test", Port: 993, Security: "tls"}}); d.Cause != want {
					t.Errorf("%s in %s, %v: %v, want %s", phase, step, err, d.Causes, want)
				}
			}
		}
	}
}

// TestWhatStoodThereInstead: the first bytes tell what listens on a port.
func TestWhatStoodThereInstead(t *testing.T) {
	for received, want := range map[string]map[Phase]Cause{
		"* OK IMAP4rev1 ready\r\n":           {PhasePOP3: "wrong-port-or-encryption", PhaseSMTP: "wrong-port-or-encryption"},
		"+OK POP3 ready\r\n":                 {PhaseIMAP: "wrong-port-or-encryption", PhaseSMTP: "wrong-port-or-encryption"},
		"220 mail.contoso.test ESMTP\r\n":    {PhaseIMAP: "wrong-port-or-encryption", PhasePOP3: "wrong-port-or-encryption"},
		"\x15\x03\x01\x00\x02\x02\x50":       {PhaseIMAP: "wrong-port-or-encryption", PhasePOP3: "wrong-port-or-encryption", PhaseSMTP: "wrong-port-or-encryption"},
		"HTTP/1.1 400 Bad Request\r\n":       {PhaseIMAP: CauseServerProtocolError, PhasePOP3: CauseServerProtocolError, PhaseSMTP: CauseServerProtocolError},
		"<!DOCTYPE html><html><head>":        {PhaseIMAP: CauseServerProtocolError, PhaseSMTP: CauseServerProtocolError},
		"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n": {PhaseIMAP: CauseServerProtocolError, PhasePOP3: CauseServerProtocolError, PhaseSMTP: CauseServerProtocolError},
	} {
		for phase, cause := range want {
			d := Explain(Input{Phase: phase, Step: "greeting", Evidence: Evidence{Host: "mail.contoso.test", Port: 4711, Security: "none", Received: []byte(received)}})
			if d.Cause != cause {
				t.Errorf("%s got %q: %v, want %s", phase, received, d.Causes, cause)
			}
		}
	}
}

// TestWhatAProxySaysOfOAuth: a proxy that turns passwords into tokens refuses
// with the code of a wrong password; the reason is what it tells of OAuth.
func TestWhatAProxySaysOfOAuth(t *testing.T) {
	for reason, want := range map[string]Cause{
		"OAuth 2.0 authorisation response is missing or does not match `redirect_uri`": CauseRedirectURIMismatch,
		"invalid_client": "client-secret-invalid",
		"invalid_grant":  "refresh-token-revoked",
		"OAuth 2.0 token has expired and could not be renewed": "token-expired",
	} {
		text := "535 5.7.8  Authentication credentials invalid. Email OAuth 2.0 Proxy: Login failed for account name@contoso.test: " + reason
		if d := ExplainText(text, PhaseSMTP, Generic)[0]; d.Cause != want {
			t.Errorf("%s: %v, want %s", reason, d.Causes, want)
		}
	}
}

// TestOfTwoWordsTheReasonCounts: where a text names what happened and why, the
// why is told, and what programs say without a protocol is still about mail.
func TestOfTwoWordsTheReasonCounts(t *testing.T) {
	for text, want := range map[string]Cause{
		"SMTPServerDisconnected: Connection unexpectedly closed: timed out":                                 CauseServerTimeout,
		"SMTPServerDisconnected: Connection unexpectedly closed: [Errno 104] Connection reset by peer":      "network-connection-reset",
		"Configured to use TLS over SMTP, but the mail server does not support the \"STARTTLS\" extension.": "wrong-port-or-encryption",
		"Error: Invalid login: 502 Command \"AUTH PLAIN\" not implemented":                                  "auth-mechanism-not-offered",
		"UID command error: BAD [b'Command Error. 10'] (IMAP)":                                              "client-software-problem",
	} {
		if d := ExplainText(text, "", "")[0]; d.Cause != want {
			t.Errorf("%s: %v, want %s", text, d.Causes, want)
		}
	}
}
