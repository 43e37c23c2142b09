package mailtest

import (
	"strconv"
	"strings"

	"mailgrant/internal/pattern"
)

// imapFilter lets through to the library only what our few commands need, in
// a form that its parser certainly takes: it drops the connection upon codes
// that follow no grammar, such as Exchange's [Error="UserDisabled"
// AuthResult=27], and does not come back from some others (docs/upstream.md).
// What the server really said is kept here.
type imapFilter struct {
	commands map[string]string // the name of each command by its tag
	answers  map[string]string // what it was answered, without the tag, by its name
	bye      string
	waiting  int  // commands that have no answer yet
	initial  bool // the last command brought an initial response
	asked    bool // a question of the sign-in has no answer yet
	literal  int  // bytes of a literal that are still to be sent
}

func newIMAPFilter() *imapFilter {
	return &imapFilter{commands: map[string]string{}, answers: map[string]string{}}
}

var (
	imapTagged  = pattern.New(`^([A-Za-z0-9.]+) ((?i:OK|NO|BAD)(?: .*)?)$`)
	imapExists  = pattern.New(`^\* ([0-9]{1,9}) (?i:EXISTS)$`)
	imapLiteral = pattern.New(`\{([0-9]+)\+?\}$`)
)

func (f *imapFilter) received(line string) (string, bool) {
	text := strings.TrimRight(line, " \r\n")
	if strings.ContainsAny(text, "\r\x00") {
		return "", false // neither is a TEXT-CHAR (RFC 3501, section 9)
	}
	if text == "+" || strings.HasPrefix(text, "+ ") {
		return f.challenge(text), true
	}
	if m := imapTagged().FindStringSubmatch(text); m != nil {
		return f.tagged(m[1], m[2]), true
	}
	status, rest, untagged := imapStatus(text)
	switch {
	case !untagged:
		return "", false
	case status == "BYE":
		f.bye = text[len("* "):]
		return "* BYE bye\r\n", true
	case status == "OK", status == "NO", status == "BAD":
		return "", true // news that nobody asked for
	case imapLiteral().MatchString(rest):
		return "", false // data that nobody asked for
	}
	if m := imapExists().FindStringSubmatch(text); m != nil {
		return "* " + m[1] + " EXISTS\r\n", true
	}
	return "", true
}

// tagged ends a command. The library would ask for the capabilities behind our
// back after a sign-in that does not tell them.
func (f *imapFilter) tagged(tag, answer string) string {
	f.answers[f.commands[tag]] = answer
	f.waiting--
	status, _, _ := strings.Cut(strings.ToUpper(answer), " ")
	if status == "OK" {
		return tag + " OK [CAPABILITY IMAP4rev1] done\r\n"
	}
	return tag + " " + status + " done\r\n"
}

// challenge is a question of the sign-in. An empty one after everything was
// said already would make the library give up; one byte makes it ask our
// mechanism.
//
// What comes before the answer is kept back until then: the library misses the
// end of a sign-in that it hears between a question and its own answer, and
// waits for ever (docs/upstream.md).
func (f *imapFilter) challenge(text string) string {
	f.asked = true
	if f.initial && text == "+" {
		f.initial = false
		text = "+ AQ=="
	}
	return text + "\r\n"
}

var imapCommand = pattern.New(`^(T[0-9]+) ([A-Z]+)(?: \S+( \S)?)?`)

// owes: also while the library waits for no answer, what comes is not for it.
func (f *imapFilter) owes() bool { return f.asked || f.waiting <= 0 }

// sending takes no literal for a command, such as a password "T1 ABC", nor
// what looks like the size of one in it. Only a question is taken back by "*".
func (f *imapFilter) sending(line string) bool {
	if line == "*" && !f.asked {
		return false
	}
	f.asked = false
	inside, rest := f.literal > 0, line[min(f.literal, len(line)):]
	f.literal = max(0, f.literal-len(line)-len("\r\n"))
	if m := imapLiteral().FindStringSubmatch(rest); m != nil {
		f.literal, _ = strconv.Atoi(m[1])
	}
	if m := imapCommand().FindStringSubmatch(line); m != nil && !inside && f.commands[m[1]] == "" {
		f.commands[m[1]] = m[2]
		f.waiting++
		f.initial = m[2] == "AUTHENTICATE" && m[3] != ""
	}
	return true
}
