package oauth

import (
	_ "embed"
	"encoding/json"
	"path"
	"slices"
	"strings"
	"sync"

	"mailgrant/internal/mailbox"
)

// browserKind is a family of browsers and how it is asked for a private
// window.
type browserKind struct {
	ID       string
	Name     string
	Private  []string // arguments before the address
	Exe      string   // on Windows, without .exe
	Commands []string // on other systems, in PATH
	Desktop  []string // parts of desktop file names

	// Policies are the values below SOFTWARE\Policies any of which forbids
	// private windows if it is 1.
	Policies []struct{ Key, Value string }
}

// browsers.json has the kinds in the order in which they are tried after the
// default. Sources: Microsoft Edge "command line options", Chromium's
// switches.cc (incognito, new-window), Firefox "Command line parameters",
// Opera's and Vivaldi's help pages; 2026-11.
//
//go:embed browsers.json
var browsersJSON []byte

var browserKinds = sync.OnceValue(func() (kinds []browserKind) {
	if err := json.Unmarshal(browsersJSON, &kinds); err != nil {
		panic(err) // it is part of the program
	}
	return kinds
})

// kindWhere is the first kind of which something is true, or none.
func kindWhere(is func(browserKind) bool) browserKind {
	for _, k := range browserKinds() {
		if is(k) {
			return k
		}
	}
	return browserKind{}
}

// browserFacts is what the system says about its browsers.
type browserFacts struct {
	standard  string              // kind of the default browser, "" = not known
	installed map[string][]string // by kind: program and first arguments
	forbidden map[string]bool     // kinds whose private windows a policy forbids
}

// launch is one way to start a browser.
type launch struct {
	browser string   // its name, "" = the system's default
	command []string // program and arguments without the address; nil = as the system opens addresses
}

// plan lists the launches of a way, the best one first: private windows of the
// default browser, then of the others that are installed, never where a policy
// forbids them.
func plan(way string, facts browserFacts) []launch {
	if way == mailbox.SignInDefaultBrowser {
		return []launch{{browser: kindWhere(func(k browserKind) bool { return k.ID == facts.standard }).Name}}
	}
	if way != mailbox.SignInPrivateWindow {
		return nil
	}
	var first, others []launch
	for _, k := range browserKinds() {
		program := facts.installed[k.ID]
		if len(program) == 0 || facts.forbidden[k.ID] {
			continue
		}
		l := launch{k.Name, append(append([]string{}, program...), k.Private...)}
		if k.ID == facts.standard {
			first = append(first, l)
		} else {
			others = append(others, l)
		}
	}
	return append(first, others...)
}

// kindOfDesktop tells the kind of a desktop file: firefox.desktop,
// firefox_firefox.desktop, com.google.Chrome.desktop.
func kindOfDesktop(file string) string {
	file = strings.ToLower(file)
	return kindWhere(func(k browserKind) bool {
		return slices.ContainsFunc(k.Desktop, func(part string) bool { return strings.Contains(file, part) })
	}).ID
}

// registry reads a value of the Windows registry as text; "" is the default
// value of a key. root is HKCU, HKLM or HKCR.
type registry func(root, key, value string) (string, bool)

// windowsFacts finds the browsers of a Windows system. exists tells whether a
// program is there.
func windowsFacts(read registry, exists func(string) bool) browserFacts {
	facts := browserFacts{installed: map[string][]string{}, forbidden: map[string]bool{}}
	if program := defaultProgram(read); exists(program) {
		if k := kindOfProgram(program); k != "" {
			facts.standard, facts.installed[k] = k, []string{program}
		}
	}
	for _, k := range browserKinds() {
		if program := appPath(read, k.Exe+".exe"); facts.installed[k.ID] == nil && exists(program) && kindOfProgram(program) == k.ID {
			facts.installed[k.ID] = []string{program}
		}
		for _, p := range k.Policies {
			for _, root := range []string{"HKLM", "HKCU"} {
				if v, _ := read(root, `SOFTWARE\Policies\`+p.Key, p.Value); v == "1" {
					facts.forbidden[k.ID] = true
				}
			}
		}
	}
	return facts
}

// defaultProgram is the program that opens https addresses. Newer Windows 11
// keeps the choice in UserChoiceLatest.
func defaultProgram(read registry) string {
	const choices = `SOFTWARE\Microsoft\Windows\Shell\Associations\UrlAssociations\https\`
	for _, key := range []string{`UserChoiceLatest\ProgId`, `UserChoiceLatest`, `UserChoice`} {
		id, _ := read("HKCU", choices+key, "ProgId")
		if command, ok := read("HKCR", id+`\shell\open\command`, ""); ok {
			return programOf(command)
		}
	}
	return ""
}

// appPath looks a program up where installers register it.
func appPath(read registry, exe string) string {
	for _, root := range []string{"HKCU", "HKLM"} {
		for _, software := range []string{`SOFTWARE\`, `SOFTWARE\WOW6432Node\`} {
			if v, _ := read(root, software+`Microsoft\Windows\CurrentVersion\App Paths\`+exe, ""); v != "" {
				return programOf(v)
			}
		}
	}
	return ""
}

// programOf takes the program out of a command line of the registry.
func programOf(command string) string {
	command = strings.TrimSpace(command)
	if rest, quoted := strings.CutPrefix(command, `"`); quoted {
		program, _, _ := strings.Cut(rest, `"`)
		return program
	}
	if i := strings.Index(strings.ToLower(command), ".exe"); i >= 0 {
		return command[:i+len(".exe")]
	}
	return command
}

func kindOfProgram(program string) string {
	base := strings.ToLower(path.Base(strings.ReplaceAll(program, `\`, "/")))
	return kindWhere(func(k browserKind) bool { return base == k.Exe+".exe" }).ID
}
