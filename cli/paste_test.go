package cli

import (
	"strings"
	"testing"
)

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
