package diagnosis

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// paste is what somebody pasted at once, with a line for each diagnosis that it
// has to have: the part of the work, "-" for any, and its cause, one of several.
type paste struct {
	name, text string
	want       []string
}

func readPastes(t *testing.T, path string) (all []paste) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range strings.Split("\n"+string(data), "\n## ")[1:] {
		var p paste
		p.name, block, _ = strings.Cut(block, "\n")
		p.text, block, _ = strings.Cut(block, "\n=> ")
		p.want = strings.Split(strings.TrimSpace(block), "\n=> ")
		all = append(all, p)
	}
	return all
}

// TestPastes: of several errors pasted at once each is told by itself, what is
// proved before what is not; one error in several lines stays one.
func TestPastes(t *testing.T) {
	for _, p := range readPastes(t, "testdata/pastes.txt") {
		var got []string
		all := ExplainText(p.text, "", "")
		for _, d := range all {
			got = append(got, string(d.Phase)+" "+string(d.Certainty)+" "+strings.Join(causeNames(d.Causes), " "))
		}
		right := len(all) == len(p.want)
		for i := 0; right && i < len(all); i++ {
			phase, causes, _ := strings.Cut(p.want[i], " ")
			right = (phase == "-" || phase == string(all[i].Phase)) && slices.Contains(strings.Split(causes, "|"), string(all[i].Cause))
		}
		if !right {
			t.Errorf("%s:\n  told %s\n  want %s", p.name, strings.Join(got, "\n       "), strings.Join(p.want, "\n       "))
		}
	}
}
