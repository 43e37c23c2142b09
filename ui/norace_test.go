//go:build !race

package ui_test

const (
	raced     = false
	sizes     = 8
	languages = 2
)
