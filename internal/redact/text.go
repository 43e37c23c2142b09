package redact

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"mailgrant/internal/pattern"
)

// MaxText is the longest text from outside that is kept, in bytes.
const MaxText = 2 << 10

// scan is how much of a text is looked at. A credential that begins inside
// MaxText may end far behind it, so masking reads further than it keeps.
const scan = 16 * MaxText

// shape is a form in which credentials turn up in error texts, addresses and
// protocol transcripts. The first group of its expression, where there is one,
// is kept as the reader's hint of what was masked.
type shape struct {
	// words are what such a text holds one of, whatever its case: most texts
	// hold none, and looking for them takes a fraction of the expression's
	// time. In upper case, where (?i) takes two letters more for an S and a K
	// (ſ and the sign for Kelvin) only the first comes out as one: no K.
	words []string
	re    func() *regexp.Regexp
}

var secretShapes = []shape{
	// JSON Web Tokens, whole or cut off.
	{[]string{"EYJ"}, pattern.New(`eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,4}`)},
	// Form, query and JSON members with a telling name, also percent-encoded
	// and with the quotes escaped, as Go quotes an answer in its errors.
	{
		[]string{"_", "CODE", "PASSW", "ASSERTION"},
		pattern.New(`(?i)\b((?:access_token|refresh_token|id_token|client_secret|client_assertion|code_verifier|device_code|passwd|password|assertion|code|session_state)(?:\\{0,3}["'])?(?:=|%3D|\s*:\s*\\{0,3}["']))[^\s&"'<>]{6,}`),
	},
	{
		[]string{"BEARER", "AUTHORIZATION"},
		pattern.New(`(?i)\b(auth=bearer[ +]|authorization:\s*(?:bearer|basic)\s+|bearer\s+)[A-Za-z0-9._~+/=-]{12,}`),
	},
	// Mail logins: a name is worth keeping, what follows is not.
	{
		[]string{"XOAUTH2", "OAUTHBEARER", "PLAIN", "LOGIN"},
		pattern.New(`(?i)(\bAUTH(?:ENTICATE)?\s+(?:XOAUTH2|OAUTHBEARER|PLAIN|LOGIN)\s+)[A-Za-z0-9+/=_-]{8,}`),
	},
	{[]string{" LOGIN"}, pattern.New(`(\b[A-Za-z.]*[0-9]+ LOGIN\s+\S+\s+)\S+`)}, // with its tag: "NO LOGIN failed" is an answer
	{[]string{"PASS"}, pattern.New(`(?im)^(\s*(?:[CS]:\s*)?PASS\s+).+$`)},
	// SASL base64: "user=" and "n,a=" start every XOAUTH2 and OAUTHBEARER
	// response; their base64 begins with these letters.
	{[]string{"DXNLCJ", "BIXHPW", "BIWSA"}, pattern.New(`\b(?:dXNlcj|bixhPW|biwsA)[A-Za-z0-9+/=_-]{8,}`)},
	// Tokens and codes with a known prefix: Microsoft compact tokens and
	// refresh tokens, Google's access, refresh and code values.
	{
		[]string{"EWB", "0.A", "1.A", "M.C", "M.R", "YA29.", "1//0", "4/0A"},
		pattern.New(`\b(?:EwB[A-Za-z0-9+/]|[01]\.A[A-Za-z0-9_-]{2}|M\.[CR]\d{2,3}_|ya29\.|1//0|4/0A)[A-Za-z0-9._~+/!*$=-]{16,}`),
	},
}

// longRun is anything else that is long and unbroken: that is not prose.
var longRun = pattern.New(`[A-Za-z0-9+/_=-]{120,}`)

// hasLongRun tells what longRun finds, sooner.
func hasLongRun(s string) bool {
	run := 0
	for i := range len(s) {
		if run++; !inAlphabet(s[i]) && s[i] != '=' {
			run = 0
		}
		if run == 120 {
			return true
		}
	}
	return false
}

// Text makes a text from outside fit to be shown, logged and put in a report:
// credentials are masked, control and bidirectional characters are escaped
// (line breaks stay), and the result ends after MaxText bytes.
func Text(s string) string {
	if len(s) > scan {
		s = s[:scan]
	}
	return clip(escape(strings.TrimSpace(strings.ReplaceAll(Mask(s), "\r\n", "\n"))))
}

// Mask masks the secrets of this run and what looks like one in a text and leaves the rest as it is, for a
// caller that cuts a piece out before Text shows it: cutting first could
// leave half a credential that nothing recognises any more.
func Mask(s string) string {
	s = strings.ToValidUTF8(ofRun.Mask(s), "\uFFFD")
	upper := strings.ToUpper(s)
	for _, shape := range secretShapes {
		if slices.ContainsFunc(shape.words, func(w string) bool { return strings.Contains(upper, w) }) {
			s = shape.re().ReplaceAllString(s, "${1}"+mask)
		}
	}
	if hasLongRun(s) {
		s = longRun().ReplaceAllString(s, mask)
	}
	return s
}

// Line is Text for a single line: line breaks are escaped too.
func Line(s string) string {
	return strings.ReplaceAll(Text(s), "\n", `\n`)
}

// Visible makes the invisible and direction-changing characters of a text
// visible, such as a file name's; line breaks and tabs stay.
func Visible(s string) string { return escape(s) }

// JSON is Visible for encoded JSON, in which such characters stand in strings
// only: it writes them as JSON escapes, so that a reader gets the same value.
func JSON(data []byte) []byte {
	var out bytes.Buffer
	for _, r := range string(data) {
		if r == '\n' || !misleading(r) {
			out.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&out, `\u%04x`, unit)
		}
	}
	return out.Bytes()
}

// misleading tells the characters that a terminal or a window would act on
// instead of showing them.
func misleading(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Cf, unicode.Zl, unicode.Zp)
}

// escape makes invisible and direction-changing characters visible: a server
// must not be able to clear the terminal or to turn a host name around.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n', r == '\t':
			b.WriteRune(r)
		case r == utf8.RuneError:
			b.WriteRune(r)
		case misleading(r):
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// clip cuts at MaxText without splitting a character.
func clip(s string) string {
	if len(s) <= MaxText {
		return s
	}
	s = s[:MaxText-len("…")]
	for len(s) > 0 && !utf8.ValidString(s[max(0, len(s)-utf8.UTFMax):]) {
		s = s[:len(s)-1]
	}
	return s + "…"
}
