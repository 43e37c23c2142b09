package redact

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"

	"mailgrant/internal/pattern"
)

// MaxText is the longest text from outside that is kept, in bytes.
const MaxText = 2 << 10

// scan is how much of a text is looked at. A credential that begins inside
// MaxText may end far behind it, so masking reads further than it keeps.
const scan = 16 * MaxText

// shape is a form in which credentials turn up in error texts, addresses, traces
// and protocol transcripts.
type shape struct {
	// words are what such a text holds one of, whatever its case: most texts
	// hold none, and looking for them takes a fraction of the expression's
	// time. In upper case, where (?i) takes two letters more for an S and a K
	// (ſ and the sign for Kelvin) only the first comes out as one: no K.
	words []string
	mask  func(string) string
}

// masks is the mask of what an expression finds. Its groups are kept as the
// reader's hint of what was masked.
func masks(expression string) func(string) string {
	re := pattern.New(expression)
	return func(s string) string { return re().ReplaceAllString(s, "${1}${2}${3}${4}${5}${6}"+mask) }
}

var secretShapes = []shape{
	// JSON Web Tokens, whole or cut off.
	{[]string{"EYJ"}, masks(`eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,4}`)},
	{
		[]string{"BEARER", "AUTHORIZATION"},
		masks(`(?i)\b(auth=bearer[ +]|authorization:\s*(?:bearer|basic)\s+|bearer\s+)[A-Za-z0-9._~+/=-]{12,}`),
	},
	// Mail logins: a name is worth keeping, what follows is not.
	{
		[]string{"XOAUTH2", "OAUTHBEARER", "PLAIN", "LOGIN"},
		masks(`(?i)(\bAUTH(?:ENTICATE)?\s+(?:XOAUTH2|OAUTHBEARER|PLAIN|LOGIN)\s+)[A-Za-z0-9+/=_-]{8,}`),
	},
	{[]string{"LOGIN"}, masks(`(\bLOGIN\s+\S+\s+")[^"\n]+`)},
	{[]string{" LOGIN"}, masks(`(\b[A-Za-z.]*[0-9]+ LOGIN\s+\S+\s+)[^\s"]+`)}, // with its tag: "NO LOGIN failed" is an answer
	{[]string{"PASS"}, masks(`(?im)^(\s*(?:[CS]:\s*)?PASS\s+).+$`)},
	// What answers "Password:" in AUTH LOGIN.
	{[]string{"334 UGFZC3DVCMQ6"}, masks(`(?m)(334 UGFzc3dvcmQ6[^\n]*\n(?:[^\n]*\s)?)[A-Za-z0-9+/]{4,}={0,2}\s*$`)},
	// SASL base64: "user=" and "n,a=" start every XOAUTH2 and OAUTHBEARER
	// response; their base64 begins with these letters.
	{[]string{"DXNLCJ", "BIXHPW", "BIWSA"}, masks(`\b(?:dXNlcj|bixhPW|biwsA)[A-Za-z0-9+/=_-]{8,}`)},
	// Tokens and codes with a known prefix: Microsoft compact tokens and
	// refresh tokens, Google's access, refresh and code values.
	{
		[]string{"EWB", "0.A", "1.A", "M.C", "M.R", "YA29.", "1//0", "4/0A"},
		masks(`\b(?:EwB[A-Za-z0-9+/]|[01]\.A[A-Za-z0-9_-]{2}|M\.[CR]\d{2,3}_|ya29\.|1//0|4/0A)[A-Za-z0-9._~+/!*$=-]{16,}`),
	},
	{[]string{"Q~", "GOCSPX-"}, func(s string) string { return clientSecret().ReplaceAllString(s, mask) }},
	// The password of an address, and that of an option.
	{[]string{"://"}, addressPassword},
	{[]string{" -"}, masks(`(?i)( -(?:u|-user)[ =]["'][^\s:"']+:)[^\n"']+|( -(?:-?[a-z-]*pass(?:word)?[ =]|(?:u|-user)[ =][^\s:]+:))[^\s"']+`)},
	// What has a telling name: in quotes, also escaped ones as Go quotes an
	// answer in its errors; in a form, a query, a setting, an element of XML;
	// and behind a colon, where prose may follow, what looks like a password.
	{
		[]string{"PASS", "PWD", "ENNWORT", "SECRET", "ACCESS", "REFRESH", "ID_TO", "ID-TO", "IDTO", "ASSERTION", "VERIFIER", "DEVICE", "STATE", "SECURESTRING"},
		masks(`(?i)(pass(?:wor[dt]|wd|phrase)?|pwd|kennwort|client ?secret|[_-]secret|(?:access|refresh|id)[_-]?token|assertion|` +
			`code[_-]?verifier|device[_-]?code|session[_-]?state|ConvertTo-SecureString(?:\s+-String)?)` +
			`(?:(` + is + `")(?:[^"\\\n]|\\[^"\n])+|(` + is + `')(?:[^'\\\n]|\\[^'\n])+|([ \t]?(?:=|%3D)[ \t]?)[^\s&"'<>]+|(>)[^<\n]+|` +
			`(:[ \t]*)(?-i:[^\s"'<>\[(]\S*[0-9!?#$%&*+]\S*[a-z]|[^\s"'<>\[(]*[a-z]\S*[0-9!?#$%&*+])\S*)`),
	},
	{[]string{"CODE"}, signInCode},
	{[]string{"("}, signInCall},
}

// is stands between a name and its value in quotes.
const is = `(?:(?:\\{0,3}["'])?\]?\s*(?:=>?|:|value=)|[ \t])\s*\\{0,3}`

// clientSecret is what Microsoft Entra (Microsoft Purview, "Microsoft Entra client
// secret") and Google give out as an application's secret.
var clientSecret = pattern.New(`[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,}|GOCSPX-[A-Za-z0-9_-]{20,}`)

// HasClientSecret reports whether an application's secret stands in a text.
func HasClientSecret(s string) bool {
	return (strings.Contains(s, "Q~") || strings.Contains(s, "GOCSPX-")) && clientSecret().MatchString(s)
}

var inAddress = pattern.New(`(://[^\s/:@"'<>]*:)[^\s/"'<>]+@`)

func addressPassword(s string) string { return inAddress().ReplaceAllString(s, "${1}"+mask+"@") }

// codes finds what is called a code: an error's own in the first group, a word
// or the number on Microsoft's page about it; any other is a sign-in's answer.
var codes = pattern.New(`(?i)(\berror\?code=\d{4,8}\b|\bcode(?:\\{0,3}["'])?\s*:\s*\\{0,3}["'](?-i:(?:_?(?:[A-Z]?[a-z]{2,}|[A-Z]{2,}))+|[A-Z]{1,10}\d{1,7})\\{0,3}["'])|` +
	`(\bcode(?:\\{0,3}["'])?(?:=|%3D|\s*:\s*\\{0,3}["']))[^\s&"'<>]{6,}`)

func signInCode(s string) string {
	return codes().ReplaceAllStringFunc(s, func(found string) string {
		if groups := codes().FindStringSubmatch(found); groups[2] != "" {
			return groups[2] + mask
		}
		return found
	})
}

var (
	calls = pattern.New(`(?i)(?:login|authenticate|connect|imap_open|credentials?|authentication|auth)\([^,()\n]*(?:\([^()\n]*\)[^,()\n]*)?,` +
		`(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\)|[^()"'\n])*(?:["'][^\n]*)?`)
	quotes = pattern.New(`(")[^"\n]+("?)|(')[^'\n]+('?)`)
)

// signInCall masks all that stands in quotes behind the first argument of a call
// that signs in, as a trace shows it.
func signInCall(s string) string {
	return calls().ReplaceAllStringFunc(s, func(call string) string {
		first, rest, _ := strings.Cut(call, ",")
		return first + "," + quotes().ReplaceAllString(rest, "${1}${3}"+mask+"${2}${4}")
	})
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
	return clip(Visible(strings.TrimSpace(strings.ReplaceAll(Mask(s[:min(len(s), scan)]), "\r\n", "\n"))))
}

// Mask masks the secrets of this run and what looks like one in a text and leaves the rest as it is, for a
// caller that cuts a piece out before Text shows it: cutting first could
// leave half a credential that nothing recognises any more.
func Mask(s string) string {
	s = strings.ToValidUTF8(ofRun.Mask(s), "\uFFFD")
	upper := strings.ToUpper(s)
	for _, shape := range secretShapes {
		if slices.ContainsFunc(shape.words, func(w string) bool { return strings.Contains(upper, w) }) {
			s = shape.mask(s)
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

// Visible makes the invisible and direction-changing characters of a text visible,
// such as a file name's; line breaks and tabs stay: a server must not be able to clear
// the terminal or to turn a host name around.
func Visible(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r != '\n' && r != '\t' && misleading(r) {
			fmt.Fprintf(&b, `\u%04X`, r)
		} else {
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
	return strings.ToValidUTF8(s[:MaxText-len("…")], "") + "…"
}
