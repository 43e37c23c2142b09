//go:build !windows

package native

import (
	"os"

	"golang.org/x/term"
)

// Escapes tells whether a file is a terminal: all of them understand escape
// sequences here.
func Escapes(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }
