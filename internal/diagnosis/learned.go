package diagnosis

import (
	"maps"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"mailgrant/assets"
)

// Where the data files leave much open, learned.txt helps: for each cause it
// says how much words speak for it and against it. "make docs" learns it from
// the texts in testdata of which the cause is known (learned_test.go), by
// multinomial logistic regression. It puts possible causes in order and adds
// one that the words speak for; it makes no cause likely or certain, and none
// known where nothing is understood.

// learned is that table, read when the first text needs it.
var learned = sync.OnceValue(func() string {
	table, _ := assets.Read(dataFiles, "learned.txt")
	return string(table)
})

// A word is its first letters: so its endings, and many of its relatives in
// other languages, are the same one. Of a text the first words count.
const (
	wordLetters = 5
	maxWords    = 400
)

// vocabulary is the words of a text, each once, with what is known beside it.
// Letters and digits are different words, and so are the parts of
// SocketTimeoutException.
func vocabulary(text string, phase Phase, provider Provider) map[string]bool {
	p, v := "@"+string(phase), "@"+string(provider)
	words := map[string]bool{"@": true, p: true, v: true, p + v: true}
	var word []rune
	end := func() {
		if len(word) > 2 {
			words[string(word[:min(len(word), wordLetters)])] = true
		}
		word = word[:0]
	}
	var last rune
	for _, r := range text {
		letter, digit := unicode.IsLetter(r), unicode.IsDigit(r)
		if !letter && !digit || digit != unicode.IsDigit(last) || unicode.IsLower(last) && unicode.IsUpper(r) {
			end()
		}
		if letter || digit {
			word = append(word, unicode.ToLower(r))
		}
		if last = r; len(words) == maxWords {
			return words
		}
	}
	end()
	return words
}

// chances are how likely it is that a text is about a cause, together 1.
type chances map[*entry]float64

// point is what one point adds to the logit of a cause in a text of one word.
const point = 1.5

// chancesOf weighs words and tells which of them it knows. A line of the table
// has a cause, then points, each with the words that have them.
func chancesOf(table string, words map[string]bool) (odds chances, known map[string]bool) {
	odds, known = chances{}, map[string]bool{}
	all := 0.0
	for line := range strings.Lines(table) {
		cause, rest, _ := strings.Cut(line, " ")
		sum, points := 0, 0
		for word := range strings.FieldsSeq(rest) {
			if word[0] == '+' || word[0] == '-' {
				points, _ = strconv.Atoi(word)
			} else if words[word] {
				sum += points
				known[word] = true
			}
		}
		chance := math.Exp(point * float64(sum) / math.Sqrt(float64(len(words))))
		odds[entryOf(Cause(cause))] = chance
		all += chance
	}
	for cause := range odds {
		odds[cause] /= all
	}
	return odds, known
}

// teaching is what was learned about the words around a finding.
type teaching struct {
	chances
	enough bool // so many words are known that they may say what comes first
}

// manyWords is how many words of a finding's own line have to be known for that.
// Those around it are none: traces and courtesies stand there.
const manyWords = 8

// teaching is what words say where no evidence excludes it.
func (f *facts) teaching(around, line string) teaching {
	c, known := chancesOf(learned(), vocabulary(around, f.phase, f.provider))
	maps.DeleteFunc(c, func(cause *entry, chance float64) bool {
		return cause.name == string(CauseUnknown) || chance >= worthTelling && f.excludes(cause)
	})
	own := 0
	for word := range vocabulary(line, "", "") {
		own += boolInt(known[word] && word[0] != '@')
	}
	return teaching{c, own >= manyWords}
}

// worthTelling is the chance from which a cause is told that the data files do
// not name. A lower one adds many and finds nothing more (the fresh texts at first
// sight, by what other projects had taught).
const worthTelling = 0.1

// rank puts causes behind the first in order by their chances and by the place
// that the data files give them, and adds others where there is room.
func (c chances) rank(causes []*entry) []*entry {
	return c.sorted(causes, boolInt(len(causes) > 0), maxCauses-len(causes), func(chance float64, place int) float64 {
		return chance + 0.6/float64(place)
	})
}

// overrule puts causes that vague words name in order, the first too: it stays
// unless the words around it are ten times more likely with a cause that they do
// not name, or twice with the second of those that they do.
func (c chances) overrule(causes []*entry) []*entry {
	return c.sorted(causes, 0, maxCauses, func(chance float64, place int) float64 {
		return (chance + 0.003) * 10 / float64(place)
	})
}

// sorted is the order by what score makes of the chance and the place of each
// cause; the first keep stay where they are, and if there is room others follow
// that the words speak for.
func (c chances) sorted(causes []*entry, keep, room int, score func(chance float64, place int) float64) []*entry {
	all, scores := slices.Clone(causes), chances{}
	for i, cause := range causes {
		scores[cause] = score(c[cause], i+1)
	}
	for _, cause := range theBook().entries {
		if room > 0 && c[cause] >= worthTelling && scores[cause] == 0 {
			all, scores[cause] = append(all, cause), c[cause]
		}
	}
	rest := all[keep:]
	sort.SliceStable(rest, func(i, j int) bool { return scores[rest[j]] < scores[rest[i]] })
	return all[:min(len(all), maxCauses)]
}
