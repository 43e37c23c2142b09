package diagnosis

import (
	"slices"
	"strings"
)

// The functions here put the causes of an ambiguous answer in order. Each
// starts from the order of experience and lets evidence move what it proves
// to the front and what it refutes out.

// verdict is an ordered list of causes under decision.
type verdict struct {
	f      *facts
	causes []Cause
}

// first moves causes to the front; the last call wins.
func (v *verdict) first(causes ...Cause) {
	v.without(causes...)
	v.causes = append(slices.Clone(causes), v.causes...)
}

func (v *verdict) without(causes ...Cause) {
	v.causes = slices.DeleteFunc(v.causes, func(c Cause) bool { return slices.Contains(causes, c) })
}

// delegatedOnly and appOnly are causes that one kind of token cannot have.
var (
	delegatedOnly = is(CauseTokenUserMismatch, CauseTokenMissingProtocolScope, CauseUPNDiffersFromAddress, CauseSharedMailboxSMTPUser, CauseTokenForGuestAccount)
	appOnly       = is(CauseEXOServicePrincipalMissing, CauseEXOServicePrincipalWrongObjectID, CauseAppPermissionMissing)
)

// imapAuthFailed: "AUTHENTICATE failed" of Exchange Online.
func imapAuthFailed(f *facts) []Cause {
	if !f.is("microsoft") && f.provider == Generic {
		return otherServerRefused(f)
	}
	if f.is("basic") && !f.is("xoauth2") || f.is("loginfailed") {
		return loginFailed(f)
	}
	v := verdict{f, is(CauseTokenWrongAudience, CauseTokenMissingProtocolScope, CauseTokenUserMismatch, CauseEXOServicePrincipalMissing,
		CauseEXOServicePrincipalWrongObjectID, CauseEXOMailboxPermissionMissing, CauseEXOProtocolDisabledMailbox, CauseSASLStringMalformed, CauseTokenExpired)}
	v.byKindOfToken()
	v.byProtocols()
	v.byClaims()
	return v.causes
}

// popAuthFailed: Exchange Online has one sentence for all refusals, and says
// it too when POP is off.
func popAuthFailed(f *facts) []Cause {
	if f.is("basic") && !f.is("xoauth2") {
		return loginFailed(f)
	}
	v := verdict{f, is(CauseEXOServicePrincipalMissing, CauseEXOMailboxPermissionMissing, CauseTokenWrongAudience, CauseEXOProtocolDisabledMailbox,
		CauseTokenUserMismatch, CauseEXOServicePrincipalWrongObjectID, CauseTokenMissingProtocolScope, CauseAppPermissionMissing)}
	v.byKindOfToken()
	v.byProtocols()
	v.byClaims()
	return v.causes
}

// notConnected: the token was good, the mailbox was not opened.
func notConnected(f *facts) []Cause {
	v := verdict{f, is(CauseTokenUserMismatch, CauseEXOMailboxPermissionMissing, CauseMailboxMissingOrUnlicensed, CauseEXOThrottled, CauseEXOProtocolDisabledMailbox)}
	if f.is("apponly") {
		v.first(CauseEXOMailboxPermissionMissing, CauseMailboxMissingOrUnlicensed)
		v.without(CauseTokenUserMismatch)
	}
	e := &f.in.Evidence
	switch account, mailbox := f.signedInAs(), f.mailbox(); {
	case e.SharedMailbox != "":
		v.first(CauseEXOMailboxPermissionMissing, CauseMailboxMissingOrUnlicensed)
		if account != "" && strings.EqualFold(account, e.User) {
			v.without(CauseTokenUserMismatch)
		}
	case account == "" || mailbox == "":
	case strings.EqualFold(account, mailbox):
		v.first(CauseEXOProtocolDisabledMailbox, CauseMailboxMissingOrUnlicensed, CauseEXOThrottled)
		v.without(CauseTokenUserMismatch, CauseEXOMailboxPermissionMissing)
	default:
		v.first(CauseTokenUserMismatch)
	}
	if f.in.Evidence.SignedIn[otherReader(f.phase)] {
		// The other protocol opened the same mailbox with the same token.
		v.first(CauseEXOProtocolDisabledMailbox, CauseEXOThrottled)
		v.without(CauseTokenUserMismatch, CauseEXOMailboxPermissionMissing, CauseMailboxMissingOrUnlicensed)
	}
	return v.causes
}

// smtpUnsuccessful: 535 5.7.3, which Exchange Online says of every token it
// does not like, and of names that are not the token's own.
func smtpUnsuccessful(f *facts) []Cause {
	if f.is("basic") && !f.is("xoauth2") {
		return is(CauseEXOBasicAuthDisabled, CausePasswordWrong, CauseEXOSMTPAuthDisabledMailbox)
	}
	v := verdict{f, is(CauseTokenUserMismatch, CauseUPNDiffersFromAddress, CauseSharedMailboxSMTPUser, CauseTokenWrongAudience, CauseTokenMissingProtocolScope,
		CauseEXOSMTPAuthDisabledMailbox, CauseSASLStringMalformed)}
	v.byKindOfToken()
	if f.is("apponly") {
		v.first(CauseAppPermissionMissing, CauseEXOServicePrincipalMissing, CauseEXOMailboxPermissionMissing)
	}
	v.byProtocols()
	if f.is("sharedbox") && !f.is("apponly") {
		v.first(CauseSharedMailboxSMTPUser)
	}
	v.bySASLUser()
	v.byClaims()
	return v.causes
}

// loginFailed: a password was sent to Exchange Online.
func loginFailed(f *facts) []Cause {
	if f.is("microsoft") || f.provider == "" {
		// "LOGIN failed." is how Exchange says it.
		return is(CauseEXOBasicAuthDisabled, CausePasswordWrong, CauseEXOProtocolDisabledMailbox)
	}
	return is(CausePasswordWrong, CauseEXOProtocolDisabledMailbox, CauseEXOThrottled)
}

// googleRefused: Gmail says of passwords and tokens that they were "not
// accepted", and 400 of tokens it cannot use.
func googleRefused(f *facts) []Cause {
	if !f.is("xoauth2") {
		return is(CauseGoogleAppPasswordRequired, CausePasswordWrong, CauseGoogleScopeMissing, CauseGoogleTokenInvalidOrExpired)
	}
	v := verdict{f, is(CauseGoogleScopeMissing, CauseGoogleTokenInvalidOrExpired, CauseTokenUserMismatch)}
	e := &f.in.Evidence
	switch {
	case len(e.Granted) > 0 && !slices.ContainsFunc(e.Granted, func(s string) bool { return strings.Contains(s, "mail.google.com") }):
		v.causes = is(CauseGoogleScopeMissing)
	case e.Account != "" && e.User != "" && !strings.EqualFold(e.Account, e.User):
		v.first(CauseTokenUserMismatch)
	case len(e.Granted) > 0:
		v.without(CauseGoogleScopeMissing)
	}
	return v.causes
}

// otherServerRefused: any other server refused a name and password, or a
// token that it may not be made for.
func otherServerRefused(f *facts) []Cause {
	if f.is("xoauth2") {
		return is(CauseServerOAuthNotSupported, CauseTokenWrongAudience, CauseTokenUserMismatch, CauseTokenExpired)
	}
	return is(CausePasswordWrong, CauseProtocolDisabledAtProvider, CauseEXOProtocolDisabledMailbox)
}
