package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"mailgrant/app/practice"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// TestWrongUse: exit status 2, nothing on standard output, one clear line
// that names what is wrong.
func TestWrongUse(t *testing.T) {
	p, file := tenant(t, nil)
	changed := func(change func(map[string]any)) string {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var doc map[string]any
		if err := json.Unmarshal(data, &doc); err != nil {
			t.Fatal(err)
		}
		change(doc)
		data, _ = json.Marshal(doc)
		path := filepath.Join(t.TempDir(), "def.json")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	half := filepath.Join(t.TempDir(), "half.json")
	data, _ := os.ReadFile(file)
	if err := os.WriteFile(half, data[:len(data)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(file+".html", 0o700); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		args []string
		says string
	}{
		{[]string{"nonsense"}, "nonsense"},
		{[]string{"tets"}, "Did you mean “test”?"},
		{[]string{"mailbox", "lsit"}, "Did you mean “list”?"},
		{[]string{"test", "--file", file, "--timeout", "5"}, "such as 30s, 5m or 1h"},
		{[]string{"test", "--nonsense"}, "--nonsense"},
		{[]string{"test", "--only"}, "--only"},
		{[]string{"test", "a", "b"}, "test [MAILBOX]"},
		{[]string{"test"}, "No mailbox is saved"},
		{[]string{"test", "Nobody"}, "Nobody"},
		{[]string{"test", "Nobody", "--file", file}, "--file"},
		{[]string{"test", "--file", file, "--only", "nntp"}, "nntp"},
		{[]string{"test", "--file", file, "--timeout", "never"}, "--timeout"},
		{[]string{"test", "--file", file, "--timeout", "0s"}, "--timeout"},
		{[]string{"test", "--file", changed(func(d map[string]any) { delete(d, "pop3") }), "--only", "pop3"}, "POP3"},
		{[]string{"test", "--file", "/nonexistent/def.json"}, "/nonexistent/def.json: there is no such file"},
		{[]string{"test", "--file", filepath.Dir(file)}, filepath.Dir(file)},
		{[]string{"test", "--file", half}, "file: the file ends in the middle"},
		{[]string{"test", "--file", changed(func(d map[string]any) { d["colour"] = "red" })}, "colour: "},
		{[]string{"test", "--file", changed(func(d map[string]any) { d["imap"].(map[string]any)["port"] = 0 })}, "imap.port: 0"},
		{[]string{"test", "--file", changed(func(d map[string]any) { d["imap"].(map[string]any)["port"] = 70000 })}, "imap.port: 70000"},
		{[]string{"request", "--file", changed(func(d map[string]any) { d["smtp"].(map[string]any)["host"] = "local host" })}, "smtp.host: "},
		{[]string{"request", "--file", changed(func(d map[string]any) { d["sender"] = "helpdesk"; d["user"] = "" })}, "sender: "},
		{[]string{"request", "--file", changed(func(d map[string]any) { d["oauth"].(map[string]any)["client_id"] = "app" })}, "oauth.client_id: "},
		{[]string{"request", "--file", changed(func(d map[string]any) { d["oauth"].(map[string]any)["authority"] = "http://login.example.com" })}, "oauth.authority: "},
		{[]string{"request", "--file", file, "--sign-in", "telepathy"}, "telepathy"},
		{[]string{"request", "--file", file, "--prompt", "consent"}, "--prompt"},
		{[]string{"status", "--file", changed(func(d map[string]any) { d["authentication"] = "password" })}, "password"},
		// a script's variable that is not set
		{[]string{"test", "--file", ""}, "--file needs a value"},
		{[]string{"test", "--file", file, "--only", ""}, "--only needs a value"},
		{[]string{"test", "--file", file, "--allow-host", ""}, "--allow-host needs a value"},
		{[]string{"request", "--file", file, "--paste", " "}, "--paste needs a value"},
		{[]string{"mailbox"}, "mailbox"},
		{[]string{"mailbox", "burn"}, "burn"},
		{[]string{"mailbox", "remove", "Nobody"}, "Nobody"},
		{[]string{"secret", "set", "x", "pin"}, "pin"},
		{[]string{"forget"}, "Name the mailbox"},
		{[]string{"test", "Nobody", "--all"}, "--all"},
		{[]string{"test", "--all", "--file", file}, "--all"},
		{[]string{"test", "--all"}, "No mailbox is saved"},
		{[]string{"test", "--all", "--watch", "1m"}, "--watch"},
		{[]string{"test", "--all", "--round-trip"}, "--round-trip"},
		{[]string{"test", "--file", file, "--watch", "-1s"}, "--watch"},
		{[]string{"test", "--file", file, "--watch", "0"}, "--watch"},
		{[]string{"test", "--all", "--per-host", "0"}, "--per-host"},
		{[]string{"mailbox", "export", "--all", "--file", file}, "--all"},
		{[]string{"mailbox", "show", "Nobody", "--file", file}, "--file"},
		{[]string{"test", "--file", file, "--watch", "soon"}, "--watch"},
		// what has no effect was meant to have one
		{[]string{"test", "--file", file, "--yes"}, "--yes has no effect without --round-trip"},
		{[]string{"monitor", "--file", file, "--every", "15m"}, "--every has no effect without --install"},
		{[]string{"monitor", "--file", file, "--mail-to", "admin@contoso.com"}, "--mail-to has no effect without --mail-from"},
		{[]string{"monitor", "--file", file, "--mail-from", "Works"}, "--mail-from has no effect without --mail-to"},
		{[]string{"test", "--file", file, "--report-lang", "de"}, "--report-lang has no effect without --report"},
		{[]string{"test", "--file", file, "--hide-addresses"}, "--hide-addresses has no effect without --report"},
		{[]string{"mailbox", "export", "--file", file, "--format", "csv"}, "--format has no effect without --all"},
		{[]string{"products", "acmp", "--check"}, "--check has no effect without --mailbox"},
		{[]string{"assistant", "--file", file, "--host", "x.example.com"}, "--host has no effect without --product"},
		{[]string{"test", "--file", file, "--allow-host", "https://imap.example.com"}, "https://imap.example.com"},
		{[]string{"token", "--file", file, "--allow-host", "imap.example.com", "--allow-host", "imap.example.com:993"}, "imap.example.com:993"},
		{[]string{"test", "--file", changed(func(d map[string]any) { delete(d, "smtp") }), "--round-trip", "--yes"}, "SMTP"},
		{[]string{"refresh", "--all"}, "No mailbox is saved"},
		{[]string{"consent"}, "No mailbox is saved"},
		{[]string{"consent", "--file", file, "--sign-in", "device-code"}, "Possible: private-window, default-browser, link\n"},
		{[]string{"authorization"}, "export|import"},
		{[]string{"authorization", "export"}, "FILE"},
		{[]string{"authorization", "export", "--file", file, filepath.Join(file, "x")}, file + " is a file and no folder"},
		{[]string{"test", "--file", file, "--report", file + ".html"}, file + ".html is a folder"},
		{[]string{"monitor", "--file", file, "--output", filepath.Dir(file)}, filepath.Dir(file) + " is a folder"},
		{[]string{"practice", "--fault", "gravity"}, "gravity"},
		{[]string{"practice", "--write", half}, half},
		{[]string{"practice", "--write", file}, file + ": a practice tenant that wrote it is still running"},
		{[]string{"explain", "x", "--phase", "lunch"}, "lunch"},
		{[]string{"explain"}, "nothing to explain"},
		{[]string{"explain", "", "--json"}, "nothing to explain"},
		{[]string{"explain", " \n"}, "nothing to explain"},
		{[]string{"explain", half}, half},
		{[]string{"test", "--practice"}, "goes with no command"},
		{[]string{"--practice", "mailbox", "list"}, "goes with no command"},
	}
	for _, c := range cases {
		o := run(t, c.args...)
		if o.status != exitUsage || o.stdout != "" || strings.Count(o.stderr, "\n") != 1 || !strings.Contains(o.stderr, c.says) {
			t.Errorf("%q: status %d, stdout %q, stderr %q; want 2, nothing, one line with %q", c.args, o.status, o.stdout, o.stderr, c.says)
		}
	}
	if got, _ := os.ReadFile(half); string(got) != string(data[:len(data)/2]) {
		t.Error("the half-written file was overwritten")
	}
	_ = p
}

// What is piped is a text whatever it is, and a script gets an answer to nothing
// too; a word is a word beside a file of its name.
func TestWhatIsExplainedIsNoFile(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"refused", "refused.log"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	runWith(t, t.Context(), "refused.log", "explain", "-").want(t, exitGood)
	run(t, "explain", "refused").want(t, exitGood)
	run(t, "explain", "refused.log").want(t, exitUsage)
	for _, args := range [][]string{{"explain", "--json"}, {"explain", "-", "--json"}} {
		o := runWith(t, t.Context(), "\n", args...).want(t, exitGood)
		if got := at(o.last(t), "diagnoses", 0, "cause"); got != "unknown" {
			t.Errorf("%v: %v", args, got)
		}
	}
}

func TestAForeignHostGetsNoToken(t *testing.T) {
	p, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	foreign := writeDefinition(t, t.TempDir(), p.Definition(), func(d *mailbox.Definition) { d.Server(mailbox.IMAP).Host = "127.0.0.1" })
	o := run(t, "test", "--file", foreign, "--json").want(t, exitUsage)
	if o.stdout != "" || !strings.Contains(o.stderr, "127.0.0.1") {
		t.Errorf("stdout %q, stderr %q", o.stdout, o.stderr)
	}
	run(t, "token", "--file", foreign).want(t, exitUsage)
	run(t, "test", "--file", foreign, "--allow-host", "127.0.0.1", "--json").want(t, exitGood)
}

func TestAForeignMailHostIsConfirmedBeforeTheSignIn(t *testing.T) {
	p, _ := tenant(t, nil)
	d := p.Definition()
	d.TrustedCA, d.OAuth.Authority = "", "" // Microsoft itself
	for _, s := range d.Servers {
		s.Host = "outlook.office365.com"
	}
	d.Server(mailbox.IMAP).Host = "imap.example.com"
	file := writeDefinition(t, t.TempDir(), d, nil)
	o := run(t, "request", "--file", file, "--sign-in", "link", "--json").want(t, exitUsage)
	if o.stdout != "" || !strings.Contains(o.stderr, "imap.example.com") {
		t.Errorf("stdout %q, stderr %q", o.stdout, o.stderr)
	}
}

// TestWhatHelpIsFor: where nobody has the README at hand.
func TestWhatHelpIsFor(t *testing.T) {
	place(t)
	o := run(t, "--help").want(t, exitGood)
	for _, word := range []string{"proves that it works", "6 cancelled", "MAILGRANT_HOME", "MAILGRANT_KEY_FILE"} {
		if !strings.Contains(o.stdout, word) {
			t.Errorf("no %s in:\n%s", word, o.stdout)
		}
	}
	for _, name := range []string{"MAILGRANT_HOME", "HOME", "XDG_CONFIG_HOME"} {
		t.Setenv(name, "")
	}
	if runtime.GOOS == "linux" {
		if o := run(t, "mailbox", "list").want(t, exitUsage); !strings.Contains(o.stderr, "Set MAILGRANT_HOME") {
			t.Error(o.stderr)
		}
	}
}

func TestHelpIsInTheUsersLanguage(t *testing.T) {
	place(t)
	for _, args := range [][]string{{"--help"}, {"request", "--help"}, {"mailbox", "--help"}, {"secret", "set", "--help"}} {
		en := run(t, args...).want(t, exitGood).stdout
		de := run(t, append([]string{"--lang", "de"}, args...)...).want(t, exitGood).stdout
		if !strings.Contains(en, "Usage:") || !strings.Contains(de, "Aufruf:") || strings.Contains(de, "Usage") || strings.Contains(de, "Flags") {
			t.Errorf("%v:\n%s\n%s", args, en, de)
		}
		for _, text := range []string{en, de} {
			if strings.ContainsAny(text, "⟨⟩{}") || strings.Contains(text, "help for") {
				t.Errorf("%v: left-over in help:\n%s", args, text)
			}
		}
	}
}

func walk(c *command, do func(*command)) {
	do(c)
	for _, sub := range c.subs {
		walk(sub, do)
	}
}

// TestHelpSpeaksOneLanguage: no word of the library's, and none of English in German.
func TestHelpSpeaksOneLanguage(t *testing.T) {
	place(t)
	var commands [][]string
	p := &program{texts: i18n.For(i18n.German)}
	walk(p.root(), func(c *command) { commands = append(commands, strings.Fields(c.path())[1:]) })
	foreign := regexp.MustCompile(`--[a-z-]+ [a-z]\w*|\(default|MAILBOX|\bFILE|YYYY`)
	for _, command := range commands {
		help, _, _ := strings.Cut(run(t, append(command, "--help", "--lang", "de")...).want(t, exitGood).stdout, "Beispiele:")
		if found := foreign.FindAllString(help, -1); found != nil {
			t.Errorf("%v: %q in\n%s", command, found, help)
		}
		help, _, _ = strings.Cut(run(t, append(command, "--help")...).want(t, exitGood).stdout, "Examples:")
		if found := regexp.MustCompile(`--[a-z-]+ [a-z]\w*`).FindAllString(help, -1); found != nil {
			t.Errorf("%v: %q in\n%s", command, found, help)
		}
	}
}

// TestOptionsAreAligned: what an option does begins in one column, in each
// language. The library counts bytes: a value's name has no letter of two.
func TestOptionsAreAligned(t *testing.T) {
	place(t)
	option := regexp.MustCompile(`^ +(?:-h, )?--[a-z-]+(?: \S+)?  +`)
	for _, lang := range i18n.Languages {
		walk((&program{texts: i18n.For(lang)}).root(), func(c *command) {
			column := 0
			help := run(t, append(strings.Fields(c.path())[1:], "--help", "--lang", string(lang))...).want(t, exitGood).stdout
			for line := range strings.Lines(help) {
				if at := utf8.RuneCountInString(option.FindString(line)); at != 0 && column != 0 && at != column {
					t.Errorf("%s %s: %d instead of %d: %s", lang, c.path(), at, column, line)
				} else if at != 0 {
					column = at
				}
			}
			if column == 0 {
				t.Errorf("%s %s: no option found", lang, c.path())
			}
		})
	}
}

// TestExamplesAreCommands: each example of a help is one that the program takes.
func TestExamplesAreCommands(t *testing.T) {
	place(t)
	for _, lang := range i18n.Languages {
		count := 0
		p := &program{texts: i18n.For(lang)}
		walk(p.root(), func(c *command) {
			example := p.text(c, "example")
			for line := range strings.Lines(example) {
				line, _, _ = strings.Cut(strings.TrimSpace(line), "   ")
				found, args := p.root().find(strings.Fields(line)[1:])
				err := found.flags.Parse(args)
				if err == nil {
					err = p.check(found, found.flags.Args())
				}
				if err != nil || !strings.HasPrefix(line, "mailgrant ") {
					t.Errorf("%s: %s: %v", c.path(), line, err)
				}
				count++
			}
			if help := run(t, append(strings.Fields(c.path())[1:], "--help", "--lang", string(lang))...).stdout; !strings.Contains(help, example) {
				t.Errorf("%s does not show its examples:\n%s", c.path(), help)
			}
		})
		if count < 8 {
			t.Errorf("%s: %d examples", lang, count)
		}
	}
}

// TestWithoutArgumentsTheCommandsAreTold where there is no window.
func TestWithoutArgumentsTheCommandsAreTold(t *testing.T) {
	place(t)
	o := run(t).want(t, exitUsage)
	if o.stdout != "" || !strings.Contains(o.stderr, "no window") || !strings.Contains(o.stderr, "\n  explain ") {
		t.Errorf("stdout %q, stderr %q", o.stdout, o.stderr)
	}
}

func TestMailboxes(t *testing.T) {
	_, file := tenant(t, nil)
	name := "Practice"
	run(t, "mailbox", "import", file).want(t, exitGood)
	list := run(t, "mailbox", "list").want(t, exitGood).stdout
	if name = strings.SplitN(list, "\t", 2)[0]; name == "" {
		t.Fatalf("list: %q", list)
	}
	run(t, "mailbox", "import", file).want(t, exitGood) // it is there just like this
	export := run(t, "mailbox", "export", name).want(t, exitGood).stdout
	if d, err := mailbox.Parse([]byte(export)); err != nil || d.Name != name {
		t.Errorf("export: %v\n%s", err, export)
	}
	run(t, "status").want(t, exitNoGrant) // the only one needs no name
	run(t, "mailbox", "show", name+" ").want(t, exitGood)
	for _, typed := range []string{"Pra", "Pratcice"} {
		if said := run(t, "mailbox", "remove", typed).want(t, exitUsage).stderr; !strings.Contains(said, "Did you mean “"+name+"”?") {
			t.Errorf("%s: %s", typed, said)
		}
	}
	if said := run(t, "mailbox", "remove", "").want(t, exitUsage).stderr; strings.Contains(said, name) { // a script's variable that is not set
		t.Errorf("nothing typed: %s", said)
	}
	if said := run(t, "mailbox", "remove", name).want(t, exitGood).stderr; strings.Contains(said, "authorization") {
		t.Errorf("there is none: %s", said)
	}
	if list := run(t, "mailbox", "list").want(t, exitGood).stdout; list != "" {
		t.Errorf("list after remove: %q", list)
	}
}

func TestVersion(t *testing.T) {
	place(t)
	if o := run(t, "version").want(t, exitGood); !strings.HasPrefix(o.stdout, "Mailgrant 1.2.3 ") {
		t.Errorf("version: %q", o.stdout)
	}
}

// What is shown of a cause leads to all that is known of it, without the source.
func TestAShownCauseLeadsToItsExplanation(t *testing.T) {
	const more = "More about it: mailgrant "
	shown := run(t, "explain", "SmtpClientAuthentication is disabled for the Tenant").want(t, exitGood).stdout
	_, command, found := strings.Cut(shown, more)
	command, _, _ = strings.Cut(command, "\n")
	if !found || strings.Contains(shown, "docs/") {
		t.Fatalf("it leads nowhere:\n%s", shown)
	}
	whole := run(t, strings.Fields(command)...).want(t, exitGood).stdout
	if !strings.Contains(whole, "SMTP sign-in is switched off for the whole organization") || !strings.Contains(whole, "How to tell: ") || strings.Contains(whole, more) {
		t.Errorf("%q:\n%s", command, whole)
	}
}
