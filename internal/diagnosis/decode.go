package diagnosis

import (
	"encoding/base64"
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"mailgrant/internal/i18n"
)

// special handles a byte that may begin an encoding; it returns how many
// bytes it took.
func (u *unwrapper) special(i int) int {
	switch c := u.src[i]; {
	case c == '%':
		return u.percent(i)
	case c == '&':
		return u.entity(i)
	case c == '\\':
		return u.backslash(i)
	case c == '<':
		u.gap = true
		return max(1, tagLength(u.src[i:]))
	}
	r, n := utf8.DecodeRuneInString(u.src[i:])
	u.rune(r, i)
	return n
}

// rune keeps a letter.
func (u *unwrapper) rune(r rune, i int) {
	if r < utf8.RuneSelf && class[r] == 1 {
		u.put(byte(r)|0x20, i)
		return
	}
	letters := folded(r)
	if letters == "" && r != '\u00ad' && r != utf8.RuneError {
		u.gap = true
	}
	for j := range len(letters) {
		u.put(letters[j], i)
	}
}

// folded is a letter beyond ASCII in lower case, without its accent where it
// has one, so that a server without umlauts says the same as one with them; ""
// if it is none.
func folded(r rune) string {
	switch {
	case r == '×':
		return "x"
	case r >= utf8.RuneSelf && unicode.IsLetter(r):
		return i18n.Letter(r)
	}
	return ""
}

// percent decodes %27 and, of several bytes, %C3%B6.
func (u *unwrapper) percent(i int) int {
	first, n := u.percented(i)
	if first < 0 {
		u.gap = true
		return n
	}
	letter := []byte{byte(first)}
	for !utf8.FullRune(letter) {
		next, m := u.percented(i + n)
		if next < 0 {
			break
		}
		letter, n = append(letter, byte(next)), n+m
	}
	r, _ := utf8.DecodeRune(letter)
	u.rune(r, i)
	return n
}

// percented is the byte at a percent sign, -1 if there is none, and how much
// of the source it takes: %2527 was encoded twice.
func (u *unwrapper) percented(i int) (b rune, n int) {
	if !strings.HasPrefix(u.src[i:], "%") {
		return -1, 0
	}
	for n = 1; ; n += 2 {
		b, ok := hex(u.src, i+n, 2)
		switch {
		case !ok:
			return -1, n
		case b != '%':
			return b, n + 2
		}
	}
}

// entity decodes &#39; and &amp;quot;.
func (u *unwrapper) entity(i int) int {
	s, cut := u.src[i:min(len(u.src), i+24)], 0
	for strings.HasPrefix(s, "&amp;") {
		s, cut = "&"+s[len("&amp;"):], cut+len("amp;")
	}
	if end := strings.IndexByte(s, ';'); end >= 2 && !strings.ContainsAny(s[:end], " =\n\"") {
		if decoded := html.UnescapeString(s[:end+1]); decoded[0] != '&' {
			r, _ := utf8.DecodeRuneInString(decoded)
			u.rune(r, i)
			return cut + end + 1
		}
	}
	u.gap = true
	return cut + 1
}

// backslash drops the escapes of JSON, C and Python: \r\n, \", \u0027, \\n.
func (u *unwrapper) backslash(i int) int {
	n, gap := 0, u.gap
	for i+n < len(u.src) && u.src[i+n] == '\\' {
		n++
	}
	u.gap = true
	if i+n >= len(u.src) {
		return n
	}
	switch u.src[i+n] {
	case 'n', 'r', 't':
		return n + 1
	case 'u':
		if v, ok := hex(u.src, i+n+1, 4); ok {
			u.gap = gap
			u.rune(v, i)
			return n + 5
		}
	case 'x':
		if _, ok := hex(u.src, i+n+1, 2); ok {
			return n + 3
		}
	}
	return n
}

// challenge takes out what begins like base64 of a JSON object: a token says
// nothing in words, the challenge of a refused XOAUTH2 sign-in does.
func (u *unwrapper) challenge(i int) int {
	n := 0
	for i+n < len(u.src) && (class[u.src[i+n]] == 1 || strings.IndexByte("+/=-_", u.src[i+n]) >= 0) {
		n++
	}
	if n < 16 || u.deep {
		return 0
	}
	word := strings.TrimRight(u.src[i:i+n], "=")
	if i+n < len(u.src) && u.src[i+n] == '.' {
		return n // the header of a JWT
	}
	plain, err := base64.RawStdEncoding.DecodeString(word[:len(word)/4*4])
	if err != nil || !utf8.Valid(plain) {
		return 0
	}
	inner := &unwrapper{src: string(plain), gap: true, deep: true, base: i, essence: u.essence}
	inner.run()
	u.essence, u.gap = inner.essence, true
	return n
}

// tagLength is the length of the HTML or XML tag that s begins with, or 0.
func tagLength(s string) int {
	start := len(s) - len(strings.TrimPrefix(s[1:], "/"))
	i := start
	for i < len(s) && i < start+16 && (class[s[i]] == 1 || s[i] == ':') {
		i++
	}
	if i == start || i >= len(s) || strings.Contains(s[start:i], "http") {
		return 0
	}
	switch s[i] {
	case '>':
		return i + 1
	case ' ', '/', '\n', '\r', '\t':
		end := max(i, strings.IndexByte(s[:min(len(s), 512)], '>'))
		// "<urlopen error …>" and "<HttpError 403 when requesting https://…?alt=json …>" are Python's way to write an error.
		name, _, attribute := strings.Cut(s[i:end], "=")
		if end > i && strings.IndexByte(s[1:end], '<') < 0 && (attribute && !strings.Contains(name, "://") || strings.Trim(name, " /\r\n\t") == "") {
			return end + 1
		}
	}
	return 0
}

func hex(s string, i, n int) (rune, bool) {
	v, err := strconv.ParseUint(s[min(i, len(s)):min(i+n, len(s))], 16, 32)
	return rune(v), err == nil && i+n <= len(s)
}
