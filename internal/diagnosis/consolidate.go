package diagnosis

import (
	"cmp"
	"slices"
	"strings"
)

// layerOf is how deep a cause lies: what is wrong further down explains what
// fails above it.
func layerOf(c Cause) int {
	switch c {
	case CauseNetworkNoRouteIPv6, CauseDNSNotResolved, CauseProxyAuthRequired, CauseProxyUnreachable:
		return 0
	case CausePortBlocked, CauseWrongHostName, CauseServerTimeout, CauseNetworkConnectionReset:
		return 1
	case CauseTLSInterceptionUntrustedCA, CauseLocalCAStoreBroken, CauseTLSSelfSigned, CauseTLSServerChainIncomplete, CauseTLSNameMismatch,
		CauseTLSCertificateExpired, CauseTLSVersionTooOld, CauseWrongPortOrEncryption, CauseServerProtocolError, CauseClockSkew:
		return 2
	}
	return 3
}

// Consolidate leaves out those diagnoses that are consequences of others,
// and puts the rest in order: one root cause is one diagnosis, however many
// protocols suffer from it.
func Consolidate(ds []Diagnosis) []Diagnosis {
	ds = merge(ds)
	kept := slices.DeleteFunc(slices.Clone(ds), func(d Diagnosis) bool {
		return slices.ContainsFunc(ds, func(root Diagnosis) bool {
			return root.Cause != d.Cause && explains(root, d) && !(explains(d, root) && before(ds, d, root))
		})
	})
	slices.SortStableFunc(kept, func(a, b Diagnosis) int {
		return cmp.Or(cmp.Compare(boolInt(a.Cause == CauseUnknown), boolInt(b.Cause == CauseUnknown)),
			cmp.Compare(passing(a.Cause), passing(b.Cause)), cmp.Compare(layerOf(a.Cause), layerOf(b.Cause)))
	})
	return kept
}

// before tells which of two that explain each other stays.
func before(ds []Diagnosis, a, b Diagnosis) bool {
	index := func(c Cause) int { return slices.IndexFunc(ds, func(d Diagnosis) bool { return d.Cause == c }) }
	return index(a.Cause) < index(b.Cause)
}

// merge makes one of those with the same cause.
func merge(ds []Diagnosis) []Diagnosis {
	var out []Diagnosis
	for _, d := range ds {
		i := slices.IndexFunc(out, func(o Diagnosis) bool {
			return o.Cause == d.Cause && (d.Cause != CauseUnknown || o.ServerText == d.ServerText)
		})
		if i < 0 {
			out = append(out, d)
			continue
		}
		first := out[i]
		codes := slices.Clone(first.Codes)
		for _, c := range d.Codes {
			if !slices.Contains(codes, c) {
				codes = append(codes, c)
			}
		}
		first.Codes = codes
		if first.Cause == CauseEXOProtocolDisabledMailbox && first.Phase != d.Phase {
			// Both switches in one line.
			first.Command = bothSwitches(first.Command, d.Command)
		}
		out[i] = first
	}
	return out
}

// explains tells whether one diagnosis is the root of another.
func explains(root, d Diagnosis) bool {
	switch {
	case len(d.Causes) > 1 && slices.Contains(d.Causes[1:], root.Cause) && layerOf(root.Cause) <= layerOf(d.Cause):
		return true // it leaves open what the other one knows
	case root.Cause == CauseDNSNotResolved, root.Cause == CauseProxyUnreachable, root.Cause == CauseProxyAuthRequired, root.Cause == CauseNetworkNoRouteIPv6:
		return layerOf(d.Cause) <= 1 && d.Cause != root.Cause && layerOf(root.Cause) < layerOf(d.Cause) || d.Cause == CauseAuthorizationMissing
	case root.Cause == CauseTLSInterceptionUntrustedCA, root.Cause == CauseLocalCAStoreBroken:
		return slices.Contains(is(CauseTLSSelfSigned, CauseTLSServerChainIncomplete, CauseServerProtocolError, CauseNetworkConnectionReset, CauseAuthorizationMissing), d.Cause)
	case slices.Contains(is(CauseTokenWrongAudience, CauseTokenUserMismatch, CauseTokenForGuestAccount, CauseTokenExpired), root.Cause):
		return slices.Contains(is(CauseUPNDiffersFromAddress, CauseSharedMailboxSMTPUser, CauseEXOMailboxPermissionMissing, CauseTokenMissingProtocolScope), d.Cause) && len(d.Causes) > 1
	case d.Cause == CauseAuthorizationMissing:
		return slices.Contains([]Phase{PhaseAuthorize, PhaseToken, PhaseRefresh, PhaseDevice}, root.Phase)
	}
	return false
}

func bothSwitches(a, b string) string {
	const imap, pop = " -ImapEnabled $true", " -PopEnabled $true"
	if len(a) > len(imap) && a[len(a)-len(imap):] == imap && len(b) > len(pop) && b[len(b)-len(pop):] == pop {
		return a + pop
	}
	if len(a) > len(pop) && a[len(a)-len(pop):] == pop && len(b) > len(imap) && b[len(b)-len(imap):] == imap {
		return a[:len(a)-len(pop)] + imap + pop
	}
	return a
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// domainOf is the part of an address behind the @, in lower case.
func domainOf(address string) string {
	for i := len(address) - 1; i >= 0; i-- {
		if address[i] == '@' {
			return strings.ToLower(address[i+1:])
		}
	}
	return ""
}
