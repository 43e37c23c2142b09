package diagnosis

import (
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/pattern"
	"mailgrant/internal/provider"
)

// facts are what entries decide by: what the caller knows, and what the text
// tells about itself. The data files call them conditions.
type facts struct {
	in       Input
	phase    Phase
	provider Provider
	clue     map[string]bool // clues of the text and facts of a typed error
	anchors  []place         // where the text speaks of mail or of signing in
	failures []place         // where it says that something failed
}

// gather collects the facts for an input whose text has been read.
func gather(in Input, b *book, h *hits) *facts {
	f := &facts{in: in, phase: in.Phase, provider: in.Provider, clue: map[string]bool{}}
	for i := range b.sayings {
		s := &b.sayings[i]
		if !s.read || s.of.kind != "clue" || f.clue[s.of.name] && !f.adrift() {
			continue
		}
		places := s.places(h)
		f.clue[s.of.name] = f.clue[s.of.name] || len(places) > 0
		switch s.of.name {
		case "mail-or-sign-in":
			f.anchors = append(f.anchors, places...)
		case "failing":
			f.failures = append(f.failures, places...)
		}
	}
	for _, n := range h.entra {
		f.anchors = append(f.anchors, n.place)
	}
	f.evidenceClues()
	f.inferProvider()
	f.inferPhase(h, b)
	return f
}

// adrift tells that nobody knows what a text is about: then words by
// themselves say nothing.
func (f *facts) adrift() bool {
	return f.in.Phase == "" && (f.in.Provider == "" || f.in.Provider == Generic) && f.in.Step == "" && f.in.Evidence.Host == ""
}

// anchored tells whether the record around a place speaks of mail or of
// signing in, and, for vague words, of a failure.
func (f *facts) anchored(p place, strong strength) bool {
	low := lineStart(f.in.Text, p.from)
	for low > 0 && p.from-low < nearby && !breakShape().MatchString(f.in.Text[low:min(len(f.in.Text), low+48)]) {
		low = lineStart(f.in.Text, low-1)
	}
	_, high := record(f.in.Text, p.from, p.to)
	here := func(a place) bool { return a.from >= low && a.from < high }
	return slices.ContainsFunc(f.anchors, here) && (strong > fails || slices.ContainsFunc(f.failures, here))
}

// evidenceClues adds what the caller knows for sure.
func (f *facts) evidenceClues() {
	e := &f.in.Evidence
	switch strings.ToUpper(e.Mechanism) {
	case "XOAUTH2", "OAUTHBEARER":
		f.clue["bearer"], f.clue["basic"] = true, false
	case "":
	default:
		f.clue["basic"], f.clue["bearer"] = true, false
	}
	if f.in.Usual.OAuth && !f.clue["basic"] {
		f.clue["bearer"] = true
	}
	if e.SharedMailbox != "" {
		f.clue["sharedbox"] = true
	}
	if c := e.Claims; c != nil && (c.IDType == "app" || len(c.Scopes) == 0 && len(c.Roles) > 0) {
		f.clue["token-app"] = true
	}
	for _, t := range e.Tried {
		f.clue[string(t.ID)+"="+t.Result] = true
	}
}

// inferProvider lets the text or the host correct a provider that is not
// known or only generic.
func (f *facts) inferProvider() {
	if f.provider != "" && f.provider != Generic {
		return
	}
	at, known := provider.ByHost(f.in.Evidence.Host)
	switch {
	case f.clue["gmail"] && !f.clue["exchange"]:
		f.provider = Google
	case known:
		f.provider = Provider(at.Family)
	case f.clue["exchange"]:
		f.provider = Microsoft
	case f.in.Usual.Provider != "":
		f.provider = f.in.Usual.Provider
	case f.clue["personal"] && f.provider == "":
		f.provider = Outlook
	}
	if f.provider == Microsoft && f.clue["personal"] {
		f.provider = Outlook
	}
}

// inferPhase guesses the protocol where the caller did not say it.
func (f *facts) inferPhase(h *hits, b *book) {
	if f.phase != "" {
		return
	}
	switch {
	case len(h.entra) > 0:
		f.phase = PhaseToken
	case f.clue["popwords"]:
		f.phase = PhasePOP3
	case len(h.of[b.index.codes["535"]]) > 0, f.clue["smtpwords"]:
		f.phase = PhaseSMTP
	case f.clue["imapwords"]:
		f.phase = PhaseIMAP
	}
}

// oauthPhases are the parts of a sign-in.
var oauthPhases = []Phase{PhaseAuthorize, PhaseToken, PhaseRefresh, PhaseDevice}

// conditions are what is computed from the evidence; clues come on top.
var conditions = map[string]func(*facts) bool{
	"microsoft": func(f *facts) bool { return f.provider == Microsoft || f.provider == Outlook },
	"outlook":   func(f *facts) bool { return f.provider == Outlook },
	"google":    func(f *facts) bool { return f.provider == Google },
	"generic":   func(f *facts) bool { return !slices.Contains([]Provider{Microsoft, Outlook, Google}, f.provider) }, // without words of its own here
	"mail": func(f *facts) bool {
		return f.phase == "" || mailbox.IsProtocol(string(f.phase))
	},
	"oauth": func(f *facts) bool { return slices.Contains(oauthPhases, f.phase) },

	// What was sent, and over what.
	"bearer":        func(f *facts) bool { return f.clue["bearer"] },
	"password-sent": func(f *facts) bool { return f.clue["basic"] && !f.clue["bearer"] },
	"wants-tls":     func(f *facts) bool { return f.in.Evidence.Security == "tls" },
	"unencrypted":   func(f *facts) bool { return f.in.Evidence.Security == "none" },
	"ipv6":          (*facts).ipv6,
	"proxy":         func(f *facts) bool { return f.in.Evidence.Proxy != "" },
	"gmail-address": func(f *facts) bool {
		at, _ := provider.ByAddress(f.mailbox())
		return at.Family == string(Google)
	},

	// Whose token it is.
	"token-app": func(f *facts) bool { return f.clue["token-app"] },
	"token-delegated": func(f *facts) bool {
		return !f.clue["token-app"] && (f.in.Evidence.Claims != nil || f.in.Evidence.Account != "")
	},
	"guest": func(f *facts) bool {
		c := f.in.Evidence.Claims
		return c != nil && provider.IsGuest(c.IDP, "", c.TenantID, c.User)
	},
	"guest-named":    func(f *facts) bool { return strings.Contains(f.in.Text, "#EXT#") },
	"account-own":    func(f *facts) bool { return f.owner() == "own" },
	"account-user":   func(f *facts) bool { return f.owner() == "user" },
	"account-other":  func(f *facts) bool { return f.owner() == "other" },
	"shared-mailbox": func(f *facts) bool { return f.in.Evidence.SharedMailbox != "" },
	"own-mailbox":    func(f *facts) bool { return f.in.Evidence.SharedMailbox == "" },

	// The name given in the sign-in, against the token's own.
	"sasl-account": func(f *facts) bool { return f.saslName() == "account" },
	"sasl-shared":  func(f *facts) bool { return f.saslName() == "shared" },
	"sasl-alias":   func(f *facts) bool { return f.saslName() == "alias" },
	"sasl-other":   func(f *facts) bool { return f.saslName() == "other" },

	// What the token says about itself.
	"audience-mail": func(f *facts) bool {
		c := f.in.Evidence.Claims
		return c != nil && len(c.Audience) > 0 && mailAudience(c.Audience)
	},
	"audience-other": func(f *facts) bool {
		c := f.in.Evidence.Claims
		return c != nil && len(c.Audience) > 0 && !mailAudience(c.Audience)
	},
	"token-expired": func(f *facts) bool {
		c := f.in.Evidence.Claims
		return c != nil && !c.Expires.IsZero() && c.Expires.Before(now())
	},
	"token-valid":   func(f *facts) bool { c := f.in.Evidence.Claims; return c != nil && c.Expires.After(now()) },
	"scope-missing": func(f *facts) bool { has, known := f.scope(); return known && !has },
	"scope-present": func(f *facts) bool { has, known := f.scope(); return known && has },
	"role-missing":  func(f *facts) bool { has, known := f.role(); return known && !has },
	"role-present":  func(f *facts) bool { has, known := f.role(); return known && has },

	"google-scope-missing": func(f *facts) bool { return f.provider == Google && len(f.in.Evidence.Granted) > 0 && !f.googleScope() },
	"google-scope-present": (*facts).googleScope,

	// What the other checks say: a token that one protocol accepted is good.
	"other-protocol-in": (*facts).otherProtocolIn,
	"reader-in":         func(f *facts) bool { return f.in.Evidence.SignedIn[otherReader(f.phase)] && !f.readerUnopened() },
	"reader-unopened":   (*facts).readerUnopened,

	// How a connection failed.
	"unencrypted-at-tls-port": func(f *facts) bool {
		p := f.in.Evidence.Port
		return f.in.Step == "greeting" && f.in.Evidence.Security != "tls" && (p == 993 || p == 995 || p == 465)
	},
	"tls-at-other-port": func(f *facts) bool {
		p := f.in.Evidence.Port
		return f.in.Step == "tls" && f.in.Evidence.Security == "tls" && p != 993 && p != 995
	},
}

// typedFacts are the facts that a typed error or a chain of certificates adds.
var typedFacts = []string{"known-host", "inspected", "ends-in-public-root", "signs-itself", "private-host", "alone", "clock-off"}

// textConditions are those that a text may depend on: what is known of a cause
// when it is shown.
var textConditions = []string{"microsoft", "outlook", "google", "generic", "imap", "pop3", "smtp", "mail", "oauth", "proxy"}

// is tells whether a single condition holds.
func (f *facts) is(name string) bool {
	if computed, ok := conditions[name]; ok {
		return computed(f)
	}
	if port, ok := strings.CutPrefix(name, "port-"); ok {
		return f.port(port)
	}
	return f.clue[name] || string(f.phase) == name || string(f.provider) == name
}

// knows tells whether a name in a data file means anything.
func (b *book) knows(name string) bool {
	if _, ok := conditions[name]; ok || slices.Contains(typedFacts, name) || slices.Contains(phases, Phase(name)) || slices.Contains(provider.Families(), name) {
		return true
	}
	if id, outcome, ok := strings.Cut(name, "="); ok {
		return slices.Contains(Outcomes[Experiment(id)], outcome)
	}
	if _, err := strconv.Atoi(strings.TrimPrefix(name, "port-")); err == nil {
		return true
	}
	e := b.named[name]
	return e != nil && e.kind == "clue"
}

var phases = append([]Phase{PhaseIMAP, PhasePOP3, PhaseSMTP, PhaseTLS, PhaseNetwork}, oauthPhases...)

// port reports whether the failure is about this port.
func (f *facts) port(number string) bool {
	if known := f.in.Evidence.Port; known != 0 {
		return strconv.Itoa(known) == number
	}
	named := portShape().FindAllStringSubmatch(f.in.Text[:min(len(f.in.Text), 64<<10)], -1)
	return slices.ContainsFunc(named, func(m []string) bool { return m[1] == number })
}

var portShape = pattern.New(`(?i)(?::|port )(\d+)`)

// ipv6 finds an address of version 6 in the evidence, the error or the text.
func (f *facts) ipv6() bool {
	if ip := net.ParseIP(f.in.Evidence.Host); ip != nil {
		return ip.To4() == nil
	}
	return f.in.Err != nil && addressIsIPv6(f.in.Err) || ipv6Shape().MatchString(f.in.Text[:min(len(f.in.Text), 64<<10)])
}

var ipv6Shape = pattern.New(`(?i)\b[23][0-9a-f]{3}:[0-9a-f]{1,4}:[0-9a-f:]*|\bfe80::`)

func hasSuffixes(host string, suffixes ...string) bool {
	return host != "" && slices.ContainsFunc(suffixes, func(s string) bool { return host == s || strings.HasSuffix(host, "."+s) })
}

// now is replaced in tests.
var now = time.Now
