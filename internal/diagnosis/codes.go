package diagnosis

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mailgrant/internal/pattern"
)

// coded is an SMTP code with its place: an enhanced status code such as
// "5.7.139" (RFC 3463) or a reply code such as "535" (RFC 5321).
type coded struct {
	code string
	place
}

// replyCodes are those that say something about a sign-in or a message.
var replyCodes = []string{"421", "432", "450", "451", "452", "454", "455", "500", "501", "502", "503", "504", "521", "530", "534", "535", "538", "550", "551", "552", "553", "554", "555", "556", "571"}

// smtpCodes finds the codes of a text, in order.
func smtpCodes(s string, found func(coded)) {
	reply := coded{place: place{to: -1}}
	for i := 0; i+3 <= len(s); i++ {
		c := s[i]
		if c == '[' || c == '-' {
			if n := len(responseShape().FindString(s[i:min(len(s), i+24)])); n > 0 {
				found(coded{s[i : i+n], place{i, i + n, true, true, false}})
			}
			continue
		}
		if c != '5' && c != '4' || i > 0 && (isDigit(s[i-1]) || s[i-1] == '.') {
			continue
		}
		if s[i+1] == '.' {
			if n := enhanced(s[i:]); n > 0 && isStatus(s, i, reply) {
				found(coded{s[i : i+n], place{i, i + n, true, true, false}})
				i += n
			}
			continue
		}
		if !isDigit(s[i+1]) || !isDigit(s[i+2]) || i+3 < len(s) && strings.IndexByte(" -:,\n\r\t\"')", s[i+3]) < 0 {
			continue
		}
		if slices.Contains(replyCodes, s[i:i+3]) && (i == 0 || strings.IndexByte(" \n\t\"'>:([=`|*<", s[i-1]) >= 0) {
			reply = coded{s[i : i+3], place{i, i + 3, true, true, false}}
			found(reply)
		}
	}
}

// isStatus tells an enhanced status code from a version number: it follows a
// reply code of its own class, or words that announce it.
func isStatus(s string, i int, reply coded) bool {
	if reply.to >= 0 && i-reply.to <= 8 && s[reply.from] == s[i] {
		return true
	}
	if third := s[i+4:]; s[i+3] == '.' && s[i+2] <= '7' && len(third) > 2 && isDigit(third[1]) && isDigit(third[2]) {
		return true // no version has such numbers
	}
	if i == 0 || s[i-1] == '\n' || s[i-1] == '#' {
		return true
	}
	before := strings.TrimRight(strings.ToLower(s[max(0, i-16):i]), " ")
	return slices.ContainsFunc(theBook().words("status-announced"), func(w string) bool { return strings.HasSuffix(before, w) })
}

// responseShape is what IMAP and POP3 servers put before their words: "-ERR" or
// a code in brackets (RFC 5530, RFC 2449); enhancedShape a status code, unless
// it goes on as an address or a version does.
var (
	responseShape = pattern.New(`^(?:-ERR|\[[A-Z/-]{2,22}\])`)
	enhancedShape = pattern.New(`^[45]\.\d{1,3}\.\d{1,3}`)
)

// enhanced is the length of the enhanced status code that s begins with.
func enhanced(s string) int {
	n := len(enhancedShape().FindString(s))
	if rest := s[n:]; len(rest) > 1 && rest[0] == '.' && isDigit(rest[1]) || rest != "" && isDigit(rest[0]) {
		return 0
	}
	return n
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// codesIn lists the stable codes between two offsets as people quote them:
// "AADSTS50011", "535 5.7.139".
func codesIn(src string, h *hits, from, to int) []string {
	var out []string
	add := func(code string) {
		if len(out) < 8 && !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	for _, n := range h.entra {
		if n.from >= from && n.to <= to {
			add("AADSTS" + strconv.Itoa(n.number))
		}
	}
	var reply coded
	smtpCodes(src[from:to], func(c coded) {
		if len(c.code) == 3 {
			reply = c
		}
		if !strings.Contains(c.code, ".") {
			return
		}
		if reply.code != "" && c.from-reply.to <= 6 {
			add(reply.code + " " + c.code)
		} else if !slices.ContainsFunc(out, func(s string) bool { return strings.HasSuffix(s, " "+c.code) }) {
			add(c.code)
		}
	})
	return out
}

// The GUIDs by which Microsoft finds a request again, behind the names it gives
// them: "Trace ID: …", "trace_id":"…", trace_id%22%3a%22….
var (
	correlationID = guidAfter("correlation|korrelations")
	traceID       = guidAfter("trace")
	requestID     = guidAfter("request|anforderungs")
)

func guidAfter(name string) func() *regexp.Regexp {
	return pattern.New(`(?is)(?:` + name + `)(?:[ _+-]|\x{a0}|%20)?id.{0,15}?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})`)
}

func idIn(text string, shape func() *regexp.Regexp) string {
	if m := shape().FindStringSubmatch(text); m != nil {
		return strings.ToLower(m[1])
	}
	return ""
}
