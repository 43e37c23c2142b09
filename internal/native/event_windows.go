package native

import (
	"fmt"

	"golang.org/x/sys/windows/svc/eventlog"
)

// EventLog reports whether this system has an event log of Windows' kind.
const EventLog = true

// eventSource is registered by the setup for all users. Without it the event
// viewer shows the text behind a sentence about a missing description.
const eventSource = "Mailgrant"

// WriteEvent writes into Windows' event log, Application. The event's number is
// the ID by which administrators filter.
func WriteEvent(event Event, text string) error {
	log, err := eventlog.Open(eventSource)
	if err != nil {
		return fmt.Errorf("native: event log: %w", err)
	}
	defer log.Close()
	write := log.Error
	switch event {
	case EventProblem:
		write = log.Warning
	case EventRecovered:
		write = log.Info
	}
	if err := write(uint32(event), text); err != nil {
		return fmt.Errorf("native: event log: %w", err)
	}
	return nil
}
