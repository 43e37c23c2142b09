package diagnosis

import (
	"slices"
	"strings"
)

// retryOf says whether trying again can help: settings and permissions take
// time to reach all servers, limits and temporary faults pass by themselves.
func retryOf(c Cause) Retry {
	switch {
	case slices.Contains(waiting, c):
		return RetryWait
	case slices.Contains(signingIn, c):
		return RetrySignIn
	}
	return RetryNo
}

var waiting = is(
	CauseEXOThrottled, CauseEXOSMTPConcurrencyLimit, CauseSendingLimitExceeded, CauseTooManyConnections, CauseProviderRateLimited, CauseTokenRequestsTooMany,
	CauseProviderTemporaryError, CausePOPMailboxInUse, CauseDeviceCodePending, CauseServerTimeout, CauseNetworkConnectionReset, CauseStoreLocked,
	CauseUserAccountLocked, CauseEXOProtocolDisabledMailbox, CauseEXOSMTPAuthDisabledTenant, CauseEXOSMTPAuthDisabledMailbox, CauseEXOMailboxPermissionMissing,
	CauseEXOServicePrincipalMissing, CauseEXOServicePrincipalWrongObjectID, CauseEXOAuthPolicyBlock, CauseMailboxMissingOrUnlicensed, CauseSendAsDenied,
	CauseGoogleDWDNotAuthorized, CauseDNSNotResolved, CauseOnPremisesAuthAgentProblem,
)

var signingIn = is(
	CauseRefreshTokenExpired, CauseRefreshTokenRevoked, CauseRefreshTokenSignInFrequency, CauseConsentMissing, CauseUserDeclinedConsent, CauseMFARequired,
	CauseMFAEnrollmentRequired, CauseInteractiveSignInNeeded, CauseAuthCodeExpiredOrReused, CausePKCEVerifierMismatch, CauseGrantValueMalformed, CauseDeviceCodeExpired,
	CauseTokenWrongAudience, CauseTokenMissingProtocolScope, CauseTokenUserMismatch, CauseTokenForGuestAccount, CauseTokenExpired, CauseUserPasswordExpired,
	CauseGoogleScopeMissing, CauseGoogleTokenInvalidOrExpired, CauseGoogleRefreshTokenTestingMode, CauseGoogleRefreshTokenRevoked, CauseGoogleAppInternalOnly,
	CauseCancelled, CauseSignInTimeout, CauseIDTokenInvalid, CauseAnswerNotOurs, CauseAuthorizationMissing, CauseBrowserNotStarted, CauseStoreDamaged,
	CauseDeviceCodeFlowBlocked, CauseUserNotInTenant, CauseTokenEndpointMoved,
)

// The addresses that diagnoses may link to. Nothing from a server's text
// ever becomes a link.
const (
	linkApps       = "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade"
	linkEnterprise = "https://portal.azure.com/#view/Microsoft_AAD_IAM/StartboardApplicationsMenuBlade/~/AppAppsPreview/menuId~/null"
	linkEntra      = "https://entra.microsoft.com/"
	linkUsers      = "https://admin.microsoft.com/#/users"
	linkExchange   = "https://admin.exchange.microsoft.com/"
	linkHealth     = "https://admin.microsoft.com/#/servicehealth"
	linkLookup     = "https://login.microsoftonline.com/error"
	linkMailOAuth  = "https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth"
	linkSMTPAuth   = "https://aka.ms/smtp_auth_disabled"
	linkSMTPTLS    = "https://aka.ms/smtp_auth_tls"
	linkMFASetup   = "https://aka.ms/mfasetup"
	linkRedirect   = "https://learn.microsoft.com/entra/identity-platform/reply-url"
	linkScopes     = "https://learn.microsoft.com/entra/identity-platform/scopes-oidc"
	linkRefresh    = "https://learn.microsoft.com/entra/identity-platform/refresh-tokens"
	linkCA         = "https://learn.microsoft.com/entra/identity/conditional-access/troubleshoot-conditional-access"
	linkDefender   = "https://security.microsoft.com/restrictedentities"
	linkOutlook    = "https://outlook.live.com/mail/0/options/mail/forwarding"
	linkBasic      = "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/deprecation-of-basic-authentication-exchange-online"
	linkGCloud     = "https://console.cloud.google.com/auth/clients"
	linkGAudience  = "https://console.cloud.google.com/auth/audience"
	linkGAdmin     = "https://admin.google.com/ac/owl"
	linkGMail      = "https://developers.google.com/workspace/gmail/imap/xoauth2-protocol"
	linkGAppPass   = "https://myaccount.google.com/apppasswords"
	linkGUnlock    = "https://accounts.google.com/DisplayUnlockCaptcha"
	linkGMailIMAP  = "https://support.google.com/mail/answer/7126229"
	linkGNative    = "https://developers.google.com/identity/protocols/oauth2/native-app"
)

var linkTable = []struct {
	link   string
	causes []Cause
}{
	{linkApps, is(CauseRedirectURIMismatch, CauseRedirectURIRegisteredAsSPA, CauseImplicitIDTokenNotEnabled, CauseAppNotFoundInTenant, CauseAppAudienceExcludesPersonalAccounts, CauseAppPermissionsNotDeclared, CauseFirstPartyAppIDMisused, CausePublicClientFlowDisabled, CausePersonalAccountNeedsConsumersAuthority, CauseTenantSpecificEndpointNeeded, CauseWrongOAuthEndpoint, CauseClientSecretInvalid, CauseClientSecretExpired, CauseClientSecretMissing, CauseClientSecretSentByPublicClient, CauseClientCertificateInvalid, CauseAppPermissionMissing, CauseTokenMissingProtocolScope, CauseScopeNotForPersonalAccounts)},
	{linkRedirect, is(CauseRedirectURIMismatch, CauseRedirectURIRegisteredAsSPA)},
	{linkEnterprise, is(CauseAppDisabled, CauseConsentMissing, CauseAdminConsentRequired, CauseUserNotAssignedToApp, CauseEXOServicePrincipalMissing, CauseEXOServicePrincipalWrongObjectID)},
	{linkScopes, is(CauseResourceNotFoundInTenant, CauseScopeInvalid, CauseScopeDefaultRequired, CauseScopeMultipleResources)},
	{linkMailOAuth, is(CauseScopeInvalid, CauseTokenWrongAudience, CauseTokenMissingProtocolScope, CauseSASLStringMalformed, CauseAppPermissionMissing, CauseEXOServicePrincipalMissing, CauseEXOServicePrincipalWrongObjectID, CausePOPAuthNotTwoStep)},
	{linkEntra, is(CauseTenantNotFound, CauseUserNotFound, CauseUserAccountLocked, CauseSignInFromBadIP, CauseUserAccountDisabled, CauseUserRiskBlocked, CauseOnPremisesAuthAgentProblem, CauseConditionalAccessBlock, CauseDeviceComplianceRequired, CauseDeviceCodeFlowBlocked, CauseCrossTenantAccessPolicy, CauseSecurityDefaultsBlock, CauseRefreshTokenSignInFrequency, CauseTenantRestrictionProxy)},
	{linkCA, is(CauseConditionalAccessBlock, CauseDeviceComplianceRequired)},
	{linkMFASetup, is(CauseMFAEnrollmentRequired)},
	{linkRefresh, is(CauseRefreshTokenExpired, CauseRefreshTokenRevoked)},
	{linkUsers, is(CauseEXOProtocolDisabledMailbox, CauseEXOSMTPAuthDisabledMailbox, CauseMailboxMissingOrUnlicensed, CauseUserPasswordExpired)},
	{linkExchange, is(CauseEXOSMTPAuthDisabledTenant, CauseEXOMailboxPermissionMissing, CauseSharedMailboxSMTPUser, CauseSendAsDenied, CauseMailboxOnPremises)},
	{linkSMTPAuth, is(CauseEXOSMTPAuthDisabledTenant, CauseEXOSMTPAuthDisabledMailbox)},
	{linkSMTPTLS, is(CauseTLSVersionTooOld)},
	{linkBasic, is(CauseEXOBasicAuthDisabled)},
	{linkHealth, is(CauseProviderTemporaryError)},
	{linkDefender, is(CauseOutboundSpamBlock)},
	{linkGMail, is(CauseGoogleScopeMissing, CauseGoogleTokenInvalidOrExpired)},
	{linkGAudience, is(CauseGoogleRefreshTokenTestingMode, CauseGoogleAppNotVerifiedOrNotTestUser, CauseGoogleAppInternalOnly)},
	{linkGAdmin, is(CauseGoogleDWDNotAuthorized, CauseGoogleAdminPolicy)},
	{linkGCloud, is(CauseGoogleClientNotFound, CauseGoogleWrongClientType)},
	{linkGAppPass, is(CauseGoogleAppPasswordRequired)},
	{linkGUnlock, is(CauseGoogleWebLoginRequired)},
	{linkGMailIMAP, is(CauseGoogleIMAPPOPDisabled)},
	{linkGNative, is(CauseGoogleRedirectNotAllowed, CauseGoogleEmbeddedBrowser, CauseGoogleWrongClientType)},
}

// linksOf returns the links of a cause.
func linksOf(c Cause) []string {
	var links []string
	for _, row := range linkTable {
		if slices.Contains(row.causes, c) {
			links = append(links, row.link)
		}
	}
	return links
}

// entraLinks adds Microsoft's own page about each code of its sign-in
// service. Only the digits come from the text.
func entraLinks(d Diagnosis) []string {
	var links []string
	for _, code := range d.Codes {
		if number, ok := strings.CutPrefix(code, "AADSTS"); ok && len(links) < 3 {
			links = append(links, linkLookup+"?code="+number)
		}
	}
	return links
}
