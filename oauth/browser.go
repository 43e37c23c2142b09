package oauth

import (
	"path"
	"strings"

	"mailgrant/internal/mailbox"
)

// browserKind is a family of browsers and how it is asked for a private
// window. Sources: Microsoft Edge "command line options", Chromium's
// switches.cc (incognito, new-window), Firefox "Command line parameters",
// Opera's and Vivaldi's help pages; 2026-11.
type browserKind struct {
	id, name string
	private  []string        // arguments before the address
	exe      string          // on Windows, without .exe
	commands []string        // on other systems, in PATH
	app      string          // on macOS, below /Applications
	desktop  []string        // parts of desktop file names
	policies []browserPolicy // any of them forbids private windows
}

// browserPolicy is a value below SOFTWARE\Policies that forbids private windows if
// it is 1.
type browserPolicy struct{ key, value string }

// browserKinds are in the order in which they are tried after the default.
var browserKinds = []browserKind{
	{
		id: "edge", name: "Microsoft Edge", private: []string{"--inprivate", "--new-window"},
		exe: "msedge", commands: []string{"microsoft-edge", "microsoft-edge-stable"}, app: "Microsoft Edge",
		desktop:  []string{"microsoft-edge", "microsoft.edge"},
		policies: []browserPolicy{{`Microsoft\Edge`, "InPrivateModeAvailability"}},
	},
	{
		id: "chrome", name: "Google Chrome", private: []string{"--incognito", "--new-window"},
		exe: "chrome", commands: []string{"google-chrome", "google-chrome-stable"}, app: "Google Chrome",
		desktop:  []string{"google-chrome", "google.chrome"},
		policies: []browserPolicy{{`Google\Chrome`, "IncognitoModeAvailability"}},
	},
	{
		id: "firefox", name: "Firefox", private: []string{"-private-window"},
		exe: "firefox", commands: []string{"firefox", "firefox-esr"}, app: "Firefox",
		desktop:  []string{"firefox"},
		policies: []browserPolicy{{`Mozilla\Firefox`, "DisablePrivateBrowsing"}, {`Mozilla\Firefox`, "PrivateBrowsingModeAvailability"}},
	},
	{
		id: "brave", name: "Brave", private: []string{"--incognito", "--new-window"},
		exe: "brave", commands: []string{"brave-browser", "brave"}, app: "Brave Browser",
		desktop:  []string{"brave"},
		policies: []browserPolicy{{`BraveSoftware\Brave`, "IncognitoModeAvailability"}},
	},
	{
		id: "vivaldi", name: "Vivaldi", private: []string{"--incognito", "--new-window"},
		exe: "vivaldi", commands: []string{"vivaldi", "vivaldi-stable"}, app: "Vivaldi",
		desktop:  []string{"vivaldi"},
		policies: []browserPolicy{{`Vivaldi`, "IncognitoModeAvailability"}},
	},
	{
		id: "opera", name: "Opera", private: []string{"--private", "--new-window"},
		exe: "opera", commands: []string{"opera", "opera-stable"}, app: "Opera",
		desktop:  []string{"opera"},
		policies: []browserPolicy{{`Opera Software\Opera`, "IncognitoModeAvailability"}},
	},
	{
		id: "chromium", name: "Chromium", private: []string{"--incognito", "--new-window"},
		exe: "chromium", commands: []string{"chromium", "chromium-browser"}, app: "Chromium",
		desktop:  []string{"chromium"},
		policies: []browserPolicy{{`Chromium`, "IncognitoModeAvailability"}},
	},
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
		return []launch{{browser: kindNamed(facts.standard).name}}
	}
	if way != mailbox.SignInPrivateWindow {
		return nil
	}
	var first, others []launch
	for _, k := range browserKinds {
		program := facts.installed[k.id]
		if len(program) == 0 || facts.forbidden[k.id] {
			continue
		}
		l := launch{k.name, append(append([]string{}, program...), k.private...)}
		if k.id == facts.standard {
			first = append(first, l)
		} else {
			others = append(others, l)
		}
	}
	return append(first, others...)
}

func kindNamed(id string) browserKind {
	for _, k := range browserKinds {
		if k.id == id {
			return k
		}
	}
	return browserKind{}
}

// kindOfDesktop tells the kind of a desktop file: firefox.desktop,
// firefox_firefox.desktop, com.google.Chrome.desktop.
func kindOfDesktop(file string) string {
	file = strings.ToLower(strings.TrimSpace(file))
	for _, k := range browserKinds {
		for _, part := range k.desktop {
			if strings.Contains(file, part) {
				return k.id
			}
		}
	}
	return ""
}

// registry reads a value of the Windows registry as text; "" is the default
// value of a key. root is HKCU, HKLM or HKCR.
type registry func(root, key, value string) (string, bool)

// windowsFacts finds the browsers of a Windows system. exists tells whether a
// program is there.
func windowsFacts(read registry, exists func(string) bool) browserFacts {
	facts := browserFacts{installed: map[string][]string{}, forbidden: map[string]bool{}}
	if program := defaultProgram(read); program != "" && exists(program) {
		if k := kindOfProgram(program); k != "" {
			facts.standard, facts.installed[k] = k, []string{program}
		}
	}
	for _, k := range browserKinds {
		if program := appPath(read, k.exe+".exe"); facts.installed[k.id] == nil && program != "" && exists(program) && kindOfProgram(program) == k.id {
			facts.installed[k.id] = []string{program}
		}
		for _, p := range k.policies {
			for _, root := range []string{"HKLM", "HKCU"} {
				if v, ok := read(root, `SOFTWARE\Policies\`+p.key, p.value); ok && v == "1" {
					facts.forbidden[k.id] = true
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
		id, ok := read("HKCU", choices+key, "ProgId")
		if !ok || id == "" {
			continue
		}
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
			if v, ok := read(root, software+`Microsoft\Windows\CurrentVersion\App Paths\`+exe, ""); ok && v != "" {
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

// kindOfProgram tells the kind of a program by its file name.
func kindOfProgram(program string) string {
	base := strings.ToLower(path.Base(strings.ReplaceAll(program, `\`, "/")))
	for _, k := range browserKinds {
		if base == k.exe+".exe" {
			return k.id
		}
	}
	return ""
}
