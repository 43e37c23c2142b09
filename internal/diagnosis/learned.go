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

// chancesOf weighs words. A line of the table has a cause, then points, each
// with the words that have them.
func chancesOf(table string, words map[string]bool) chances {
	odds, all := chances{}, 0.0
	for line := range strings.Lines(table) {
		cause, rest, _ := strings.Cut(line, " ")
		sum, points := 0, 0
		for word := range strings.FieldsSeq(rest) {
			if word[0] == '+' || word[0] == '-' {
				points, _ = strconv.Atoi(word)
			} else if words[word] {
				sum += points
			}
		}
		chance := math.Exp(point * float64(sum) / math.Sqrt(float64(len(words))))
		odds[entryOf(Cause(cause))] = chance
		all += chance
	}
	for cause := range odds {
		odds[cause] /= all
	}
	return odds
}

// chances are what words say where no evidence excludes it.
func (f *facts) chances(text string) chances {
	c := chancesOf(learned(), vocabulary(text, f.phase, f.provider))
	maps.DeleteFunc(c, func(cause *entry, chance float64) bool { return chance >= worthTelling && f.excludes(cause) })
	return c
}

// worthTelling is the chance from which a cause is told that the data files do
// not name. A lower one adds many and finds nothing more (the fresh texts at first
// sight, by what other projects had taught).
const worthTelling = 0.1

// What being named by the data files counts: so much for the first place, half
// of it for the second, a third for the third. What comes first is theirs to say.
const (
	firstPlace = 1.0
	otherPlace = 0.6
)

// rank puts causes in order by their chances and by the place they have, and
// adds others where there is room; the first keep stay where they are.
func (c chances) rank(causes []*entry, keep int, place float64) []*entry {
	all, score := slices.Clone(causes), chances{}
	for i, cause := range causes {
		score[cause] = c[cause] + place/float64(i+1)
	}
	for _, cause := range theBook().entries {
		if c[cause] >= worthTelling && score[cause] == 0 && len(causes) < maxCauses+1-keep {
			all, score[cause] = append(all, cause), c[cause]
		}
	}
	rest := all[keep:]
	sort.SliceStable(rest, func(i, j int) bool { return score[rest[j]] < score[rest[i]] })
	return all[:min(len(all), maxCauses)]
}
