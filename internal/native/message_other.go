//go:build !windows

package native

import (
	"fmt"
	"os"
)

// Message tells something where there is no window.
func Message(title, text string) {
	fmt.Fprintf(os.Stderr, "%s: %s\n", title, text)
}
