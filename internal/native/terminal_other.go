//go:build !windows

package native

import (
	"io"
	"os"
)

// Terminal returns standard error, and whether something reads it.
func Terminal() (io.Writer, bool) { return os.Stderr, true }
