package diagnosis

import (
	"cmp"
	"maps"
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

// claims are those of the access token, empty where it tells none.
func (f *facts) claims() Claims {
	if c := f.in.Evidence.Claims; c != nil {
		return *c
	}
	return Claims{}
}

// signedInAs is the account the token was made for, as far as known.
func (f *facts) signedInAs() string { return cmp.Or(f.claims().User, f.in.Evidence.Account) }

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

// works: a test has just shown that the mailbox can be used by the protocol
// at hand; where the text names none, by all that were tested.
func (f *facts) works() bool {
	all := f.in.Evidence.Works
	if mailbox.IsProtocol(string(f.phase)) {
		return all[f.phase]
	}
	return len(all) > 0 && !slices.Contains(slices.Collect(maps.Values(all)), false)
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

// profile is the provider whose servers take the token, and the name in it of
// the protocol in question.
func (f *facts) profile() (p provider.Profile, protocol string) {
	id := f.provider
	if f.microsoft() {
		id = mailbox.ProviderMicrosoft
	}
	if protocol = string(f.phase); !mailbox.IsProtocol(protocol) {
		protocol = string(PhaseSMTP)
	}
	return provider.Find(string(id), "", ""), protocol
}

// scope tells whether a delegated token carries the protocol's permission;
// nothing where that is not known.
func (f *facts) scope() string {
	p, protocol := f.profile()
	have := f.in.Evidence.Granted
	if f.in.Evidence.Claims != nil {
		have = f.claims().Scopes
	}
	if f.clue["token-app"] || f.in.Evidence.Claims == nil && len(have) == 0 {
		return ""
	}
	want, _, _ := strings.Cut(p.Scopes[protocol], " ") // of several the first
	return among(have, want)
}

// role tells whether an application's token carries its permission.
func (f *facts) role() string {
	if f.in.Evidence.Claims == nil || !f.clue["token-app"] {
		return ""
	}
	p, protocol := f.profile()
	return among(f.claims().Roles, p.Roles[protocol])
}

// among compares by what stands behind the last slash, without case.
func among(have []string, want string) string {
	name := func(s string) string {
		s = strings.TrimSuffix(s, "/")
		return s[strings.LastIndex(s, "/")+1:]
	}
	switch {
	case want == "":
		return ""
	case slices.ContainsFunc(have, func(s string) bool { return strings.EqualFold(name(s), name(want)) }):
		return "present"
	}
	return "missing"
}

// audience tells whether a token is for a resource that the provider's mail
// servers take.
func (f *facts) audience() string {
	p, protocol := f.profile()
	switch all := f.claims().Audience; {
	case len(all) == 0 || len(p.Scopes) == 0 || p.TokenFor(protocol) != "":
		return ""
	case slices.ContainsFunc(all, p.IsAudience):
		return "mail"
	}
	return "other"
}
