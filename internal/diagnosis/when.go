package diagnosis

import (
	"errors"
	"slices"
	"strings"
)

// when are conditions as they stand in the files, all of which have to hold:
// "a|b" holds if one of them does, "not-a" if a does not.
type when string

// readWhen takes the conditions in parentheses off the front of a value.
func readWhen(value string) (when, string, error) {
	if !strings.HasPrefix(value, "(") {
		return "", value, nil
	}
	inside, rest, closed := strings.Cut(value[1:], ")")
	if !closed || strings.TrimSpace(inside) == "" {
		return "", value, errors.New("conditions stand in parentheses: " + value)
	}
	return when(inside), strings.TrimSpace(rest), nil
}

func (w when) holds(f *facts) bool {
	for condition := range strings.FieldsSeq(string(w)) {
		if !f.any(condition) {
			return false
		}
	}
	return true
}

// conditions lists them, alternatives together.
func (w when) conditions() []string { return strings.Fields(string(w)) }

func (w when) has(condition string) bool { return slices.Contains(w.conditions(), condition) }

// names lists the single conditions.
func (w when) names() (all []string) {
	for name := range strings.FieldsFuncSeq(string(w), func(r rune) bool { return r == ' ' || r == '|' }) {
		all = append(all, strings.TrimPrefix(name, "not-"))
	}
	return all
}

// any tells whether one of the alternatives of a condition holds.
func (f *facts) any(condition string) bool {
	for name := range strings.SplitSeq(condition, "|") {
		if plain, not := strings.CutPrefix(name, "not-"); f.is(plain) != not {
			return true
		}
	}
	return false
}
