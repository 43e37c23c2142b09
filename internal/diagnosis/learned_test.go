package diagnosis

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

// learnedFrom are the texts that learned.txt is learned from.
var learnedFrom = append(slices.Clone(ownTable), openTexts, freshTexts)

// lesson is a text as numbers of words, with the causes that it leaves open.
type lesson struct {
	words   []int
	causes  []Cause
	project string // where it was seen, or its own name
}

// course is all lessons with the words in them; common tells of a word that
// more than one text has it.
type course struct {
	lessons []lesson
	words   []string
	common  []bool
}

func readCourse(t *testing.T) (c course) {
	number := map[string]int{}
	for _, file := range learnedFrom {
		for _, s := range readSamples(t, file) {
			l := lesson{project: cmp.Or(s.Project, s.ID)}
			l.causes, _ = s.accepted(t)
			for _, word := range slices.Sorted(maps.Keys(vocabulary(s.Raw, s.Phase, s.Provider))) {
				n, known := number[word]
				if !known {
					n = len(c.words)
					number[word] = n
					c.words, c.common = append(c.words, word), append(c.common, false)
				}
				c.common[n] = known
				l.words = append(l.words, n)
			}
			c.lessons = append(c.lessons, l)
		}
	}
	return c
}

// learn fits multinomial logistic regression by stochastic gradient descent,
// with a rate for each word that shrinks as the word is met (Duchi, Hazan and
// Singer 2011). It returns what each word adds to the logit of each cause, in
// points.
func (c course) learn(lessons []lesson) (causes []Cause, points [][]int) {
	const epochs, decay, unit = 25, 0.0002, 0.5
	for _, l := range lessons {
		causes = append(causes, l.causes...)
	}
	slices.Sort(causes)
	causes = slices.Compact(causes)
	weights, met := make([][]float64, len(c.words)), make([]float64, len(c.words))
	for word, common := range c.common {
		if common {
			weights[word] = make([]float64, len(causes))
		}
	}
	odds := make([]float64, len(causes))
	random := rand.New(rand.NewPCG(1, 1)) // the same each time
	for range epochs {
		for _, i := range random.Perm(len(lessons)) {
			l := lessons[i]
			share, sum := 1/math.Sqrt(float64(len(l.words))), 0.0
			clear(odds)
			for _, word := range l.words {
				for n, weight := range weights[word] {
					odds[n] += weight
				}
			}
			for n := range odds {
				odds[n] = math.Exp(odds[n] * share * point / unit)
				sum += odds[n]
			}
			for _, word := range l.words {
				met[word] += share * share
				rate := share / math.Sqrt(0.5+0.3*met[word])
				for n, weight := range weights[word] {
					weights[word][n] -= rate * (odds[n]/sum + decay*weight)
				}
				for _, cause := range l.causes {
					if n, _ := slices.BinarySearch(causes, cause); weights[word] != nil {
						weights[word][n] += rate / float64(len(l.causes))
					}
				}
			}
		}
	}
	points = make([][]int, len(c.words))
	for word := range weights {
		for _, weight := range weights[word] {
			points[word] = append(points[word], boolInt(math.Abs(weight) >= unit)*int(math.Round(weight/unit)))
		}
	}
	return causes, points
}

// written is the file: a line for each cause, its words by points.
func (c course) written(causes []Cause, points [][]int) string {
	var b strings.Builder
	for n, cause := range causes {
		by := map[int][]string{}
		for word := range points {
			if points[word] != nil && points[word][n] != 0 {
				by[points[word][n]] = append(by[points[word][n]], c.words[word])
			}
		}
		fmt.Fprint(&b, cause)
		for _, p := range slices.Backward(slices.Sorted(maps.Keys(by))) {
			slices.Sort(by[p])
			fmt.Fprintf(&b, " %+d %s", p, strings.Join(by[p], " "))
		}
		fmt.Fprintln(&b)
	}
	return b.String()
}

// crossed tells how often the words alone are right about texts of projects
// that nothing was learned from.
func (c course) crossed() (s score) {
	const folds = 8
	for fold := range uint32(folds) {
		held := func(l lesson) bool {
			h := fnv.New32a()
			h.Write([]byte(l.project))
			return h.Sum32()%folds == fold
		}
		table := c.written(c.learn(slices.DeleteFunc(slices.Clone(c.lessons), held)))
		for _, l := range c.lessons {
			if !held(l) {
				continue
			}
			words := map[string]bool{}
			for _, word := range l.words {
				words[c.words[word]] = true
			}
			chances, _ := chancesOf(table, words)
			best := chances.rank(nil)
			right := func(cause *entry) bool { return slices.Contains(l.causes, Cause(cause.name)) }
			s.all++
			s.first += boolInt(len(best) > 0 && right(best[0]))
			s.amongThree += boolInt(slices.ContainsFunc(best, right))
		}
	}
	return s
}

// TestLearnedIsFresh demands that the table is as it was learned from the texts
// that are there: learning takes too long to do it here. "make docs" does it,
// and tells what it is worth.
func TestLearnedIsFresh(t *testing.T) {
	const table, stamp = "learned.txt", "testdata/learned.sha256"
	if os.Getenv("MAILGRANT_WRITE_DOCS") != "" {
		c := readCourse(t)
		t.Log("texts of other projects, by their words alone:", c.crossed())
		if err := os.WriteFile(table, []byte(c.written(c.learn(c.lessons))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sum := sha256.New()
	for _, file := range append(slices.Clone(learnedFrom), table) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sum.Write(data)
	}
	want := fmt.Sprintf("%x\n", sum.Sum(nil))
	if os.Getenv("MAILGRANT_WRITE_DOCS") != "" {
		if err := os.WriteFile(stamp, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(stamp); err != nil || string(got) != want {
		t.Errorf("%s is not what the texts in testdata teach: run \"make docs\" (%v)", table, err)
	}
}

// TestWordsOverrule: a cause that vague words do not name goes before the one
// they name where it is ten times more likely.
func TestWordsOverrule(t *testing.T) {
	blocked, wrong := entryOf(CausePortBlocked), entryOf("password-wrong")
	for chance, first := range map[float64]*entry{0.7: wrong, 0.4: blocked} {
		got := chances{blocked: 0.05, wrong: chance}.overrule([]*entry{blocked})
		if len(got) != 2 || got[0] != first {
			t.Errorf("%.1f: %v", chance, named(got))
		}
	}
	const trace = "Failure sending mail [/srv/app/vendor/mail.php line 7]\n\tat com.sun.mail.smtp.SMTPTransport.connect(SMTPTransport.java:712)"
	if got := recordsOf(trace).line(place{from: 8, to: 15}); got != "Failure sending mail line 7]" {
		t.Errorf("%q", got)
	}
}
