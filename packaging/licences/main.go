// Licences writes the licence texts of all that is linked into the programs
// given: of each Go module that their build information names, with the texts
// that lie deeper in a module (fonts, C sources), of Go itself, and of the files
// named with -also.
//
//	go run ./packaging/licences -also "Mesa 3D=license.rst" mailgrant.exe mailgrant-cli.exe
package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// named matches the file names under which licences travel. Sources that are
// only named so (license.go) are no texts.
var (
	named  = regexp.MustCompile(`(?i)^(.*[-_.])?(licen[cs]e|copying|notice|copyright|patents|ofl)([-_.].*)?$`)
	source = regexp.MustCompile(`(?i)\.(go|c|h|py|js|json|ya?ml|sh)$`)
)

// skipped are folders whose contents are linked into nothing.
var skipped = []string{"testdata", ".git", ".github", "node_modules"}

type text struct{ title, body string }

func main() {
	log.SetFlags(0)
	log.SetPrefix("licences: ")
	var also []string
	flag.Func("also", "`title=file` of another part", func(value string) error {
		also = append(also, value)
		return nil
	})
	flag.Parse()
	if err := run(os.Stdout, also, flag.Args()); err != nil {
		log.Fatal(err)
	}
}

func run(w io.Writer, also, programs []string) error {
	modules, err := linked(programs)
	if err != nil {
		return err
	}
	var texts []text
	for _, module := range modules {
		found, err := moduleTexts(module)
		if err != nil {
			return err
		}
		texts = append(texts, found...)
	}
	goroot, err := output("go", "env", "GOROOT")
	if err != nil {
		return err
	}
	for _, pair := range append(also, "Go, its standard library and runtime="+filepath.Join(strings.TrimSpace(goroot), "LICENSE")) {
		title, file, ok := strings.Cut(pair, "=")
		body, err := os.ReadFile(file)
		if err != nil || !ok {
			return fmt.Errorf("-also %q: %w", pair, err)
		}
		texts = append(texts, text{title, string(body)})
	}
	return write(w, texts)
}

// linked names all modules of the programs, each once, as path@version.
func linked(programs []string) ([]string, error) {
	if len(programs) == 0 {
		return nil, errors.New("no program given")
	}
	set := map[string]bool{}
	for _, program := range programs {
		info, err := buildinfo.ReadFile(program)
		if err != nil {
			return nil, err
		}
		for _, dep := range info.Deps {
			if dep.Replace != nil {
				dep = dep.Replace
			}
			set[dep.Path+"@"+dep.Version] = true
		}
	}
	return slices.Sorted(maps.Keys(set)), nil
}

func moduleTexts(module string) ([]text, error) {
	answer, err := output("go", "mod", "download", "-json", module)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", module, err)
	}
	var where struct{ Dir string }
	if err := json.Unmarshal([]byte(answer), &where); err != nil {
		return nil, fmt.Errorf("%s: %w", module, err)
	}
	var texts []text
	err = filepath.WalkDir(where.Dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains(skipped, entry.Name()):
			return fs.SkipDir
		case entry.IsDir() || !named.MatchString(entry.Name()) || source.MatchString(entry.Name()):
			return nil
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		title := module
		if inside, err := filepath.Rel(where.Dir, filepath.Dir(path)); err == nil && inside != "." {
			title += ", " + filepath.ToSlash(inside)
		}
		texts = append(texts, text{title + ": " + entry.Name(), string(body)})
		return nil
	})
	if err == nil && len(texts) == 0 {
		err = errors.New("no licence text found")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", module, err)
	}
	return texts, nil
}

func output(name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	return string(out), err
}

// write puts equal texts together under all their titles.
func write(w io.Writer, texts []text) error {
	titles := map[string][]string{}
	var order []string
	for _, t := range texts {
		body := strings.TrimSpace(strings.ReplaceAll(t.body, "\r\n", "\n"))
		if titles[body] == nil {
			order = append(order, body)
		}
		titles[body] = append(titles[body], t.title)
	}
	line := strings.Repeat("=", 78)
	var out bytes.Buffer
	out.WriteString("Mailgrant is made with the works of others. These are their licences.\n\n")
	for _, body := range order {
		fmt.Fprintf(&out, "%s\n%s\n%s\n\n%s\n\n\n", line, strings.Join(titles[body], "\n"), line, body)
	}
	_, err := out.WriteTo(w)
	return err
}
