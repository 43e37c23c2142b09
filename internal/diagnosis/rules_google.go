package diagnosis

// The tables here are about Google: its sign-in pages and token service
// (developers.google.com/identity/protocols/oauth2), and Gmail as a mail
// server (support.google.com/a/answer/3726730, "SMTP errors and codes").
var googleSignIn = family{
	{"redirect_uri_mismatch & @google | redirect_uri_mismatch & access blocked | error 400 redirect_uri_mismatch", exact, is(CauseRedirectURIMismatch, CauseGoogleWrongClientType), nil},
	{"the redirect URI in the request … did not match | redirect URI in the request … does not match | register the redirect URI in the Google", exact, is(CauseRedirectURIMismatch, CauseGoogleWrongClientType), nil},
	{"not completed the google verification | hasn't been verified by google | it hasn't been verified | developer-approved testers | developer hasn't given you access | google hasn't verified this app | Verifizierung durch Google … nicht abgeschlossen | Überprüfungsverfahren von Google | von Google nicht überprüft | Diese App wurde von Google nicht | app is currently being tested | wird derzeit getestet | access_denied & error 403 & !admin_policy", exact, is(CauseGoogleAppNotVerifiedOrNotTestUser), nil},
	{"admin_policy_enforced | access_not_configured & admin | admin … needs to review | restricted by policies within your organization | app is blocked & institution | institution's admin | disabled by your administrator & @google | Ihr Administrator & admin_policy", exact, is(CauseGoogleAdminPolicy), nil},
	{"this app is blocked | This app tried to access sensitive info | Diese App ist blockiert", clear, is(CauseGoogleAdminPolicy, CauseGoogleAppNotVerifiedOrNotTestUser), nil},
	{"disallowed_useragent | safe browsers | browser or app may not be secure | secure browsers policy | embedded user-agent | embedded browser | Browser oder diese App ist unter Umständen nicht sicher", exact, is(CauseGoogleEmbeddedBrowser), nil},
	{"org_internal | restricted to users within its organization | only be used within its organization | nur für Nutzer innerhalb der Organisation", exact, is(CauseGoogleAppInternalOnly), nil},
	{"deleted_client | oauth client was deleted | oauth client was not found | no application name … oauth client | The OAuth client … was not found | Der OAuth-Client wurde nicht gefunden | OAuth-Client wurde gelöscht", exact, is(CauseGoogleClientNotFound), nil},
	{"disabled_client | oauth client is disabled | oauth client was disabled", exact, is(CauseAppDisabled), nil},
	{"invalid_client & @google & !was not found", hint, is(CauseClientSecretInvalid, CauseGoogleClientNotFound), nil},
	{"invalid_client … unauthorized & @google | invalid_client & provided client secret is invalid", clear, is(CauseClientSecretInvalid, CauseGoogleClientNotFound), nil},
	{"_oob_ & blocked | out-of-band & blocked | out-of-band … flow | comply with google's oauth 2.0 policy | comply with Google's policy | Google-Richtlinie … OAuth | OAuth 2.0-Richtlinie von Google | device_id and device_name are required | private IP & invalid_request | raw IP addresses are not allowed | must end with a public top-level domain | invalid redirect … public top-level domain | loopback flow has been blocked | loopback … blocked | custom URI scheme is not | invalid_request … urn:ietf:wg:oauth:2.0:oob", exact, is(CauseGoogleRedirectNotAllowed, CauseGoogleWrongClientType), nil},
	{"invalid … redirect: must use a domain | secure_browser_dynamic | cannot contain a fragment & redirect | invalid_request … redirect_uri & @google", clear, is(CauseGoogleRedirectNotAllowed, CauseGoogleWrongClientType), nil},
	{"client type … not allowed & @google | WEB client type | NATIVE_DESKTOP | NATIVE_APP & invalid | client must be of type | only clients of type | client type & TVs and limited | Invalid client type | invalid_client & device flow & @google | client_type … device", clear, is(CauseGoogleWrongClientType), nil},
	{"unauthorized to retrieve access tokens using this method | client not authorized for any of the scopes | unauthorized_client … requested & @google & @serviceaccount | delegation denied & @google", exact, nil, delegation},
	{"Not a valid email or user ID | invalid impersonation | Invalid email or User ID | invalid_grant … account not found", clear, is(CauseGoogleDWDNotWorkspaceAccount, CauseUserNotFound), nil},
	{"delegated … gmail.com … service account | Precondition check failed & @serviceaccount", clear, is(CauseGoogleDWDNotWorkspaceAccount, CauseGoogleDWDNotAuthorized), nil},
	{"invalid JWT signature | invalid_grant … JWT Signature | no valid verifier", clear, is(CauseClientCertificateInvalid), nil},
	{"token has been expired or revoked", exact, is(CauseGoogleRefreshTokenTestingMode, CauseGoogleRefreshTokenRevoked), nil},
	{"invalid_grant … bad request & !code | invalid_grant & @google & @refresh", hint, is(CauseGoogleRefreshTokenTestingMode, CauseGoogleRefreshTokenRevoked, CauseAuthCodeExpiredOrReused), nil},
	{"invalid_grant & @google & @token", hint, is(CauseAuthCodeExpiredOrReused, CauseGoogleRefreshTokenTestingMode, CauseGoogleRefreshTokenRevoked, CauseClockSkew, CauseGrantValueMalformed), nil},
	{"invalid_grant & @google & !@token & !@refresh", vague, is(CauseGoogleRefreshTokenTestingMode, CauseGoogleRefreshTokenRevoked, CauseAuthCodeExpiredOrReused), nil},
	{"invalid_rapt | rapt_required | reauth related error | reauthentication is needed", exact, is(CauseRefreshTokenSignInFrequency, CauseGoogleAdminPolicy), nil},
	{"unauthorized_client_ & @google", vague, is(CauseGoogleClientNotFound, CauseGoogleDWDNotAuthorized, CauseGoogleRefreshTokenRevoked, CauseGoogleWrongClientType), nil},
	{"rateLimitExceeded | userRateLimitExceeded | quota exceeded for quota | rate_limit_exceeded & @google", clear, is(CauseProviderRateLimited), nil},
	{"restricted_client | not approved to request these scopes | some requested scopes were invalid | some requested scopes cannot be shown", clear, is(CauseScopeInvalid, CauseGoogleAppNotVerifiedOrNotTestUser), nil},
}

// googleMail are the replies of Gmail's mail servers.
var googleMail = family{
	{"application-specific password required | InvalidSecondFactor | #5.7.9 & application | anwendungsspezifisches Passwort erforderlich", exact, is(CauseGoogleAppPasswordRequired), nil},
	{"login via your web browser | log in via your web browser | log in with your web browser | web login required | webloginrequired | weblogin | #5.7.14 | answer/78754 | WEBALERT", exact, is(CauseGoogleWebLoginRequired), nil},
	{"less secure | answer/6010255 | lesssecureapps", exact, is(CauseGoogleAppPasswordRequired, CauseEXOBasicAuthDisabled), nil},
	{"username and password not accepted & undefined | username and password not accepted & AUTH PLAIN … AHVuZGVmaW5lZA", exact, is(CauseClientDidNotAuthenticate, CauseGoogleAppPasswordRequired), nil},
	{"username and password not accepted | p=BadCredentials | BadCredentials & @google | #5.7.8 & @google", clear, nil, googleRefused},
	{"invalid credentials & @google & @mail | #[AUTHENTICATIONFAILED] & @google | authentication failed_ & @google & @mail & !too many", hint, nil, googleRefused},
	{"invalid credentials & failure & @mail & !@exchange", hint, nil, googleRefusedOrPassword},
	{"scope & mail.google.com & 400 & schemes | scope & mail.google.com & 401 & schemes | XOAUTH2 authentication error (400) | status 400 … schemes", clear, nil, tokenRefusedByGoogle},
	{"insufficient authentication scopes | insufficientPermissions & @google | ACCESS_TOKEN_SCOPE_INSUFFICIENT | insufficient_scope & @google", exact, is(CauseGoogleScopeMissing), nil},
	{"invalid_token & @google | token … invalid … tokeninfo | ACCESS_TOKEN_EXPIRED | ACCESS_TOKEN_TYPE_UNSUPPORTED", clear, is(CauseGoogleTokenInvalidOrExpired), nil},
	{"not enabled for IMAP use | not enabled for POP access | IMAP access is disabled for your domain | POP access is disabled for your domain | enable … account for IMAP access | enable … POP access & @google | IMAP is disabled & @google", exact, is(CauseGoogleIMAPPOPDisabled), nil},
	{"POP access for the given username & denied | denied POP access | server denied POP3 access", clear, is(CausePasswordWrong, CauseProtocolDisabledAtProvider), nil},
	{"too many login attempts | account exceeded command or bandwidth | exceeded bandwidth | bandwidth limit | #4.2.1 & @google | lockdown in sector | #4.7.28 | #4.7.29 & @google | overquota & @google | rate limit … @google | unusual rate & @google | too many failed login | login rate limit | login attempts … too many | too many login failures", exact, is(CauseProviderRateLimited), nil},
	{"not accepted … too many", hint, is(CauseProviderRateLimited), nil},
	{"temporary system problem & #4.3.0", clear, is(CauseProviderTemporaryError, CauseProviderRateLimited), nil},
	{"temporary system problem", clear, is(CauseProviderTemporaryError, CauseProviderRateLimited), nil},
	{"account has been disabled & @google | #5.7.8 & account disabled | #5.2.1 & disabled", clear, is(CauseUserAccountDisabled), nil},
	{"p=WantAuthError | #5.5.1 & authentication required | #5.7.0 & authentication required | #530 & authentication required | authentication required & !#550 & @smtp", clear, is(CauseClientDidNotAuthenticate, CauseSTARTTLSMissing), nil},
	{"mail relay denied & @google | relay access denied | relaying denied | relay not permitted | unable to relay | #5.7.54 | not permitted to relay", clear, is(CauseClientDidNotAuthenticate, CauseWrongHostName), nil},
}

// delegation: a service account may not act for this address.
func delegation(f *facts) []Cause {
	if hasSuffixes(domainOf(f.mailbox()), "gmail.com", "googlemail.com") {
		return is(CauseGoogleDWDNotWorkspaceAccount, CauseGoogleDWDNotAuthorized)
	}
	return is(CauseGoogleDWDNotAuthorized, CauseGoogleDWDNotWorkspaceAccount)
}

// tokenRefusedByGoogle: only tokens are answered with a status and a scope.
func tokenRefusedByGoogle(f *facts) []Cause {
	f.clue["xoauth2"] = true
	return googleRefused(f)
}

// googleRefusedOrPassword: Gmail's words, but others borrow them.
func googleRefusedOrPassword(f *facts) []Cause {
	if f.provider == Google || f.is("xoauth2") && !f.is("microsoft") {
		return googleRefused(f)
	}
	return is(CausePasswordWrong, CauseGoogleAppPasswordRequired)
}
