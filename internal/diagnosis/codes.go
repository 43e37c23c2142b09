package diagnosis

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"mailgrant/internal/pattern"
)

// coded is a code with its place: an enhanced status code such as "5.7.139"
// (RFC 3463), a reply code such as "535" (RFC 5321), what IMAP and POP3 put in
// brackets, or a code of Entra, "AADSTS50011".
type coded struct {
	code string
	sure bool // it is one of a family, whether the number is known or not
	place
}

// entraPrefix begins the codes of Microsoft's sign-in service.
const entraPrefix = "AADSTS"

// mailCodes finds the codes of mail servers, in order.
func (b *book) mailCodes(s string, found func(coded)) {
	reply := coded{place: place{to: -1}}
	at := func(i, n int) coded {
		return coded{s[i : i+n], true, place{from: i, to: i + n, begin: true, end: true}}
	}
	for i := 0; i+3 <= len(s); i++ {
		c := s[i]
		switch {
		case c == '[' || c == '-':
			if n := len(responseShape().FindString(s[i:min(len(s), i+24)])); n > 0 {
				found(at(i, n))
			}
		case c != '5' && c != '4' || i > 0 && (isDigit(s[i-1]) || s[i-1] == '.'):
		case s[i+1] == '.':
			if n := enhanced(s[i:]); n > 0 && b.isStatus(s, i, reply) {
				found(at(i, n))
				i += n
			}
		case i+3 < len(s) && s[i+3] < utf8.RuneSelf && strings.IndexByte(" -:,\n\r\t\"')", s[i+3]) < 0:
		case (i == 0 || s[i-1] >= utf8.RuneSelf || strings.IndexByte(" \n\t\"'>:([=`|*<", s[i-1]) >= 0) && slices.Contains(b.words("reply-codes"), s[i:i+3]):
			reply = at(i, 3)
			found(reply)
		}
	}
}

// isStatus tells an enhanced status code from a version number: it follows a
// reply code of its own class, or words that announce it.
func (b *book) isStatus(s string, i int, reply coded) bool {
	if reply.to >= 0 && i-reply.to <= 8 && s[reply.from] == s[i] || i == 0 || s[i-1] == '\n' || s[i-1] == '#' {
		return true
	}
	if i >= 4 && s[i-4] == s[i] && isDigit(s[i-3]) && isDigit(s[i-2]) && (s[i-1] == ' ' || s[i-1] == '-') && (i == 4 || !isDigit(s[i-5]) && s[i-5] != '.') {
		return true // a reply code that no RFC knows
	}
	if third := s[i+4:]; s[i+3] == '.' && s[i+2] <= '7' && len(third) > 2 && isDigit(third[1]) && isDigit(third[2]) {
		return true // no version has such numbers
	}
	before := strings.TrimRight(strings.ToLower(s[max(0, i-16):i]), " ")
	return slices.ContainsFunc(b.words("status-announced"), func(w string) bool { return strings.HasSuffix(before, w) })
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

// entraCodes finds the codes of Microsoft's sign-in service: "AADSTS50011", or
// a number behind words that announce one, which then has to be known.
func (b *book) entraCodes(e *essence, found func(coded)) {
	text := string(e.text)
	for n, word := range append([]string{strings.ToLower(entraPrefix)}, b.words("entra-announced")...) {
		for at, i := 0, 0; ; {
			if i = strings.Index(text[at:], word); i < 0 {
				break
			}
			start := at + i
			at = start + len(word)
			if end := e.digits(at); end > 0 {
				found(coded{entraPrefix + text[at:end], n == 0, place{from: e.offset(start), to: e.offset(end-1) + 1, begin: true, end: true}})
			}
		}
	}
}

// digits is the end of a number of four to eight digits that is one word, or 0.
func (e *essence) digits(at int) int {
	end := at
	for end < len(e.text) && isDigit(e.text[end]) && end-at < 9 && (end == at || !e.boundary(end)) {
		end++
	}
	if n := end - at; n < 4 || n > 8 {
		return 0
	}
	return end
}

// codesIn lists the stable codes between two offsets as people quote them:
// "AADSTS50011", "535 5.7.139".
func (h *hits) codesIn(from, to int) (out []string) {
	var reply coded
	for _, c := range h.codes {
		code := c.code
		switch {
		case c.from < from || c.to > to || len(out) == 8:
			continue
		case len(code) == 3:
			reply = c
			continue
		case code[0] == 'A':
		case !strings.Contains(code, "."):
			continue
		case reply.code != "" && c.from-reply.to <= 6:
			code = reply.code + " " + code
		case slices.ContainsFunc(out, func(s string) bool { return strings.HasSuffix(s, " "+code) }):
			continue
		}
		if !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	return out
}

// The GUIDs by which Microsoft finds a request again, behind the names it gives
// them: "Trace ID: …", "trace_id":"…", trace_id%22%3a%22….
var (
	correlationID = guidAfter("correlation-id")
	traceID       = guidAfter("trace-id")
	requestID     = guidAfter("request-id")
)

// guidAfter finds the GUID behind one of the names that a clue lists.
func guidAfter(clue string) func(text string) string {
	shape := sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?is)(?:` + strings.Join(theBook().words(clue), "|") + `)(?:[ _+-]|\x{a0}|%20)?id.{0,15}?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})`)
	})
	return func(text string) string {
		if m := shape().FindStringSubmatch(text); m != nil {
			return strings.ToLower(m[1])
		}
		return ""
	}
}
