package diagnosis

import (
	"slices"
	"strings"
	"testing"
)

// TestPastedWithoutAWordOfMail: who pastes the one line that a program left
// says neither what it did nor with whom. A connection that is refused is
// refused whatever it was for; of other services nothing is said.
func TestPastedWithoutAWordOfMail(t *testing.T) {
	for text, want := range map[string]string{
		"ConnectionRefusedError: [Errno 111] Connection refused":                                                      "port-blocked",
		"Es konnte keine Verbindung hergestellt werden, da der Zielcomputer die Verbindung verweigerte 192.0.2.12:25": "port-blocked",
		"System.Net.Sockets.SocketException (10061)":                                                                  "port-blocked",
		"Eine vorhandene Verbindung wurde vom Remotehost geschlossen":                                                 "network-connection-reset",
		"Connection reset by peer":                                                                                    "network-connection-reset",
		"socket.gaierror: [Errno -2] Name or service not known":                                                       "wrong-host-name dns-not-resolved",
		"SocketException (11001)":                                                                                     "wrong-host-name dns-not-resolved",
		"(0x80090331): Der Client und der Server können keine Daten austauschen, da sie nicht über einen gemeinsamen Algorithmus verfügen": "tls-version-too-old",
		"Die zugrunde liegende Verbindung wurde geschlossen: Unerwarteter Fehler beim Senden":                                              "tls-version-too-old tls-interception-untrusted-ca",
		"The underlying connection was closed: An unexpected error occurred on a send":                                                     "tls-version-too-old",
		"Die Zertifikatskette wurde von einer nicht vertrauenswürdigen Zertifizierungsstelle ausgestellt":                                  "tls-interception-untrusted-ca",
		"Das Remotezertifikat ist laut Validierungsverfahren ungültig.":                                                                    "tls-interception-untrusted-ca tls-self-signed tls-name-mismatch tls-certificate-expired",
		"The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot":                                      "tls-interception-untrusted-ca",
		"PKIX path building failed":  "tls-interception-untrusted-ca tls-self-signed",
		"0x8004010F":                 "client-software-problem mailbox-missing-or-unlicensed",
		"(0x80040115)":               "port-blocked",
		"A1 NO LOGIN failed.":        "password-wrong exo-basic-auth-disabled",
		"A1 NO AUTHENTICATE failed.": "password-wrong exo-basic-auth-disabled token-wrong-audience",
		"imap.authenticate(\"XOAUTH2\", lambda x: auth)\nimaplib.IMAP4.error: AUTHENTICATE failed.":                                        "token-wrong-audience token-user-mismatch",
		"Scan to E-Mail fehlgeschlagen. Fehlercode: 1102 - Anmeldung am SMTP-Server fehlgeschlagen. Prüfen Sie Benutzername und Kennwort.": "password-wrong exo-basic-auth-disabled exo-smtp-auth-disabled-mailbox",
		"SMTP Authentifizierung fehlgeschlagen":                                                       "password-wrong",
		"Microsoft.Exchange.Data.Storage.QuotaExceededException: Cannot save changes made to an item": "mailbox-full",
		"5.7.1 Unable to relay": "client-did-not-authenticate",

		"Error: connect ECONNREFUSED 192.0.2.5:5432":                                  "unknown",
		"ssh: connect to host build01 port 22: Connection reset":                      "unknown",
		"SqlException: An existing connection was forcibly closed by the remote host": "unknown",
		"QuotaExceededException":                                                      "unknown",
		"Invoice 10061: error in line 3":                                              "unknown",
		"npm ERR! getaddrinfo ENOTFOUND registry.test":                                "unknown",
		"The build was closed, module cannot be resolved":                             "unknown",
	} {
		d := ExplainAll(Input{Text: text})[0]
		if got := strings.Join(causeNames(d.Causes), " "); !strings.HasPrefix(got+" ", want+" ") || d.Certainty == Certain {
			t.Errorf("%s: %s %s, want %s", text, d.Certainty, got, want)
		}
	}
	// Which of the other two causes of a refusal comes first is learned.
	for _, text := range []string{
		"ConnectionRefusedError: [Errno 111] Connection refused",
		"Es konnte keine Verbindung hergestellt werden, da der Zielcomputer die Verbindung verweigerte 192.0.2.12:25",
	} {
		refused := ExplainAll(Input{Text: text})[0].Causes
		for _, other := range []Cause{"wrong-host-name", "wrong-port-or-encryption"} {
			if !slices.Contains(refused[:3], other) {
				t.Errorf("%s: %v", text, refused)
			}
		}
	}
	// What fits only one provider is named as well where nothing is said of the provider.
	microsoft := func(c Cause) bool { return strings.HasPrefix(string(c), "exo-") }
	if d := ExplainAll(Input{Text: "SMTP Authentifizierung fehlgeschlagen"})[0]; !slices.ContainsFunc(d.Causes, microsoft) {
		t.Errorf("%v", d.Causes)
	}
	// Who is known not to be Microsoft does not get Microsoft's causes.
	for _, in := range []Input{{Provider: Generic, Phase: PhaseSMTP}, {Phase: PhaseSMTP, Evidence: Evidence{Host: "mail.contoso.test"}}} {
		if in.Text = "SMTP Authentifizierung fehlgeschlagen"; slices.Contains(Explain(in).Causes, "exo-basic-auth-disabled") {
			t.Errorf("%+v: %v", in, Explain(in).Causes)
		}
	}
}

func causeNames(causes []Cause) (names []string) {
	for _, c := range causes {
		names = append(names, string(c))
	}
	return names
}

// TestBoilerplateIsNoEvidence: what a program prints whatever went wrong, and
// the beginning of another word, do not outweigh the line that matters.
func TestBoilerplateIsNoEvidence(t *testing.T) {
	const mailkit = "MailKit.Security.SslHandshakeException: An error occurred while attempting to establish an SSL or TLS connection.\n\n" +
		"This usually means that the SSL certificate presented by the server is not trusted by the system for one or more of\nthe following reasons:\n\n" +
		"1. The server is using a self-signed certificate which cannot be verified.\n" +
		"2. The local system is missing a Root or Intermediate certificate needed to verify the server's certificate.\n" +
		"3. A Certificate Authority CRL server for one or more of the certificates in the chain is temporarily unavailable.\n" +
		"4. The certificate presented by the server is expired or invalid.\n" +
		"5. The set of SSL/TLS protocols supported by the client and server do not match.\n\n"
	for text, want := range map[string]Cause{
		mailkit + " ---> System.IO.IOException: Received an unexpected EOF or 0 bytes from the transport stream.":                                 "network-connection-reset",
		mailkit + " ---> The remote certificate is invalid according to the validation procedure: RemoteCertificateNameMismatch":                  "tls-name-mismatch",
		mailkit + " ---> System.Net.Internals.SocketExceptionFactory+ExtendedSocketException (10054): An existing connection was forcibly closed": "network-connection-reset",
		"PHP Warning:  imap_open(): Couldn't open stream {outlook.office365.com:993/imap/ssl}INBOX in MailCollector.php on line 1204\n" +
			"PHP Notice: Unknown: Can not authenticate to IMAP server: AUTHENTICATE failed. (errflg=2) in Unknown on line 0\n" +
			"PHP Notice: PHP Request Shutdown: Retrying PLAIN authentication after AUTHENTICATE failed. (errflg=1)": "exo-basic-auth-disabled",
		"PHP Notice: Unknown: SECURITY PROBLEM: insecure server advertised AUTH=PLAIN (errflg=1) in Unknown on line 0\n" +
			"PHP Notice: Unknown: Can not authenticate to IMAP server: {outlook.office365.com:993/imap/ssl} LOGIN failed. (errflg=2)": "exo-basic-auth-disabled",
	} {
		all := ExplainText(text, "", "")
		if len(all) != 1 || all[0].Cause != want {
			t.Errorf("%s\n%s %v (of %d), want %s", text, all[0].Certainty, all[0].Causes, len(all), want)
		}
	}
}

// TestPagesAndSwitchesPasted: what is typed off a German page of Microsoft, the
// address after "Cancel" and what Get-CASMailbox prints.
func TestPagesAndSwitchesPasted(t *testing.T) {
	cas := func(imap, pop, smtp string) string {
		return "PS> Get-CASMailbox helpdesk@firma.de | fl imap*,pop*,smtp*\n\nImapEnabled                      : " + imap +
			"\nPopEnabled                       : " + pop + "\nSmtpClientAuthenticationDisabled : " + smtp
	}
	for _, is := range []struct {
		text  string
		phase Phase
		want  Cause
	}{
		{"Zugriff verweigert.\nSie können von hier aus nicht darauf zugreifen.\nFehlercode: 53003\nAnforderungs-ID: 0f0f", "token", "conditional-access-block"},
		{"Code d'erreur : 50105", "token", "user-not-assigned-to-app"},
		{"http://localhost/?error=access_denied&error_subcode=cancel&state=xyz#", "", "user-declined-consent"},
		{cas("False", "True", "True"), PhaseIMAP, "exo-protocol-disabled-mailbox"},
		{cas("True", "False", "False"), PhasePOP3, "exo-protocol-disabled-mailbox"},
		{"Fehlercode: 1203", "", CauseUnknown},
		{"Sie können von hier aus nicht darauf zugreifen", "", "conditional-access-block"},
		{"Votre connexion a réussi, mais elle ne répond pas aux critères d'accès à cette ressource.", "", "conditional-access-block"},
		{"El inicio de sesión se ha realizado correctamente, pero no cumple los criterios para acceder a este recurso.", "", "conditional-access-block"},
		{cas("True", "True", "True"), PhaseSMTP, CauseEXOSMTPAuthDisabledMailbox},
		{"Get-TransportConfig | fl *smtp*\n\nSmtpClientAuthenticationDisabled : True", PhaseSMTP, CauseEXOSMTPAuthDisabledTenant},
		{"Add-MailboxPermission: The user or group '11111111-2222-3333-4444-555555555555' couldn't be found", "", "exo-service-principal-missing"},
		{"Add-MailboxPermission : Der Benutzer oder die Gruppe \"11111111-2222-3333-4444-555555555555\" wurde nicht gefunden.", "", "exo-service-principal-missing"},
	} {
		if d := ExplainText(is.text, "", "")[0]; d.Cause != is.want || is.phase != "" && d.Phase != is.phase {
			t.Errorf("%s\n%s %v in %q, want %s in %q", is.text, d.Certainty, d.Causes, d.Phase, is.want, is.phase)
		}
	}
}

// TestAServersNameIsNoAddress: Exchange Online ends its answers with the name of a
// server in PROD.OUTLOOK.COM, which is no address of Outlook.com.
func TestAServersNameIsNoAddress(t *testing.T) {
	const refused = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. [FR2P281CA0042.DEUP281.PROD.OUTLOOK.COM 2026-11-30T10:07:16.571Z 08DE2B0C4F6A91D3]"
	for text, want := range map[string]Provider{refused: Microsoft, "helpdesk@outlook.com: " + refused: Outlook, "Outlook.com: " + refused: Outlook} {
		if d := ExplainText(text, "", "")[0]; d.provider != want || want == Microsoft && (d.Cause != CauseEXOSMTPAuthDisabledMailbox || d.Certainty != Certain) {
			t.Errorf("%s: %s %s of %s", text, d.Certainty, d.Causes, d.provider)
		}
	}
}
