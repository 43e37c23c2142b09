package diagnosis

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
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
	single, singleRight, list, listRight, established, establishedRight, wrong, all int
}

func rate(part, whole int) float64 {
	if whole == 0 {
		return 100
	}
	return 100 * float64(part) / float64(whole)
}

func measure(t *testing.T, samples []sample) score {
	var s score
	for _, c := range samples {
		causes, single := c.accepted(t)
		d := ExplainText(c.Raw, c.Phase, c.Provider)[0]
		right := slices.Contains(causes, d.Cause)
		among := c.Established == "" || slices.Contains(d.Causes, c.Established)
		s.all++
		if single {
			s.single++
			s.singleRight += boolInt(right)
		} else {
			s.list++
			s.listRight += boolInt(right)
			if c.Established != "" {
				s.established++
				s.establishedRight += boolInt(among)
			}
		}
		if !right && d.Cause != CauseUnknown {
			s.wrong++
		}
		if !right || !among {
			t.Logf("%s %s/%s: got %v, want %v (established %q)\n\t%.300q", c.ID, c.Phase, c.Provider, d.Causes, causes, c.Established, c.Raw)
		}
	}
	t.Logf("%d texts: one cause right %.1f %% of %d; in the list %.1f %% of %d, established among five %.1f %% of %d; confident and wrong %.1f %%",
		s.all, rate(s.singleRight, s.single), s.single, rate(s.listRight, s.list), s.list, rate(s.establishedRight, s.established), s.established, rate(s.wrong, s.all))
	return s
}

func (s score) demand(t *testing.T) {
	if rate(s.singleRight, s.single) < 97 || rate(s.listRight, s.list) < 97 || rate(s.establishedRight, s.established) < 97 || rate(s.wrong, s.all) > 2 {
		t.Errorf("the score is below what is promised: %+v", s)
	}
}

// ownTable are the files of the project's own table of real server lines.
var ownTable = []string{"testdata/signin.jsonl", "testdata/mail.jsonl", "testdata/connection.jsonl"}

// TestOwnTable measures the project's own table.
func TestOwnTable(t *testing.T) {
	var all []sample
	for _, f := range ownTable {
		all = append(all, readSamples(t, f)...)
	}
	measure(t, all).demand(t)
}

// TestCases measures a table from elsewhere, named by MAILGRANT_CASES.
func TestCases(t *testing.T) {
	path := os.Getenv("MAILGRANT_CASES")
	if path == "" {
		t.Skip("MAILGRANT_CASES is not set")
	}
	measure(t, readSamples(t, path)).demand(t)
}

// local are causes that no server ever says: they have no lines.
var local = is(CauseUnknown, CauseCancelled, CauseSignInTimeout, CauseIDTokenInvalid, CauseAnswerNotOurs, CauseAuthorizationMissing, CauseBrowserNotStarted,
	CauseLoopbackUnavailable, CauseStoreLocked, CauseStoreDamaged, CauseStoreKeyUnavailable, CauseHostNotAllowed, CauseSignInServiceAnswer, CauseTokenEndpointMoved)

// TestTableIsComplete demands two lines for every cause.
func TestTableIsComplete(t *testing.T) {
	count := map[Cause]int{}
	for _, f := range ownTable {
		for _, s := range readSamples(t, f) {
			causes, _ := s.accepted(t)
			for _, c := range causes {
				if !slices.Contains(Causes, c) {
					t.Errorf("%s: unknown cause %q", s.ID, c)
				}
				count[c]++
			}
		}
	}
	for _, c := range Causes {
		if count[c] < 2 && !slices.Contains(local, c) {
			t.Errorf("%s has %d lines", c, count[c])
		}
	}
}
