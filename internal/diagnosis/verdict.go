package diagnosis

import (
	"slices"
	"sort"
)

// Certainty says how sure a diagnosis is of its first cause.
type Certainty string

// The degrees of certainty.
const (
	Certain  Certainty = "certain"  // a text or an experiment proves it
	Likely   Certainty = "likely"   // evidence speaks for it
	Possible Certainty = "possible" // one of several
)

// verdict is what one finding leaves open: causes, most likely first.
type verdict struct {
	causes    []*entry
	certainty Certainty
	holds     []string // the conditions that prove it; none where the words do
}

// open is what words leave open.
func open(causes []*entry, sure Certainty) verdict {
	return verdict{causes: causes, certainty: sure}
}

// ahead is how much more weight than the next cause makes one likely.
const ahead = 20

// weighed is a cause with the weight of the line that speaks for it.
type weighed struct {
	cause      *entry
	weight     int
	conditions int
}

// judge names the causes that an entry leaves open and how sure that is. A
// cause leaves itself open unless evidence refutes or proves it. Of a sign's causes those
// remain that no evidence refutes; what evidence proves remains alone.
func (f *facts) judge(e *entry, strong strength) verdict {
	if e.kind == "cause" {
		if strong < proves && f.holding(e.nevers) != nil {
			return verdict{}
		}
		if holds := f.holding(e.proofs); holds != nil && strong >= hints && strong < proves {
			return verdict{[]*entry{e}, Certain, holds}
		}
		return open([]*entry{e}, map[strength]Certainty{proves: Certain, says: Likely, hints: Likely, mentions: Possible, fails: Possible}[strong])
	}
	all := f.candidates(e)
	if proven := slices.DeleteFunc(slices.Clone(all), func(w weighed) bool { return f.holding(w.cause.proofs) == nil }); len(proven) > 0 {
		return verdict{causesIn(proven), Certain, f.holding(proven[0].cause.proofs)}
	}
	left := slices.DeleteFunc(slices.Clone(all), func(w weighed) bool { return f.excludes(w.cause) })
	switch {
	case len(left) == 0:
		return open(causesIn(all), Possible)
	case strong <= mentions, strong == hints && f.works(): // what works here failed elsewhere, with another sign-in
		return open(causesIn(left), Possible)
	case len(all) == 1 && strong == proves:
		return open(causesIn(left), Certain)
	case len(left) == 1 && strong >= hints, len(left) > 1 && left[0].weight >= left[1].weight+ahead:
		return open(causesIn(left), Likely)
	}
	return open(causesIn(left), Possible)
}

// excludes tells that evidence takes a cause off what words leave open.
func (f *facts) excludes(cause *entry) bool {
	return f.holding(cause.nevers) != nil || f.holding(cause.unless) != nil
}

// candidates are the causes of a sign. Of the lines by which a cause names
// it, the one with the most conditions that hold counts, of equal ones the
// last.
func (f *facts) candidates(sign *entry) (all []weighed) {
	for _, l := range sign.leads {
		if !l.when.holds(f) {
			continue
		}
		i := slices.IndexFunc(all, func(w weighed) bool { return w.cause == l.cause })
		if i < 0 {
			i = len(all)
			all = append(all, weighed{cause: l.cause, conditions: -1})
		}
		if n := len(l.when.conditions()); n >= all[i].conditions {
			all[i].weight, all[i].conditions = l.weight, n
		}
	}
	all = slices.DeleteFunc(all, func(w weighed) bool { return w.weight == 0 })
	sort.SliceStable(all, func(i, j int) bool { return all[j].weight < all[i].weight })
	return all
}

func causesIn(all []weighed) []*entry {
	out := make([]*entry, len(all))
	for i, w := range all {
		out[i] = w.cause
	}
	return out
}
