package diagnosis

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// sample is a text somebody really saw, with the cause it had: one, or all
// that the text leaves open.
type sample struct {
	ID          string          `json:"id"`
	Phase       Phase           `json:"phase"`
	Provider    Provider        `json:"provider"`
	Raw         string          `json:"raw"`
	Cause       json.RawMessage `json:"cause"`
	Established Cause           `json:"established"`
	Project     string          `json:"project"`
}

func (s sample) accepted(t *testing.T) (causes []Cause, single bool) {
	var one Cause
	if json.Unmarshal(s.Cause, &one) == nil {
		return []Cause{one}, true
	}
	if err := json.Unmarshal(s.Cause, &causes); err != nil {
		t.Fatalf("%s: %v", s.ID, err)
	}
	return causes, false
}

func readSamples(t *testing.T, path string) []sample {
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []sample
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var s sample
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatalf("%s: %v: %s", path, err, lines.Text())
		}
		all = append(all, s)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// score counts how often the engine is right.
type score struct {
	all          int
	first        int // the first cause is one that the text leaves open
	amongThree   int // one of the first three is
	unknown      int
	wrong        int // the first cause is another one
	wrongCertain int // although it was called certain
	open         int // several causes are possible and the real one is known
	openFound    int // it is among the first five
}

func rate(part, whole int) float64 {
	if whole == 0 {
		return 100
	}
	return 100 * float64(part) / float64(whole)
}

func (s score) String() string {
	return fmt.Sprintf("%d texts: first cause %.1f %%, among three %.1f %%, unknown %.1f %%, wrong %.1f %%, wrong although certain %d, real one among five %.1f %% of %d",
		s.all, rate(s.first, s.all), rate(s.amongThree, s.all), rate(s.unknown, s.all), rate(s.wrong, s.all), s.wrongCertain, rate(s.openFound, s.open), s.open)
}

// measure scores texts; tell gets those where the engine is not right.
func measure(t *testing.T, samples []sample, tell func(sample, Diagnosis)) (s score) {
	for _, c := range samples {
		causes, _ := c.accepted(t)
		d := ExplainText(c.Raw, c.Phase, c.Provider)[0]
		right := slices.Contains(causes, d.Cause)
		found := c.Established == "" || slices.Contains(d.Causes, c.Established)
		s.all++
		s.first += boolInt(right)
		s.amongThree += boolInt(slices.ContainsFunc(d.Causes[:min(3, len(d.Causes))], func(c Cause) bool { return slices.Contains(causes, c) }))
		s.unknown += boolInt(d.Cause == CauseUnknown)
		s.wrong += boolInt(!right && d.Cause != CauseUnknown)
		s.wrongCertain += boolInt(!right && d.Certainty == Certain)
		s.open += boolInt(c.Established != "")
		s.openFound += boolInt(c.Established != "" && found)
		if tell != nil && (!right || !found) {
			tell(c, d)
		}
	}
	return s
}

// told logs a text that was not understood.
func told(t *testing.T) func(sample, Diagnosis) {
	return func(c sample, d Diagnosis) {
		t.Logf("%s %s/%s: %s %v, want %s (established %q)\n\t%.300q", c.ID, c.Phase, c.Provider, d.Certainty, d.Causes, c.Cause, c.Established, c.Raw)
	}
}

func (s score) demand(t *testing.T, first, three float64) {
	t.Helper()
	t.Log(s)
	if rate(s.first, s.all) < first || rate(s.amongThree, s.all) < three || rate(s.openFound, s.open) < 97 || s.wrongCertain > 0 {
		t.Errorf("the score is below what is promised: %s", s)
	}
}

// ownTable are the files of the project's own table of real server lines.
// open.jsonl and locked.jsonl come on top: texts that were collected from
// public threads, halved by a hash. Rules are written with the open half in
// sight; of the locked half only totals are ever shown.
var ownTable = []string{"testdata/signin.jsonl", "testdata/mail.jsonl", "testdata/connection.jsonl"}

func TestOwnTable(t *testing.T) {
	var all []sample
	for _, f := range ownTable {
		all = append(all, readSamples(t, f)...)
	}
	measure(t, all, told(t)).demand(t, 98, 98)
}

func TestOpenHalf(t *testing.T) {
	if _, err := os.Stat("testdata/open.jsonl"); err != nil {
		t.Skip("no such table")
	}
	samples := readSamples(t, "testdata/open.jsonl")
	s := measure(t, samples, told(t))
	t.Log(s)
	tellFamilies(t, samples)
	if rate(s.first, s.all) < 90 || s.wrongCertain > 0 {
		t.Errorf("the score is below what is promised: %s", s)
	}
}

// tellFamilies logs how often each family of causes is understood.
func tellFamilies(t *testing.T, samples []sample) {
	byFamily := map[string][]sample{}
	for _, s := range samples {
		causes, _ := s.accepted(t)
		family := strings.TrimSuffix(entryOf(causes[0]).at.file, ".txt")
		byFamily[family] = append(byFamily[family], s)
	}
	for _, family := range slices.Sorted(maps.Keys(byFamily)) {
		s := measure(t, byFamily[family], nil)
		t.Logf("%-18s %3d texts: first cause %5.1f %%, among three %5.1f %%", family, s.all, rate(s.first, s.all), rate(s.amongThree, s.all))
	}
}

// TestFreshTexts: texts of batches that were scored once before any rule was
// written with them; scores.txt keeps what came out then. Of the latest the
// words are not learnt, so that they still measure.
func TestFreshTexts(t *testing.T) {
	for _, file := range []string{freshTexts, latestTexts} {
		s := measure(t, readSamples(t, file), told(t))
		t.Log(s)
		if rate(s.first, s.all) < 90 || s.wrongCertain > 0 {
			t.Errorf("%s: the score is below what is promised: %s", file, s)
		}
	}
}

// TestLockedHalf prints totals alone: who writes rules must not see more.
func TestLockedHalf(t *testing.T) {
	if _, err := os.Stat("testdata/locked.jsonl"); err != nil {
		t.Skip("no such table")
	}
	s := measure(t, readSamples(t, "testdata/locked.jsonl"), nil)
	t.Log(s)
	if 100*s.first < 92*s.all || 100*s.amongThree < 97*s.all || 100*s.unknown > 4*s.all || s.wrongCertain > 0 {
		t.Error("less than 92 % first, less than 97 % among three, more than 4 % unknown or one wrong although certain")
	}
}

// TestWithoutContext: who pastes a text often says neither what was done nor at
// which provider. Then vague words that speak of neither mail nor a sign-in say
// nothing, but what is certain is right as well.
func TestWithoutContext(t *testing.T) {
	var all []sample
	for _, file := range learnedFrom {
		for _, s := range readSamples(t, file) {
			s.Phase, s.Provider = "", ""
			all = append(all, s)
		}
	}
	s := measure(t, all, told(t))
	t.Log(s)
	if rate(s.first, s.all) < 80 || rate(s.amongThree, s.all) < 85 || s.wrongCertain > 0 {
		t.Errorf("the score is below what is promised: %s", s)
	}
}

// TestCases measures a table from elsewhere, named by MAILGRANT_CASES.
func TestCases(t *testing.T) {
	path := os.Getenv("MAILGRANT_CASES")
	if path == "" {
		t.Skip("MAILGRANT_CASES is not set")
	}
	measure(t, readSamples(t, path), told(t)).demand(t, 97, 97)
}

// local tells the causes that no server ever says: they have no lines.
func local(c Cause) bool {
	if c == CauseSTARTTLSUnavailable { // which of two it is, settings tell and no line
		return true
	}
	return entryOf(c).at.file == "local.txt" && !strings.HasPrefix(string(c), "server-") && c != CauseProxyUnreachable
}

// TestTableIsComplete demands two lines for every cause.
func TestTableIsComplete(t *testing.T) {
	count := map[Cause]int{}
	for _, f := range ownTable {
		for _, s := range readSamples(t, f) {
			causes, _ := s.accepted(t)
			for _, c := range causes {
				if !slices.Contains(Causes(), c) {
					t.Errorf("%s: unknown cause %q", s.ID, c)
				}
				count[c]++
			}
		}
	}
	for _, c := range Causes() {
		if count[c] < 2 && !local(c) {
			t.Errorf("%s has %d lines", c, count[c])
		}
	}
}
