package imports

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	namedTest = regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9_]+)`")
	testFunc  = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Za-z0-9_]+)\(`)
	required  = regexp.MustCompile(`(?m)^\t?(?:require )?([a-z0-9.]+\.[a-z]+/\S+) v\S+$`)
)

// The points of docs/security.md are held by tests, or it says too much.
func TestSecurityNamesTestsThatExist(t *testing.T) {
	exist := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, m := range testFunc.FindAllStringSubmatch(string(source), -1) {
			exist[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := namedTest.FindAllStringSubmatch(readSecurity(t), -1)
	if len(named) < 50 {
		t.Errorf("only %d tests are named", len(named))
	}
	for _, m := range named {
		if !exist[m[1]] {
			t.Errorf("there is no %s", m[1])
		}
	}
}

// Every module that go.mod asks for itself is there with its licence.
func TestSecurityNamesDependencies(t *testing.T) {
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	text := readSecurity(t)
	modules := required.FindAllStringSubmatch(string(mod), -1)
	if len(modules) < 10 {
		t.Fatalf("only %d modules found", len(modules))
	}
	for _, m := range modules {
		parts := strings.Split(m[1], "/")
		short := slices.ContainsFunc(parts[len(parts)-min(2, len(parts)):], func(p string) bool {
			return len(p) > 2 && strings.Contains(text, p)
		})
		if !short && !strings.HasPrefix(m[1], "golang.org/x/") {
			t.Errorf("docs/security.md does not name %s", m[1])
		}
	}
}

func readSecurity(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
