//go:build !windows

package native

import "runtime"

// System names this machine's operating system and its processor, as support
// asks for it.
func System() string { return runtime.GOOS + " (" + runtime.GOARCH + ")" }
