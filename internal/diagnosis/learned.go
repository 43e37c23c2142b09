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

// Where the data files leave much open, learned.txt helps: of each word it
// says how much it speaks for and against causes. "make docs" learns it from
// the texts in testdata of which the cause is known, and a little from the data
// files themselves (learned_test.go), by multinomial logistic regression. It puts
// possible causes in order, adds one that the words speak for, and names some
// where the data files know none; it makes no cause likely or certain.

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

// firstIdeograph is where the letters of Chinese, Japanese and Korean begin, most
// of which leave no blanks between words; there each two letters are a word.
const firstIdeograph = '\u2e80'

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
		if !letter && !digit || digit != unicode.IsDigit(last) || unicode.IsLower(last) && unicode.IsUpper(r) || r >= firstIdeograph {
			end()
		}
		switch {
		case letter && r >= firstIdeograph:
			if unicode.IsLetter(last) && last >= firstIdeograph {
				words[string([]rune{last, r})] = true
			}
		case letter || digit:
			word = append(word, unicode.ToLower(r))
		}
		if last = r; len(words) == maxWords {
			return words
		}
	}
	end()
	return words
}

// taught is what was learned about a cause and a text.
type taught struct {
	chance float64 // how likely it is that the text is about the cause; of all together 1
	words  int     // of the text that speak for it
}

// chances are what was learned about a text.
type chances map[*entry]taught

// point is what one point adds to the logit of a cause in a text of one word.
const point = 1.5

// chancesOf weighs words. The table's first line has the causes; each other one
// has a word, then points, each with the numbers of the causes that get them.
func chancesOf(table string, words map[string]bool) chances {
	first, table, _ := strings.Cut(table, "\n")
	causes := strings.Fields(first)
	sums, speak := make([]int, len(causes)), make([]int, len(causes))
	for line := range strings.Lines(table) {
		word, rest, _ := strings.Cut(line, " ")
		if !words[word] {
			continue
		}
		points := 0
		for field := range strings.FieldsSeq(rest) {
			number, _ := strconv.Atoi(field)
			if field[0] == '+' || field[0] == '-' {
				points = number
				continue
			}
			sums[number] += points
			speak[number] += boolInt(points > 0 && word[0] != '@')
		}
	}
	odds, all := chances{}, 0.0
	for n, cause := range causes {
		chance := math.Exp(point * float64(sums[n]) / math.Sqrt(float64(len(words))))
		odds[entryOf(Cause(cause))] = taught{chance, speak[n]}
		all += chance
	}
	for cause, t := range odds {
		odds[cause] = taught{t.chance / all, t.words}
	}
	return odds
}

// taughtBy is what the words of a text say where no evidence excludes it.
func (f *facts) taughtBy(text string) chances {
	c := chancesOf(learned(), vocabulary(text, f.phase, f.provider))
	maps.DeleteFunc(c, func(cause *entry, t taught) bool {
		return cause.name == string(CauseUnknown) || t.chance >= worthTelling && f.excludes(cause)
	})
	return c
}

// worthTelling is the chance from which a cause is told that the data files do
// not name. A lower one adds many and finds nothing more (the fresh texts at first
// sight, by what other projects had taught).
const worthTelling = 0.05

// rank puts causes behind the first in order by their chances and by the place
// that the data files give them, and adds others where there is room.
func (c chances) rank(causes []*entry) []*entry {
	return c.sorted(causes, boolInt(len(causes) > 0), maxCauses-len(causes), func(t taught, place int) float64 {
		return t.chance + 0.6/float64(place)
	})
}

// fewWords is how many words have to speak for a cause that goes before the one
// that the data files name.
const fewWords = 2

// overrule puts causes that vague words name in order, the first too: it stays
// unless the words around it are ten times more likely with a cause that they do
// not name, or twice with the second of those that they do. What the phase and the
// provider say of a cause helps none to go before another.
func (c chances) overrule(causes []*entry) []*entry {
	return c.sorted(causes, 0, maxCauses, func(t taught, place int) float64 {
		if place > 1 && t.words < fewWords {
			t.chance = 0
		}
		return (t.chance + 0.003) * 10 / float64(place)
	})
}

// suspect is what a text may be about of which the data files know nothing: the
// causes that enough of its words speak for, if one is likely; else what is given.
func (c chances) suspect(enough int, otherwise []*entry) []*entry {
	const likely = 0.15
	maps.DeleteFunc(c, func(_ *entry, t taught) bool { return t.words < enough })
	if causes := c.sorted(nil, 0, maxCauses, nil); len(causes) > 0 && c[causes[0]].chance >= likely {
		return causes
	}
	return otherwise
}

// surely is how many of the causes that the data files name are told whatever
// was learned.
const surely = 3

// sorted is the order by what score makes of the chance and the place of each
// cause; the first keep stay where they are, and if there is room others follow
// that the words speak for.
func (c chances) sorted(causes []*entry, keep, room int, score func(t taught, place int) float64) []*entry {
	all, scores := slices.Clone(causes), map[*entry]float64{}
	for i, cause := range causes {
		scores[cause] = score(c[cause], i+1)
	}
	for _, cause := range theBook().entries {
		if t := c[cause]; room > 0 && t.chance >= worthTelling && scores[cause] == 0 {
			all, scores[cause] = append(all, cause), t.chance
		}
	}
	rest := all[keep:]
	sort.SliceStable(rest, func(i, j int) bool { return scores[rest[j]] < scores[rest[i]] })
	for i := len(all) - 1; len(all) > maxCauses; i-- {
		if !slices.Contains(causes[:min(len(causes), surely)], all[i]) {
			all = slices.Delete(all, i, i+1)
		}
	}
	return all
}
