package oauth

import (
	"slices"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/policy"
)

// allWays are the ways to sign in, the one with the best separation from the
// Windows session first.
var allWays = []string{mailbox.SignInPrivateWindow, mailbox.SignInDefaultBrowser, mailbox.SignInLink, mailbox.SignInDeviceCode}

// Ways lists the ways to sign in as far as policies allow them, the best first.
func Ways() []string { return policy.Current().Ways(allWays) }

// WayFor is the way that is taken where one is wanted: one that a policy forbids
// gives place to the first that is allowed.
func WayFor(wanted string) string {
	if ways := Ways(); !slices.Contains(ways, wanted) && len(ways) > 0 {
		return ways[0]
	}
	return wanted
}

// allowed gives up on a proposal that a policy forbids.
func allowed(way string) string {
	if slices.Contains(Ways(), way) {
		return way
	}
	return ""
}

// nextWay is what to propose after a way that did not work: the next one that
// fits, or "".
func nextWay(way string, o mailbox.OAuth, hasDevice bool) string {
	for _, next := range allWays[slices.Index(allWays, way)+1:] {
		if next == mailbox.SignInDeviceCode && (!hasDevice || o.Profile().NoDevices) {
			continue
		}
		if allowed(next) != "" {
			return next
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
		return allowed(mailbox.SignInDefaultBrowser)
	case cause == diagnosis.CauseDeviceCodeFlowBlocked:
		return allowed(mailbox.SignInPrivateWindow)
	case cause == diagnosis.CauseTokenUserMismatch && way != mailbox.SignInPrivateWindow && way != mailbox.SignInDeviceCode:
		return allowed(mailbox.SignInPrivateWindow)
	}
	return ""
}
