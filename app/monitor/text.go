package monitor

import (
	"fmt"
	"strings"
)

// text is for people: a line for each mailbox that is not in order, and the
// sum. Of one mailbox it is one line.
func (r *Run) text() []byte {
	var b strings.Builder
	if !r.All {
		for _, c := range r.Checks {
			fmt.Fprintf(&b, "%s: %s: %s\n", r.Texts.Text("monitor.level."+c.Level.String()), c.Name, oneLine(r.state(c)))
		}
		return []byte(b.String())
	}
	for _, c := range r.bad() {
		fmt.Fprintf(&b, "%s: %s: %s\n", r.Texts.Text("monitor.level."+c.Level.String()), c.Name, oneLine(c.Problem))
	}
	fmt.Fprintln(&b, r.summary())
	return []byte(b.String())
}
