//go:build !windows

package native

// ReportError does nothing: the exit status is what cron and systemd report.
func ReportError(string) error { return nil }
