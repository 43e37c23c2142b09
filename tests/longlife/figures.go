// Package longlife holds tests of a window that stays open for long: what it
// uses after thousands of sign-ins and tests is what it used after the first.
package longlife

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
)

// Figures are what this process uses.
type Figures struct {
	Goroutines, Descriptors int
	Heap, Resident          int // KiB; -1 where the system does not tell
}

// Measure counts after everything that is free has been given back.
func Measure() Figures {
	debug.FreeOSMemory() // collects first
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	f := Figures{runtime.NumGoroutine(), -1, int(m.HeapAlloc >> 10), -1}
	if open, err := os.ReadDir("/proc/self/fd"); err == nil {
		f.Descriptors = len(open)
	}
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		_, rest, _ := strings.Cut(string(status), "VmRSS:")
		_, _ = fmt.Sscan(rest, &f.Resident)
	}
	return f
}

func (f Figures) String() string {
	return fmt.Sprintf("%d goroutines, %d descriptors, %d KiB heap, %d KiB resident", f.Goroutines, f.Descriptors, f.Heap, f.Resident)
}

// Flat reports whether a later measurement shows no growth beyond so many
// goroutines and descriptors. The heap may differ by what the collector happens
// to keep.
func (f Figures) Flat(later Figures, more int) bool {
	return later.Goroutines <= f.Goroutines+more && later.Descriptors <= f.Descriptors+more && later.Heap <= f.Heap+f.Heap/10+512
}
