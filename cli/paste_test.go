package cli

import (
	"strings"
	"testing"

	"mailgrant/internal/mailbox"
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

// Where an answer can only be pasted and nobody can paste, nobody is let wait.
func TestAnAnswerToBePastedNeedsSomebodyToPasteIt(t *testing.T) {
	_, file := tenant(t, func(d *mailbox.Definition) {
		d.OAuth.Redirect = "https://login.microsoftonline.com/common/oauth2/nativeclient"
	})
	args := []string{"request", "--file", file, "--json", "--timeout", "1s"}
	if o := run(t, args...).want(t, exitUsage); o.stdout != "" || !strings.Contains(o.stderr, "--paste -") {
		t.Errorf("stdout: %s\nstderr: %s", o.stdout, o.stderr)
	}
	run(t, append(args, "--sign-in", "link", "--paste", "-")...).want(t, exitCancelled)
	run(t, append(args, "--sign-in", "device-code")...).want(t, exitCancelled)
	_, file = tenant(t, nil)
	if o := run(t, "request", "--file", file, "--sign-in", "link", "--timeout", "1s").want(t, exitCancelled); strings.Contains(o.stderr, "paste its text") {
		t.Errorf("somebody is to paste who is not there: %s", o.stderr)
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
