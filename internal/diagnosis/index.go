package diagnosis

import (
	"encoding/binary"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
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

// index finds all phrases of the book in one pass over a text.
type index struct {
	phrases []string
	ids     map[string]int32
	codes   map[string]int32
	heads   []int32          // by the first four letters: the first phrase and, by next, the others
	next    []int32          // numbers are one higher here, so that 0 is none
	short   map[string]int32 // phrases of three letters, which are words of their own
}

func newIndex() *index {
	return &index{ids: make(map[string]int32, manySayings), codes: make(map[string]int32, 1000), phrases: make([]string, 0, manySayings)}
}

// phrase returns the number of a phrase, compared by its essence.
func (x *index) phrase(words string) (id int32, size int) {
	essence := string(essenceOf(words).text)
	id, ok := x.ids[essence]
	if !ok {
		id = int32(len(x.phrases))
		x.ids[essence] = id
		x.phrases = append(x.phrases, essence)
	}
	return id, len(essence)
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

const buckets = 1 << 16

// bucket is where phrases that begin with these four letters are kept
// (Knuth's multiplicative hash).
func bucket(s []byte) uint32 { return binary.LittleEndian.Uint32(s) * 2654435761 >> 16 }

// build chains the phrases that begin alike.
func (x *index) build() {
	x.heads, x.next, x.short = make([]int32, buckets), make([]int32, len(x.phrases)+1), map[string]int32{}
	for i, p := range x.phrases {
		if len(p) < 4 {
			x.short[p] = int32(i)
			continue
		}
		h := bucket([]byte(p[:4]))
		x.next[i+1], x.heads[h] = x.heads[h], int32(i+1)
	}
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
		for n := x.heads[bucket(text[i:i+4])]; n != 0; n = x.next[n] {
			if p := x.phrases[n-1]; len(text)-i >= len(p) && string(text[i:i+len(p)]) == p {
				hit(n-1, i)
			}
		}
	}
}

// codeShape tells codes in the data from words: an enhanced status code, a
// response code of IMAP or POP3, a code of Entra or, with a star, a family of
// them.
var codeShape = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:[245]\.\d{1,3}\.(?:\d{1,3}|\*)|-ERR|\[[A-Z/-]+\]|AADSTS(?:\d+\*?|\*))$`)
})

// isCode is codeShape without its cost for what plainly is none.
func isCode(s string) bool {
	return slices.Contains(replyCodes, s) || strings.IndexByte("245-[A", s[0]) >= 0 && codeShape().MatchString(s)
}

// saying takes in one line by which an entry is recognised: parts joined by
// "…" or "+", or a list of codes of Entra.
func (b *book) saying(e *entry, at origin, strong strength, conditions when, value string) {
	if value == "" && (strong != fails || len(conditions) == 0) {
		b.mistake(at, "nothing to look for")
		return
	}
	if strings.HasPrefix(value, "AADSTS") && !strings.ContainsAny(value, "…+") {
		for _, word := range strings.Fields(value) {
			if !isCode(word) {
				b.mistake(at, "no code: %s", word)
			}
			b.sayings = append(b.sayings, saying{of: e, strength: strong, when: conditions, parts: b.keep(len(b.parts), part{id: b.index.code(word)}), size: 10, coded: true})
		}
		return
	}
	s := saying{of: e, strength: strong, when: conditions}
	first := len(b.parts)
	for soon, rest := false, value; rest != ""; {
		word, after, next := nextPart(rest)
		s.parts = b.keep(first, b.part(&s, at, word, soon))
		soon, rest = next, after
	}
	b.sayings = append(b.sayings, s)
}

// keep stores a part behind the others; it returns those of its saying.
func (b *book) keep(first int, p part) []part {
	b.parts = append(b.parts, p)
	return b.parts[first:len(b.parts):len(b.parts)]
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
