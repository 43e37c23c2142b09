//go:build race

package ui_test

// raced says that the race detector is there, which makes a walk of all widgets
// ten times slower.
const raced = true
