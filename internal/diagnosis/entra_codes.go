package diagnosis

import (
	"strconv"
	"strings"
	"sync"
)

// entraGroup gives the codes of the Microsoft sign-in service that mean one
// thing to an administrator. Numbers and meanings: "Microsoft Entra
// authentication and authorization error codes"
// (learn.microsoft.com/entra/identity-platform/reference-error-codes) and the
// service's own look-up page (login.microsoftonline.com/error).
type entraGroup struct {
	numbers string
	level   level
	causes  []Cause
	decide  func(*facts) []Cause
}

var entraGroups = []entraGroup{
	// The app registration.
	{"50011 500111 500112 500113 500117 70004 900971 700009", exact, is(CauseRedirectURIMismatch), nil},
	{"9002325 9002327 700084", exact, is(CauseRedirectURIRegisteredAsSPA), nil},
	{"700054 70005 700051", exact, is(CauseImplicitIDTokenNotEnabled), nil},
	{"700016 700011 700038 7000229", exact, is(CauseAppNotFoundInTenant), nil},
	{"70001", hint, is(CauseAppNotFoundInTenant, CauseAppDisabled), nil},
	{"7000112 500014 1000031", exact, is(CauseAppDisabled), nil},
	{"500200 500207", exact, is(CauseAppAudienceExcludesPersonalAccounts), nil},
	{"9002332", exact, is(CauseAppAudienceExcludesPersonalAccounts, CauseTenantSpecificEndpointNeeded), nil},
	{"65005 650056 650057 65006", exact, is(CauseAppPermissionsNotDeclared), nil},
	{"65002", exact, is(CauseFirstPartyAppIDMisused), nil},
	{"7000218", exact, nil, noSecret},

	// The authority.
	{"500208 9002331 9002346", exact, is(CausePersonalAccountNeedsConsumersAuthority), nil},
	{"50194 50059 50128 90019 90124 90126 90130 9001023 90133", exact, is(CauseTenantSpecificEndpointNeeded), nil},
	{"90002 900021 900023 50029", exact, is(CauseTenantNotFound), nil},
	{"90038 90043 900432 900382 90051", exact, is(CauseTenantInNationalCloud), nil},
	{"500201 90027 90056 900561 901002 50049", exact, is(CauseWrongOAuthEndpoint), nil},
	{"500021 500022 50002", exact, is(CauseTenantRestrictionProxy), nil},

	// Consent and scopes.
	{"65001 90008 90099 9002341", exact, is(CauseConsentMissing), nil},
	{"90093 90094 90095 900941", exact, is(CauseAdminConsentRequired), nil},
	{"65004", exact, is(CauseUserDeclinedConsent), nil},
	{"500011 50001 650052 650054", exact, is(CauseResourceNotFoundInTenant), nil},
	{"28002 28003 650053 700023 90009", exact, is(CauseScopeInvalid), nil},
	{"70011", hint, is(CauseScopeInvalid, CauseScopeDefaultRequired, CauseScopeMultipleResources, CauseScopeNotForPersonalAccounts), nil},
	{"1002012", exact, is(CauseScopeDefaultRequired), nil},
	{"28000 700022", exact, is(CauseScopeMultipleResources), nil},

	// What the client proves itself with.
	{"7000215", exact, is(CauseClientSecretInvalid), nil},
	{"50012", hint, is(CauseClientCertificateInvalid, CauseClientSecretInvalid), nil},
	{"70002", hint, is(CauseClientSecretInvalid, CauseClientSecretMissing, CausePublicClientFlowDisabled), nil},
	{"7000222", exact, is(CauseClientSecretExpired), nil},
	{"7000216", exact, is(CauseClientSecretMissing), nil},
	{"700025", exact, is(CauseClientSecretSentByPublicClient), nil},
	{"700027 700030 700021 50048 1000502", exact, is(CauseClientCertificateInvalid), nil},
	{"50027 900384", hint, is(CauseClientCertificateInvalid, CauseClockSkew), nil},
	{"700024 500133", exact, is(CauseClockSkew), nil},
	{"50013", hint, is(CauseClientCertificateInvalid, CauseClockSkew), nil},

	// The request.
	{"900144 90014 90100 90004 90005 90013 90015 90102 90117 90121 70003 70007 90107 50050 9000411 90101 165900", exact, is(CauseOAuthRequestInvalid), nil},
	{"9002313 90023", hint, is(CauseGrantValueMalformed, CauseOAuthRequestInvalid), nil},
	{"700005 7000012", exact, is(CauseGrantValueMalformed), nil},
	{"70000", hint, is(CauseGrantValueMalformed, CauseRefreshTokenRevoked), nil},
	{"54005", exact, is(CauseAuthCodeExpiredOrReused), nil},
	{"501481 50148 50147 50149 501491", exact, is(CausePKCEVerifierMismatch), nil},
	{"50196 90055", exact, is(CauseTokenRequestsTooMany), nil},

	// The user.
	{"50020", hint, nil, accountFromElsewhere},
	{"16000", hint, nil, accountFromElsewhere},
	{"16003 50014 90072", exact, is(CauseUserNotInTenant), nil},
	{"50034 51004 500341 90125 50197 81011", exact, is(CauseUserNotFound), nil},
	{"50105 501051", exact, is(CauseUserNotAssignedToApp), nil},
	{"50053 500532", exact, is(CauseUserAccountLocked, CauseSignInFromBadIP), nil},
	{"50057 500571", exact, is(CauseUserAccountDisabled), nil},
	{"50055 50144", exact, is(CauseUserPasswordExpired), nil},
	{"53011 530034 50135 50142", exact, is(CauseUserRiskBlocked), nil},
	{"50126 50064 50052 50054", exact, nil, passwordOrGrant},
	{"50056", exact, is(CausePasswordGrantNotPossible, CausePasswordWrong), nil},
	{"80001 80002 80005 80007 80010 80012 80013 80014", exact, is(CauseOnPremisesAuthAgentProblem), nil},

	// Policy.
	{"50074 50076 50078 50158 50161 500121 54008 50088", exact, is(CauseMFARequired), nil},
	{"50072 50079 53004 53010", exact, is(CauseMFAEnrollmentRequired, CauseMFARequired), nil},
	{"50058 16001 16002 160021 50140 50199 700020 50085 50125 50180 51006 50168 50139", exact, is(CauseInteractiveSignInNeeded), nil},
	{"53003 530032 50131 530031 530084", exact, nil, blockedByPolicy},
	{"53000 53001 530001 530002 530003 50129 50187 135011 700003 50127", exact, is(CauseDeviceComplianceRequired), nil},
	{"50097 50155 53002 53005 53009 530021 50005", exact, is(CauseDeviceComplianceRequired, CauseConditionalAccessBlock), nil},
	{"530036", exact, is(CauseDeviceCodeFlowBlocked), nil},
	{"530035", exact, is(CauseSecurityDefaultsBlock), nil},
	{"500212 500213 1000104", exact, is(CauseCrossTenantAccessPolicy), nil},

	// Refresh tokens and device codes.
	{"700082 700081", exact, is(CauseRefreshTokenExpired), nil},
	{"70008 50089", exact, nil, expiredGrant},
	{"50173 50132 50133", exact, is(CauseRefreshTokenRevoked), nil},
	{"70043 70044 70046", exact, is(CauseRefreshTokenSignInFrequency), nil},
	{"70016", exact, is(CauseDeviceCodePending), nil},
	{"70018 70019 70020 90119 90120 7000014", exact, is(CauseDeviceCodeExpired), nil},

	// The service itself, and the connection to it.
	{"90006 90012 90024 90025 90033 90036 90090 90091 50033 50000 50087 40010 70012 51005 50166 230109 501621", exact, is(CauseProviderTemporaryError), nil},
	{"1002016", exact, is(CauseTLSVersionTooOld), nil},

	// Documented, but nothing that a cause of ours explains: federation and
	// SAML, sign-out, seamless sign-on, password reset, device keys.
	{
		"17003 20001 20012 20033 40008 40009 40015 50003 50006 50007 50008 5000819 50010 50015 50017 50032 50042 50043 50061 " +
			"50068 50070 50071 50086 50099 50107 50120 50124 501241 50134 50136 50143 50146 501461 50169 50170 50178 50192 " +
			"51000 51001 52004 54000 67003 700229 75001 75003 75005 7500514 750054 75008 75011 75016 76021 76026 7500529 " +
			"81004 81005 81006 81007 81009 81010 81012 90007 90010 90016 90020 90022 900236 90081 90082 90084 90085 90086 90087 " +
			"90092 90114 90123 100007 1000000 1000002 " +
			"120000 120002 120003 120004 120005 120008 120011 120012 120013 120014 120015 120016 120018 120020 120021 " +
			"130004 130005 130006 130007 130008 135010 140000 140001 165004 220450 220501 221000 240001 240002 9002326 7000114 50177 5000224 5000225",
		uncoded, nil, nil,
	},
}

// entraCodes is the table by number.
var entraCodes = map[int]entraCode{}

// loadEntraCodes fills the table when it is first needed: most runs of the
// program never see a code.
var loadEntraCodes = sync.OnceFunc(func() {
	for _, g := range entraGroups {
		for _, word := range strings.Fields(g.numbers) {
			n, err := strconv.Atoi(word)
			if _, twice := entraCodes[n]; err != nil || twice {
				panic("diagnosis: bad or repeated code " + word)
			}
			entraCodes[n] = entraCode{g.level, g.causes, g.decide}
		}
	}
})

// noSecret: a secret was asked for and none was sent. A program that has
// none needs a public client; one that has a secret did not send it.
func noSecret(f *facts) []Cause {
	if f.is("apponly") {
		return is(CauseClientSecretMissing, CausePublicClientFlowDisabled)
	}
	return is(CausePublicClientFlowDisabled, CauseClientSecretMissing)
}

// accountFromElsewhere: the account is not of this tenant. If it is a
// personal one, the app may have to admit personal accounts.
func accountFromElsewhere(f *facts) []Cause {
	if f.provider == Outlook || f.is("livecom") {
		return is(CauseAppAudienceExcludesPersonalAccounts, CauseUserNotInTenant)
	}
	return is(CauseUserNotInTenant, CauseAppAudienceExcludesPersonalAccounts)
}

// passwordOrGrant: the service says the password is wrong; in background
// sign-in it says so too where a password cannot work at all.
func passwordOrGrant(f *facts) []Cause {
	if f.is("apppassword") {
		return is(CausePasswordGrantNotPossible, CausePasswordWrong)
	}
	return is(CausePasswordWrong, CausePasswordGrantNotPossible)
}

// blockedByPolicy: a policy on authentication flows looks like any other.
func blockedByPolicy(f *facts) []Cause {
	if f.phase == PhaseDevice || f.is("devicecode") {
		return is(CauseConditionalAccessBlock, CauseDeviceCodeFlowBlocked, CauseDeviceComplianceRequired)
	}
	return is(CauseConditionalAccessBlock, CauseDeviceComplianceRequired)
}

// expiredGrant: the same code is used for codes and refresh tokens.
func expiredGrant(f *facts) []Cause {
	if f.phase == PhaseToken || f.phase == PhaseAuthorize {
		return is(CauseAuthCodeExpiredOrReused, CauseRefreshTokenExpired)
	}
	return is(CauseRefreshTokenExpired, CauseAuthCodeExpiredOrReused)
}
