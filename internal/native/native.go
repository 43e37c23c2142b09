// Package native holds the few calls to the operating system that have no
// place in a library we use.
package native

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"strings"
	"sync"
)

// Event is what an entry in the event log is about; its number is the entry's
// ID.
type Event uint32

// These events are written.
const (
	EventFailed    Event = 1 // a scheduled command failed: an error
	EventProblem   Event = 2 // the watchman found a problem: a warning
	EventRecovered Event = 3 // and that it is over: information
)

// virtualTerminal is ENABLE_VIRTUAL_TERMINAL_PROCESSING of a console's mode
// (consoleapi.h).
const virtualTerminal = 0x4

// switchedOn tells whether a console understands escape sequences, switching
// that on where it is not. One with "legacy console" chosen refuses it, as all
// did before Windows 10 1511, and would show the sequences as they are.
func switchedOn(mode func() (uint32, error), setMode func(uint32) error) bool {
	now, err := mode()
	return err == nil && (now&virtualTerminal != 0 || setMode(now|virtualTerminal) == nil)
}

// Claim makes this process the one with the window for a folder of settings.
// If another one is, its window is brought to the front and first is false.
// Where the system has no such thing, every process is the first. release gives
// the claim up, for the process that opens the window instead; it may be called
// more than once.
func Claim(home string) (release func(), first bool) {
	release, first = claim(claimName(home))
	return sync.OnceFunc(release), first
}

// claimName names the claim of a folder. Its letters' case does not count on
// Windows, and a name may not hold a path.
func claimName(home string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(filepath.Clean(home))))
	return "Mailgrant-" + hex.EncodeToString(sum[:8])
}
