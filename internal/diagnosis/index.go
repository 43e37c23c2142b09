package diagnosis

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"mailgrant/internal/pattern"
)

// part is one piece of a saying: a phrase or a code.
type part struct {
	key   string // the essence of the phrase, or the code
	soon  bool   // follows shortly after the part before ("…"); else it stands anywhere near ("+")
	short bool   // a short phrase begins and ends with a word
	open  bool   // the word may go on ("*")
	word  bool   // it is one word, with nothing between its letters, or begins with a short one
	after bool   // it stands after an at sign ("@") or by itself: "@outlook.com" is not in PROD.OUTLOOK.COM
}

// shortPhrase is the length below which a phrase may not be part of a word, as
// no number may, unless it ends in a star: then the word may go on.
const shortPhrase = 9

// index finds all phrases of the sayings that were read in one pass over a
// text, and those that have to be read for it. Both are chained by the first
// four letters; numbers in the chains are one higher, so that 0 is none.
type index struct {
	known          map[string]bool // phrases and codes; no phrase looks like a code
	short          map[string]bool // phrases of three letters, which are words of their own
	phrases        []string        // the others
	heads, next    []int32
	unread, beside []int32            // sayings; the last bucket is read at once
	begun          map[string][]int32 // those that were read, by their first part; "" has those without one
}

const buckets = 1 << 16

func newIndex() *index {
	return &index{
		known: map[string]bool{}, short: map[string]bool{}, heads: make([]int32, buckets), unread: make([]int32, buckets+1), beside: make([]int32, 0, manySayings),
		begun: map[string][]int32{},
	}
}

// phrase takes in a phrase and returns its essence, by which it is compared.
func (x *index) phrase(words string) string {
	text := essenceOf(words).text
	key := string(text)
	switch {
	case x.known[key]:
	case len(key) < 4:
		x.short[key] = true
	default:
		h := bucket(text)
		x.phrases, x.next, x.heads[h] = append(x.phrases, key), append(x.next, x.heads[h]), int32(len(x.phrases)+1)
	}
	x.known[key] = true
	return key
}

// coded returns a code, if it is known, and the longest family that it is
// surely of ("AADSTS53*", "5.7.*").
func (x *index) coded(c coded) (keys []string) {
	if x.known[c.code] {
		keys = append(keys, c.code)
	}
	for n := len(c.code) - 1; c.sure && n > 0; n-- {
		if x.known[c.code[:n]+"*"] {
			return append(keys, c.code[:n]+"*")
		}
	}
	return keys
}

// bucket is where what begins with these four letters is kept (Knuth's
// multiplicative hash).
func bucket(s []byte) uint32 { return binary.LittleEndian.Uint32(s) * 2654435761 >> 16 }

// beginning is the bucket of the first four letters of words that are plain,
// and another one where only their essence tells.
func beginning(words string) uint32 {
	head := make([]byte, 0, 8)
	for _, r := range words {
		switch {
		case r < utf8.RuneSelf && class[r] == 1:
			head = append(head, byte(r)|0x20)
		case r < utf8.RuneSelf && class[r] == 0 && strings.IndexByte("*+'", byte(r)) < 0:
		case folded(r) == "":
			return buckets
		default:
			head = append(head, folded(r)...)
		}
		if len(head) >= 4 {
			return bucket(head)
		}
	}
	return buckets
}

// need reads the sayings that a text may hold. A number behind a word such as
// "errorcode" may be a code of Entra.
func (b *book) need(e *essence) {
	for i := 0; i+4 <= len(e.text); i++ {
		b.readAt(bucket(e.text[i:]))
	}
	if slices.ContainsFunc(b.words("entra-announced"), func(word string) bool { return bytes.Contains(e.text, []byte(word)) }) {
		b.readAt(beginning(entraPrefix))
	}
}

func (b *book) readAt(h uint32) {
	for n := b.index.unread[h]; n != 0; n = b.index.beside[n-1] {
		b.read(n - 1)
	}
	b.index.unread[h] = 0
}

// scan calls hit for every phrase found, in the order of where they begin.
func (x *index) scan(e *essence, hit func(key string, first int)) {
	text := e.text
	for i := 0; i+3 <= len(text); i++ {
		if e.boundary(i) && e.boundary(i+3) {
			if x.short[string(text[i:i+3])] {
				hit(string(text[i:i+3]), i)
			}
		}
		if i+4 > len(text) {
			return
		}
		for n := x.heads[bucket(text[i:i+4])]; n != 0; n = x.next[n-1] {
			if p := x.phrases[n-1]; len(text)-i >= len(p) && string(text[i:i+len(p)]) == p {
				hit(p, i)
			}
		}
	}
}

// codeShape tells codes in the data from words: an enhanced status code, a
// response code of IMAP or POP3, a code of Entra or, with a star, a family of
// them.
var codeShape = pattern.New(`^(?:[245]\.\d{1,3}\.(?:\d{1,3}|\*)|-ERR|\[[A-Z/-]+\]|AADSTS(?:\d+\*?|\*))$`)

// isCode is codeShape without its cost for what plainly is none.
func (b *book) isCode(s string) bool {
	return strings.IndexByte("245-[A", s[0]) >= 0 && (codeShape().MatchString(s) || slices.Contains(b.words("reply-codes"), s))
}

// saying takes in words by which an entry is recognised: parts joined by "…" or
// "+". They are kept for when a text holds their first four letters.
func (b *book) saying(s saying) {
	h := beginning(s.words)
	b.sayings, b.index.beside = append(b.sayings, s), append(b.index.beside, b.index.unread[h])
	b.index.unread[h] = int32(len(b.sayings))
}

// read makes parts of the words of the saying with this number.
func (b *book) read(n int32) {
	s := &b.sayings[n]
	if s.read {
		return
	}
	at := origin{s.of.at.file, s.line}
	s.read = true
	if s.words == "" && (s.strength != fails || s.when == "") {
		b.mistake(at, "nothing to look for")
	}
	for soon, rest := false, s.words; rest != ""; {
		word, after, next := nextPart(rest)
		s.parts = append(s.parts, b.part(s, at, word, soon))
		soon, rest = next, after
	}
	first := ""
	if len(s.parts) > 0 {
		first = s.parts[0].key
	}
	b.index.begun[first] = append(b.index.begun[first], n)
}

// nextPart cuts at the first " … " or " + "; soon tells that it was dots.
func nextPart(s string) (word, rest string, soon bool) {
	dots, plus := strings.Index(s, " … "), strings.Index(s, " + ")
	switch {
	case dots >= 0 && (plus < 0 || dots < plus):
		return s[:dots], strings.TrimSpace(s[dots+len(" … "):]), true
	case plus >= 0:
		return s[:plus], strings.TrimSpace(s[plus+len(" + "):]), false
	}
	return s, "", false
}

func (b *book) part(s *saying, at origin, word string, soon bool) part {
	if word != "" && b.isCode(word) {
		s.coded = true
		if strings.HasPrefix(word, entraPrefix) {
			s.size = 10
		}
		b.index.known[word] = true
		return part{key: word, soon: soon}
	}
	word, on := strings.CutSuffix(word, "*")
	key := b.index.phrase(word)
	size := len(key)
	if size < 3 || size == 3 && on {
		b.mistake(at, "%q is too short to mean anything", word)
	}
	s.size += size
	// "unknown ca" must not be found in "Unknown: cannot".
	gap, last := strings.IndexFunc(word, notLetter), word[strings.LastIndexFunc(word, notLetter)+1:]
	short := (size < shortPhrase || isDigit(key[size-1]) || gap >= 0 && len(last) < 4) && !strings.ContainsFunc(word, unspaced)
	return part{key: key, soon: soon, short: short, open: on, word: gap < 0 || gap < 4 && !short, after: strings.HasPrefix(word, "@")}
}

// unspaced tells letters of scripts that set no blanks between words.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
