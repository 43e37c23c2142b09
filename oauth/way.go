package oauth

import (
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

// Ways lists the ways to sign in, the one with the best separation from the
// Windows session first.
func Ways() []string {
	return []string{mailbox.SignInPrivateWindow, mailbox.SignInDefaultBrowser, mailbox.SignInLink, mailbox.SignInDeviceCode}
}

// nextWay is what to propose after a way that did not work: the next one that
// fits, or "". Google gives no mail permissions to devices ("OAuth 2.0 for TV
// and limited-input device applications: allowed scopes").
func nextWay(way string, o mailbox.OAuth, hasDevice bool) string {
	switch way {
	case mailbox.SignInPrivateWindow:
		return mailbox.SignInDefaultBrowser
	case mailbox.SignInDefaultBrowser:
		return mailbox.SignInLink
	case mailbox.SignInLink:
		if hasDevice && o.Provider != mailbox.ProviderGoogle {
			return mailbox.SignInDeviceCode
		}
	}
	return ""
}

// wayAfter is what to propose when the service has refused the way itself, or
// "". A private window does not show the service which device it is on
// (Microsoft Entra, "Conditional Access: conditions, device state").
func wayAfter(way string, cause diagnosis.Cause) string {
	switch {
	case cause == diagnosis.CauseDeviceComplianceRequired && way != mailbox.SignInDefaultBrowser:
		return mailbox.SignInDefaultBrowser
	case cause == diagnosis.CauseDeviceCodeFlowBlocked:
		return mailbox.SignInPrivateWindow
	case cause == diagnosis.CauseTokenUserMismatch && way != mailbox.SignInPrivateWindow && way != mailbox.SignInDeviceCode:
		return mailbox.SignInPrivateWindow
	}
	return ""
}
