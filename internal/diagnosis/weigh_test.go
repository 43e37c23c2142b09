package diagnosis

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// weighedIn reads a text with a book of its own and returns what is left of
// its findings: the causes that each leaves open.
func weighedIn(t *testing.T, data, text string) (left []string) {
	t.Helper()
	b := readBook(fstest.MapFS{"causes/x.txt": {Data: []byte(data)}})
	for _, err := range b.wrong {
		t.Fatal(err)
	}
	in := Input{Phase: PhaseIMAP, Provider: Generic, Text: text}
	h := look(b, text)
	for _, found := range weigh(h.records, match(h, gather(in, h))) {
		var names []string
		for _, e := range found.open.causes {
			names = append(names, e.name)
		}
		left = append(left, strings.Join(names, "|"))
	}
	return left
}

// TestWhoWins: the order in which findings beat each other, as docs/causes.md
// tells it, each rule by itself.
func TestWhoWins(t *testing.T) {
	far := strings.Repeat(" and so on,", 60)
	for name, c := range map[string]struct {
		data, text string
		want       []string
	}{
		"alone":                           {"cause a\n  says one thing", "one thing", []string{"a"}},
		"no number within a longer one":   {"cause a\n  says other error 11", "other error 111", nil},
		"no short word within another":    {"cause a\n  says re-authentication", "may require authentication", nil},
		"stronger beats weaker near it":   {"cause a\n  says one thing\n\ncause b\n  hints other thing", "other thing: one thing", []string{"a"}},
		"not far from it":                 {"cause a\n  says one thing\n\ncause b\n  hints other thing", "other thing" + far + " one thing", []string{"a", "b"}},
		"not in another record":           {"cause a\n  says one thing\n\ncause b\n  hints other thing", "10:00:00 other thing\n10:00:01 one thing", []string{"a", "b"}},
		"clients' words from afar":        {"cause a\n  says one thing\n\ncause b\n  mentions other thing", "other thing" + far + " one thing", []string{"a"}},
		"a code beats prose":              {"cause a\n  says 5.7.139\n\ncause b\n  says one long thing", "535 5.7.139 one long thing", []string{"a"}},
		"prose that is stronger":          {"cause a\n  hints 5.7.139\n\ncause b\n  says one long thing", "535 5.7.139 one long thing", []string{"b"}},
		"longer beats shorter":            {"cause a\n  says long thing\n\ncause b\n  says one very long thing", "one very long thing", []string{"b"}},
		"the innermost code":              {"cause a\n  says AADSTS50011\n\ncause b\n  says AADSTS50020", "AADSTS50011: failed with AADSTS50020", []string{"b"}},
		"of a weaker code the outer one":  {"cause a\n  proves AADSTS50011\n\ncause b\n  says AADSTS50020", "AADSTS50011: failed with AADSTS50020", []string{"a"}},
		"codes of two records":            {"cause a\n  says AADSTS50011\n\ncause b\n  says AADSTS50020", "10:00:00 AADSTS50011\n10:00:01 AADSTS50020", []string{"a", "b"}},
		"one cause beats several":         {"cause a\n  from s 90\n\ncause b\n  from s 80\n  says good thing\n\nsign s\n  says wide thing", "wide thing, good thing", []string{"b"}},
		"but none that are longer":        {"cause a\n  from s 90\n\ncause b\n  from s 80\n  says one thing\n\nsign s\n  says this long thing", "this long thing, one thing", []string{"a|b", "b"}},
		"a code that leaves several":      {"cause a\n  from s 90\n\ncause b\n  from s 80\n  says one thing\n\nsign s\n  says 5.7.139", "535 5.7.139 one thing", []string{"a|b", "b"}},
		"but no cause beside them":        {"cause a\n  from s 90\n\ncause b\n  from s 80\n\ncause c\n  says one thing\n\nsign s\n  says 5.7.139", "535 5.7.139 one thing", []string{"a|b"}},
		"deeper causes first":             {"cause a\n  says one thing\n\ncause b\n  layer 0\n  says other thing", "10:00:00 one thing\n10:00:01 other thing", []string{"b", "a"}},
		"what passes last":                {"cause a\n  passes\n  layer 0\n  says one thing\n\ncause b\n  says other thing", "10:00:00 one thing\n10:00:01 other thing", []string{"b", "a"}},
		"earlier records first":           {"cause a\n  says one thing\n\ncause b\n  says other thing", "10:00:00 other thing\n10:00:01 one thing", []string{"b", "a"}},
		"single words only where alone":   {"cause a\n  says one thing\n\ncause b\n  fails trouble", "trouble" + far + far + " one thing", []string{"a"}},
		"single words vote":               {"cause a\n  from s 90\n  from r 80\n\ncause b\n  from s 80\n\ncause c\n  from r 90\n\nsign s\n  fails trouble\n\nsign r\n  fails mishap", "trouble, mishap", []string{"a|c|b"}},
		"they do not outvote a code":      {"cause a\n  from s 61\n\ncause b\n  from s 60\n  from r 90\n\nsign s\n  hints 5.7.139\n\nsign r\n  fails trouble", "535 5.7.139 trouble", []string{"a|b"}},
		"they help a vague finding":       {"cause a\n  from s 61\n\ncause b\n  from s 60\n  from r 90\n\nsign s\n  mentions one thing\n\nsign r\n  fails trouble", "trouble: one thing", []string{"b|a"}},
		"who was refused was connected":   {"cause a\n  layer 1\n  mentions one thing\n\ncause b\n  mentions other thing", "one thing" + far + far + " other thing", []string{"b"}},
		"parts of two records":            {"cause a\n  says one … thing", "10:00:00 one\n10:00:01 thing", nil},
		"parts of one":                    {"cause a\n  says one … thing ; whole + story", "10:00:00 one\n  thing", []string{"a"}},
		"parts in the other order":        {"cause a\n  says first + second ; third … fourth", "second first, fourth third", []string{"a"}},
		"no part of a word":               {"cause a\n  says one", "someone, ones, o-n-e", nil},
		"no word of several":              {"cause a\n  says enotfound ; loginfailed", "resource not found", nil},
		"unless it begins with the first": {"cause a\n  says enotfound ; loginfailed", "login failed", []string{"a"}},
		"unless the word may go on":       {"cause a\n  says long*", "longs", []string{"a"}},
	} {
		if got := weighedIn(t, c.data+"\n", c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
