package diagnosis

import (
	"slices"
	"sort"
	"strings"
)

// place is where in the source a phrase stands, and whether words begin and end there.
type place struct {
	from, to   int
	begin, end bool
	split      bool // something stands between its letters
}

// finding is a saying that a text holds, with the places where it does and what it leaves open.
type finding struct {
	*saying
	places []place
	open   verdict
}

// The distances within which parts belong together, in bytes of the source, and
// how many places of a phrase and of a finding and how many codes are kept.
const (
	nearby    = 700
	shortly   = 100
	maxPlaces = 400
	maxFound  = 60
	maxCodes  = 20_000
)

// hits are the places of every phrase and code in a text.
type hits struct {
	of    map[string][]place
	codes []coded
	begun []*saying // whose first part there is, or that have none, in the order of the data
	records
}

// look reads a text once.
func look(b *book, src string) *hits {
	e := essenceOf(src)
	b.need(e)
	h := &hits{of: map[string][]place{}, records: recordsOf(src)}
	b.index.scan(e, func(key string, first int) {
		last := first + len(key) - 1
		h.add(key, place{e.offset(first), e.offset(last) + 1, e.boundary(first) || e.lastHump(first, last), e.boundary(last + 1), e.split(first, last)})
	})
	take := func(c coded) {
		keys := b.index.coded(c)
		for _, key := range keys {
			h.add(key, c.place)
		}
		if len(keys) > 0 || c.sure {
			h.codes = thin(append(h.codes, c), maxCodes)
		}
	}
	b.entraCodes(e, take)
	b.mailCodes(src, take)
	numbers := slices.Clone(b.index.begun[""])
	for key := range h.of {
		numbers = append(numbers, b.index.begun[key]...)
	}
	sort.Slice(numbers, func(i, j int) bool { return numbers[i] < numbers[j] })
	for _, n := range numbers {
		h.begun = append(h.begun, &b.sayings[n])
	}
	return h
}

func (h *hits) add(key string, p place) { h.of[key] = thin(append(h.of[key], p), maxPlaces) }

// thin forgets of very many those in the middle.
func thin[T any](list []T, most int) []T {
	if len(list) > most {
		list = slices.Delete(list, most/2, most*3/4)
	}
	return list
}

// match finds out of what a text speaks. Who knows the step that failed knows more than vague words.
func match(h *hits, f *facts) (found []finding) {
	for _, s := range h.begun {
		if s.of.kind == "clue" || s.strength == fails && f.in.Step != "" || !s.when.holds(f) {
			continue
		}
		places := s.stands(h)
		if len(s.parts) == 0 && f.adrift() {
			places = slices.Clone(f.at["failing"])
		}
		places = slices.DeleteFunc(places, func(p place) bool {
			return len(s.parts) > 1 && h.torn(p) || s.strength < proves && f.adrift() && !f.anchored(s, p, h.records) || f.isBoilerplate(p)
		})
		if len(places) == 0 {
			continue
		}
		if open := f.judge(s.of, s.strength); len(open.causes) > 0 {
			if open.certainty == Certain && f.misplaced(s, places, h.records) {
				open.certainty = Likely
			}
			found = append(found, finding{s, places, open})
		}
	}
	return found
}

// misplaced tells that words are plain, but may be about each other, or not
// about mail or a sign-in.
func (f *facts) misplaced(s *saying, places []place, in records) bool {
	return s.strength == proves && f.doubted(in, places[0], len(s.parts)) ||
		f.adrift() && !slices.ContainsFunc(places, func(p place) bool { return f.anchored(s, p, in) })
}

// stands returns where a saying is said.
func (s *saying) stands(h *hits) []place {
	if len(s.parts) == 0 {
		return []place{{}} // its conditions are all it has
	}
	if slices.ContainsFunc(s.parts, func(p part) bool { return len(h.of[p.key]) == 0 }) {
		return nil
	}
	var out []place
	for _, anchor := range h.of[s.parts[0].key] {
		if whole, ok := s.at(h, anchor); ok {
			out = append(out, whole)
		}
	}
	if len(out) > maxFound {
		out = slices.Delete(out, maxFound/2, len(out)-maxFound/2)
	}
	return out
}

// at checks a saying around one place of its first part.
func (s *saying) at(h *hits, anchor place) (place, bool) {
	if !s.parts[0].fits(anchor) || s.parts[0].after && strings.HasSuffix(h.src[:anchor.from], ".") {
		return place{}, false
	}
	all, before, ok := anchor, anchor, true
	for _, p := range s.parts[1:] {
		low, high := anchor.from-nearby, anchor.to+nearby
		if p.soon {
			low, high = before.to, before.to+shortly
		}
		if before, ok = p.within(h.of[p.key], low, high); !ok {
			return place{}, false
		}
		all.from, all.to = min(all.from, before.from), max(all.to, before.to)
	}
	return all, true
}

// fits tells whether a part stands at a place: a short phrase as a whole word, and
// no word in several within another: "require login" has neither relogin nor re-login.
func (p part) fits(at place) bool {
	torn := p.word && at.split
	return at.begin && (at.end || p.open) && !torn || !p.short && (at.begin || !torn)
}

// within finds a place of the part between two offsets, the first there is.
func (p part) within(list []place, low, high int) (place, bool) {
	i := sort.Search(len(list), func(i int) bool { return list[i].from >= low })
	for ; i < len(list) && list[i].from <= high; i++ {
		if p.fits(list[i]) {
			return list[i], true
		}
	}
	return place{}, false
}
