package diagnosis

import (
	"cmp"
	"slices"
	"strings"

	"mailgrant/internal/pattern"
	"mailgrant/internal/redact"
)

// weigh leaves out the findings that others beside them explain better, and
// puts the rest in order: causes before consequences, certain before vague.
// Vague words have their say about what leaves much open.
func weigh(src string, found []finding) []finding {
	breaks := recordBreaks(src, found)
	found = innermost(found, breaks)
	slices.SortStableFunc(found, func(a, b finding) int {
		return cmp.Or(cmp.Compare(b.strength, a.strength), cmp.Compare(boolInt(b.coded), boolInt(a.coded)), cmp.Compare(b.size, a.size), cmp.Compare(boolInt(b.single()), boolInt(a.single())))
	})
	loud := slices.IndexFunc(append(found, finding{strength: fails}), func(f finding) bool { return f.strength == fails })
	found, whispers := found[:loud], found[loud:]
	if len(found) == 0 && len(whispers) > 0 {
		return []finding{vote(whispers[0], whispers)}
	}
	var kept []finding
	for _, f := range found {
		f.places = slices.DeleteFunc(slices.Clone(f.places), func(p place) bool {
			return slices.ContainsFunc(kept, func(k finding) bool { return silences(k, f, p, breaks) })
		})
		if len(f.places) > 0 {
			kept = append(kept, f)
		}
	}
	kept = slices.DeleteFunc(slices.Clone(kept), func(f finding) bool {
		return slices.ContainsFunc(kept, func(k finding) bool { return gotFurther(k, f, breaks) })
	})
	slices.SortStableFunc(kept, func(a, b finding) int {
		return cmp.Or(
			cmp.Compare(tier(a.strength), tier(b.strength)),
			cmp.Compare(passing(a), passing(b)),
			cmp.Compare(a.open.causes[0].layer, b.open.causes[0].layer),
			cmp.Compare(recordOf(breaks, a.places[0].from), recordOf(breaks, b.places[0].from)),
			cmp.Compare(b.strength, a.strength), cmp.Compare(a.places[0].from, b.places[0].from), cmp.Compare(b.size, a.size),
		)
	})
	if len(kept) > 0 && kept[0].strength <= hints && kept[0].open.certainty == Possible {
		kept[0] = vote(kept[0], slices.DeleteFunc(whispers, func(w finding) bool { return len(w.open.causes) > fewCauses }))
	}
	return kept
}

// gotFurther tells of two vague findings in one record that the first speaks
// of a later step: who was refused a sign-in had a connection, whatever else
// the program says.
func gotFurther(late, early finding, breaks []int) bool {
	if late.strength != mentions || early.strength != mentions || passing(early) != 0 || late.open.causes[0].layer <= early.open.causes[0].layer {
		return false
	}
	return !slices.ContainsFunc(early.places, func(p place) bool {
		return !slices.ContainsFunc(late.places, func(l place) bool { return recordOf(breaks, l.from) == recordOf(breaks, p.from) })
	})
}

// fewCauses is how many causes a vague word may name to be heard beside
// something better.
const fewCauses = 4

// vote puts the causes in order that the first finding and vaguer ones leave
// open: each sign counts once, the more the fewer causes it names, and most
// for the one that it names first.
func vote(first finding, others []finding) finding {
	votes, voted := map[*entry]float64{}, map[*entry]bool{}
	var causes []*entry
	for _, f := range append([]finding{first}, others...) {
		if voted[f.of] {
			continue
		}
		voted[f.of] = true
		for rank, cause := range f.open.causes {
			if votes[cause] == 0 {
				causes = append(causes, cause)
			}
			votes[cause] += voices[f.strength] / float64(rank+2) / float64(len(f.open.causes))
		}
	}
	slices.SortStableFunc(causes, func(a, b *entry) int { return cmp.Compare(votes[b], votes[a]) })
	first.open = open(causes, Possible)
	return first
}

// voices is how much a sign counts by its strength.
var voices = map[strength]float64{fails: 1, mentions: 3, hints: 30}

// innermost leaves out codes that stand around another one: of several in one
// record the last is the reason, and the others pass it on.
func innermost(found []finding, breaks []int) []finding {
	var out []finding
	for _, f := range found {
		if f.coded {
			f.places = slices.DeleteFunc(slices.Clone(f.places), func(p place) bool {
				return slices.ContainsFunc(found, func(inner finding) bool {
					return inner.coded && inner.of != f.of && inner.strength >= f.strength && inner.within(p, breaks)
				})
			})
		}
		if len(f.places) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// within tells whether a code stands shortly behind a place, in its record.
func (f finding) within(p place, breaks []int) bool {
	return slices.ContainsFunc(f.places, func(in place) bool {
		return in.from >= p.to && in.from-p.to < 500 && recordOf(breaks, in.from) == recordOf(breaks, p.from)
	})
}

// silences tells whether a finding at one place adds nothing to a stronger
// one: they stand in the same record, close to each other.
func silences(strong, weak finding, p place, breaks []int) bool {
	near := 500
	if weak.strength == mentions {
		near = 4000
	}
	for _, s := range strong.places {
		gap := max(s.from-p.to, p.from-s.to)
		switch {
		case gap > near:
		case strong.decides(weak) && recordOf(breaks, s.from) == recordOf(breaks, p.from):
			return true
		case strong.strength == weak.strength:
			// Two ways to say one thing: the longer phrase wins.
			if gap <= 0 || gap < 60 && strong.size >= 2*weak.size {
				return true
			}
		case weak.strength == mentions:
			return true
		case recordOf(breaks, s.from) == recordOf(breaks, p.from):
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

// tier puts strengths together that are equally worth reading first.
func tier(s strength) int {
	switch s {
	case proves, says:
		return 0
	case hints:
		return 1
	}
	return 2
}

// passing is 1 for what mends itself: a lasting fault beside it matters more.
func passing(f finding) int {
	return boolInt(f.open.causes[0].passes)
}

// breakShape is where a new record of a log begins: a line with a time.
var breakShape = pattern.New(`^\W{0,3}(?:\d{4}[-/.]\d\d[-/.]\d\d|\d\d[./]\d\d[./]\d{2,4}[ ,T]|\d\d:\d\d:\d\d|[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d|[A-Z][a-z]{2}, \d\d )`)

// recordBreaks returns where records begin, as far as findings need it.
func recordBreaks(src string, found []finding) []int {
	var breaks []int
	for _, f := range found {
		for _, p := range f.places {
			start := lineStart(src, p.from)
			if breakShape().MatchString(src[start:min(len(src), start+48)]) {
				breaks = append(breaks, start)
			}
			if p.from-start > 2000 {
				breaks = append(breaks, start)
			}
		}
	}
	slices.Sort(breaks)
	return slices.Compact(breaks)
}

// torn tells whether a new record begins within a place.
func torn(src string, p place) bool {
	for at := p.from; ; {
		i := strings.IndexByte(src[at:p.to], '\n')
		if i < 0 {
			return false
		}
		at += i + 1
		if breakShape().MatchString(src[at:min(len(src), at+48)]) {
			return true
		}
	}
}

// recordOf numbers the record that an offset stands in.
func recordOf(breaks []int, offset int) int {
	i, found := slices.BinarySearch(breaks, offset)
	if found {
		return i + 1
	}
	return i
}

// record is the piece of the text around a place that belongs to it.
func record(src string, from, to int) (low, high int) {
	low, high = max(0, from-400), min(len(src), to+900)
	for i := to; i < high; i++ {
		if src[i] == '\n' && breakShape().MatchString(src[i+1:min(len(src), i+49)]) {
			return max(low, lineStart(src, from)), i
		}
	}
	return low, high
}

// lineStart is where the line of an offset begins. Of a line that is longer
// than any record it looks at the end only.
func lineStart(src string, at int) int {
	low := max(0, at-maxLine)
	return low + strings.LastIndexByte(src[low:at], '\n') + 1
}

const maxLine = 16 << 10

// show returns the server's words around a place, fit to be read by people:
// whole lines, without secrets. Masking comes before cutting, so that half a
// secret is never left over.
func show(src string, from, to int) string {
	if len(src) <= redact.MaxText {
		return redact.Text(src)
	}
	low := lineStart(src, from)
	_, high := record(src, from, to)
	if nl := strings.LastIndexByte(src[to:high], '\n'); nl > 0 && high < len(src) {
		high = to + nl
	}
	if from-low > 400 {
		return redact.Text(tail(redact.Mask(src[max(low, from-16<<10):from]), 200) + src[from:high])
	}
	return redact.Text(src[low:high])
}

// tail is the end of a text, from the beginning of a word.
func tail(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = s[len(s)-n:]
	if i := strings.IndexAny(s, " \n\t,"); i >= 0 {
		return "…" + s[i:]
	}
	return "…"
}
