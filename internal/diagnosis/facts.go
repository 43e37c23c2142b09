package diagnosis

import (
	"cmp"
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
	clue     map[string]bool
	chain    string             // what kind of chain of certificates was refused; "" where none was
	at       map[string][]place // where the text gives a clue
}

// gather collects the facts for an input whose text has been read.
func gather(in Input, h *hits) *facts {
	f := &facts{in: in, clue: map[string]bool{}, at: map[string][]place{}}
	for _, s := range h.begun {
		if s.of.kind != "clue" {
			continue
		}
		f.at[s.of.name] = append(f.at[s.of.name], s.stands(h)...)
		f.clue[s.of.name] = len(f.at[s.of.name]) > 0
	}
	for _, clue := range []string{"failing", "bearer"} {
		f.at[clue] = slices.DeleteFunc(f.at[clue], f.isBoilerplate)
		f.clue[clue] = len(f.at[clue]) > 0
	}
	for _, c := range h.codes {
		if strings.HasPrefix(c.code, entraPrefix) {
			f.at[anchor], f.clue["entra"] = append(f.at[anchor], c.place), true
		}
	}
	return f.infer()
}

// isBoilerplate tells whether a place is within words that a program prints
// whatever went wrong.
func (f *facts) isBoilerplate(p place) bool {
	return slices.ContainsFunc(f.at["boilerplate"], func(b place) bool { return p.from < b.to && p.to > b.from })
}

// adrift tells that nobody knows what a text is about: then words by
// themselves say nothing.
func (f *facts) adrift() bool {
	return f.in.Phase == "" && (f.in.Provider == "" || f.in.Provider == Generic) && f.in.Step == "" && f.in.Evidence.Host == ""
}

// anchor is the clue that a text speaks of mail or of signing in.
const anchor = "mail-or-sign-in"

// anchored tells whether the record around a place speaks of mail or of
// signing in, and, for vague words, of a failure. A connection that is refused
// is refused whatever it was for: words that hold anywhere need no more than
// that the record names no other service.
func (f *facts) anchored(s *saying, p place, in records) bool {
	low := in.before(p.from)
	_, high := in.around(p.from, p.to)
	here := func(clue string) bool {
		return slices.ContainsFunc(f.at[clue], func(a place) bool { return a.from >= low && a.from < high })
	}
	return here(anchor) && (s.strength > fails || here("failing")) || s.when.has("anywhere") && !here("other-service")
}

// suspicious is how many words it takes to suspect what a text is about, 0 if no
// number will do: fewer where it speaks of a failure; and where nobody knows what it
// is about, the same record has to speak of mail or of signing in.
func (f *facts) suspicious(in records) int {
	failing := f.at["failing"]
	switch {
	case !f.adrift() && failing == nil:
		return 4
	case !f.adrift(), slices.ContainsFunc(failing, func(p place) bool {
		return slices.ContainsFunc(f.at[anchor], func(a place) bool { return in.same(a, p) })
	}):
		return 3
	}
	return 0
}

// doubted tells whether a sentence ends between parts of a proof, or a guess or
// an advice in the same record begins it.
func (f *facts) doubted(in records, p place, parts int) bool {
	ends := func(s string) bool {
		return strings.Contains(strings.ReplaceAll(s, "\n", " "), ". ") || strings.Contains(s, "; ")
	}
	return parts > 1 && ends(in.src[p.from:p.to]) || slices.ContainsFunc(f.at["guess"], func(g place) bool {
		return g.from < p.from && p.from-g.from < shortly && in.same(g, p) && !ends(in.src[g.from:p.from])
	})
}

// infer adds what the caller knows for sure to what the text says, and what
// follows from both.
func (f *facts) infer() *facts {
	e := &f.in.Evidence
	if e.Mechanism != "" {
		f.clue["bearer"] = slices.Contains([]string{"XOAUTH2", "OAUTHBEARER"}, strings.ToUpper(e.Mechanism))
		f.clue["basic"] = !f.clue["bearer"]
	}
	f.clue["bearer"] = f.clue["bearer"] || f.in.Usual.OAuth && !f.clue["basic"]
	f.clue["sharedbox"] = f.clue["sharedbox"] || e.SharedMailbox != ""
	c := f.claims()
	f.clue["token-app"] = f.clue["token-app"] || c.IDType == "app" || len(c.Scopes) == 0 && len(c.Roles) > 0
	for id, result := range e.Tried {
		f.clue[string(id)+"="+result] = true
	}
	f.phase, f.provider = cmp.Or(f.in.Phase, f.in.Usual.Phase), f.in.Provider
	return f.guess()
}

// guess reads part of the work and provider from the text, where the caller did
// not tell them.
func (f *facts) guess() *facts {
	usual := f.in.Usual
	anyPhase := f.phase == "" || f.clue["mail-answered"] && (f.phase == PhaseNetwork || f.phase == PhaseTLS)
	anyProvider := f.provider == "" || f.provider == Generic
	if anyProvider {
		at, _ := provider.ByHost(f.in.Evidence.Host)
		f.provider = cmp.Or(Provider(at.Family), usual.Provider, f.provider)
	}
	for _, clue := range theBook().entries {
		for _, told := range clue.tells {
			switch isPhase := slices.Contains(phases, Phase(told.value)); {
			case !f.clue[clue.name] || !told.when.holds(f):
			case isPhase && anyPhase && !(usual.Phase != "" && mailbox.IsProtocol(told.value)):
				f.phase = Phase(told.value)
			case !isPhase && anyProvider:
				f.provider = Provider(told.value)
			}
		}
	}
	return f
}

// oauthPhases are the parts of a sign-in.
var oauthPhases = []Phase{PhaseAuthorize, PhaseToken, PhaseRefresh, PhaseDevice}

// conditions are what is computed from the evidence; clues come on top.
var conditions = map[string]func(*facts) bool{
	"microsoft":        (*facts).microsoft,
	"outlook":          func(f *facts) bool { return f.provider == Outlook },
	"generic":          func(f *facts) bool { return !f.microsoft() && f.provider != Google }, // without words of its own here
	"maybe-microsoft":  func(f *facts) bool { return f.provider == "" || f.microsoft() },      // for advice that holds nowhere else
	"maybe-google":     func(f *facts) bool { return f.provider == "" || f.provider == Google },
	"unknown-provider": func(f *facts) bool { return f.provider == "" && f.in.Evidence.Host == "" }, // neither told nor to be read
	"mail":             func(f *facts) bool { return f.phase == "" || mailbox.IsProtocol(string(f.phase)) },
	"oauth":            func(f *facts) bool { return slices.Contains(oauthPhases, f.phase) || f.clue["sign-in"] && !f.adrift() },

	"anywhere": func(*facts) bool { return true }, // for words that mean the same without mail or a sign-in beside them

	// What was sent, and over what.
	"password-sent": func(f *facts) bool { return f.clue["basic"] && !f.clue["bearer"] },
	"ipv6":          (*facts).ipv6,
	"proxy":         func(f *facts) bool { return f.in.Evidence.Proxy != "" },
	"host":          func(f *facts) bool { return f.in.Evidence.Host != "" },
	"clock-off":     func(f *facts) bool { return f.in.Evidence.ClockOffset.Abs() > time.Hour },
	"known-host":    func(f *facts) bool { return provider.IsPublic(cmp.Or(f.in.Evidence.Host, dnsName(f.in.Err))) },
	"private-host":  func(f *facts) bool { return f.in.Evidence.Host != "" && !publicHost(f.in.Evidence.Host) },
	"signs-itself": func(f *facts) bool {
		c := f.in.Evidence.Chain
		return len(c) > 0 && c[0].Subject.String() == c[0].Issuer.String()
	},

	// Whose token it is, and until when it is good.
	"token-delegated": func(f *facts) bool {
		return !f.clue["token-app"] && (f.in.Evidence.Claims != nil || f.in.Evidence.Account != "")
	},
	"token-expired": func(f *facts) bool { end := f.claims().Expires; return !end.IsZero() && end.Before(now()) },
	"token-valid":   func(f *facts) bool { return f.claims().Expires.After(now()) },
	"guest": func(f *facts) bool {
		c := f.claims()
		return provider.IsGuest(c.IDP, "", c.TenantID, c.User)
	},
	"guest-named": func(f *facts) bool { return strings.Contains(f.in.Text, "#EXT#") },
	"own-mailbox": func(f *facts) bool {
		who := cmp.Or(f.in.Evidence.User, f.in.Evidence.Account)
		return who != "" && strings.EqualFold(who, f.mailbox())
	},
	"shared-mailbox": func(f *facts) bool { return f.in.Evidence.SharedMailbox != "" },

	// What the other checks say: a token that one protocol accepted is good.
	"other-protocol-in": (*facts).otherProtocolIn,
	"reader-in":         func(f *facts) bool { return f.in.Evidence.SignedIn[otherReader(f.phase)] && !f.readerUnopened() },
	"reader-unopened":   (*facts).readerUnopened,
	"works":             (*facts).works,
}

func (f *facts) microsoft() bool { return f.provider == Microsoft || f.provider == Outlook }

// comparison is what has one of several values, each of which is a condition:
// "scope-missing", "step-tls".
type comparison struct {
	of     func(*facts) string
	values string
}

var comparisons = map[string]comparison{
	"account":  {(*facts).owner, "own user other"},
	"as":       {func(f *facts) string { return f.in.Evidence.As }, "user application"},
	"sasl":     {(*facts).saslName, "account shared alias other"},
	"audience": {(*facts).audience, "mail other"},
	"scope":    {(*facts).scope, "present missing"},
	"role":     {(*facts).role, "present missing"},
	"chain":    {func(f *facts) string { return f.chain }, "inspector public alone private"},
	"security": {func(f *facts) string { return f.in.Evidence.Security }, "tls starttls none"},
	"step":     {func(f *facts) string { return f.in.Step }, "resolve connect tls greeting authenticate mailbox"},
	"address": {func(f *facts) string {
		at, _ := provider.ByAddress(f.mailbox())
		return at.Family
	}, strings.Join(provider.Families(), " ")},
}

// is tells whether a single condition holds.
func (f *facts) is(name string) bool {
	if computed, ok := conditions[name]; ok {
		return computed(f)
	}
	kind, value, _ := strings.Cut(name, "-")
	if c, ok := comparisons[kind]; ok {
		return c.of(f) == value
	}
	return kind == "port" && f.port(value) || f.clue[name] || string(f.phase) == name || string(f.provider) == name
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

// now is replaced in tests.
var now = time.Now
