//go:build !windows

package native

// EventLog reports whether this system has an event log of Windows' kind.
const EventLog = false

// WriteEvent does nothing: the exit status is what cron and systemd report.
func WriteEvent(Event, string) error { return nil }
