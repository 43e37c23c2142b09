//go:build !windows

package native

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"time"

	"golang.org/x/term"
)

// System names this machine's operating system and its processor, as support
// asks for it.
func System() string { return runtime.GOOS + " (" + runtime.GOARCH + ")" }

// Message tells something where there is no window.
func Message(title, text string) {
	fmt.Fprintf(os.Stderr, "%s: %s\n", title, text)
}

// EventLog reports whether this system has an event log of Windows' kind.
const EventLog = false

// WriteEvent does nothing: the exit status is what cron and systemd report.
func WriteEvent(Event, string) error { return nil }

// claim always succeeds: desktops on other systems have no common way to bring
// a window to the front.
func claim(string) (release func(), first bool) { return func() {}, true }

// Screen knows nothing: only on Windows a window has a number that can be asked with.
func Screen(uintptr) (width, height int, ok bool) { return 0, 0, false }

// Flash does nothing: only Windows has a button to flash.
func Flash() {}

// notifyLimit is how long the desktop may take.
const notifyLimit = 10 * time.Second

// Notify shows a notice on the desktop of the user, by the freedesktop.org
// Notifications service.
func Notify(ctx context.Context, title, text string) error {
	if runtime.GOOS == "darwin" {
		return errors.ErrUnsupported
	}
	ctx, cancel := context.WithTimeout(ctx, notifyLimit)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "notify-send", "--app-name=Mailgrant", "--", title, text).CombinedOutput(); err != nil {
		return fmt.Errorf("native: notify-send: %w: %s", err, out)
	}
	return nil
}

// LeaveConsole does nothing: elsewhere a scheduler opens no window.
func LeaveConsole() bool { return false }

// Terminal returns standard error, and whether something reads it.
func Terminal() (io.Writer, bool) { return os.Stderr, true }

// Escapes tells whether a file is a terminal: all of them understand escape
// sequences here.
func Escapes(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }
