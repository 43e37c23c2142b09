//go:build !emptywindow

package ui

// empty is true in the program that benchmarks compare the window with.
const empty = false
