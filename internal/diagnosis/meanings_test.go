package diagnosis

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// meaning is what words mean by themselves: what documentations say of their
// codes, what programs say in other languages, how people put it.
type meaning struct {
	at       origin
	text     string
	provider Provider
	phases   []Phase
	causes   []Cause // one of which has to come first
}

// readMeanings reads a folder of testdata: a line "PROVIDER PHASE…: CAUSE…" and
// below it, each in its line, the texts that mean it. "none" is no provider or
// phase, "usual" the provider whose sign-in the phase is about. What has to be
// told exactly stands in quotes.
func readMeanings(t testing.TB, folder string) (all []meaning) {
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal("no meanings", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m := meaning{at: origin{file: file}}
		for line := range strings.Lines(string(data)) {
			m.at.line++
			line = strings.TrimSuffix(line, "\n")
			switch text, deep := strings.CutPrefix(line, "  "); {
			case line == "" || line[0] == '#':
			case deep:
				m.text = text
				if quoted, err := strconv.Unquote(text); err == nil {
					m.text = quoted
				}
				all = append(all, m)
			default:
				m.begin(t, line)
			}
		}
	}
	return all
}

// begin reads the line above texts.
func (m *meaning) begin(t testing.TB, line string) {
	to, causes, told := strings.Cut(line, ": ")
	provider, phases, many := strings.Cut(strings.ReplaceAll(to, "none", ""), " ")
	if !told || !many {
		t.Fatalf("%s: %q is no line of a provider, phases and causes", m.at, line)
	}
	m.provider, m.phases, m.causes = Provider(provider), nil, nil
	for phase := range strings.SplitSeq(phases, " ") {
		m.phases = append(m.phases, Phase(phase))
	}
	for cause := range strings.FieldsSeq(causes) {
		m.causes = append(m.causes, Cause(cause))
	}
}

// in is the provider at a phase.
func (m *meaning) in(phase Phase) Provider {
	switch {
	case m.provider != "usual":
		return m.provider
	case slices.Contains(oauthPhases, phase):
		return Microsoft
	}
	return Generic
}

func TestMeanings(t *testing.T) {
	for _, m := range readMeanings(t, "meanings") {
		for _, phase := range m.phases {
			if d := ExplainText(m.text, phase, m.in(phase))[0]; !slices.Contains(m.causes, d.Cause) {
				t.Errorf("%s: %s/%s %q: %s %v, want one of %v", m.at, phase, m.in(phase), m.text, d.Certainty, d.Causes, m.causes)
			}
		}
	}
}

// understood tells how many causes come before one of those that a text means; -1
// is none of the first three.
func (m meaning) understood() int {
	causes := ExplainText(m.text, m.phases[0], m.in(m.phases[0]))[0].Causes
	return slices.IndexFunc(causes[:min(len(causes), 3)], func(c Cause) bool { return slices.Contains(m.causes, c) })
}

// TestWordings: of what programs and people may say most is understood, and
// where there is nothing to understand nearly always nothing is told. Each
// fourth line is read: all of them would take a minute with the race detector.
func TestWordings(t *testing.T) {
	var all, understood, none, told int
	for i, m := range readMeanings(t, "wordings") {
		switch {
		case i%4 != 0:
		case m.causes[0] == CauseUnknown:
			none++
			told += boolInt(m.understood() != 0)
		default:
			all++
			understood += boolInt(m.understood() >= 0)
		}
	}
	t.Logf("%d of %d understood; something told of %d of %d that are about nothing", understood, all, told, none)
	if understood < all*4/5 || told > none*6/100 {
		t.Error("that is too few, or too many")
	}
}

// TestHeldWordings: texts that nothing was learned from and no rule written with.
func TestHeldWordings(t *testing.T) {
	var all, first, amongThree int
	for _, m := range readMeanings(t, "held") {
		before := m.understood()
		all++
		first += boolInt(before == 0)
		amongThree += boolInt(before >= 0)
	}
	t.Logf("of %d the first cause %.1f %%, among three %.1f %%", all, rate(first, all), rate(amongThree, all))
	if rate(first, all) < 80 || rate(amongThree, all) < 90 {
		t.Error("that is too few")
	}
}
