package diagnosis

// Causes lists every cause, by family.
var Causes = []Cause{
	// app-registration
	CauseRedirectURIMismatch,
	CauseRedirectURIRegisteredAsSPA,
	CauseImplicitIDTokenNotEnabled,
	CauseAppNotFoundInTenant,
	CauseAppDisabled,
	CauseAppAudienceExcludesPersonalAccounts,
	CauseAppPermissionsNotDeclared,
	CauseFirstPartyAppIDMisused,
	CausePublicClientFlowDisabled,

	// authority
	CausePersonalAccountNeedsConsumersAuthority,
	CauseTenantSpecificEndpointNeeded,
	CauseTenantNotFound,
	CauseTenantInNationalCloud,
	CauseWrongOAuthEndpoint,

	// network-policy
	CauseTenantRestrictionProxy,

	// consent
	CauseConsentMissing,
	CauseAdminConsentRequired,
	CauseUserDeclinedConsent,

	// scope
	CauseResourceNotFoundInTenant,
	CauseScopeInvalid,
	CauseScopeDefaultRequired,
	CauseScopeMultipleResources,
	CauseScopeNotForPersonalAccounts,

	// client-credential
	CauseClientSecretInvalid,
	CauseClientSecretExpired,
	CauseClientSecretMissing,
	CauseClientSecretSentByPublicClient,
	CauseClientCertificateInvalid,
	CauseClockSkew,

	// oauth-request
	CauseOAuthRequestInvalid,
	CauseGrantValueMalformed,
	CauseAuthCodeExpiredOrReused,
	CausePKCEVerifierMismatch,

	// limits
	CauseTokenRequestsTooMany,
	CauseEXOThrottled,
	CauseEXOSMTPConcurrencyLimit,
	CauseSendingLimitExceeded,
	CauseTooManyConnections,
	CauseProviderRateLimited,

	// user
	CauseUserNotInTenant,
	CauseUserNotFound,
	CauseUserNotAssignedToApp,
	CauseUserAccountLocked,
	CauseSignInFromBadIP,
	CauseUserAccountDisabled,
	CauseUserPasswordExpired,
	CauseUserRiskBlocked,
	CausePasswordWrong,
	CausePasswordGrantNotPossible,
	CauseOnPremisesAuthAgentProblem,

	// policy
	CauseMFARequired,
	CauseMFAEnrollmentRequired,
	CauseInteractiveSignInNeeded,
	CauseConditionalAccessBlock,
	CauseDeviceComplianceRequired,
	CauseDeviceCodeFlowBlocked,
	CauseCrossTenantAccessPolicy,

	// refresh-token
	CauseRefreshTokenExpired,
	CauseRefreshTokenRevoked,
	CauseRefreshTokenSignInFrequency,

	// device
	CauseDeviceCodePending,
	CauseDeviceCodeExpired,

	// service
	CauseProviderTemporaryError,

	// token
	CauseTokenWrongAudience,
	CauseTokenMissingProtocolScope,
	CauseTokenUserMismatch,
	CauseTokenForGuestAccount,
	CauseTokenExpired,
	CauseUPNDiffersFromAddress,
	CauseSASLStringMalformed,
	CauseSharedMailboxSMTPUser,

	// exo-app-only
	CauseAppPermissionMissing,
	CauseEXOServicePrincipalMissing,
	CauseEXOServicePrincipalWrongObjectID,
	CauseEXOMailboxPermissionMissing,

	// exo-settings
	CauseEXOProtocolDisabledMailbox,
	CauseEXOBasicAuthDisabled,
	CauseEXOSMTPAuthDisabledTenant,
	CauseEXOSMTPAuthDisabledMailbox,
	CauseSecurityDefaultsBlock,
	CauseEXOAuthPolicyBlock,

	// mailbox
	CauseMailboxMissingOrUnlicensed,
	CauseMailboxOnPremises,

	// sending
	CauseOutboundSpamBlock,
	CauseSendAsDenied,
	CauseRecipientPolicyRejected,

	// client
	CausePOPAuthNotTwoStep,
	CausePOPMailboxInUse,
	CauseClientDidNotAuthenticate,
	CauseClientSoftwareProblem,
	CauseAuthMechanismNotOffered,

	// host-port
	CauseSTARTTLSMissing,
	CauseWrongPortOrEncryption,

	// server
	CauseServerOAuthNotSupported,
	CauseProtocolDisabledAtProvider,

	// google
	CauseGoogleScopeMissing,
	CauseGoogleTokenInvalidOrExpired,
	CauseGoogleRefreshTokenTestingMode,
	CauseGoogleRefreshTokenRevoked,
	CauseGoogleDWDNotAuthorized,
	CauseGoogleDWDNotWorkspaceAccount,
	CauseGoogleAppPasswordRequired,
	CauseGoogleWebLoginRequired,
	CauseGoogleAppNotVerifiedOrNotTestUser,
	CauseGoogleAdminPolicy,
	CauseGoogleEmbeddedBrowser,
	CauseGoogleAppInternalOnly,
	CauseGoogleClientNotFound,
	CauseGoogleRedirectNotAllowed,
	CauseGoogleWrongClientType,
	CauseGoogleIMAPPOPDisabled,

	// tls
	CauseTLSInterceptionUntrustedCA,
	CauseTLSSelfSigned,
	CauseTLSServerChainIncomplete,
	CauseTLSNameMismatch,
	CauseTLSCertificateExpired,
	CauseTLSVersionTooOld,
	CauseLocalCAStoreBroken,

	// network
	CausePortBlocked,
	CauseWrongHostName,
	CauseDNSNotResolved,
	CauseProxyAuthRequired,
	CauseNetworkConnectionReset,
	CauseNetworkNoRouteIPv6,

	// local
	CauseUnknown,
	CauseCancelled,
	CauseSignInTimeout,
	CauseIDTokenInvalid,
	CauseAnswerNotOurs,
	CauseAuthorizationMissing,
	CauseBrowserNotStarted,
	CauseLoopbackUnavailable,
	CauseStoreLocked,
	CauseStoreDamaged,
	CauseStoreKeyUnavailable,
	CauseServerTimeout,
	CauseServerProtocolError,
	CauseProxyUnreachable,
	CauseHostNotAllowed,
	CauseSignInServiceAnswer,
	CauseTokenEndpointMoved,
}
