// Package imports holds one test: that the project's packages depend on each
// other in one direction only.
//
//	main → ui, cli → oauth, mailtest → the small things in internal/
//
// It asks the go command, so it sees every platform's files, not only this one's.
package imports

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module = "mailgrant"
	root   = "../.."
	fyne   = "fyne.io"
	app    = "fyne.io/fyne/v2/app"
)

// storeys of the house, from the roof down: a package reaches none of a storey
// above its own, and of its own storey only what stands under the same path.
// In "app" and "internal" neighbours know each other; no ring can come of it,
// which the compiler sees to.
var storeys = [][]string{
	{"ui", "cli"},
	{"app"},
	{"oauth", "mailtest"},
	{"internal"},
	{"assets"},
}

// rules say what the packages below a path must not reach besides, directly or
// through others. A path stands for itself and everything below it.
var rules = []struct {
	packages  string
	forbidden []string
}{
	{packages: "ui", forbidden: []string{app}},
	{packages: "cli", forbidden: []string{fyne}},
	{packages: "app", forbidden: []string{fyne}},
	{packages: "oauth", forbidden: []string{fyne}},
	{packages: "mailtest", forbidden: []string{fyne}},
	{packages: "internal", forbidden: []string{fyne}},
	{packages: "assets", forbidden: []string{fyne}},
	{packages: "app/practice", forbidden: []string{"oauth", "mailtest", "app/authorization"}}, // it is the other side
}

// systems are those Mailgrant is built for, or at least vetted for.
var systems = []string{"linux", "windows", "darwin"}

type listed struct {
	ImportPath string
	Deps       []string
}

// list asks for the project's packages, or those named, with all they reach.
func list(t *testing.T, system, cgo, tags string, patterns ...string) []listed {
	t.Helper()
	args := append([]string{"list", "-tags", tags, "-json=ImportPath,Deps"}, patterns...)
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED="+cgo)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	var packages []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		packages = append(packages, p)
	}
}

// below says whether path is prefix or lies below it. Prefixes without a dot in
// their first part are the project's own.
func below(path, prefix string) bool {
	if first, _, _ := strings.Cut(prefix, "/"); prefix != module && !strings.Contains(first, ".") {
		prefix = module + "/" + prefix
	}
	return path == prefix || strings.HasPrefix(path, prefix+"/")
}

func belowAny(path string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return below(path, prefix) })
}

func TestDirection(t *testing.T) {
	for _, system := range systems {
		t.Run(system, func(t *testing.T) {
			checked := map[string]bool{}
			for _, p := range list(t, system, "1", "", "./...") {
				for path, forbidden := range forbiddenTo(p.ImportPath) {
					checked[path] = true
					for _, dep := range p.Deps {
						if belowAny(dep, forbidden) {
							t.Errorf("%s reaches %s", p.ImportPath, dep)
						}
					}
				}
			}
			for path := range everyPath() {
				if !checked[path] {
					t.Errorf("no package %s: does this rule still say anything?", path)
				}
			}
		})
	}
}

// forbiddenTo are the paths a package must not reach, by the storey or rule
// that says so.
func forbiddenTo(pkg string) map[string][]string {
	found := map[string][]string{}
	var above []string
	for _, storey := range storeys {
		for _, path := range storey {
			if below(pkg, path) {
				beside := slices.DeleteFunc(slices.Clone(storey), func(other string) bool { return other == path })
				found[path] = slices.Concat(above, beside)
			}
		}
		above = append(above, storey...)
	}
	for _, rule := range rules {
		if below(pkg, rule.packages) {
			found[rule.packages] = append(found[rule.packages], rule.forbidden...)
		}
	}
	return found
}

// everyPath that a storey or rule names.
func everyPath() map[string]bool {
	all := map[string]bool{}
	for _, storey := range storeys {
		for _, path := range storey {
			all[path] = true
		}
	}
	for _, rule := range rules {
		all[rule.packages] = true
	}
	return all
}

// Every package with a program in it stands on a storey.
func TestEveryPackageHasItsStorey(t *testing.T) {
	for _, p := range list(t, "linux", "1", "", "./...") {
		if p.ImportPath == module || belowAny(p.ImportPath, []string{"tests", "packaging"}) {
			continue
		}
		if !slices.ContainsFunc(storeys, func(storey []string) bool { return belowAny(p.ImportPath, storey) }) {
			t.Errorf("%s stands on no storey", p.ImportPath)
		}
	}
}

// The program for servers has neither window nor C in it.
func TestCommandLineHasNoWindow(t *testing.T) {
	for _, system := range systems {
		t.Run(system, func(t *testing.T) {
			packages := list(t, system, "0", "cli", ".")
			if len(packages) != 1 || len(packages[0].Deps) == 0 {
				t.Fatalf("go list: %v", packages)
			}
			for _, dep := range packages[0].Deps {
				if belowAny(dep, []string{fyne, "ui", "github.com/go-gl"}) {
					t.Errorf("%s reaches %s", packages[0].ImportPath, dep)
				}
				// On macOS the standard library reaches runtime/cgo by itself.
				if dep == "runtime/cgo" && system != "darwin" {
					t.Errorf("%s needs cgo", packages[0].ImportPath)
				}
			}
		})
	}
}

// Fyne's app package needs OpenGL and cgo. One file imports it, under a tag, so
// that everything else tests without either. All files count here, whatever
// system or tag they are for, and tests too.
func TestOneFileOpensTheWindow(t *testing.T) {
	var found []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "build" || entry.Name() == "testdata" || entry.Name() == ".git"):
			return fs.SkipDir
		case entry.IsDir() || filepath.Ext(path) != ".go":
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if below(imported, app) {
				found = append(found, path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	window, standIn := filepath.Join(root, "window.go"), filepath.Join(root, "tests/bench/empty/window.go") // for a benchmark
	if !slices.Equal(found, []string{standIn, window}) {
		t.Fatalf("%s is imported by %q, want window.go alone", app, found)
	}
	source, err := os.ReadFile(window)
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(source), "\n")
	tag, err := constraint.Parse(line)
	if err != nil || tag.Eval(func(name string) bool { return name == "cli" }) {
		t.Errorf("window.go starts with %q, want a constraint that leaves it out of -tags cli", line)
	}
}

func TestBelow(t *testing.T) {
	for _, c := range []struct {
		path, prefix string
		want         bool
	}{
		{"mailgrant/ui", "ui", true},
		{"mailgrant/ui/views", "ui", true},
		{"mailgrant/uix", "ui", false},
		{"mailgrant/oauth", "mailgrant", true},
		{"fyne.io/fyne/v2/app", "fyne.io", true},
		{"fyne.io/fyne/v2/app", app, true},
		{"fyne.io/fyne/v2/apple", app, false},
		{"ui", "ui", false},
	} {
		if got := below(c.path, c.prefix); got != c.want {
			t.Errorf("below(%q, %q) = %v", c.path, c.prefix, got)
		}
	}
}
