package diagnosis

// entraCode is what a code of the Microsoft sign-in service says.
type entraCode struct {
	level  level
	causes []Cause
	decide func(*facts) []Cause
}

// entraFindings turns the codes of a text into findings. A code without a
// cause is one too: it keeps vaguer words from guessing.
func entraFindings(h *hits, f *facts) []finding {
	var found []finding
	seen := map[int]int{}
	for _, n := range h.entra {
		if i, again := seen[n.number]; again {
			found[i].places = append(found[i].places, n.place)
			continue
		}
		code, known := entraCodes[n.number]
		causes, lvl := code.causes, code.level
		if code.decide != nil {
			causes = code.decide(f)
		}
		if !known || len(causes) == 0 {
			causes, lvl = is(CauseUnknown), uncoded
		}
		seen[n.number] = len(found)
		found = append(found, finding{level: lvl, size: 10, causes: causes, places: []place{n.place}})
	}
	return found
}
