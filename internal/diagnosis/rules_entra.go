package diagnosis

// entraTexts are sentences of Microsoft's sign-in service, for logs that
// lost the code, for personal accounts (login.live.com has no codes) and for
// codes that mean several things.
var entraTexts = family{
	// App registration.
	{"reply url & does not match | reply address & does not match | reply uri & does not match | redirect uri … specified in the request does not match | redirect uri … not registered & @microsoft", exact, is(CauseRedirectURIMismatch), nil},
	{"parameter 'redirect_uri' is not valid | expected value is a URI which matches a redirect URI registered | no reply address is registered | no reply address provided | input parameter redirect_uri … is not valid", exact, is(CauseRedirectURIMismatch), nil},
	{"redirect_uri … does not match | redirect uri … mismatch | invalid redirect_uri | redirect_uri is not registered | redirect_uri_mismatch & !@google | redirect uri is not whitelisted | redirect uri must match", clear, is(CauseRedirectURIMismatch), nil},
	{"redemption is permitted only for … single-page | proof key for code exchange is required for cross-origin | client-type may only be redeemed via cross-origin | issued to a single page app", exact, is(CauseRedirectURIRegisteredAsSPA), nil},
	{"response_type … is not enabled for the application | response_type … isn't enabled for the app", exact, is(CauseImplicitIDTokenNotEnabled), nil},
	{"application with identifier … was not found in the directory | application with identifier … wasn't found in the directory | is not a valid application identifier | UnauthorizedClient_DoesNotMatchRequest | missing service principal in the tenant", exact, is(CauseAppNotFoundInTenant), nil},
	{"unauthorized_client … application … was not found | application not found in the directory", clear, is(CauseAppNotFoundInTenant), nil},
	{"aadsts70001 & is disabled | application … '(disabled)' | service principal … is disabled | the application is disabled", exact, is(CauseAppDisabled), nil},
	{"is disabled & unauthorized_client", clear, is(CauseAppDisabled), nil},
	{"does not exist or is not enabled for consumers | application … not enabled for consumers | can't sign in here with a personal account | personal Microsoft accounts are not supported for this application | consumers & not supported for this application", exact, is(CauseAppAudienceExcludesPersonalAccounts), nil},
	{"nicht mit einem persönlichen Konto anmelden | compte personnel … connecter | con una cuenta personal … iniciar", clear, is(CauseAppAudienceExcludesPersonalAccounts), nil},
	{"misconfigured application & requested permissions | isn't listed in the requested permissions | not listed in the requested permissions | has not listed any permissions | required resource access list", exact, is(CauseAppPermissionsNotDeclared), nil},
	{"first party application … must be configured via preauthorization | consent between first party application", exact, is(CauseFirstPartyAppIDMisused), nil},
	{"aadsts70002 & client_secret or client_assertion | must contain the following parameter … client_assertion or client_secret | must contain the following parameter … client_secret or client_assertion | client is public … allowPublicClient | must be marked as 'mobile' | public client flows … not enabled", exact, nil, noSecret},
	{"public client … not allowed | public client flow … disabled | is not a public client | not configured as a public client", clear, is(CausePublicClientFlowDisabled), nil},

	// Authority.
	{"'userAudience' configuration & 'Consumer' | configured for use by Microsoft account users only | use the /consumers endpoint to serve this request & !do not | application … only supports Microsoft accounts", exact, is(CausePersonalAccountNeedsConsumersAuthority), nil},
	{"not a valid login domain for the account type", exact, is(CausePersonalAccountNeedsConsumersAuthority), nil},
	{"not configured as a multi-tenant application | isn't configured as a multitenant application | not supported over the /common | isn't supported over the /common | use the /organizations or tenant-specific endpoint | usage of the /common endpoint is not supported | tenant-identifying information", exact, is(CauseTenantSpecificEndpointNeeded), nil},
	{"'userAudience' configuration & 'All' | userAudience … 'Organizations'", clear, is(CauseTenantSpecificEndpointNeeded, CauseAppAudienceExcludesPersonalAccounts), nil},
	{"_tenant_ … not found_ & !resource principal & !application with identifier & !resource_ | tenant identifier … is not valid | neither a valid DNS name, nor a valid external domain | invalid_tenant | no active subscriptions for the tenant", clear, is(CauseTenantNotFound), nil},
	{"belongs to the national cloud | cross cloud request | does not federate with", exact, is(CauseTenantInNationalCloud), nil},
	{"unable to issue tokens from this api version | need to use version 2.0 of the protocol | endpoint only accepts POST | endpoint only accepts GET | 'resource' request parameter is not supported", exact, is(CauseWrongOAuthEndpoint), nil},
	{"tenant restriction & sign-in | restrict-access-to-tenant | access to … tenant is denied | network admin … restricted access to | your network administrator has blocked", exact, is(CauseTenantRestrictionProxy), nil},
	{"Ihr Netzwerkadministrator & blockiert | Zugriff auf Organisationen eingeschränkt", clear, is(CauseTenantRestrictionProxy), nil},

	// Consent and scopes.
	{"has not consented to use the application | hasn't consented to use the application | send an interactive authorization request for this user and resource | consent_required | scopes requested are unauthorized or expired & !@refresh", clear, is(CauseConsentMissing), nil},
	{"scopes requested are unauthorized or expired & @refresh", clear, is(CauseRefreshTokenRevoked, CauseConsentMissing), nil},
	{"user must first sign in and grant the client application access", clear, is(CauseConsentMissing, CauseRefreshTokenRevoked), nil},
	{"need admin approval | needs permission to access resources in your organi | AdminConsentRequired | administrator consent is required | admin consent is required | user cannot consent to web app | admin has to consent", exact, is(CauseAdminConsentRequired), nil},
	{"Administratorgenehmigung erforderlich | Genehmigung durch Administrator erforderlich | die nur ein Administrator gewähren kann | benötigt eine Administratorgenehmigung | Administratorzustimmung erforderlich", exact, is(CauseAdminConsentRequired), nil},
	{"approbation de l'administrateur | aprobación del administrador | aprovação do administrador | approvazione dell'amministratore | goedkeuring van de beheerder | beheerdersgoedkeuring | zatwierdzenie administratora | 管理者の承認が必要 | 需要管理员批准 | требуется утверждение администратора", exact, is(CauseAdminConsentRequired), nil},
	{"user declined to consent | user has declined | declined the authorization | user has denied access | resource owner or authorization server denied the request | user denied access | authorization_declined | user cancelled the consent | user did not consent", clear, is(CauseUserDeclinedConsent), nil},
	{"resource principal named … not found in the tenant | resource principal named | has not subscribed to or enabled | lacks a service principal for | resource … has been removed or is no longer available", exact, is(CauseResourceNotFoundInTenant), nil},
	{"invalid_resource", hint, is(CauseResourceNotFoundInTenant, CauseAppPermissionsNotDeclared), nil},
	{"doesn't exist on the resource | does not exist on the resource | scope format is invalid | must be in a valid URI form", exact, is(CauseScopeInvalid), nil},
	{"'scope' is not valid & more than one resource | scope … contains more than one resource | scopes from several resources | scope … multiple resources | can only request scopes for one resource | static scope limit", exact, is(CauseScopeMultipleResources), nil},
	{"must have a scope value with /.default | suffixed to the resource identifier | client credential … /.default", exact, is(CauseScopeDefaultRequired), nil},
	{"scope … is not valid & @apponly & !/.default", clear, is(CauseScopeDefaultRequired, CauseScopeInvalid), nil},
	{"not supported for personal microsoft accounts & scope | consumer … does not support … scope | scope … not valid for Microsoft account | scope … not supported … consumer accounts | permission … not available for personal", clear, is(CauseScopeNotForPersonalAccounts, CauseScopeInvalid), nil},
	{"scope … is not valid & @outlook", hint, is(CauseScopeInvalid, CauseScopeNotForPersonalAccounts), nil},

	// Client credentials.
	{"invalid client secret | client secret value, not the client secret ID | client secret is invalid | incorrect client secret | provided client secret is not valid | client_secret does not match | the provided client credentials are not valid", clear, is(CauseClientSecretInvalid), nil},
	{"client secret keys … expired | client secret … has expired | client secret … is expired | expired client secret", exact, is(CauseClientSecretExpired), nil},
	{"client_secret is missing | missing client_secret | is required for the 'client_credentials' grant | client_secret must be provided | client authentication … missing | must include a 'client_secret'", clear, is(CauseClientSecretMissing), nil},
	{"client is public so neither | public clients can't send a client secret | neither 'client_assertion' nor 'client_secret' should be presented", exact, is(CauseClientSecretSentByPublicClient), nil},
	{"client assertion & signature | certificate … used to sign the client assertion | thumbprint of key used by client | subject name in certificate | key was not found & thumbprint", clear, is(CauseClientCertificateInvalid), nil},
	{"invalid_request … client_assertion & not within its valid time range | assertion is not within its valid time range | client assertion … time range | reasonable timeframe | token is not yet valid | used too early | used too late | time skew | clock skew | iat … in the future", clear, is(CauseClockSkew), nil},

	// The request itself.
	{"must contain the following parameter & !client_assertion & !client_secret", clear, is(CauseOAuthRequestInvalid), nil},
	{"refresh token is malformed | malformed refresh token | refresh token is not valid & !expired | 'code' is not valid | 'code' parameter is not valid | 'refresh_token' is not valid | malformed auth code | token is malformed or invalid | authorization code is malformed | code is invalid & invalid_grant | 'refresh_token' or 'assertion' is not valid | Malformed authorization code | intended to use against other tenant", clear, is(CauseGrantValueMalformed), nil},
	{"code was already redeemed | authorization code has already been used | code has been used | code has expired & !device & !verification | authorization code … has expired & !refresh token | authorization code is expired | authorization code … already used | code already redeemed | code expired or already", clear, is(CauseAuthCodeExpiredOrReused), nil},
	{"code_verifier … code_challenge | code verifier … does not match | code_verifier … invalid | missing code verifier | pkce verification failed | invalid code verifier | code_verifier is required | code challenge required | missing pkce", clear, is(CausePKCEVerifierMismatch), nil},
	{"client loop has been detected | encountered a loop while processing | too many of the same request", exact, is(CauseTokenRequestsTooMany), nil},
	{"too many requests & @oauth & !@google | too_many_requests & @oauth | throttled & token endpoint | slow_down", clear, is(CauseTokenRequestsTooMany), nil},
}

// entraPages are sentences about accounts, policies and sessions.
var entraPages = family{
	// Users.
	{"from identity provider … does not exist in tenant | account needs to be added as an external user | does not exist in tenant | existiert nicht im Mandanten", clear, nil, accountFromElsewhere},
	{"user account … does not exist in the … directory | must be added to the directory | we couldn't find an account with that username | couldn't find that account | account doesn't exist | This username may be incorrect | Dieser Benutzername ist möglicherweise falsch | Das Konto wurde nicht gefunden", clear, is(CauseUserNotFound), nil},
	{"not assigned to a role for the application | isn't assigned to a role | administrator has configured the application … to block users | EntitlementGrantsNotFound | not a direct member of a group with access", exact, is(CauseUserNotAssignedToApp), nil},
	{"malicious ip | ip address with malicious activity | malicious activity & ip address", exact, is(CauseSignInFromBadIP), nil},
	{"account is locked | account has been locked | account is temporarily locked | konto ist gesperrt | konto wurde gesperrt | tried to sign in too many times | IdsLocked | account locked out | account lockout | compte est verrouillé | cuenta está bloqueada", clear, is(CauseUserAccountLocked, CauseSignInFromBadIP), nil},
	{"in service abuse mode", exact, is(CauseUserAccountLocked, CauseUserRiskBlocked), nil},
	{"account is disabled | account has been disabled | account disabled | user disabled | account … suspended | account has been suspended | mailbox is disabled | mailbox … suspended | account is inactive | konto ist deaktiviert | konto wurde deaktiviert | user is disabled | account deactivated | account has been deactivated & !@exchange", clear, is(CauseUserAccountDisabled), nil},
	{"password is expired | password has expired | password expired | passwort ist abgelaufen | kennwort ist abgelaufen | InvalidPasswordExpired | must change … password & expired", clear, is(CauseUserPasswordExpired), nil},
	{"due to risk on | due to account risk | user … at risk | risky user | riskante Benutzer | account … compromised | blocked due to user risk | password change is required due to", clear, is(CauseUserRiskBlocked), nil},
	{"validating credentials due to invalid username or password | InvalidUserNameOrPassword", clear, nil, passwordOrGrant},
	{"invalid username or password | incorrect username or password & !logon failure | Benutzername oder Kennwort ungültig | wrong username or password", hint, nil, passwordOrGrantOrServer},
	{"wstrust & not found | federated … not supported & username password | integrated windows auth … managed user | unknown user type | parsing_wstrust | ws-trust endpoint | accounttype unknown | user realm discovery | ID3242 | get_user_name_failed | password_required_for_managed_user", clear, is(CausePasswordGrantNotPossible, CausePasswordWrong), nil},
	{"password does not exist in the directory for this user | password doesn't exist in the directory", clear, is(CausePasswordGrantNotPossible, CausePasswordWrong), nil},
	{"authentication agent & unable | authentication agent … active directory | OnPremisePasswordValid | OnPremiseStoreIsNotAvailable", exact, is(CauseOnPremisesAuthAgentProblem), nil},

	// Policy.
	{"must use multi-factor authentication | must use multifactor authentication | multi-factor authentication has expired | strong authentication is required | did not pass the mfa challenge | UserStrongAuthClientAuthN | UserStrongAuthExpired | Mehrstufige Authentifizierung … erforderlich | multi-faktor-authentifizierung … erforderlich | mfa_required | multifactor authentication is required | two-factor authentication is required & !@gmail | multi-factor authentication is required", clear, is(CauseMFARequired), nil},
	{"suberror basic_action", hint, is(CauseMFARequired, CauseInteractiveSignInNeeded), nil},
	{"must enroll in multi-factor | must enroll in multifactor | UserStrongAuthEnrollment | more information required & keep your account | needs more information to keep your account secure | weitere informationen erforderlich | benötigt weitere informationen, um ihr konto | register for multifactor | needs to enroll for second factor | Help us protect your account & set up", clear, is(CauseMFAEnrollmentRequired, CauseMFARequired), nil},
	{"silent sign-in request was sent but no user is signed in | silent sso failed | login_required | user_interaction_required | account_selection_required", clear, is(CauseInteractiveSignInNeeded), nil},
	{"interaction_required | MsalUiRequired | InteractionRequiredAuthError | suberror … additional_action | user interaction is required", vague, is(CauseInteractiveSignInNeeded, CauseMFARequired, CauseConsentMissing, CauseConditionalAccessBlock), nil},
	{"blocked by conditional access | BlockedByConditionalAccess | access policy does not allow token issuance | you cannot access this right now | you can't get there from here & !device | does not meet the criteria to access this resource | von bedingtem Zugriff blockiert | Sie können derzeit nicht darauf zugreifen | Sie können im Moment nicht darauf zugreifen | sie erfüllt aber nicht die Kriterien | client access rule | security policies … block | conditional access … block", clear, nil, blockedByPolicy},
	{"required device state | device … required to be managed | requires the device … to be managed | require a compliant device | requires a compliant device | device is not compliant | must be enrolled … Intune | device must comply | keep your device secure | device … not domain joined | requires a domain joined device | device is not authenticated | device authentication is required | device_authentication_failed | DeviceNotCompliant | Gerät muss verwaltet | Ihr Gerät muss | von Ihrer Organisation verwaltetes Gerät | set up your device to get access | register your device & access | broker app", clear, is(CauseDeviceComplianceRequired, CauseConditionalAccessBlock), nil},
	{"device code flow … blocked | authentication flows checks | authentication flow checks | BlockedByAuthFlow | device code … conditional access | blocked … device code flow", exact, is(CauseDeviceCodeFlowBlocked), nil},
	{"cross-tenant access policy | outbound access policy | inbound access policy | NotAllowedByOutbound | NotAllowedByInbound | mandantenübergreifende zugriff", exact, is(CauseCrossTenantAccessPolicy), nil},
	{"blocked by security defaults | BlockedBySecurityDefaults | security defaults policies | security defaults policy | durch Sicherheitsstandards blockiert", exact, is(CauseSecurityDefaultsBlock), nil},

	// Refresh tokens, device codes.
	{"refresh token has expired due to inactivity | token … was inactive for | refresh token has expired due to maximum lifetime | ExpiredOrRevokedGrant | refresh token has expired & !sign-in frequency & !single page", clear, is(CauseRefreshTokenExpired), nil},
	{"authorization code or refresh token has expired", clear, nil, expiredGrant},
	{"expired due to it being revoked | grant … revoked & @microsoft | TokensValidFrom | SsoArtifact | FreshTokenNeeded | password expiration or recent password change | refresh token has been revoked | refresh_token … revoked & !@google | token was revoked & !@google | grant … has been revoked & !@google | sessions have been revoked | token_revoked", clear, is(CauseRefreshTokenRevoked), nil},
	{"invalid_grant & no longer valid & @refresh | refresh token … invalid & @refresh | refresh token … not valid & @refresh | invalid refresh token", hint, is(CauseRefreshTokenRevoked, CauseRefreshTokenExpired, CauseGrantValueMalformed), nil},
	{"sign-in frequency | BadTokenDueToSignInFrequency | Anmeldehäufigkeit", exact, is(CauseRefreshTokenSignInFrequency), nil},
	{"authorization_pending | pending end-user authorization | authorization is pending | waiting for authorization by user", exact, is(CauseDeviceCodePending), nil},
	{"device code has expired | device_code … expired | code_expired | verification code expired | bad_verification_code | device_code … is not valid | code … expired … device | that code didn't work | dieser code hat nicht funktioniert | code you entered has expired | incorrect_device_code | device code expired | user code … expired", clear, is(CauseDeviceCodeExpired), nil},
	{"expired_token & @device", clear, is(CauseDeviceCodeExpired), nil},
	{"transient error has occurred & @oauth | temporarily_unavailable | service is temporarily unavailable & @oauth | trouble signing you in & try again in a few minutes | server_error & @oauth", hint, is(CauseProviderTemporaryError), nil},
	{"502 bad gateway & @oauth | 503 service unavailable & @oauth | 504 gateway time | HTTP 503 & @oauth | HTTP status 500 & @oauth | internal server error & @oauth", hint, is(CauseProviderTemporaryError), nil},
}

// oauthNames are the error names of RFC 6749 and its relatives, for when
// nothing better is said.
var oauthNames = family{
	{"_unauthorized_client_ & !@google", vague, is(CauseAppNotFoundInTenant, CausePublicClientFlowDisabled, CauseAppAudienceExcludesPersonalAccounts, CauseAppDisabled), nil},
	{"_invalid_client_ & !@google", vague, is(CauseClientSecretInvalid, CausePublicClientFlowDisabled, CauseClientSecretMissing, CauseAppNotFoundInTenant), nil},
	{"_invalid_grant_ & @microsoft & @refresh | _invalid_grant_ & @generic & @refresh", vague, is(CauseRefreshTokenRevoked, CauseRefreshTokenExpired, CauseGrantValueMalformed), nil},
	{"_invalid_grant_ & @token & !@google", vague, is(CauseAuthCodeExpiredOrReused, CauseGrantValueMalformed, CausePKCEVerifierMismatch, CauseRefreshTokenRevoked), nil},
	{"_invalid_scope_ & !@google", vague, is(CauseScopeInvalid, CauseScopeDefaultRequired, CauseScopeMultipleResources), nil},
	{"_invalid_scope_ & @google", vague, is(CauseScopeInvalid, CauseGoogleScopeMissing), nil},
	{"unsupported_grant_type | unsupported_response_type | unsupported_response_mode | missing required parameter & !redirect_uri | required parameter is missing | parameter … is missing & @oauth", hint, is(CauseOAuthRequestInvalid), nil},
	{"error=access_denied & !@google | error: access_denied & !@google | error\":\"access_denied & !@google | 'access_denied' & !@google & @oauth", vague, is(CauseUserDeclinedConsent, CauseAdminConsentRequired, CauseConditionalAccessBlock), nil},
	{"error_subcode=cancel | subcode cancel | access_denied & @device", clear, is(CauseUserDeclinedConsent), nil},
	{"CompactToken … validation failed | CompactToken parsing failed | JWT is not well formed & @microsoft | InvalidAuthenticationToken", clear, is(CauseTokenWrongAudience, CauseSASLStringMalformed), nil},
	{"invalid audience | audience … is invalid | audience validation failed | wrong audience | aud claim & mismatch", clear, is(CauseTokenWrongAudience), nil},
	{"access token has expired | access token is expired | access token expired | lifetime validation failed | token is expired & !@google & !refresh | token has expired & !@google & !refresh | jwt expired | Token will expire soon", clear, is(CauseTokenExpired), nil},
	{"wrongplace", clear, is(CauseRedirectURIMismatch), nil},
}

// passwordOrGrantOrServer: the same words come from Entra and from servers.
func passwordOrGrantOrServer(f *facts) []Cause {
	switch {
	case f.is("oauth"):
		return passwordOrGrant(f)
	case f.provider == Google:
		return googleRefused(f)
	case f.is("microsoft"):
		return loginFailed(f)
	}
	return is(CausePasswordWrong)
}
