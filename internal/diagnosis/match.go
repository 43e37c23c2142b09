package diagnosis

import (
	"slices"
	"sort"
)

// place is where in the source a phrase stands, and whether words begin and
// end there.
type place struct {
	from, to   int
	begin, end bool
}

// finding is a rule that a text satisfies, with the places where it does.
type finding struct {
	level  level
	size   int
	causes []Cause
	places []place
}

// The distances within which terms belong together, in bytes of the source,
// and how many places of a phrase and of a finding are kept: the first and
// the last.
const (
	nearby    = 700
	shortly   = 260
	maxPlaces = 400
	maxFound  = 60
)

// hits are the places of every phrase and SMTP code in a text.
type hits struct {
	of    map[int32][]place
	entra []numbered
}

// numbered is an Entra code with its place.
type numbered struct {
	number int
	place
}

// look reads a text once.
func look(t *table, src string) *hits {
	e := essenceOf(src)
	h := &hits{of: map[int32][]place{}}
	t.scanner.scan(e.text, func(id int32, last int) {
		first := last + 1 - len(t.phrases[id])
		p := place{e.offset(first), e.offset(last) + 1, e.boundary(first), e.boundary(last + 1)}
		h.add(id, p)
		h.number(t, id, e, last, p)
	})
	smtpCodes(src, func(c coded) {
		if id, ok := t.codes[c.code]; ok {
			h.add(id, c.place)
		}
	})
	return h
}

// add keeps a place; of very many it forgets those in the middle.
func (h *hits) add(id int32, p place) {
	list := append(h.of[id], p)
	if len(list) > maxPlaces {
		list = slices.Delete(list, maxPlaces/2, maxPlaces*3/4)
	}
	h.of[id] = list
}

// number notes the Entra code that follows "AADSTS" or the like.
func (h *hits) number(t *table, id int32, e *essence, last int, p place) {
	sure := id == t.entra
	if !sure && !slices.Contains(t.numbers, id) {
		return
	}
	n, i := 0, last+1
	for ; i < len(e.text) && e.text[i] >= '0' && e.text[i] <= '9' && i-last <= 9; i++ {
		if i > last+1 && e.at[i]&wordStart != 0 {
			break
		}
		n = n*10 + int(e.text[i]-'0')
	}
	if digits := i - last - 1; digits < 4 || digits > 8 {
		return
	}
	if _, known := entraCodes[n]; known || sure {
		h.entra = append(h.entra, numbered{n, place{from: p.from, to: e.offset(i-1) + 1}})
		if len(h.entra) > maxPlaces {
			h.entra = slices.Delete(h.entra, maxPlaces/2, maxPlaces*3/4)
		}
	}
}

// match applies all rules.
func match(t *table, h *hits, f *facts) []finding {
	found := entraFindings(h, f)
	for i := range t.patterns {
		p := &t.patterns[i]
		if places := p.places(h, f); len(places) > 0 {
			causes := p.rule.causes
			if p.rule.decide != nil {
				causes = p.rule.decide(f)
			}
			if len(causes) > 0 {
				found = append(found, finding{level: p.rule.level, size: p.size, causes: causes, places: places})
			}
		}
	}
	return found
}

// places returns where a pattern is satisfied.
func (p *pattern) places(h *hits, f *facts) []place {
	anchors := h.of[p.terms[0].phrase]
	if len(anchors) == 0 {
		return nil
	}
	for i := range p.terms {
		t := &p.terms[i]
		if t.condition != "" && f.is(t.condition) == t.not {
			return nil
		}
		if t.condition == "" && !t.not && len(h.of[t.phrase]) == 0 {
			return nil
		}
	}
	var out []place
	for _, a := range anchors {
		if whole, ok := p.at(h, a); ok {
			out = append(out, whole)
		}
	}
	if len(out) > maxFound {
		out = slices.Delete(out, maxFound/2, len(out)-maxFound/2)
	}
	return out
}

// at checks a pattern around one place of its anchor.
func (p *pattern) at(h *hits, anchor place) (place, bool) {
	if !p.terms[0].fits(anchor) {
		return place{}, false
	}
	whole, before := anchor, anchor
	for i := 1; i < len(p.terms); i++ {
		t := &p.terms[i]
		if t.condition != "" {
			continue
		}
		low, high := anchor.from-nearby, anchor.to+nearby
		if t.after {
			low, high = before.to, before.to+shortly
		}
		other, ok := t.within(h.of[t.phrase], low, high)
		switch {
		case ok == t.not:
			return place{}, false
		case ok:
			before = other
			whole.from, whole.to = min(whole.from, other.from), max(whole.to, other.to)
		}
	}
	return whole, true
}

func (t *term) fits(p place) bool { return (!t.begin || p.begin) && (!t.end || p.end) }

// within finds a place of the term between two offsets, the first there is.
func (t *term) within(list []place, low, high int) (place, bool) {
	i := sort.Search(len(list), func(i int) bool { return list[i].from >= low })
	for ; i < len(list) && list[i].from <= high; i++ {
		if t.fits(list[i]) {
			return list[i], true
		}
	}
	return place{}, false
}
