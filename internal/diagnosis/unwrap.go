package diagnosis

import (
	"slices"
	"strings"
	"unicode/utf8"

	"mailgrant/internal/plaintext"
)

// maxScan is how much of a text is looked at: the beginning and the end of a
// longer one, where a log says how a failure began and what it is now.
const maxScan = 12 << 20

// essence is a text without its wrapping: letters and digits in lower case,
// nothing between them. "SmtpClient\n  Authentication", its percent-encoded
// and its JSON-escaped form all have the same essence, so a rule names a
// phrase once, whatever a log, a browser or an exception made of it.
type essence struct {
	text []byte
	at   []uint32 // per byte: offset in the source, and how a word begins
}

// wordStart marks in at that something stood before this byte, humpStart that a
// capital begins a word in a name ("OpenTimeout"); apostrophes are ways to write one.
const (
	wordStart   = 1 << 31
	humpStart   = 1 << 30
	apostrophes = ` ' ’ \' &#39; &#x27; &#039; &amp;#39; &apos; &rsquo; %27 %E2%80%99 \u0027 \u2019 `
)

func (e *essence) offset(i int) int { return int(e.at[i] &^ (wordStart | humpStart)) }

// boundary reports whether a word begins at i, or the text ends there.
func (e *essence) boundary(i int) bool {
	return i >= len(e.text) || i <= 0 || e.at[i]&wordStart != 0
}

// lastHump reports whether the last part of a name is from first to last.
func (e *essence) lastHump(first, last int) bool {
	return e.at[first]&humpStart != 0 && e.boundary(last+1) && !e.split(first, last)
}

// split tells whether something stands between the letters of a piece.
func (e *essence) split(first, last int) bool {
	return slices.ContainsFunc(e.at[first+1:last+1], func(at uint32) bool { return at&wordStart != 0 })
}

// trim makes a text UTF-8, for PowerShell writes logs as UTF-16, and cuts it to
// what is scanned.
func trim(s string) string {
	if len(s) > 1 && (strings.HasPrefix(s, "\xff\xfe") || strings.HasPrefix(s, "\xfe\xff") || (s[0] == 0) != (s[1] == 0)) {
		s = plaintext.Decode([]byte(s))
	}
	if len(s) > maxScan {
		s = s[:maxScan/2] + "\n" + s[len(s)-maxScan/2:]
	}
	return s
}

// unwrapper reads a text once and keeps its essence.
type unwrapper struct {
	essence
	src  string
	gap  bool // something that is no letter or digit came before
	deep bool // inside a decoded challenge
	base int  // offset to note while deep
}

func essenceOf(s string) *essence {
	u := &unwrapper{src: s, gap: true, essence: essence{text: make([]byte, 0, len(s)), at: make([]uint32, 0, len(s))}}
	u.run()
	return &u.essence
}

// withoutApostrophe are the words that lose it in a name or in haste:
// COULDNT_CONNECT, "doesnt exist".
var withoutApostrophe = strings.Fields("couldn wouldn shouldn doesn didn don isn aren wasn weren hasn haven can won")

// contracted tells whether the t at a place of the source ends such a word.
func (u *unwrapper) contracted(at int) bool {
	if at+1 < len(u.src) && (class[u.src[at+1]] == 1 || u.src[at+1] >= utf8.RuneSelf) {
		return false
	}
	for n := len(u.text) - 1; n >= 0 && len(u.text)-n <= len("shouldn"); n-- {
		if u.at[n]&wordStart != 0 {
			return slices.Contains(withoutApostrophe, string(u.text[n:]))
		}
	}
	return false
}

func (u *unwrapper) put(b byte, at int) {
	if n := len(u.text); b == 't' && !u.deep && n > 2 && u.text[n-1] == 'n' &&
		(u.gap && strings.Contains(apostrophes, " "+u.src[u.offset(n-1)+1:at]+" ") || !u.gap && u.contracted(at)) {
		u.gap = false // isn't is not, can't cannot
		if u.text[n-2] == 'a' {
			u.put('n', at)
		}
		u.put('o', at)
	}
	if u.deep {
		at += u.base // base64 is longer than what it holds: still inside it
	}
	mark := uint32(at)
	if u.gap {
		mark |= wordStart
		u.gap = false
	}
	u.text = append(u.text, b)
	u.at = append(u.at, mark)
}

// class says what a byte is: 0 nothing, 1 a letter or digit, 2 special.
var class = func() (t [256]byte) {
	for c := range 256 {
		b := byte(c)
		switch {
		case b >= '0' && b <= '9', b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z':
			t[c] = 1
		case b == '%', b == '&', b == '\\', b == '<', b >= utf8.RuneSelf:
			t[c] = 2
		}
	}
	return t
}()

// hump tells whether the second of three letters begins a word in a name: it
// is a capital, a small letter follows, and a letter stands before it.
func hump(s string) bool {
	return len(s) == 3 && s[1] >= 'A' && s[1] <= 'Z' && s[2] >= 'a' && s[2] <= 'z' && class[s[0]] == 1 && !isDigit(s[0])
}

func (u *unwrapper) run() {
	s := u.src
	for i := 0; i < len(s); {
		c := s[i]
		switch class[c] {
		case 0:
			u.gap = true
			i++
		case 1:
			if c == 'e' && u.gap && strings.HasPrefix(s[i:], "eyJ") {
				if n := u.challenge(i); n > 0 {
					i += n
					continue
				}
			}
			u.put(c|0x20, i) // small; a digit has that bit
			if i > 0 && hump(s[i-1:min(len(s), i+2)]) {
				u.at[len(u.at)-1] |= humpStart
			}
			i++
		default:
			i += u.special(i)
		}
	}
}
