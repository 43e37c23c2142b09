// Package pattern holds regular expressions that are compiled when they are
// first used, so that no command waits for those of the others.
package pattern

import (
	"regexp"
	"sync"
)

// New is regexp.MustCompile, later: it panics at the first use if the
// expression is wrong, so a test has to use it.
func New(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
