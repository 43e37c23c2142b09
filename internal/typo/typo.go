// Package typo compares what was typed with what may have been meant.
package typo

import (
	"strings"
	"unicode"
)

// Distance is how many letters must be added, left out or put in the place of
// another to make one word of the other (Levenshtein).
func Distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		corner := row[0]
		row[0] = i + 1
		for j := range y {
			if x[i] != y[j] {
				corner = 1 + min(corner, row[j], row[j+1])
			}
			corner, row[j+1] = row[j+1], corner
		}
	}
	return row[len(y)]
}

// Slip reports whether two words differ by one letter that is left out, added
// or another one, or by two that are exchanged. Short words are often alike, and
// a digit is no slip: there may be a second address.
func Slip(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if max(len(x), len(y)) < 5 {
		return false
	}
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	if strings.ContainsFunc(string(x)+string(y), unicode.IsDigit) {
		return false
	}
	return len(x) <= 1 && len(y) <= 1 || len(x) == 2 && len(y) == 2 && x[0] == y[1] && x[1] == y[0]
}
