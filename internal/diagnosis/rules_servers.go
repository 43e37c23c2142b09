package diagnosis

// mailServers are the replies of other mail servers: Dovecot, Cyrus,
// Courier, hosted services, Exchange on premises.
var mailServers = family{
	{"authentication failed & @generic & @mail & !temporar | authentication failure & @generic & @mail & !unknown user name | #[AUTHENTICATIONFAILED] & !@google & !@microsoft | #[AUTH] & #-ERR & @generic | #-ERR & authentication failed & @generic", hint, nil, otherServerRefused},
	{"invalid login or password | invalid user name or password & !@oauth | incorrect authentication data | bad username or password | username or password incorrect | wrong password | incorrect password | invalid password | password mismatch | bad login or password | credentials … rejected | Benutzername oder Passwort | Passwort falsch | falsches Passwort | Anmeldung fehlgeschlagen | unknown user or … password | invalid credentials & @generic | authentication credentials invalid | invalid login credentials | logon failure: unknown user", hint, nil, passwordOrGrantOrServer},
	{"#5.7.8 & !@google & !@xoauth2 | #535 & authentication … fail & !@google & !@xoauth2 & !#5.7.3 & !#5.7.139 & !disabled | #535 & incorrect & @generic", hint, nil, passwordOrGrantOrServer},
	{"#535 & @xoauth2 & @generic & !mechanism", hint, nil, otherServerRefused},
	{"MAILCOWAUTH | passdb … oauth2 … fail | oauth2 … introspection fail | oauth2 … failed: Introspection | xoauth2 … not supported by server & @generic | server … does not support OAuth | oauthbearer … not supported & @generic | oauth2 & username attribute | oauth2 … tokeninfo … fail | passdb & oauth2 & unknown", clear, is(CauseServerOAuthNotSupported), nil},
	{"enable IMAP for your account | IMAP access … disabled & !@google & !@microsoft | POP3 access … disabled & !@google & !@microsoft | IMAP is disabled & @generic | POP3 is disabled & @generic | POP is disabled & @generic | disabled for protocol | protocol … not allowed for … user | service … not enabled for | IMAP … not enabled & !@google & !@microsoft | POP … not enabled & !@google & !@microsoft | user is not allowed to use IMAP | IMAP-Zugriff … nicht aktiviert | POP3/IMAP … nicht freigeschaltet | access via IMAP … not permitted | you are yet to enable | IMAP not allowed | POP not allowed | POP3 not allowed | #[AUTHORIZATIONFAILED] & @generic | does not have IMAP access", clear, is(CauseProtocolDisabledAtProvider), nil},
	{"#[IN-USE] | mailbox already in use | mailbox … locked by another | maildrop … lock | unable to lock maildrop | POP3 session & already | mailbox is locked | maildrop already locked | lock … POP3 mailbox | another POP3 session", clear, is(CausePOPMailboxInUse), nil},
	{"simultaneous connections | too many connections | maximum number of connections | number of connections … exceeded | mail_max_userip_connections | #[LIMIT] & connections | connection limit exceeded | too many concurrent | connection count exceeded | too many sessions | zu viele Verbindungen | zu viele gleichzeitige | too many simultaneous | number of concurrent", clear, is(CauseTooManyConnections), nil},
	{"login-delay | minimum time between logins | polling too often | too frequent & login | too many failed & @mail | too many authentication failures | too many bad auth | rate limit … exceeded & @mail | rate limited | throttling & @mail & !@microsoft | temporarily blocked & too many | slow down & @mail", clear, is(CauseProviderRateLimited), nil},
	{"temporary authentication failure | #[UNAVAILABLE] & temporar | internal error occurred. refer to server log | temporarily unavailable & @mail | auth server … not responding | auth service … unavailable | #454 & temporary authentication | authentication temporarily | System in use", clear, is(CauseProviderTemporaryError), nil},
	{"account … suspended | account … expired & @mail | account disabled & @mail | mailbox disabled & @mail | user … disabled & @mail & !UserDisabled & !IMAP & !POP | account … not active | account … deactivated & !@gmail", clear, is(CauseUserAccountDisabled), nil},
	{"mechanism … not supported & !AUTHENTICATE failed | unsupported authentication mechanism | unrecognized authentication type | no supported authentication | authentication mechanism … not available | authentication type … not supported | no authentication mechanism & !SASL XOAUTH2 authentication failed | does not support the … authentication | not offer … authentication | doesn't support … XOAUTH2 | AUTH mechanism … mismatch | no compatible authentication mechanism | no common authentication mechanism | no authentication mech | supported by both … server | unknown authentication mechanism | authentication method not | no suitable authentication | unsupported mechanism | does not advertise … AUTH | unsupported authentication | mechanism not available | no matching … mechanism | AUTH not available | no auth mechanism", clear, nil, mechanismNotOffered},
	{"#5.7.4 & authentication | #504 & @smtp", clear, nil, mechanismNotOffered},
	{"#503 & AUTH command … not advertised | AUTH … not advertised | AUTH not supported | SMTP AUTH … not supported | no AUTH … extension | authentication not enabled | AUTH … not implemented | authentication not supported | authentication is not supported | AUTH … not enabled | server doesn't support authentication | AUTH extension not supported | server does not support AUTH", clear, is(CauseAuthMechanismNotOffered, CauseSTARTTLSMissing, CauseEXOSMTPAuthDisabledTenant), nil},
}

// submission are replies to mail that is handed in.
var submission = family{
	{"must issue a STARTTLS | STARTTLS command first | STARTTLS … required | requires STARTTLS | STARTTLS is required | need … STARTTLS | PRIVACYREQUIRED | plaintext authentication disallowed | plaintext authentication disabled | encryption required for requested authentication | encryption required | #5.7.11 | secure connection … required | must use TLS | TLS required | requires a secure connection & !#5.7.57 | sichere Verbindung & !#5.7.57 | cleartext … disabled | LOGINDISABLED | LOGIN is disabled | LOGIN command is disabled | command disabled … encrypt | LOGIN … disabled … TLS | SSL/TLS … required & @mail | Verschlüsselung erforderlich | #538", clear, nil, needsTLS},
	{"does not support secure connections | STARTTLS … not supported | STARTTLS extension not supported | does not support STARTTLS | doesn't support STARTTLS | STARTTLS … not advertised | STARTTLS … not available | STARTTLS … not offered", clear, is(CauseWrongPortOrEncryption, CauseSTARTTLSMissing), nil},
	{"no auth info found | no credentials & SASL | sasl_passwd … not found | credentials … not configured | Missing credentials for | no username or password | without authentication & #5 | not authenticated_ & #550 | client was not authenticated & !exchange & !#5.7.139 | AUTH required | SMTP authentication is required | authentication is required | #5.7.1 & authenticat & required", clear, is(CauseClientDidNotAuthenticate, CauseSTARTTLSMissing), nil},
	{"#5.2.2 & mailbox full | mailbox full | quota exceeded & @smtp & !sending", hint, is(CauseSendingLimitExceeded), nil},
}

// clients are faults of programs on the own machine.
var clients = family{
	{"authentication requires SASL | unable to find a callback | SASL(-1): generic failure | no mechanism available | couldn't find mech | No worthy mechs found | SASL(-4) | no worthy mechanisms | cyrus-sasl-xoauth2 | sasl plugin | libxoauth2", clear, is(CauseClientSoftwareProblem), nil},
	{"AttributeError | TypeError & object | NullReferenceException & @mail | ModuleNotFoundError | No module named | undefined method | undefined function | Call to undefined | NoSuchMethodError | ClassNotFoundException | NoClassDefFoundError | cannot load … library | MissingMethodException | Could not load file or assembly | PHP Fatal error & !Uncaught", hint, is(CauseClientSoftwareProblem), nil},
	{"command unknown … or arguments invalid | invalid command & @imap & parse | Could not parse command | Error in IMAP command", hint, is(CauseClientSoftwareProblem, CauseSASLStringMalformed), nil},
	{"invalid base64 | cannot decode base64 | malformed … SASL | invalid SASL | malformed initial response | invalid initial response | invalid auth … string | Bad initial response | XOAUTH2 … malformed | malformed … XOAUTH2 | cannot decode response | bad base64 | #501 & base64 | Invalid authentication data | invalid sasl argument | invalid response … XOAUTH2 | base64 decoding failed", clear, is(CauseSASLStringMalformed, CauseAuthMechanismNotOffered), nil},
}

// mechanismNotOffered: where nothing is offered before STARTTLS, and where
// a server that takes mail from others has no sign-in at all.
func mechanismNotOffered(f *facts) []Cause {
	e := &f.in.Evidence
	switch {
	case f.port("25") || f.is("relayhost"):
		return is(CauseWrongHostName, CauseAuthMechanismNotOffered, CauseSTARTTLSMissing)
	case e.Security == "none":
		return is(CauseSTARTTLSMissing, CauseAuthMechanismNotOffered, CauseEXOSMTPAuthDisabledTenant)
	case f.is("smtp"):
		return is(CauseAuthMechanismNotOffered, CauseSTARTTLSMissing, CauseEXOSMTPAuthDisabledTenant, CauseWrongHostName)
	case f.is("xoauth2") && !f.is("microsoft") && f.provider != Google:
		return is(CauseServerOAuthNotSupported, CauseAuthMechanismNotOffered)
	}
	return is(CauseAuthMechanismNotOffered, CauseSTARTTLSMissing, CauseServerOAuthNotSupported, CauseWrongHostName)
}

// needsTLS: the server wants encryption first.
func needsTLS(f *facts) []Cause {
	return is(CauseSTARTTLSMissing, CauseWrongPortOrEncryption, CauseClientDidNotAuthenticate)
}
