package diagnosis

import (
	"cmp"
	"slices"
	"sort"
)

// weigh leaves out the findings that others beside them explain better, and
// puts the rest in order: causes before consequences, certain before vague.
// Vague words have their say about what leaves much open.
func weigh(in records, found []finding) []finding {
	found = without(found, func(_ []finding, f finding, p place) bool {
		return f.coded && slices.ContainsFunc(found, func(inner finding) bool { return inner.within(f, p, in) })
	})
	sort.SliceStable(found, func(i, j int) bool {
		a, b := found[i], found[j]
		return 0 > cmp.Or(cmp.Compare(b.strength, a.strength), cmp.Compare(boolInt(b.coded), boolInt(a.coded)),
			cmp.Compare(b.size, a.size), cmp.Compare(boolInt(b.single()), boolInt(a.single())))
	})
	loud := slices.IndexFunc(append(found, finding{saying: &saying{strength: fails}}), func(f finding) bool { return f.strength == fails })
	found, whispers := found[:loud], found[loud:]
	if len(found) == 0 && len(whispers) > 0 {
		whispers[0].open = open(vote(whispers), Possible)
		return whispers[:1]
	}
	kept := without(found, func(kept []finding, f finding, p place) bool {
		return slices.ContainsFunc(kept, func(k finding) bool { return silences(k, f, p, in) })
	})
	kept = slices.DeleteFunc(slices.Clone(kept), func(f finding) bool {
		return slices.ContainsFunc(kept, func(k finding) bool { return gotFurther(k, f, in) })
	})
	sort.SliceStable(kept, func(i, j int) bool {
		a, b := kept[i], kept[j]
		return 0 > cmp.Or(
			cmp.Compare(min(b.strength, says), min(a.strength, says)),
			cmp.Compare(boolInt(a.open.causes[0].passes), boolInt(b.open.causes[0].passes)), // a lasting fault matters more than what mends itself
			cmp.Compare(a.open.causes[0].layer, b.open.causes[0].layer),
			cmp.Compare(in.of(a.places[0].from), in.of(b.places[0].from)),
			cmp.Compare(b.strength, a.strength), cmp.Compare(a.places[0].from, b.places[0].from), cmp.Compare(b.size, a.size),
		)
	})
	if len(kept) > 0 && kept[0].strength <= hints && !kept[0].coded && kept[0].open.certainty == Possible {
		heard := slices.DeleteFunc(whispers, func(w finding) bool { return len(w.open.causes) > fewCauses })
		kept[0].open = open(vote(append(heard, kept[0])), Possible)
	}
	return kept
}

// gotFurther tells of two vague findings in one record that the first speaks
// of a later step: who was refused a sign-in had a connection, whatever else
// the program says.
func gotFurther(late, early finding, in records) bool {
	if late.strength != mentions || early.strength != mentions || early.open.causes[0].passes || late.open.causes[0].layer <= early.open.causes[0].layer {
		return false
	}
	return !slices.ContainsFunc(early.places, func(p place) bool {
		return !slices.ContainsFunc(late.places, func(l place) bool { return in.same(l, p) })
	})
}

// fewCauses is how many causes a vague word may name to be heard beside
// something better.
const fewCauses = 4

// vote puts the causes in order that findings leave open: each sign counts
// once, the more the fewer causes it names, and most for the one that it names
// first.
func vote(found []finding) []*entry {
	votes, voted := map[*entry]float64{}, map[*entry]bool{}
	var causes []*entry
	strongest := slices.Clone(found)
	sort.SliceStable(strongest, func(i, j int) bool { return strongest[j].strength < strongest[i].strength })
	for _, f := range strongest {
		if voted[f.of] {
			continue
		}
		voted[f.of] = true
		for rank, cause := range f.open.causes {
			if votes[cause] == 0 {
				causes = append(causes, cause)
			}
			votes[cause] += voices[min(f.strength, hints)] / float64(rank+2) / float64(len(f.open.causes))
		}
	}
	sort.SliceStable(causes, func(i, j int) bool { return votes[causes[j]] < votes[causes[i]] })
	return causes
}

// voices is how much a sign counts by its strength: a phrase outweighs a word that is merely its object.
var voices = map[strength]float64{fails: 0.7, mentions: 3, hints: 30}

// without leaves out places that are needless, knowing what was kept before,
// and findings of which none remains.
func without(found []finding, needless func(kept []finding, f finding, p place) bool) (kept []finding) {
	for _, f := range found {
		f.places = slices.DeleteFunc(slices.Clone(f.places), func(p place) bool { return needless(kept, f, p) })
		if len(f.places) > 0 {
			kept = append(kept, f)
		}
	}
	return kept
}

// within tells whether a code stands shortly behind another one, in its
// record: of several the last is the reason, and the others pass it on. Two codes
// of Entra that each begin a line alike are two errors.
func (f finding) within(outer finding, p place, in records) bool {
	return f.coded && f.of != outer.of && f.strength >= outer.strength && slices.ContainsFunc(f.places, func(inner place) bool {
		return inner.from >= p.to && inner.from-p.to < 500 && in.same(inner, p) && !in.alike(p, inner)
	})
}

// silences tells whether a finding at one place adds nothing to a stronger
// one: they stand in the same record, close to each other.
func silences(strong, weak finding, p place, in records) bool {
	near := 500
	if weak.strength == mentions {
		near = 4000
	}
	for _, s := range strong.places {
		gap := max(s.from-p.to, p.from-s.to)
		switch {
		case gap > near:
		case strong.decides(weak) && in.same(s, p):
			return true
		case strong.strength == weak.strength:
			// Two ways to say one thing: the longer phrase wins.
			if gap <= 0 || gap < 60 && strong.size >= 2*weak.size {
				return true
			}
		case weak.strength == mentions:
			return true
		case in.same(s, p):
			return true
		}
	}
	return false
}

// single tells that a finding leaves one cause open.
func (f finding) single() bool { return len(f.open.causes) == 1 }

// decides tells whether one of two equally strong findings makes the other
// superfluous: what says one thing before what leaves that and others open,
// and else a code before prose.
func (f finding) decides(weak finding) bool {
	narrows := func(one, many finding) bool {
		return one.single() && !many.single() && slices.Contains(many.open.causes, one.open.causes[0])
	}
	return f.strength == weak.strength && (narrows(f, weak) || f.coded && !weak.coded && !narrows(weak, f))
}
