package diagnosis

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// foundText is a line of open.jsonl, fresh.jsonl or locked.jsonl: what a stranger saw, the
// cause that the thread or the documentation gives it, and where it stands.
type foundText struct {
	ID          string          `json:"id"`
	Phase       Phase           `json:"phase"`
	Provider    Provider        `json:"provider"`
	Raw         string          `json:"raw"`
	Cause       json.RawMessage `json:"cause"`
	Established Cause           `json:"established"`
	Evidence    string          `json:"evidence"`
	Lang        string          `json:"lang"`
	Project     string          `json:"project"`
	Source      string          `json:"source"`
	Confidence  string          `json:"confidence"`
}

const (
	openTexts   = "testdata/open.jsonl"
	freshTexts  = "testdata/fresh.jsonl"
	latestTexts = "testdata/latest.jsonl"
	lockedTexts = "testdata/locked.jsonl"
)

func readFound(t *testing.T, path string) []foundText {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []foundText
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		decoder := json.NewDecoder(strings.NewReader(lines.Text()))
		decoder.DisallowUnknownFields()
		var text foundText
		if err := decoder.Decode(&text); err != nil {
			t.Fatalf("%s:%d: %v", path, n, err)
		}
		all = append(all, text)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// isLocked says to which of the two files a text belongs: nobody chooses.
func isLocked(raw string) bool {
	return sha256.Sum256([]byte(raw))[0]%2 == 0
}

func TestFoundTextsAreSplitByHash(t *testing.T) {
	for _, file := range []struct {
		path   string
		locked bool
	}{{openTexts, false}, {lockedTexts, true}} {
		texts := readFound(t, file.path)
		for _, text := range texts {
			if isLocked(text.Raw) != file.locked {
				t.Errorf("%s: %s belongs to the other file", file.path, text.ID)
			}
		}
		byID := func(a, b foundText) int { return strings.Compare(a.ID, b.ID) }
		if !slices.IsSortedFunc(texts, byID) {
			t.Errorf("%s is not sorted by id", file.path)
		}
	}
}

// TestFoundTextsAreLabelled checks every field but the judgement itself. It
// names ids only: what stands in locked.jsonl is not to be read.
func TestFoundTextsAreLabelled(t *testing.T) {
	language := regexp.MustCompile(`^[a-z]{2}$`)
	for _, path := range []string{openTexts, freshTexts, latestTexts, lockedTexts} {
		for _, text := range readFound(t, path) {
			switch {
			case !slices.Contains([]Phase{PhaseAuthorize, PhaseToken, PhaseRefresh, PhaseDevice, PhaseIMAP, PhasePOP3, PhaseSMTP, PhaseTLS, PhaseNetwork}, text.Phase):
				t.Errorf("%s: phase %q", text.ID, text.Phase)
			case !slices.Contains([]Provider{Microsoft, Outlook, Google, Generic}, text.Provider):
				t.Errorf("%s: provider %q", text.ID, text.Provider)
			case strings.TrimSpace(text.Raw) == "":
				t.Errorf("%s is empty", text.ID)
			case !language.MatchString(text.Lang):
				t.Errorf("%s: language %q", text.ID, text.Lang)
			case text.Project == "" || !strings.HasPrefix(text.Source, "https://"):
				t.Errorf("%s: project %q, source %q", text.ID, text.Project, text.Source)
			case !slices.Contains([]string{"established", "documented", "likely"}, text.Confidence):
				t.Errorf("%s: confidence %q", text.ID, text.Confidence)
			}
			causes, _ := sample{ID: text.ID, Cause: text.Cause}.accepted(t)
			if len(causes) == 0 || text.Established != "" && !slices.Contains(causes, text.Established) {
				t.Errorf("%s: causes %v, established %q", text.ID, causes, text.Established)
			}
			for i, cause := range causes {
				if !isCause(cause) || slices.Contains(causes[:i], cause) {
					t.Errorf("%s: cause %q is unknown or named twice", text.ID, cause)
				}
			}
		}
	}
}

// isCause says whether a cause is one of the closed list.
func isCause(c Cause) bool { return slices.Contains(Causes(), c) }

var notWord = regexp.MustCompile(`[^\p{L}\p{N}]+`)

// TestTextsAreNotRepeated: the same words twice would count twice.
func TestTextsAreNotRepeated(t *testing.T) {
	files, err := filepath.Glob("testdata/*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, path := range []string{openTexts, freshTexts, latestTexts, lockedTexts} {
		for _, text := range readFound(t, path) {
			found[text.ID] = path
		}
	}
	seen := map[string]string{}
	for _, path := range files {
		for _, s := range readSamples(t, path) {
			words := strings.ToLower(notWord.ReplaceAllString(s.Raw, " "))
			if first, ok := seen[words]; ok && (found[s.ID] != "" || found[first] != "") {
				t.Errorf("%s says what %s says", s.ID, first)
			}
			seen[words] = s.ID
		}
	}
}

// TestFoundTextsAreMany: the score means something only over many programs
// and languages.
func TestFoundTextsAreMany(t *testing.T) {
	projects, languages, count := map[string]bool{}, map[string]bool{}, 0
	for _, path := range []string{openTexts, freshTexts, latestTexts, lockedTexts} {
		for _, text := range readFound(t, path) {
			projects[text.Project], languages[text.Lang] = true, true
			count++
		}
	}
	t.Logf("%d texts of %d projects in %d languages", count, len(projects), len(languages))
	if count < wantTexts || len(projects) < 80 || len(languages) < 5 {
		t.Errorf("%d texts of %d projects in %d languages are too few", count, len(projects), len(languages))
	}
}

// wantTexts is the smallest collection whose score is told.
const wantTexts = 400
