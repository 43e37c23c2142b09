package longlife

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

// figures are what this process uses.
type figures struct {
	goroutines, descriptors int
	heap, resident          int // KiB; -1 where the system does not tell
}

// measure counts after everything that is free has been given back.
func measure(t *testing.T) figures {
	t.Helper()
	debug.FreeOSMemory() // collects first
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	f := figures{runtime.NumGoroutine(), -1, int(m.HeapAlloc >> 10), -1}
	if open, err := os.ReadDir("/proc/self/fd"); err == nil {
		f.descriptors = len(open)
	}
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		_, rest, _ := strings.Cut(string(status), "VmRSS:")
		_, _ = fmt.Sscan(rest, &f.resident)
	}
	return f
}

func (f figures) String() string {
	return fmt.Sprintf("%d goroutines, %d descriptors, %d KiB heap, %d KiB resident", f.goroutines, f.descriptors, f.heap, f.resident)
}

// flat reports whether a later measurement shows no growth. What a cycle left
// behind would be there once for each of the second half. Memory may differ by
// what the collector and the system happen to keep, and under the race
// detector the resident memory is the detector's.
func (f figures) flat(later figures) bool {
	return later.goroutines <= f.goroutines+cycles/10 && later.descriptors <= f.descriptors+cycles/10 &&
		later.heap <= f.heap+f.heap/10+512 && (raced || later.resident <= f.resident+f.resident/10+4096)
}
