package native

import (
	"fmt"
	"runtime"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/svc/eventlog"
)

// System names this machine's operating system and its processor, as support
// asks for it. The version is that of RtlGetVersion, which no manifest changes.
func System() string {
	v := windows.RtlGetVersion()
	return fmt.Sprintf("Windows %d.%d.%d (%s)", v.MajorVersion, v.MinorVersion, v.BuildNumber, runtime.GOARCH)
}

// Message tells something where there is no window: a program for the Windows
// desktop has no terminal to write to.
func Message(title, text string) {
	t, err := windows.UTF16PtrFromString(text)
	if err != nil {
		return
	}
	c, err := windows.UTF16PtrFromString(title)
	if err != nil {
		return
	}
	_, _ = windows.MessageBox(0, t, c, windows.MB_OK|windows.MB_ICONERROR|windows.MB_SETFOREGROUND)
}

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
