package diagnosis

import (
	"cmp"
	"slices"
	"strings"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/provider"
)

// The functions here compare a token with what it was used for.

// mailbox is the one that is to be opened.
func (f *facts) mailbox() string {
	e := &f.in.Evidence
	return cmp.Or(e.SharedMailbox, e.Sender, e.User)
}

// signedInAs is the account the token was made for, as far as known.
func (f *facts) signedInAs() string {
	e := &f.in.Evidence
	if e.Claims != nil && e.Claims.User != "" {
		return e.Claims.User
	}
	return e.Account
}

// owner compares the token's account with the mailbox: "own", "other", or
// "user" where the right person opens a shared mailbox.
func (f *facts) owner() string {
	account, mailbox, e := f.signedInAs(), f.mailbox(), &f.in.Evidence
	switch {
	case account == "" || mailbox == "" || f.clue["token-app"]:
		return ""
	case e.SharedMailbox != "" && strings.EqualFold(account, e.User):
		return "user"
	case strings.EqualFold(account, mailbox):
		return "own"
	case e.SharedMailbox == "":
		return "other"
	}
	return ""
}

// saslName compares the name given in the sign-in with the token's own.
func (f *facts) saslName() string {
	e, account := &f.in.Evidence, f.signedInAs()
	name := cmp.Or(e.SASLUser, e.User)
	switch {
	case account == "" || name == "" || f.clue["token-app"]:
		return ""
	case strings.EqualFold(account, name):
		return "account"
	case e.SharedMailbox != "" && strings.EqualFold(name, e.SharedMailbox):
		return "shared"
	case f.otherProtocolIn() || samePerson(account, name):
		return "alias"
	}
	return "other"
}

// samePerson tells an address and a user principal name of one person apart
// from two persons, as far as names can: the part before the @ is the same.
func samePerson(a, b string) bool {
	a, _, _ = strings.Cut(a, "@")
	b, _, _ = strings.Cut(b, "@")
	return strings.EqualFold(a, b)
}

// otherProtocolIn: another protocol accepted the same token.
func (f *facts) otherProtocolIn() bool {
	for phase, ok := range f.in.Evidence.SignedIn {
		if ok && phase != f.phase {
			return true
		}
	}
	return false
}

// otherReader is the other protocol that reads mail.
func otherReader(p Phase) Phase {
	if p == PhaseIMAP {
		return PhasePOP3
	}
	return PhaseIMAP
}

// readerUnopened: the other protocol that reads mail took the token, and
// refused the mailbox. Exchange's POP3 tells both by one refusal.
func (f *facts) readerUnopened() bool { return f.in.Evidence.Unopened[otherReader(f.phase)] }

// needs is what the token of a protocol has to carry at Exchange Online.
func (f *facts) needs() (scope, role string) {
	protocol := string(f.phase)
	if !mailbox.IsProtocol(protocol) {
		protocol = string(PhaseSMTP)
	}
	p := provider.Find(mailbox.ProviderMicrosoft, "", "")
	return p.Scopes[protocol], p.Roles[protocol]
}

// scope tells whether a delegated token carries the protocol's permission.
func (f *facts) scope() (has, known bool) {
	want, _ := f.needs()
	e := &f.in.Evidence
	switch {
	case f.clue["token-app"]:
		return false, false
	case e.Claims != nil:
		return containsScope(e.Claims.Scopes, want), true
	case len(e.Granted) > 0:
		return containsScope(e.Granted, want), true
	}
	return false, false
}

// role tells whether an application's token carries its permission.
func (f *facts) role() (has, known bool) {
	_, want := f.needs()
	if c := f.in.Evidence.Claims; c != nil && f.clue["token-app"] {
		return containsScope(c.Roles, want), true
	}
	return false, false
}

func (f *facts) googleScope() bool {
	scope := provider.Find(string(Google), "", "").Scopes[string(PhaseIMAP)]
	return slices.ContainsFunc(f.in.Evidence.Granted, func(s string) bool { return strings.TrimSuffix(s, "/")+"/" == scope })
}

// mailAudience tells whether a token is for a resource that Exchange Online takes.
func mailAudience(audience []string) bool {
	return slices.ContainsFunc(audience, provider.Find(string(Microsoft), "", "").IsAudience)
}

// containsScope compares by the part after the last slash, without case.
func containsScope(have []string, want string) bool {
	return slices.ContainsFunc(have, func(s string) bool { return strings.EqualFold(s[strings.LastIndex(s, "/")+1:], want) })
}
