package imports

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The command line for Windows is built without the areas of texts that only
// the window shows (pack in scripts/env): no package that it is made of may
// ask for one.
func TestTextsOfTheWindowStayThere(t *testing.T) {
	script, err := os.ReadFile(filepath.Join(root, "scripts/env"))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^window_texts='(.+)'$`).FindSubmatch(script)
	if found == nil {
		t.Fatal("scripts/env does not say which areas only the window shows")
	}
	areas := strings.ReplaceAll(string(found[1]), " ", "|")
	key := regexp.MustCompile("^[\"`](" + areas + `)\.`)
	inWindow := 0
	for _, folder := range []string{"ui", "cli", "app", "oauth", "mailtest", "internal"} {
		for _, path := range goFiles(t, folder) {
			for _, text := range stringsIn(t, path) {
				switch {
				case !key.MatchString(text):
				case folder == "ui":
					inWindow++
				default:
					t.Errorf("%s: %s is a text of the window", path, text)
				}
			}
		}
	}
	if inWindow == 0 {
		t.Error("the window shows none of its texts: does this test still say anything?")
	}
}

// goFiles are the files of a folder that programs are built from.
func goFiles(t *testing.T, folder string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(root, folder), func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// stringsIn are the literal strings of a file, as they stand in it.
func stringsIn(t *testing.T, path string) (found []string) {
	t.Helper()
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var s scanner.Scanner
	files := token.NewFileSet()
	s.Init(files.AddFile(path, -1, len(source)), source, nil, 0)
	for {
		switch _, kind, text := s.Scan(); kind {
		case token.EOF:
			return found
		case token.STRING:
			found = append(found, text)
		}
	}
}
