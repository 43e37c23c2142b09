//go:build race

package ui_test

// Under the race detector, which makes a walk of all widgets ten times slower,
// one walk in one language at one size of the window shows what runs beside it.
const (
	raced     = true
	sizes     = 1
	languages = 1
)
