package diagnosis

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"unicode"

	"mailgrant/internal/pattern"
)

// part is one piece of a saying: a phrase or a code.
type part struct {
	id    int32 // of the phrase if it is 0 or more, of the code below
	soon  bool  // follows shortly after the part before ("…"); else it stands anywhere near ("+")
	short bool  // a short phrase begins and ends with a word
	open  bool  // the word may go on ("*")
	word  bool  // it is one word, with nothing between its letters
}

// shortPhrase is the length below which a phrase may not be part of a word,
// unless it ends in a star: then the word may go on.
const shortPhrase = 9

// index finds all phrases of the sayings that were read in one pass over a
// text, and those that have to be read for it. Both are chained by the first
// four letters; numbers in the chains are one higher, so that 0 is none.
type index struct {
	phrases        []string
	ids            map[string]int32
	codes          map[string]int32
	short          map[string]int32 // phrases of three letters, which are words of their own
	heads, next    []int32          // phrases
	unread, beside []int32          // sayings
}

const buckets = 1 << 16

func newIndex() *index {
	return &index{
		ids: map[string]int32{}, codes: map[string]int32{}, short: map[string]int32{},
		heads: make([]int32, buckets), unread: make([]int32, buckets), beside: make([]int32, 0, manySayings),
	}
}

// phrase returns the number of a phrase, compared by its essence.
func (x *index) phrase(words string) (id int32, size int) {
	text := essenceOf(words).text
	id, ok := x.ids[string(text)]
	if !ok {
		id = int32(len(x.phrases))
		essence := string(text)
		x.ids[essence], x.phrases, x.next = id, append(x.phrases, essence), append(x.next, 0)
		if len(essence) < 4 {
			x.short[essence] = id
		} else {
			h := bucket(text)
			x.next[id], x.heads[h] = x.heads[h], id+1
		}
	}
	return id, len(text)
}

// code returns the number of a code, counted from -1 downwards.
func (x *index) code(code string) int32 {
	id, ok := x.codes[code]
	if !ok {
		id = -1 - int32(len(x.codes))
		x.codes[code] = id
	}
	return id
}

// bucket is where what begins with these four letters is kept (Knuth's
// multiplicative hash).
func bucket(s []byte) uint32 { return binary.LittleEndian.Uint32(s) * 2654435761 >> 16 }

// beginning is the bucket of the first four letters of words that are plain;
// false where only their essence tells.
func beginning(words string) (uint32, bool) {
	var head [4]byte
	n := 0
	for i := 0; i < len(words) && n < len(head); i++ {
		switch c := words[i]; {
		case class[c] == 2 || c == '*' || c == '+':
			return 0, false
		case class[c] == 1:
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			head[n] = c
			n++
		}
	}
	return bucket(head[:]), n == len(head)
}

// need reads the sayings that a text may hold. A number behind a word such as
// "errorcode" may be a code of Entra.
func (b *book) need(e *essence) {
	for i := 0; i+4 <= len(e.text); i++ {
		b.readAt(bucket(e.text[i:]))
	}
	if bytes.Contains(e.text, []byte("code")) {
		b.readAt(bucket([]byte("aads")))
	}
}

func (b *book) readAt(h uint32) {
	for n := b.index.unread[h]; n != 0; n = b.index.beside[n-1] {
		b.read(&b.sayings[n-1])
	}
	b.index.unread[h] = 0
}

// scan calls hit for every phrase found, in the order of where they begin.
func (x *index) scan(e *essence, hit func(id int32, first int)) {
	text := e.text
	for i := 0; i+3 <= len(text); i++ {
		if e.boundary(i) && e.boundary(i+3) {
			if id, ok := x.short[string(text[i:i+3])]; ok {
				hit(id, i)
			}
		}
		if i+4 > len(text) {
			return
		}
		for n := x.heads[bucket(text[i:i+4])]; n != 0; n = x.next[n-1] {
			if p := x.phrases[n-1]; len(text)-i >= len(p) && string(text[i:i+len(p)]) == p {
				hit(n-1, i)
			}
		}
	}
}

// codeShape tells codes in the data from words: an enhanced status code, a
// response code of IMAP or POP3, a code of Entra or, with a star, a family of
// them.
var codeShape = pattern.New(`^(?:[245]\.\d{1,3}\.(?:\d{1,3}|\*)|-ERR|\[[A-Z/-]+\]|AADSTS(?:\d+\*?|\*))$`)

// isCode is codeShape without its cost for what plainly is none.
func isCode(s string) bool {
	return slices.Contains(replyCodes, s) || strings.IndexByte("245-[A", s[0]) >= 0 && codeShape().MatchString(s)
}

// saying takes in one line by which an entry is recognised: parts joined by
// "…" or "+", or a list of codes of Entra.
func (b *book) saying(s saying) {
	if isList(s.words) {
		for word := range strings.FieldsSeq(s.words) {
			s.words = word
			b.later(s)
		}
		return
	}
	b.later(s)
}

// isList tells codes of Entra from words with one.
func isList(words string) bool {
	return strings.HasPrefix(words, "AADSTS") && !strings.ContainsAny(words, "…+")
}

// later keeps a saying for when a text holds its first four letters.
func (b *book) later(s saying) {
	b.sayings = append(b.sayings, s)
	h, plain := beginning(s.words)
	if !plain {
		b.index.beside = append(b.index.beside, 0)
		b.read(&b.sayings[len(b.sayings)-1])
		return
	}
	b.index.beside = append(b.index.beside, b.index.unread[h])
	b.index.unread[h] = int32(len(b.sayings))
}

// read makes parts of the words.
func (b *book) read(s *saying) {
	if s.read {
		return
	}
	at := origin{s.of.at.file, s.line}
	s.read = true
	switch {
	case s.words == "" && (s.strength != fails || len(s.when) == 0):
		b.mistake(at, "nothing to look for")
	case isList(s.words):
		s.size = 10
		if !isCode(s.words) {
			b.mistake(at, "no code: %s", s.words)
		}
	}
	for soon, rest := false, s.words; rest != ""; {
		word, after, next := nextPart(rest)
		s.parts = append(s.parts, b.part(s, at, word, soon))
		soon, rest = next, after
	}
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
	if word != "" && isCode(word) {
		s.coded = true
		return part{id: b.index.code(word), soon: soon}
	}
	word, on := strings.CutSuffix(word, "*")
	id, size := b.index.phrase(word)
	if size < 3 {
		b.mistake(at, "%q is too short to mean anything", word)
	}
	s.size += size
	return part{id: id, soon: soon, short: size < shortPhrase && !strings.ContainsFunc(word, unspaced), open: on, word: !strings.ContainsFunc(word, notLetter)}
}

// unspaced tells letters of scripts that set no blanks between words.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
