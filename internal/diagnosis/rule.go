package diagnosis

import (
	"strings"
	"sync"
)

// level is how much a rule knows. A finding of a higher level silences those
// of a lower one beside it: "authentication failed" adds nothing to a code
// that says why.
type level int

const (
	vague   level = iota + 1 // says that something failed, hardly what
	uncoded                  // a stable code that we have no cause for
	hint                     // leaves several causes open, or is often a wrapper
	clear                    // says what is wrong, in words
	exact                    // says what is wrong, by a stable code or a full sentence
)

// rule says which causes a text leaves open, most likely first.
//
// say holds one or more patterns, separated by "|". A pattern is a list of
// terms: the first anchors it, "&" demands a term near it, "…" demands one
// shortly after the one before, "!" forbids one near it. A term is a phrase,
// compared by its essence (letters and digits alone); "_" at its end demands
// that a word ends there. "#5.7.139" is an SMTP code; "@imap", "@google" and
// the like are conditions on what is known about the text as a whole.
type rule struct {
	say    string
	level  level
	causes []Cause
	decide func(*facts) []Cause // instead of causes, where evidence decides
}

// is makes the list of causes readable in the tables.
func is(causes ...Cause) []Cause { return causes }

// family is a table of rules about one kind of server.
type family []rule

// families lists all tables. Their order does not matter: levels do.
func families() []family {
	return []family{
		entraTexts, entraPages, oauthNames, exchangeSignIn, exchangeLimits, exchangeSending, exchangeAppOnly,
		googleSignIn, googleMail, mailServers, submission, clients, tlsCertificates, tlsHandshakes,
		networkNames, networkConnections, networkProxies,
	}
}

// term is one part of a pattern.
type term struct {
	phrase     int32 // index of the phrase to look for, or -1
	begin, end bool  // a word begins or ends here
	not        bool
	after      bool   // has to follow the term before
	condition  string // instead of a phrase
}

// pattern is a compiled alternative of a rule.
type pattern struct {
	rule  *rule
	terms []term
	size  int // letters in all phrases: the longer says more
}

// table is what all rules become when the first text is explained.
type table struct {
	scanner  *scanner
	phrases  []string
	codes    map[string]int32 // "5.7.139", "535": pseudo phrases
	patterns []pattern
	entra    int32   // the phrase "aadsts"
	numbers  []int32 // phrases before a code that stands alone
	clues    []clueAt
}

var rules = sync.OnceValue(compile)

// compiler collects phrases without keeping one twice.
type compiler struct {
	ids     map[string]int32
	phrases []string
	codes   map[string]int32
}

func compile() *table {
	loadEntraCodes()
	c := &compiler{ids: map[string]int32{}, codes: map[string]int32{}}
	t := &table{codes: c.codes}
	t.entra = c.phrase("aadsts")
	for _, before := range []string{"error codes", "sign-in error code", "microsoftonline.com/error?code", "error_code", "error_subcode"} {
		t.numbers = append(t.numbers, c.phrase(string(essenceOf(before).text)))
	}
	for _, f := range families() {
		for i := range f {
			for _, alternative := range strings.Split(f[i].say, "|") {
				t.patterns = append(t.patterns, c.pattern(&f[i], alternative))
			}
		}
	}
	for _, clue := range clues {
		for _, words := range clue.phrases {
			t.clues = append(t.clues, clueAt{clue.name, c.phrase(string(essenceOf(words).text))})
		}
	}
	t.phrases = c.phrases
	t.scanner = newScanner(c.phrases)
	return t
}

func (c *compiler) phrase(essence string) int32 {
	id, ok := c.ids[essence]
	if !ok {
		id = int32(len(c.phrases))
		c.ids[essence] = id
		c.phrases = append(c.phrases, essence)
	}
	return id
}

// code returns the pseudo phrase of an SMTP code. They are numbered from -2
// downwards: the scanner does not look for them.
func (c *compiler) code(code string) int32 {
	id, ok := c.codes[code]
	if !ok {
		id = -2 - int32(len(c.codes))
		c.codes[code] = id
	}
	return id
}

func (c *compiler) pattern(r *rule, text string) pattern {
	p := pattern{rule: r}
	for i, part := range strings.Split(strings.ReplaceAll(text, "…", "&…"), "&") {
		part = strings.TrimSpace(part)
		var t term
		part, t.after = strings.CutPrefix(part, "…")
		part, t.not = strings.CutPrefix(strings.TrimSpace(part), "!")
		part = strings.TrimSpace(part)
		switch {
		case part == "":
			panic("diagnosis: an empty term in " + text)
		case part[0] == '@':
			t.phrase, t.condition = -1, part[1:]
		case part[0] == '#':
			t.phrase = c.code(part[1:])
		default:
			t.begin, t.end = part[0] == '_', part[len(part)-1] == '_'
			essence := string(essenceOf(part).text)
			t.phrase = c.phrase(essence)
			if !t.not {
				p.size += len(essence)
			}
		}
		if i == 0 && (t.not || t.condition != "") {
			panic("diagnosis: no anchor in " + text)
		}
		p.terms = append(p.terms, t)
	}
	return p
}
