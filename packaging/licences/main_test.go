package main

import (
	"os"
	"slices"
	"strings"
	"testing"
)

func TestNamed(t *testing.T) {
	for name, want := range map[string]bool{
		"LICENSE": true, "LICENCE.txt": true, "LICENSE_Inter.txt": true, "LICENSE-reader": true, "COPYING": true,
		"COPYING.txt": true, "NOTICE": true, "PATENTS": true, "OFL.txt": true, "MIT-LICENSE": true, "license.rst": true,
		"license.go": false, "unlicensed.txt": false, "README.md": false, "notices_test.go": false, "copyrighted": false,
	} {
		if got := named.MatchString(name) && !source.MatchString(name); got != want {
			t.Errorf("%s is a licence text: %v, want %v", name, got, want)
		}
	}
}

func TestLinked(t *testing.T) {
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// A test links nothing but the standard library here; what counts is that
	// its build information is read, and that another file is an error.
	if _, err := linked([]string{own}); err != nil {
		t.Error(err)
	}
	if got, err := linked([]string{"main.go"}); err == nil {
		t.Errorf("main.go is linked with %v, want an error", got)
	}
	if _, err := linked(nil); err == nil {
		t.Error("no program: no error")
	}
}

func TestWrite(t *testing.T) {
	var out strings.Builder
	err := write(&out, []text{{"b@v1", "Same\r\n"}, {"a@v1", "Other"}, {"c@v1", "Same"}})
	if err != nil {
		t.Fatal(err)
	}
	got := out.String()
	if strings.Count(got, "Same") != 1 || !strings.Contains(got, "b@v1\nc@v1\n") || strings.Contains(got, "\r") {
		t.Error(got)
	}
	places := []int{strings.Index(got, "b@v1"), strings.Index(got, "a@v1")}
	if places[0] < 0 || !slices.IsSorted(places) {
		t.Errorf("order: %v", places)
	}
}

func TestMissingFile(t *testing.T) {
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := run(&strings.Builder{}, []string{"Part=no-such-file"}, []string{own}); err == nil {
		t.Error("a missing text is no error")
	}
}
