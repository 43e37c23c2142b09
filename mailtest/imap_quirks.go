package mailtest

import (
	"regexp"
	"strings"
)

// imapQuirks keeps away from the library what it cannot read.
type imapQuirks struct {
	codes   []string // response codes that were taken out
	bye     string
	initial bool // the last command brought an initial response
}

// imapLine is a status response: tag, status, the rest.
var imapLine = regexp.MustCompile(`(?is)^(\S+ (?:OK|NO|BAD|BYE|PREAUTH) +)(\[.*)$`)

// readableCode is a response code as the standard has it (RFC 3501, section
// 9, resp-text-code): an atom, then any text without a closing bracket.
var readableCode = regexp.MustCompile(`^\[[^\x00-\x20(){%*"\\\]\x7f]+(?: [^\]\r\n]*)?\]`)

// received takes out response codes that follow no grammar, such as
// Exchange's [Error="UserDisabled" AuthResult=27]: upon those the library
// drops the connection.
func (q *imapQuirks) received(line string) string {
	if text := strings.TrimRight(line, "\r\n"); strings.HasPrefix(strings.ToUpper(text), "* BYE") {
		q.bye = text[len("* "):]
	}
	if q.initial && strings.TrimRight(line, " \r\n") == "+" {
		// An empty question after everything was said already. The library
		// would give up; one byte makes it ask our mechanism.
		q.initial = false
		return "+ AQ==\r\n"
	}
	m := imapLine.FindStringSubmatch(line)
	if m == nil || readableCode.MatchString(m[2]) {
		return line
	}
	end := strings.LastIndexByte(m[2], ']')
	if quoted := strings.Index(m[2], "] "); quoted >= 0 {
		end = quoted
	}
	if end < 0 {
		return line
	}
	q.codes = append(q.codes, m[2][:end+1])
	rest := strings.TrimLeft(m[2][end+1:], " ")
	if strings.TrimSpace(rest) == "" {
		rest = "done" + rest
	}
	return m[1] + rest
}

var imapInitial = regexp.MustCompile(`(?i)^\S+ AUTHENTICATE \S+ \S`)

func (q *imapQuirks) sending(line string) (string, bool) {
	q.initial = imapInitial.MatchString(line)
	return "", false
}
