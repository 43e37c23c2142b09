package diagnosis

import (
	"slices"
	"strings"
)

// byKindOfToken leaves out what the kind of token cannot have.
func (v *verdict) byKindOfToken() {
	switch {
	case v.f.is("apponly"):
		v.without(delegatedOnly...)
		v.first(CauseEXOServicePrincipalMissing, CauseEXOMailboxPermissionMissing, CauseEXOServicePrincipalWrongObjectID, CauseAppPermissionMissing)
	case v.f.in.Evidence.Claims != nil, v.f.in.Evidence.Account != "":
		v.without(appOnly...)
		if v.f.in.Evidence.SharedMailbox == "" {
			v.without(CauseEXOMailboxPermissionMissing)
		}
	case v.f.is("graph"), v.f.is("v1endpoint"):
		v.first(CauseTokenWrongAudience)
	}
}

// byProtocols draws on the other checks: a token that one protocol accepted
// is a good one.
func (v *verdict) byProtocols() {
	good := false
	for phase, ok := range v.f.in.Evidence.SignedIn {
		good = good || ok && phase != v.f.phase
	}
	if !good {
		return
	}
	v.without(CauseTokenWrongAudience, CauseTokenExpired, CauseEXOServicePrincipalMissing, CauseEXOServicePrincipalWrongObjectID)
	switch v.f.phase {
	case PhaseIMAP, PhasePOP3:
		v.without(CauseTokenUserMismatch, CauseEXOMailboxPermissionMissing, CauseSASLStringMalformed)
		v.first(CauseEXOProtocolDisabledMailbox)
	case PhaseSMTP:
		v.first(CauseUPNDiffersFromAddress)
	}
}

// bySASLUser compares the name that SMTP was given with the token's own.
func (v *verdict) bySASLUser() {
	e, account := &v.f.in.Evidence, v.f.signedInAs()
	name := firstOf(e.SASLUser, e.User)
	switch {
	case account == "" || name == "" || v.f.is("apponly"):
	case strings.EqualFold(account, name):
		v.without(CauseTokenUserMismatch, CauseUPNDiffersFromAddress, CauseSharedMailboxSMTPUser)
		v.first(CauseEXOSMTPAuthDisabledMailbox)
	case e.SharedMailbox != "" && strings.EqualFold(name, e.SharedMailbox):
		v.first(CauseSharedMailboxSMTPUser)
	case e.SignedIn[PhaseIMAP] || e.SignedIn[PhasePOP3] || sameDomainPerson(account, name):
		v.first(CauseUPNDiffersFromAddress)
	default:
		v.first(CauseTokenUserMismatch)
	}
}

// sameDomainPerson tells an address and a UPN of one person apart from two
// persons, as far as names can: the part before the @ is the same.
func sameDomainPerson(a, b string) bool {
	a, _, _ = strings.Cut(strings.ToLower(a), "@")
	b, _, _ = strings.Cut(strings.ToLower(b), "@")
	return a == b
}

// byClaims lets the token speak last: what it says is certain.
func (v *verdict) byClaims() {
	f, e := v.f, &v.f.in.Evidence
	scope, role := f.needs()
	if c := e.Claims; c != nil {
		v.byClaim(c, scope, role)
		return
	}
	v.byAccount()
	if len(e.Granted) > 0 {
		if !containsScope(e.Granted, scope) {
			v.first(CauseTokenMissingProtocolScope)
		} else {
			v.without(CauseTokenMissingProtocolScope)
		}
	}
}

func (v *verdict) byClaim(c *Claims, scope, role string) {
	v.byAccount()
	if v.f.is("apponly") {
		v.without(CauseTokenMissingProtocolScope)
		if !containsScope(c.Roles, role) {
			v.first(CauseAppPermissionMissing)
		} else {
			v.without(CauseAppPermissionMissing)
		}
	} else if !containsScope(c.Scopes, scope) {
		v.first(CauseTokenMissingProtocolScope)
	} else {
		v.without(CauseTokenMissingProtocolScope)
	}
	if isGuest(c) {
		v.first(CauseTokenForGuestAccount)
	}
	if len(c.Audience) > 0 && !mailAudience(c.Audience) {
		v.first(CauseTokenWrongAudience)
	} else if len(c.Audience) > 0 {
		v.without(CauseTokenWrongAudience)
	}
	if !c.Expires.IsZero() {
		if c.Expires.Before(now()) {
			v.first(CauseTokenExpired)
		} else {
			v.without(CauseTokenExpired)
		}
	}
}

// byAccount compares the token's account with the mailbox.
func (v *verdict) byAccount() {
	account, mailbox := v.f.signedInAs(), v.f.mailbox()
	if account == "" || mailbox == "" || v.f.phase == PhaseSMTP || v.f.is("apponly") {
		return
	}
	switch shared := v.f.in.Evidence.SharedMailbox; {
	case shared != "" && strings.EqualFold(account, v.f.in.Evidence.User):
		v.without(CauseTokenUserMismatch)
		v.first(CauseEXOMailboxPermissionMissing)
	case strings.EqualFold(account, mailbox):
		v.without(CauseTokenUserMismatch)
		v.first(CauseEXOProtocolDisabledMailbox)
	case shared == "":
		v.first(CauseTokenUserMismatch)
	}
}

// mailAudience: resources whose tokens Exchange Online takes. The last is
// the identifier of Office 365 Exchange Online itself.
func mailAudience(audience []string) bool {
	return slices.ContainsFunc(audience, func(a string) bool {
		a = strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(a), "https://"), "/")
		return hasSuffixes(a, "office.com", "office365.com", "office365.us", "outlook.com", "outlook.cn", "outlook.sovcloud.de", "outlook.sovcloud.fr") ||
			a == "00000002-0000-0ff1-ce00-000000000000"
	})
}

func isGuest(c *Claims) bool {
	return strings.Contains(strings.ToUpper(c.User), "#EXT#") || c.IDP != "" && c.TenantID != "" && !strings.Contains(c.IDP, c.TenantID)
}

// containsScope compares by the part after the last slash, without case.
func containsScope(have []string, want string) bool {
	return slices.ContainsFunc(have, func(s string) bool { return strings.EqualFold(s[strings.LastIndex(s, "/")+1:], want) })
}

// otherReader is the other protocol that reads mail.
func otherReader(p Phase) Phase {
	if p == PhaseIMAP {
		return PhasePOP3
	}
	return PhaseIMAP
}
