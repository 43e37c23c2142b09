//go:build emptywindow

package ui

// empty: the same program with nothing in its window.
const empty = true
