package cli

import (
	"strings"
	"testing"
)

// What was pasted and does not fit is told at once, also to the person behind a
// script: nothing on standard output says it.
func TestARefusedPasteIsToldWithJSONToo(t *testing.T) {
	_, file := tenant(t, nil)
	o := runWith(t, t.Context(), "http://localhost/?code=1&state=2\n", "request", "--file", file, "--sign-in", "link", "--paste", "-", "--json", "--timeout", "1s")
	if o.want(t, exitCancelled); !strings.Contains(o.stderr, "does not belong to this sign-in") || strings.Contains(o.stdout, "answer-not-ours") {
		t.Errorf("stdout: %s\nstderr: %s", o.stdout, o.stderr)
	}
}

// After a line that is too long to be an answer the next one is still taken.
func TestALongLineIsNotTheLastOne(t *testing.T) {
	const answer = "http://localhost/?code=1&state=2"
	lines := make(chan string, 8)
	feed(t.Context(), strings.NewReader(strings.Repeat("a", 3*maxPaste)+"\n\n"+answer+"\n"), lines)
	close(lines)
	last := ""
	for line := range lines {
		last = line
	}
	if last != answer {
		t.Errorf("the last line is %.40q", last)
	}
}
