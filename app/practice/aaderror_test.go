package practice

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Every error that the tenant gives is in errors.txt, with as many values as its
// text has places for.
func TestErrorsAreWorded(t *testing.T) {
	files, _ := filepath.Glob("*.go")
	call := regexp.MustCompile(`\baad\((\d+)((?:, (?:[^(),]|\([^()]*(?:\([^()]*\)[^()]*)*\))+)*)\)`)
	used := map[int]bool{}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(source), -1) {
			code, _ := strconv.Atoi(m[1])
			used[code] = true
			values := regexp.MustCompile(`\([^()]*(\([^()]*\)[^()]*)*\)`).ReplaceAllString(m[2], "")
			if e, known := aadErrors()[code]; !known || strings.Count(e.text, "%s") != strings.Count(values, ", ") {
				t.Errorf("%s: %s fills %q", file, m[0], e.text)
			}
		}
	}
	for code := range aadErrors() {
		if !used[code] {
			t.Errorf("AADSTS%d is given nowhere", code)
		}
	}
}
