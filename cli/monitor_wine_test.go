//go:build windows && wine

package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailgrant/app/practice"
	"mailgrant/internal/native"
	"mailgrant/internal/native/task"
	"mailgrant/tests/practicetest"
)

// TestWineScheduledMonitor: what the scheduler runs finds an authorization
// that has ended, and writes an event when it is new. (Wine's event log takes
// events; it cannot be read.)
func TestWineScheduledMonitor(t *testing.T) {
	dir, err := os.MkdirTemp("", "Große Ablage *") // Wine cannot remove what t.TempDir makes
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(dir, "home")
	t.Setenv("MAILGRANT_HOME", home)
	p := practicetest.Start(t, practice.Options{})
	file := writeDefinition(t, dir, p.Definition(), nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	run(t, "mailbox", "import", file).want(t, exitGood)
	if err := p.SetFaults([]string{practice.FaultRefreshExpired}); err != nil {
		t.Fatal(err)
	}
	run(t, "refresh", "--file", file).want(t, exitNoGrant)
	t.Setenv("MAILGRANT_HOME", filepath.Join(dir, "elsewhere")) // the scheduler knows nothing of it
	var events []string
	for range 2 {
		folder, rest, ok := task.Unwatched([]string{"monitor", "--all", "--event-log", "--lang", "de", "--scheduled=" + home})
		if !ok || folder != home {
			t.Fatal(folder)
		}
		var out, errs bytes.Buffer
		status := runUnwatched(t.Context(), Environment{
			Args: rest, Home: folder, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Metadata: testMetadata,
			Event: func(kind native.Event, text string) error {
				events = append(events, text)
				return native.WriteEvent(kind, text)
			},
		})
		if status != exitNoGrant || errs.Len() > 0 {
			t.Errorf("status %d: %s", status, errs.String())
		}
	}
	if len(events) != 1 || !strings.HasPrefix(events[0], "Practice: kritisch: ") {
		t.Errorf("events %q", events)
	}
}
