package diagnosis

import (
	"strconv"
	"strings"

	"mailgrant/internal/i18n"
)

// Step is one line of what to do.
type Step struct {
	Number int // from 1 on; 0: it can be done instead of the one before, which its text says
	Text   string
}

// Label is the number as it stands before the step; "" before an alternative.
func (s Step) Label() string {
	if s.Number == 0 {
		return ""
	}
	return strconv.Itoa(s.Number) + "."
}

// Steps numbers the lines of what to do. Those that begin with "or:" are
// alternatives and have no number of their own.
func Steps(t *i18n.Texts, fix []string) (steps []Step) {
	or, n := insteadOf(t, ""), 0
	for _, line := range fix {
		if n > 0 && strings.HasPrefix(line, or) {
			steps = append(steps, Step{Text: line})
			continue
		}
		n++
		steps = append(steps, Step{n, line})
	}
	return steps
}

// insteadOf says of a step that it is an alternative.
func insteadOf(t *i18n.Texts, step string) string {
	return t.Text("finding.instead", i18n.Args{"step": step})
}
