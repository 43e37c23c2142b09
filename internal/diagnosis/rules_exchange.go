package diagnosis

// The tables here are about Exchange Online and Outlook.com as mail servers.
// Sources: "Authenticate an IMAP, POP or SMTP connection using OAuth",
// "Fix issues with printers, scanners, and LOB applications that send email
// using Microsoft 365", "Email non-delivery reports and SMTP errors in
// Exchange Online" (learn.microsoft.com).
var exchangeSignIn = family{
	{"authenticated but not connected", exact, nil, notConnected},
	{"AUTHENTICATE failed & !mechanism is not supported & !@google", hint, nil, imapAuthFailed},
	{"mechanism is not supported & AUTHENTICATE failed", exact, is(CauseEXOBasicAuthDisabled), nil},
	{"_LOGIN failed & !@google & !@smtp & !@oauth | _NO LOGIN failed", hint, nil, loginFailed},
	{"login failed & @pop & @microsoft | logon failure … password & @microsoft & @pop", hint, nil, loginFailed},
	{"authentication failure … unknown user name or bad password | Authentifizierungsfehler … Benutzername oder Kennwort", hint, nil, popAuthFailed},
	{"Error=\"UserDisabled | UserDisabled & AUTHENTICATE completed | AuthResult=27 | ProtocolDisabled", exact, is(CauseEXOProtocolDisabledMailbox), nil},
	{"IMAP is disabled for | IMAP4 is disabled | POP is disabled for | POP3 is disabled for & !domain | protocol … disabled for … mailbox & @microsoft | access to … IMAP … is disabled & @microsoft | ImapEnabled … False | PopEnabled … False", clear, is(CauseEXOProtocolDisabledMailbox), nil},
	{"basic authentication is disabled | basic authentication is not supported | basicauthblocked | basic auth … disabled & @microsoft | #5.7.30 | LogonDenied-BasicAuthBlocked", exact, is(CauseEXOBasicAuthDisabled), nil},
	{"SmtpClientAuthentication is disabled for the Mailbox & @outlook", exact, is(CauseEXOBasicAuthDisabled, CauseEXOSMTPAuthDisabledMailbox), nil},
	{"ClientAuthentication is disabled for the Mailbox & !@outlook", exact, is(CauseEXOSMTPAuthDisabledMailbox), nil},
	{"ClientAuthentication is disabled for the Tenant | SmtpClientAuthenticationDisabled … True & TransportConfig", exact, is(CauseEXOSMTPAuthDisabledTenant), nil},
	{"smtp_auth_disabled & !for the mailbox & !for the tenant | SMTP AUTH is disabled | SMTP AUTH … disabled & @microsoft & !for the mailbox", clear, is(CauseEXOSMTPAuthDisabledTenant, CauseEXOSMTPAuthDisabledMailbox), nil},
	{"locked by your organization's security defaults | user is locked … security defaults", exact, is(CauseSecurityDefaultsBlock), nil},
	{"did not meet the criteria to be authenticated", exact, is(CauseConditionalAccessBlock, CauseSecurityDefaultsBlock, CauseEXOAuthPolicyBlock, CauseEXOBasicAuthDisabled), nil},
	{"user credentials were incorrect & @microsoft", exact, is(CausePasswordWrong, CauseEXOBasicAuthDisabled, CauseConditionalAccessBlock, CauseMFARequired), nil},
	{"#5.7.139 & !ClientAuthentication is & !basic authentication & !security defaults & !criteria & !credentials were incorrect", clear, is(CauseEXOSMTPAuthDisabledTenant, CauseEXOSMTPAuthDisabledMailbox, CauseSecurityDefaultsBlock, CauseConditionalAccessBlock, CauseEXOBasicAuthDisabled), nil},
	{"authentication policy … block | blocked by authentication policy | AllowBasicAuth … False | AuthenticationPolicy & blocks", clear, is(CauseEXOAuthPolicyBlock), nil},
	{"#5.7.3 & authenti & !requested mail action & !@google & !#5.7.139 & !not authenticated to & !basic authentication", hint, nil, smtpUnsuccessful},
	{"#5.7.3 & shared mailbox & !@google | #5.7.3 & freigegebene & !@google", exact, nil, smtpUnsuccessful},
	{"authentication unsuccessful & !#5.7.139 & !#5.7.3 & !basic authentication & !criteria & !ClientAuthentication is & !credentials were incorrect & !security defaults", hint, nil, smtpUnsuccessful},
	{"invalid xoauth2 auth data | #5.5.124", exact, is(CauseSASLStringMalformed, CauseTokenUserMismatch), nil},
	{"invalid SASL argument | cannot decode … base64 & @microsoft | #501 & #5.5.4 & @microsoft & @xoauth2 | AUTH … Invalid base64", clear, is(CauseSASLStringMalformed, CauseAuthMechanismNotOffered), nil},
	{"token will expire soon | #5.5.127", exact, is(CauseTokenExpired), nil},
	{"mailbox … not found & @microsoft & @mail | couldn't find … mailbox | mailbox unavailable & @microsoft & @imap | no mailbox & @microsoft | does not have a mailbox | no license & mailbox | MailboxNotFound | MailboxNotEnabledForRESTAPI | user … no mailbox", clear, is(CauseMailboxMissingOrUnlicensed), nil},
	{"mailbox … on-premises | mailbox is either inactive, soft-deleted, or is hosted on-premise | hosted on-premise | REST API is not yet supported for this mailbox | lokal gehostet", exact, is(CauseMailboxOnPremises, CauseMailboxMissingOrUnlicensed), nil},
	{"command argument error & @xoauth2 | command argument error & @outlook", hint, is(CauseTokenWrongAudience, CauseSASLStringMalformed, CauseClientSoftwareProblem, CauseTokenMissingProtocolScope), nil},
	{"command argument error & fetch | command argument error & search | command argument error … _11_ | command argument error & UID | command argument error & append | command argument error & !@xoauth2 & !@outlook", clear, is(CauseClientSoftwareProblem, CauseTokenWrongAudience, CauseSASLStringMalformed), nil},
	{"Protocol error. Connection is closed", exact, is(CausePOPAuthNotTwoStep), nil},
	{"#-ERR & AUTH XOAUTH2 & @pop & @microsoft & !authentication failure", hint, is(CausePOPAuthNotTwoStep, CauseTokenWrongAudience), nil},
	{"authentication failed_ & @microsoft & @imap & !@basic | authentication failed_ & @microsoft & @pop & !@basic", vague, nil, exchangeRefused},
	{"authentication failed_ & @microsoft & @smtp & !@basic", vague, nil, smtpUnsuccessful},
}

// exchangeRefused: a client's words for a refusal, without the server's.
func exchangeRefused(f *facts) []Cause {
	if f.is("apponly") {
		return imapAuthFailed(f)
	}
	if f.in.Evidence.Claims == nil && f.in.Evidence.Account == "" {
		return is(CauseTokenWrongAudience, CauseTokenUserMismatch, CauseTokenForGuestAccount, CauseTokenMissingProtocolScope, CauseEXOProtocolDisabledMailbox)
	}
	return imapAuthFailed(f)
}

// exchangeLimits: Exchange Online asks for patience.
var exchangeLimits = family{
	{"request is throttled | suggested backoff time | backoff time & milliseconds | server busy & @microsoft & @imap | too many requests & @microsoft & @mail", exact, is(CauseEXOThrottled), nil},
	{"#4.3.2 & concurrent | concurrent connections limit | recipient thread limit | ConcurrentConnection | #432", exact, is(CauseEXOSMTPConcurrencyLimit), nil},
	{"submission … rate limit | exceeded … message rate | exceeded the limit … messages & @microsoft | #5.2.121 | #5.2.122 | #4.5.127", clear, is(CauseSendingLimitExceeded), nil},
	{"#5.1.90 | SubmissionQuotaExceeded | exceeded the maximum number of recipients | ExceedRecipientLimit | recipient limit … exceeded | daily … sending … exceeded | sending quota … exceeded | message limit … exceeded | sending limit … reached | limit exceeded … messages per | too many recipients | #4.5.3 | #5.5.3 | #5.4.5 | daily user sending | daily sending limit | sending limits & exceeded", exact, is(CauseSendingLimitExceeded), nil},
	{"temporary server error | #4.7.0 & temporary server & !@google | #4.3.2 & service not available | #4.3.2 & system not accepting | #4.3.0 & temporary & !@google | PRX & #451 | #4.4.3 & @microsoft | #4.4.62 | mailbox server … busy | MailboxOffline | StoreTransient | storedrv & #4.2 & !logon failure | Server error. Please try again later | Server Unavailable. | Service unavailable & @mail", clear, is(CauseProviderTemporaryError), nil},
	{"temporary … failure & @mail & !authentication | temporary authentication failure | temporary internal | internal server error & @mail | internal error occurred | try again later & @mail & #451 | try again later & @mail & #454 | #421 & try again later | #[SERVERBUG] | #[UNAVAILABLE] & !suspended & !disabled | #[SYS/TEMP] | temporarily unavailable & @mail", hint, is(CauseProviderTemporaryError, CauseProviderRateLimited), nil},
}

// exchangeSending: the sign-in worked, the message did not go out.
var exchangeSending = family{
	{"SendAsDenied | permissions to send as | not allowed to send as | permission to send as | #5.7.60 | #5.2.252 | send on behalf & denied | MapiExceptionSendAsDenied", exact, is(CauseSendAsDenied), nil},
	{"sender address rejected & not owned | not owned by user | not authorized to send as | not permitted to send as | sender … not allowed & #550 | sender address … not allowed | from address … not match | from address … not verified | sender … does not belong | must match authenticated | sender is not same as | envelope sender … not allowed | nicht berechtigt … Absender | not allowed to use this sender | sender address … not belong", clear, is(CauseSendAsDenied), nil},
	{"bad outbound sender | #5.1.8 | banned sender | #5.7.705 | #5.7.750 | #5.7.708 | #5.1.8 & access denied | OutboundSpam | outbound spam | restricted entities | tenant has exceeded threshold | sender … restricted from sending | blocked for … sending spam", exact, is(CauseOutboundSpamBlock), nil},
	{"#5.7.57 & !#5.7.139 | client was not authenticated to send & !#5.7.139 | client not authenticated to send & !#5.7.139", exact, is(CauseClientDidNotAuthenticate, CauseEXOSMTPAuthDisabledTenant, CauseSTARTTLSMissing), nil},
	{"unauthenticated email from & DMARC | #5.7.26 | DMARC policy | DMARC … reject | SPF … fail & reject | #5.7.23 | #5.7.25 & PTR | DKIM … did not pass | #5.7.509", exact, is(CauseRecipientPolicyRejected), nil},
	{"sender policy framework | SPF check … failed | message rejected … DMARC | rejected due to … DMARC | violates … DMARC | failed SPF", clear, is(CauseRecipientPolicyRejected), nil},
}

// exchangeAppOnly: application access without a user.
var exchangeAppOnly = family{
	{"mailbox logon failure | #430 & STOREDRV | MapiExceptionLogonFailed & @smtp | logon failure … storedrv", clear, is(CauseEXOMailboxPermissionMissing, CauseEXOServicePrincipalMissing), nil},
	{"AccessAsApp & missing | SendAsApp & missing | roles … does not contain | no roles in token | required application permission", clear, is(CauseAppPermissionMissing), nil},
	{"service principal … not found & exchange | New-ServicePrincipal & not & registered", clear, is(CauseEXOServicePrincipalMissing, CauseEXOServicePrincipalWrongObjectID), nil},
	{"no permission … mailbox & @mail | do not have permission to access … mailbox | ErrorAccessDenied & mailbox | Access is denied … mailbox | insufficient permission & mailbox", clear, is(CauseEXOMailboxPermissionMissing, CauseTokenUserMismatch), nil},
}
