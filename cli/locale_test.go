package cli

import (
	"strings"
	"testing"
)

// A language that is none is wrong use wherever it stands, before anything is
// done; nothing is shown in another language without a word.
func TestThereAreTwoLanguages(t *testing.T) {
	for _, args := range [][]string{{"--lang", "fr", "version"}, {"version", "--lang=fr"}, {"version", "--lang="}, {"--lang", "de-DE", "status"}, {"--lang", "fr"}} {
		o := run(t, args...).want(t, exitUsage)
		if o.stdout != "" || !strings.Contains(o.stderr, "--lang: ") || !strings.Contains(o.stderr, "en, de") {
			t.Errorf("%v: %s%s", args, o.stdout, o.stderr)
		}
	}
	run(t, "version", "--lang", "de").want(t, exitGood)
}
