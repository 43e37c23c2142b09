package diagnosis

import (
	"fmt"
	"strings"
	"testing"

	"mailgrant/internal/i18n"
)

// TestOwnWordsAreUnderstood: what a report or a monitoring system says of a
// cause is explained as that cause.
func TestOwnWordsAreUnderstood(t *testing.T) {
	for _, cause := range Causes() {
		if cause == CauseUnknown {
			continue
		}
		if d := ExplainText(fmt.Sprintf("IMAP failed\nmailgrant explain %s\nTLS 1.3", cause), "", ""); d[0].Cause != cause {
			t.Errorf("%s in a report: %v", cause, d[0].Causes)
		}
		for _, lang := range i18n.Languages {
			title := New(cause, "", nil).Render(i18n.For(lang)).Title
			if strings.Count(title, " ") < 3 || cause == CauseEXOProtocolDisabledMailbox { // may mean anything; names a protocol elsewhere
				continue
			}
			if d := ExplainText("CRITICAL - Practice: IMAP: "+title, "", "")[0]; d.Cause != cause {
				t.Errorf("%s %q: %s %v", cause, title, d.Certainty, d.Causes)
			}
		}
	}
}
