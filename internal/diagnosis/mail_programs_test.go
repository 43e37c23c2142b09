package diagnosis

import "testing"

// TestThunderbirdsOwnWords: what Thunderbird says itself, beside what a server
// answered, as its translations have it.
func TestThunderbirdsOwnWords(t *testing.T) {
	checkAbroad(t, []abroad{
		{"", []Phase{PhaseIMAP}, []Cause{"too-many-connections"}, []string{
			`Verbindung mit imap.contoso.test konnte nicht hergestellt werden. Bitte versuchen Sie es später erneut. Wenn das Problem weiterhin besteht, haben Sie möglicherweise die maximale Anzahl von Verbindungen zu diesem Server überschritten.`,
			`Impossible de se connecter à imap.contoso.test. Veuillez réessayer plus tard. Si le problème persiste, vous avez peut-être dépassé le nombre maximal de connexions à ce serveur.`,
		}},
		{"", []Phase{PhaseIMAP, PhaseSMTP}, []Cause{"auth-mechanism-not-offered"}, []string{
			`Der Server mail.contoso.test scheint die verschlüsselte Übertragung des Passworts nicht zu unterstützen.`,
			`Il server in uscita (SMTP) mail.contoso.test sembra non essere in grado di gestire le password crittate.`,
			`Le serveur mail.contoso.test ne gère pas la méthode d’authentification sélectionnée.`,
		}},
		{"", []Phase{PhaseIMAP, PhaseSMTP}, []Cause{"starttls-missing", "auth-mechanism-not-offered"}, []string{
			`The Outgoing server (SMTP) mail.contoso.test does not allow plaintext passwords. Please try changing the 'Authentication method' to 'Encrypted password'`,
			`Der Server mail.contoso.test erlaubt die ungesicherte Übertragung des Passworts im Klartext nicht.`,
			`Le serveur mail.contoso.test n’autorise pas les mots de passe non chiffrés.`, `El servidor de salida (SMTP) mail.contoso.test no admite contraseñas no cifradas.`,
			`Il server in uscita (SMTP) mail.contoso.test non gestisce le password in testo semplice.`,
		}},
		{"", []Phase{PhaseSMTP}, []Cause{"starttls-missing", "wrong-port-or-encryption"}, []string{
			`Impossible d’établir un lien sécurisé avec le serveur SMTP « mail.contoso.test » en utilisant « STARTTLS » puisqu’il ne propose pas cette fonctionnalité.`,
			`Impossibile stabilire un collegamento sicuro con il server di posta in uscita (SMTP) mail.contoso.test utilizzando STARTTLS in quanto non supporta questa funzione.`,
		}},
		{"", []Phase{PhaseSMTP}, []Cause{"wrong-host-name", "dns-not-resolved"}, []string{
			`Outgoing server (SMTP) mail.contoso.test is unknown. The server may be incorrectly configured.`,
			`Server posta in uscita (SMTP) mail.contoso.test sconosciuto. Il server potrebbe essere configurato in modo non corretto.`,
		}},
		{"", []Phase{PhaseIMAP, PhaseSMTP}, []Cause{"network-connection-reset"}, []string{
			`The message could not be sent because the connection to Outgoing server (SMTP) mail.contoso.test was lost in the middle of the transaction.`,
			`Server mail.contoso.test has disconnected. The server may have gone down or there may be a network problem.`,
			`Le serveur mail.contoso.test s’est déconnecté. Il s’est peut-être arrêté, ou il y a un problème sur le réseau.`,
		}},
		{"", []Phase{PhaseIMAP}, []Cause{"server-timeout", "port-blocked"}, []string{
			`Temps limite de connexion au serveur mail.contoso.test dépassé.`,
		}},
		{"", []Phase{PhaseIMAP}, []Cause{"server-protocol-error"}, []string{
			`Dieser Mail-Server mail.contoso.test ist kein IMAP4-Mail-Server.`, `Le serveur de courrier mail.contoso.test n’est pas un serveur de type IMAP4.`,
		}},
		{"", []Phase{PhaseSMTP}, []Cause{"sending-limit-exceeded"}, []string{
			`El mensaje no se envió por exceder el número permitido de destinatarios.`,
		}},
	})
}

// TestJavaTellsWhatIsWrongWithAChain in words of its own.
func TestJavaTellsWhatIsWrongWithAChain(t *testing.T) {
	checkDocumented(t, PhaseIMAP, Generic, []documented{
		means("sun.security.validator.ValidatorException: PKIX path validation failed: java.security.cert.CertPathValidatorException: validity check failed", "tls-certificate-expired"),
		means("java.security.cert.CertPathValidatorException: timestamp check failed", "tls-certificate-expired"),
		means("java.security.cert.CertPathValidatorException: Path does not chain with any of the trust anchors", "tls-interception-untrusted-ca"),
		means("PKIX path validation failed: java.security.cert.CertPathValidatorException: signature check failed", "tls-interception-untrusted-ca"),
	})
}

// TestWhoIsSignedInHasNoTroubleWithIt: after 235 in a transcript no password,
// no missing sign-in and no missing encryption is the reason.
func TestWhoIsSignedInHasNoTroubleWithIt(t *testing.T) {
	text := "C: AUTH LOGIN\nS: 235 2.7.0 Authentication successful\nC: MAIL FROM:<other@contoso.test>\nS: 553 5.7.1 Sender not authenticated for this address"
	if d := ExplainText(text, PhaseSMTP, Generic)[0]; d.Cause != "send-as-denied" {
		t.Errorf("%v", d.Causes)
	}
}

// TestOtherMailProgramsOwnWords: Evolution, Mutt, Apple Mail, Outlook, Horde.
func TestOtherMailProgramsOwnWords(t *testing.T) {
	checkDocumented(t, PhaseIMAP, Generic, []documented{
		means("Source stream returned no data", "network-connection-reset"),
		means("Error when communicating with the mail server.", "network-connection-reset"),
		means("Unacceptable TLS certificate", "tls-interception-untrusted-ca"),
		means("Encrypted connection unavailable", "wrong-port-or-encryption"),
		means("Der IMAP-Server „imap.contoso.test“ unterstützt die Authentifizierung mit Passwort nicht.", "auth-mechanism-not-offered"),
		means("Bei Posteingangsserver anmelden (IMAP): Der angegebene Server wurde gefunden, es erfolgte jedoch keine Antwort vom Server.", "server-timeout"),
	})
}
