package diagnosis

import (
	"slices"
	"strings"
)

// topics are what parts of a text speak of: each protocol, and getting a token.
var topics = []Phase{PhaseToken, PhaseIMAP, PhasePOP3, PhaseSMTP}

// partsOf takes apart what a text says of several topics, and what comes before:
// who pastes the errors of all protocols, or a log, gets each explained. A line
// speaks of the topic that its head names, and so do those below that name none.
func partsOf(in Input) (parts []Input) {
	var names [][]string
	for _, topic := range topics {
		names = append(names, theBook().words("speaks-"+string(topic)))
	}
	of := make([][]byte, 1+len(topics))
	now := 0
	for line := range strings.Lines(in.Text) {
		if n := spokenOf(line, names); n > 0 {
			now = n
		}
		of[now] = append(of[now], line...)
	}
	for n, text := range of {
		if in.Text = string(text); in.Text == "" {
			continue
		}
		if n > 1 { // what is said of a token says itself whether of an old or a new one
			in.Usual.Phase = topics[n-1]
		}
		parts = append(parts, in)
	}
	if len(of[0]) > 0 && len(parts) == 2 {
		return nil
	}
	return parts
}

// head is how far into a line its topic is named: behind a time, a host, a
// program and a level, or in JSON.
const head = 250

// spokenOf numbers the topic that the head of a line names, 0 for none or several;
// a protocol before a token. Lines that are indented, as those of a stack trace are,
// begin with it.
func spokenOf(line string, names [][]string) (spoken int) {
	line = line[:min(len(line), head)]
	for i := range len(line) {
		if class[line[i]] != 1 || i > 0 && (line[i-1] == '/' || class[line[i-1]] == 1 && !hump(line[i-1:min(len(line), i+2)])) {
			continue // in a word, or in a path
		}
		for n, some := range names {
			switch {
			case !slices.ContainsFunc(some, func(name string) bool {
				return name[0] == line[i]|0x20 && len(line)-i >= len(name) && strings.EqualFold(line[i:i+len(name)], name)
			}):
			case spoken > 1 && n > 0 && spoken != n+1:
				return 0
			default:
				spoken = max(spoken, n+1)
			}
		}
		if spoken == 0 && (line[0] == ' ' || line[0] == '\t') {
			return 0
		}
	}
	return spoken
}
