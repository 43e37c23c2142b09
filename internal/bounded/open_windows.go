package bounded

import (
	"errors"
	"slices"
	"time"

	"golang.org/x/sys/windows"
)

const nonBlocking = 0 // a pipe's name is told by os.Stat

// Patiently does something with a file, for a second also where somebody else has it
// open: a virus scanner that looks into what was just written, or whoever gives it its
// name. More errors may say so (Go's own commands: cmd/internal/robustio).
func Patiently(do func() error, more ...error) (err error) {
	for range 20 {
		err = do()
		if !slices.ContainsFunc(append(more, windows.ERROR_SHARING_VIOLATION), func(e error) bool { return errors.Is(err, e) }) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}
