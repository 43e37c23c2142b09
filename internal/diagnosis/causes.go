package diagnosis

// The causes, by family. The identifiers are part of the command line's
// contract: they may be added to, never changed.
const (

	// app-registration
	CauseRedirectURIMismatch                 Cause = "redirect-uri-mismatch"
	CauseRedirectURIRegisteredAsSPA          Cause = "redirect-uri-registered-as-spa"
	CauseImplicitIDTokenNotEnabled           Cause = "implicit-id-token-not-enabled"
	CauseAppNotFoundInTenant                 Cause = "app-not-found-in-tenant"
	CauseAppDisabled                         Cause = "app-disabled"
	CauseAppAudienceExcludesPersonalAccounts Cause = "app-audience-excludes-personal-accounts"
	CauseAppPermissionsNotDeclared           Cause = "app-permissions-not-declared"
	CauseFirstPartyAppIDMisused              Cause = "first-party-app-id-misused"
	CausePublicClientFlowDisabled            Cause = "public-client-flow-disabled"

	// authority
	CausePersonalAccountNeedsConsumersAuthority Cause = "personal-account-needs-consumers-authority"
	CauseTenantSpecificEndpointNeeded           Cause = "tenant-specific-endpoint-needed"
	CauseTenantNotFound                         Cause = "tenant-not-found"
	CauseTenantInNationalCloud                  Cause = "tenant-in-national-cloud"
	CauseWrongOAuthEndpoint                     Cause = "wrong-oauth-endpoint"

	// network-policy
	CauseTenantRestrictionProxy Cause = "tenant-restriction-proxy"

	// consent
	CauseConsentMissing       Cause = "consent-missing"
	CauseAdminConsentRequired Cause = "admin-consent-required"
	CauseUserDeclinedConsent  Cause = "user-declined-consent"

	// scope
	CauseResourceNotFoundInTenant    Cause = "resource-not-found-in-tenant"
	CauseScopeInvalid                Cause = "scope-invalid"
	CauseScopeDefaultRequired        Cause = "scope-default-required"
	CauseScopeMultipleResources      Cause = "scope-multiple-resources"
	CauseScopeNotForPersonalAccounts Cause = "scope-not-for-personal-accounts"

	// client-credential
	CauseClientSecretInvalid            Cause = "client-secret-invalid"
	CauseClientSecretExpired            Cause = "client-secret-expired"
	CauseClientSecretMissing            Cause = "client-secret-missing"
	CauseClientSecretSentByPublicClient Cause = "client-secret-sent-by-public-client"
	CauseClientCertificateInvalid       Cause = "client-certificate-invalid"
	CauseClockSkew                      Cause = "clock-skew"

	// oauth-request
	CauseOAuthRequestInvalid     Cause = "oauth-request-invalid"
	CauseGrantValueMalformed     Cause = "grant-value-malformed"
	CauseAuthCodeExpiredOrReused Cause = "auth-code-expired-or-reused"
	CausePKCEVerifierMismatch    Cause = "pkce-verifier-mismatch"

	// limits
	CauseTokenRequestsTooMany    Cause = "token-requests-too-many"
	CauseEXOThrottled            Cause = "exo-throttled"
	CauseEXOSMTPConcurrencyLimit Cause = "exo-smtp-concurrency-limit"
	CauseSendingLimitExceeded    Cause = "sending-limit-exceeded"
	CauseTooManyConnections      Cause = "too-many-connections"
	CauseProviderRateLimited     Cause = "provider-rate-limited"

	// user
	CauseUserNotInTenant            Cause = "user-not-in-tenant"
	CauseUserNotFound               Cause = "user-not-found"
	CauseUserNotAssignedToApp       Cause = "user-not-assigned-to-app"
	CauseUserAccountLocked          Cause = "user-account-locked"
	CauseSignInFromBadIP            Cause = "sign-in-from-bad-ip"
	CauseUserAccountDisabled        Cause = "user-account-disabled"
	CauseUserPasswordExpired        Cause = "user-password-expired"
	CauseUserRiskBlocked            Cause = "user-risk-blocked"
	CausePasswordWrong              Cause = "password-wrong"
	CausePasswordGrantNotPossible   Cause = "password-grant-not-possible"
	CauseOnPremisesAuthAgentProblem Cause = "on-premises-auth-agent-problem"

	// policy
	CauseMFARequired              Cause = "mfa-required"
	CauseMFAEnrollmentRequired    Cause = "mfa-enrollment-required"
	CauseInteractiveSignInNeeded  Cause = "interactive-sign-in-needed"
	CauseConditionalAccessBlock   Cause = "conditional-access-block"
	CauseDeviceComplianceRequired Cause = "device-compliance-required"
	CauseDeviceCodeFlowBlocked    Cause = "device-code-flow-blocked"
	CauseCrossTenantAccessPolicy  Cause = "cross-tenant-access-policy"

	// refresh-token
	CauseRefreshTokenExpired         Cause = "refresh-token-expired"
	CauseRefreshTokenRevoked         Cause = "refresh-token-revoked"
	CauseRefreshTokenSignInFrequency Cause = "refresh-token-sign-in-frequency"

	// device
	CauseDeviceCodePending Cause = "device-code-pending"
	CauseDeviceCodeExpired Cause = "device-code-expired"

	// service
	CauseProviderTemporaryError Cause = "provider-temporary-error"

	// token
	CauseTokenWrongAudience        Cause = "token-wrong-audience"
	CauseTokenMissingProtocolScope Cause = "token-missing-protocol-scope"
	CauseTokenUserMismatch         Cause = "token-user-mismatch"
	CauseTokenForGuestAccount      Cause = "token-for-guest-account"
	CauseTokenExpired              Cause = "token-expired"
	CauseUPNDiffersFromAddress     Cause = "upn-differs-from-address"
	CauseSASLStringMalformed       Cause = "sasl-string-malformed"
	CauseSharedMailboxSMTPUser     Cause = "shared-mailbox-smtp-user"

	// exo-app-only
	CauseAppPermissionMissing             Cause = "app-permission-missing"
	CauseEXOServicePrincipalMissing       Cause = "exo-service-principal-missing"
	CauseEXOServicePrincipalWrongObjectID Cause = "exo-service-principal-wrong-object-id"
	CauseEXOMailboxPermissionMissing      Cause = "exo-mailbox-permission-missing"

	// exo-settings
	CauseEXOProtocolDisabledMailbox Cause = "exo-protocol-disabled-mailbox"
	CauseEXOBasicAuthDisabled       Cause = "exo-basic-auth-disabled"
	CauseEXOSMTPAuthDisabledTenant  Cause = "exo-smtp-auth-disabled-tenant"
	CauseEXOSMTPAuthDisabledMailbox Cause = "exo-smtp-auth-disabled-mailbox"
	CauseSecurityDefaultsBlock      Cause = "security-defaults-block"
	CauseEXOAuthPolicyBlock         Cause = "exo-auth-policy-block"

	// mailbox
	CauseMailboxMissingOrUnlicensed Cause = "mailbox-missing-or-unlicensed"
	CauseMailboxOnPremises          Cause = "mailbox-on-premises"

	// sending
	CauseOutboundSpamBlock       Cause = "outbound-spam-block"
	CauseSendAsDenied            Cause = "send-as-denied"
	CauseRecipientPolicyRejected Cause = "recipient-policy-rejected"

	// client
	CausePOPAuthNotTwoStep        Cause = "pop-auth-not-two-step"
	CausePOPMailboxInUse          Cause = "pop-mailbox-in-use"
	CauseClientDidNotAuthenticate Cause = "client-did-not-authenticate"
	CauseClientSoftwareProblem    Cause = "client-software-problem"
	CauseAuthMechanismNotOffered  Cause = "auth-mechanism-not-offered"

	// host-port
	CauseSTARTTLSMissing       Cause = "starttls-missing"
	CauseWrongPortOrEncryption Cause = "wrong-port-or-encryption"

	// server
	CauseServerOAuthNotSupported    Cause = "server-oauth-not-supported"
	CauseProtocolDisabledAtProvider Cause = "protocol-disabled-at-provider"

	// google
	CauseGoogleScopeMissing                Cause = "google-scope-missing"
	CauseGoogleTokenInvalidOrExpired       Cause = "google-token-invalid-or-expired"
	CauseGoogleRefreshTokenTestingMode     Cause = "google-refresh-token-testing-mode"
	CauseGoogleRefreshTokenRevoked         Cause = "google-refresh-token-revoked"
	CauseGoogleDWDNotAuthorized            Cause = "google-dwd-not-authorized"
	CauseGoogleDWDNotWorkspaceAccount      Cause = "google-dwd-not-workspace-account"
	CauseGoogleAppPasswordRequired         Cause = "google-app-password-required"
	CauseGoogleWebLoginRequired            Cause = "google-web-login-required"
	CauseGoogleAppNotVerifiedOrNotTestUser Cause = "google-app-not-verified-or-not-test-user"
	CauseGoogleAdminPolicy                 Cause = "google-admin-policy"
	CauseGoogleEmbeddedBrowser             Cause = "google-embedded-browser"
	CauseGoogleAppInternalOnly             Cause = "google-app-internal-only"
	CauseGoogleClientNotFound              Cause = "google-client-not-found"
	CauseGoogleRedirectNotAllowed          Cause = "google-redirect-not-allowed"
	CauseGoogleWrongClientType             Cause = "google-wrong-client-type"
	CauseGoogleIMAPPOPDisabled             Cause = "google-imap-pop-disabled"

	// tls
	CauseTLSInterceptionUntrustedCA Cause = "tls-interception-untrusted-ca"
	CauseTLSSelfSigned              Cause = "tls-self-signed"
	CauseTLSServerChainIncomplete   Cause = "tls-server-chain-incomplete"
	CauseTLSNameMismatch            Cause = "tls-name-mismatch"
	CauseTLSCertificateExpired      Cause = "tls-certificate-expired"
	CauseTLSVersionTooOld           Cause = "tls-version-too-old"
	CauseLocalCAStoreBroken         Cause = "local-ca-store-broken"

	// network
	CausePortBlocked            Cause = "port-blocked"
	CauseWrongHostName          Cause = "wrong-host-name"
	CauseDNSNotResolved         Cause = "dns-not-resolved"
	CauseProxyAuthRequired      Cause = "proxy-auth-required"
	CauseNetworkConnectionReset Cause = "network-connection-reset"
	CauseNetworkNoRouteIPv6     Cause = "network-no-route-ipv6"

	// local
	CauseUnknown              Cause = "unknown"
	CauseCancelled            Cause = "cancelled"
	CauseSignInTimeout        Cause = "sign-in-timeout"
	CauseIDTokenInvalid       Cause = "id-token-invalid"
	CauseAnswerNotOurs        Cause = "answer-not-ours"
	CauseAuthorizationMissing Cause = "authorization-missing"
	CauseBrowserNotStarted    Cause = "browser-not-started"
	CauseLoopbackUnavailable  Cause = "loopback-unavailable"
	CauseStoreLocked          Cause = "store-locked"
	CauseStoreDamaged         Cause = "store-damaged"
	CauseStoreKeyUnavailable  Cause = "store-key-unavailable"
	CauseServerTimeout        Cause = "server-timeout"
	CauseServerProtocolError  Cause = "server-protocol-error"
	CauseProxyUnreachable     Cause = "proxy-unreachable"
	CauseHostNotAllowed       Cause = "host-not-allowed"
	CauseSignInServiceAnswer  Cause = "sign-in-service-answer"
	CauseTokenEndpointMoved   Cause = "token-endpoint-moved"
)
