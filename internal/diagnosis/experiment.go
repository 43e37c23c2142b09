package diagnosis

import (
	"slices"
	"sort"
	"strings"
)

// Experiment is something a test can try in order to decide between causes.
// The data files name its outcomes as conditions: "renew-and-retry=accepted".
type Experiment string

// The experiments, and what they find out.
const (
	RenewAndRetry  Experiment = "renew-and-retry"  // a fresh access token, signed in with once more
	SpeakPort      Experiment = "speak-port"       // what the port really speaks
	UsualPorts     Experiment = "usual-ports"      // whether the protocol's usual ports answer
	NameVariants   Experiment = "name-variants"    // whether a corrected name exists
	FetchChain     Experiment = "fetch-chain"      // the certificates as they are sent, not trusted
	Clock          Experiment = "clock"            // this machine's clock against the service's
	ProxyAndPortal Experiment = "proxy-and-portal" // with and without the proxy; whose page answers
	SMTPOffers     Experiment = "smtp-offers"      // what EHLO offers before and after STARTTLS
	OtherFamily    Experiment = "other-family"     // the other family of addresses
	OtherProtocol  Experiment = "other-protocol"   // another protocol of the same host
)

// Experiments lists all of them.
var Experiments = []Experiment{
	RenewAndRetry, SpeakPort, UsualPorts, NameVariants, FetchChain, Clock, ProxyAndPortal, SMTPOffers, OtherFamily, OtherProtocol,
}

// Outcomes lists the results an experiment can have.
var Outcomes = map[Experiment][]string{
	RenewAndRetry:  {"accepted", "refused", "not-renewed", "passed-by"}, // accepted: the new token alone; passed-by: the old one now too
	SpeakPort:      {"tls", "plain", "starttls", "as-set", "other", "silent"},
	UsualPorts:     {"answer", "another", "silent"}, // another: the one that is set is a usual one too
	NameVariants:   {"found", "none"},
	FetchChain:     {"public", "inspector", "private", "alone", "differs-by-family"},
	Clock:          {"right", "wrong"},
	ProxyAndPortal: {"direct-works", "proxy-works", "portal", "neither"},
	SMTPOffers:     {"same", "after-tls", "never"},
	OtherFamily:    {"works", "fails"},
	OtherProtocol:  {"works", "fails"},
}

// Wanted lists the experiments that prove or refute any of the causes that a
// diagnosis leaves open and that were not made yet, the most telling first.
// Nothing is wanted where one cause is certain.
func Wanted(d Diagnosis, known Evidence) []Experiment {
	if d.Certainty == Certain {
		return nil
	}
	wanted := slices.DeleteFunc(slices.Clone(Experiments), func(id Experiment) bool {
		_, made := known.Tried[id]
		return made || concerned(d.Causes, id) == 0
	})
	sort.SliceStable(wanted, func(i, j int) bool {
		return concerned(d.Causes, wanted[j]) < concerned(d.Causes, wanted[i])
	})
	return wanted
}

// concerned counts the causes that an outcome of an experiment proves or
// refutes.
func concerned(causes []Cause, id Experiment) (n int) {
	names := func(w when) bool {
		return slices.ContainsFunc(w.names(), func(name string) bool { return strings.HasPrefix(name, string(id)+"=") })
	}
	for _, c := range causes {
		e := entryOf(c)
		n += boolInt(slices.ContainsFunc(e.proofs, names) || slices.ContainsFunc(e.nevers, names))
	}
	return n
}
