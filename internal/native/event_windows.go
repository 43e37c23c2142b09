package native

import (
	"fmt"

	"golang.org/x/sys/windows/svc/eventlog"
)

// eventSource is registered by the setup for all users. Without it the event
// viewer shows the text behind a sentence about a missing description.
const (
	eventSource = "Mailgrant"
	eventFailed = 1
)

// ReportError writes an error into Windows' event log, Application.
func ReportError(text string) error {
	log, err := eventlog.Open(eventSource)
	if err != nil {
		return fmt.Errorf("native: event log: %w", err)
	}
	defer log.Close()
	if err := log.Error(eventFailed, text); err != nil {
		return fmt.Errorf("native: event log: %w", err)
	}
	return nil
}
