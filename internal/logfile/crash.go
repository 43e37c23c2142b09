package logfile

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"mailgrant/internal/redact"
	"mailgrant/internal/store"
)

// mostCrash is how much of an earlier crash is kept, in bytes.
const mostCrash = 256 << 10

// Crash makes the runtime write the trace of a crash to <home>/logs/crash.log:
// a program for the desktop has no terminal to leave it in. A trace names
// functions and addresses of memory, no values; but the text of a panic may
// quote something, so the next start redacts what it finds. The returned
// function ends the recording and removes an empty file.
func Crash(home string) (end func(), err error) {
	path := filepath.Join(home, "logs", "crash.log")
	none := func() {}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return none, fmt.Errorf("logfile: %w", err)
	}
	setAside(path)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return none, fmt.Errorf("logfile: %w", err)
	}
	defer file.Close() // the runtime keeps a handle of its own
	if err := debug.SetCrashOutput(file, debug.CrashOptions{}); err != nil {
		return none, fmt.Errorf("logfile: crash output: %w", err)
	}
	return func() {
		_ = debug.SetCrashOutput(nil, debug.CrashOptions{})
		if info, err := os.Stat(path); err == nil && info.Size() == 0 {
			_ = os.Remove(path)
		}
	}, nil
}

// setAside keeps the redacted trace of an earlier crash as crash.log.1.
func setAside(path string) {
	trace, err := os.ReadFile(path)
	if err != nil || len(trace) == 0 {
		return
	}
	old := redact.Mask(string(trace[:min(len(trace), mostCrash)]))
	if store.WriteFile(path+".1", []byte(old)) == nil {
		_ = os.Remove(path)
	}
}
