package native

import (
	"os"

	"golang.org/x/sys/windows"
)

// Escapes tells whether a file is a terminal that understands escape sequences,
// which stays switched on.
func Escapes(f *os.File) bool {
	console := windows.Handle(f.Fd())
	return switchedOn(
		func() (mode uint32, err error) {
			err = windows.GetConsoleMode(console, &mode)
			return mode, err
		},
		func(mode uint32) error { return windows.SetConsoleMode(console, mode) })
}
