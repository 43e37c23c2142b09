//go:build !windows

package native

// LeaveConsole does nothing: elsewhere a scheduler opens no window.
func LeaveConsole() bool { return false }
