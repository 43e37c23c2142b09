//go:build !race

package ui_test

const raced = false
