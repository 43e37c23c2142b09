package cli

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailgrant/app/practice"
	"mailgrant/internal/mailbox"
	"mailgrant/tests/practicetest"
)

// severalMailboxes saves one that works, one without authorization, and one
// with a password.
func severalMailboxes(t *testing.T) {
	t.Helper()
	p, file := tenant(t, func(d *mailbox.Definition) { d.Name = "Works" })
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	run(t, "mailbox", "import", file).want(t, exitGood)
	for name, change := range map[string]func(*mailbox.Definition){
		"Never signed in": func(d *mailbox.Definition) { d.Sender, d.User = practice.Admin.Address, practice.Admin.UPN },
		"password":        func(d *mailbox.Definition) { d.Authentication = mailbox.AuthPassword },
	} {
		other := writeDefinition(t, t.TempDir(), p.Definition(), func(d *mailbox.Definition) {
			d.Name = name
			change(d)
		})
		run(t, "mailbox", "import", other).want(t, exitGood)
	}
}

func TestTestAll(t *testing.T) {
	severalMailboxes(t)
	if o := run(t, "monitor").want(t, exitUsage); !strings.Contains(o.stderr, "Works") || !strings.Contains(o.stderr, "--all") {
		t.Errorf("which one is not asked: %q", o.stderr)
	}
	if o := run(t, "request").want(t, exitUsage); strings.Contains(o.stderr, "--all") {
		t.Errorf("offered though there is none: %q", o.stderr)
	}
	o := run(t, "test", "--all", "--json").want(t, exitNoGrant)
	ok := map[any]any{}
	for _, report := range o.lines(t) {
		ok[report["mailbox"]] = report["ok"]
	}
	if len(ok) != 3 || ok["Works"] != true || ok["Never signed in"] != false || ok["password"] != false {
		t.Errorf("reports: %v", ok)
	}
	if !strings.Contains(o.stderr, "Mailboxes: 3, in order: 1, not in order: 2.") {
		t.Errorf("summary: %q", o.stderr)
	}
	people := run(t, "test", "--all").want(t, exitNoGrant)
	if n := strings.Count(people.stdout, "\n"); n != 3 || !strings.Contains(people.stdout, "IMAP ✓  POP3 ✓  SMTP ✓") {
		t.Errorf("%d lines; want one for each mailbox:\n%s", n, people.stdout)
	}
}

func TestTheReportOnAllIsInTheOrderOfTheList(t *testing.T) {
	severalMailboxes(t)
	file := filepath.Join(t.TempDir(), "all.txt")
	run(t, "test", "--all", "--report", file).want(t, exitNoGrant)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := -1
	for line := range strings.Lines(run(t, "mailbox", "list").want(t, exitGood).stdout) {
		name, _, _ := strings.Cut(line, "\t")
		next := strings.Index(string(text), name)
		if next <= at {
			t.Errorf("%s is not where the list has it:\n%s", name, text)
		}
		at = next
	}
}

func TestTheListShowsTheStateAtAGlance(t *testing.T) {
	severalMailboxes(t)
	list := run(t, "mailbox", "list").want(t, exitGood).stdout
	for _, want := range []string{"Works\t" + practice.Helpdesk.Address + "\tvalid\n", "\tno authorization\n", "\tpassword\n"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list lacks %q:\n%s", want, list)
		}
	}
}

func TestRefreshAll(t *testing.T) {
	severalMailboxes(t)
	o := run(t, "refresh", "--all", "--json").want(t, exitNoGrant)
	state := map[any]any{}
	for _, status := range o.lines(t) {
		state[status["mailbox"]] = status["state"]
	}
	if len(state) != 2 || state["Works"] != "valid" || state["Never signed in"] != "none" {
		t.Errorf("states %v; want those of the mailboxes with OAuth", state)
	}
	people := run(t, "refresh", "--all").want(t, exitNoGrant)
	if strings.Count(people.stdout, "\n") != 2 || !strings.Contains(people.stdout, "renewed for "+practice.Helpdesk.UPN) {
		t.Errorf("lines:\n%s", people.stdout)
	}
}

// With rotation, several renewals at once would be a race for nothing.
func TestRefreshAllRenewsASharedAuthorizationOnce(t *testing.T) {
	dir := place(t)
	var issued bytes.Buffer
	p := practicetest.Start(t, practice.Options{Log: slog.New(slog.NewTextHandler(&issued, nil))})
	var file string
	for _, name := range []string{"One", "Two", "Three"} {
		file = writeDefinition(t, dir, p.Definition(), func(d *mailbox.Definition) { d.Name = name })
		run(t, "mailbox", "import", file).want(t, exitGood)
	}
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood) // with the renewal that proves it works
	lines := run(t, "refresh", "--all", "--json").want(t, exitGood).lines(t)
	_ = p.Close() // nothing writes to the log any more
	if n := strings.Count(issued.String(), "token issued"); len(lines) != 3 || n != 3 {
		t.Errorf("%d lines, want 3; %d times a token was issued, want 3:\n%s", len(lines), n, issued.String())
	}
}

func TestOneBrokenDefinitionHoldsUpNoOther(t *testing.T) {
	severalMailboxes(t)
	broken := filepath.Join(os.Getenv("MAILGRANT_HOME"), "mailboxes", "broken.json")
	if err := os.WriteFile(broken, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "mailbox", "remove", "Never signed in").want(t, exitGood)
	run(t, "mailbox", "remove", "password").want(t, exitGood)
	for _, command := range []string{"refresh", "test", "status"} {
		o := run(t, command, "--all", "--json").want(t, exitUsage)
		if !strings.Contains(o.stdout, `"mailbox":"Works"`) || !strings.Contains(o.stdout+o.stderr, "broken") {
			t.Errorf("stdout %q, stderr %q", o.stdout, o.stderr)
		}
	}
}

// A mailbox without the server that is to be tested holds up no other.
func TestAllTestsThoseThatHaveTheServer(t *testing.T) {
	p, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	for name, change := range map[string]func(*mailbox.Definition){"Sends": func(*mailbox.Definition) {}, "Reads": func(d *mailbox.Definition) { d.SetServer(mailbox.SMTP, nil) }} {
		run(t, "mailbox", "import", writeDefinition(t, t.TempDir(), p.Definition(), func(d *mailbox.Definition) {
			d.Name = name
			change(d)
		})).want(t, exitGood)
	}
	o := run(t, "test", "--all", "--only", "smtp", "--json").want(t, exitUsage)
	if report := o.lines(t); len(report) != 1 || report[0]["mailbox"] != "Sends" || report[0]["ok"] != true || !strings.Contains(o.stderr, "Reads") {
		t.Errorf("stdout %q, stderr %q", o.stdout, o.stderr)
	}
}

func TestAllTellsOfAForeignHost(t *testing.T) {
	p, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	foreign := writeDefinition(t, t.TempDir(), p.Definition(), func(d *mailbox.Definition) { d.Server(mailbox.IMAP).Host = "127.0.0.1" })
	run(t, "mailbox", "import", foreign).want(t, exitGood)
	for _, args := range [][]string{{"test", "--all", "--json"}, {"test", "--all"}} {
		o := run(t, args...).want(t, exitUsage)
		if o.stdout != "" || !strings.Contains(o.stderr, "Practice") {
			t.Errorf("%v: stdout %q, stderr %q", args, o.stdout, o.stderr)
		}
	}
}

func TestAllWasCancelled(t *testing.T) {
	severalMailboxes(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, command := range []string{"test", "refresh"} {
		if o := runWith(t, ctx, "", command, "--all", "--json").want(t, exitCancelled); o.stdout != "" {
			t.Errorf("%s: a mailbox that was not tried is reported: %s", command, o.stdout)
		}
	}
}

func TestPerHostHasALeast(t *testing.T) {
	severalMailboxes(t)
	o := run(t, "test", "--all", "--per-host", "2").want(t, exitUsage)
	if o.stdout != "" || !strings.Contains(o.stderr, "at least 3") {
		t.Errorf("%q %q", o.stdout, o.stderr)
	}
	run(t, "test", "--all", "--per-host", "3", "--json").want(t, exitNoGrant)
}

// A mailbox with a password lacks that, not an authorization.
func TestAPasswordThatIsNotStored(t *testing.T) {
	_, file := tenant(t, func(d *mailbox.Definition) { d.Authentication, d.OAuth = mailbox.AuthPassword, nil })
	o := run(t, "test", "--file", file, "--json").want(t, exitNoGrant)
	if at(o.last(t), "diagnoses", 0, "cause") != "password-missing" {
		t.Error(o.stdout)
	}
	if o := run(t, "test", "--file", file).want(t, exitNoGrant); !strings.Contains(o.stdout, "mailgrant secret set") || strings.Contains(o.stdout, "token") {
		t.Error(o.stdout)
	}
}

// TestAPartOfTheMailboxes: those of one customer, say.
func TestAPartOfTheMailboxes(t *testing.T) {
	place(t)
	definition := `{"name":"%s","sender":"desk@%s.test","imap":{"host":"127.0.0.1","port":1,"security":"none"},"authentication":"password"}`
	list := filepath.Join(t.TempDir(), "list.json")
	three := fmt.Sprintf("["+definition+","+definition+","+definition+"]", "Fabrikam Desk", "fabrikam", "Fabrikam Alerts", "alerts", "Contoso", "contoso")
	if err := os.WriteFile(list, []byte(three), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "mailbox", "import", list).want(t, exitGood)
	for _, c := range []struct{ words, names string }{{"fabrikam", "Fabrikam Alerts Fabrikam Desk"}, {"FABRIKAM desk@", "Fabrikam Alerts Fabrikam Desk"}, {"contoso.test", "Contoso"}, {"fabrikam.test", "Fabrikam Desk"}} {
		for _, args := range [][]string{{"status", "--json"}, {"test", "--json"}, {"mailbox", "export"}, {"monitor", "--format", "json"}} {
			o := run(t, append(args, "--match", c.words)...)
			for _, name := range []string{"Fabrikam Desk", "Fabrikam Alerts", "Contoso"} {
				if strings.Contains(o.stdout, `"`+name+`"`) != strings.Contains(c.names, name) {
					t.Errorf("%v --match %q: %s\n%s", args, c.words, o.stdout, o.stderr)
				}
			}
		}
	}
	for _, command := range []string{"status", "test", "refresh", "monitor"} {
		if o := run(t, command, "--match", "nobody").want(t, exitUsage); !strings.Contains(o.stderr, "nobody") {
			t.Errorf("%s: %s", command, o.stderr)
		}
		run(t, command, "--match", " ").want(t, exitUsage)
	}
	for _, args := range [][]string{{"status", "Contoso"}, {"test", "--watch", "5m"}} {
		if o := run(t, append(args, "--match", "desk")...).want(t, exitUsage); !strings.Contains(o.stderr, "--match") {
			t.Errorf("%v: %s", args, o.stderr)
		}
	}
}

// Thousands of mailboxes take a while to be read, which can be interrupted.
func TestTheStatusOfAllCanBeInterrupted(t *testing.T) {
	_, file := tenant(t, nil)
	run(t, "mailbox", "import", file).want(t, exitGood)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if o := runWith(t, ctx, "", "status", "--all", "--json").want(t, exitCancelled); o.stdout != "" {
		t.Error(o.stdout)
	}
}

// A letter of East Asia is as wide as two others.
func TestColumnsAreOfCells(t *testing.T) {
	var c columns
	for _, name := range []string{"帮助台 ﾍﾙﾌﾟ", "Helpdesk", "헬프"} {
		c.fit(name, "a@b.test")
	}
	for name, want := range map[string]string{"帮助台 ﾍﾙﾌﾟ": "x 帮助台 ﾍﾙﾌﾟ  a@b.test  y", "Helpdesk": "x Helpdesk     a@b.test  y", "헬프": "x 헬프         a@b.test  y"} {
		if got := c.line("x", name, "a@b.test", "y"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A mailbox that cannot be read counts for all as it does alone.
func TestAMailboxThatCannotBeReadCountsAsAlone(t *testing.T) {
	_, file := tenant(t, nil)
	run(t, "mailbox", "import", file).want(t, exitGood)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	sealed, _ := filepath.Glob(filepath.Join(os.Getenv("MAILGRANT_HOME"), "authorizations", "*.sealed"))
	if err := os.Truncate(sealed[0], 0); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"status", "refresh", "test", "monitor"} {
		if alone, all := run(t, command, "Practice"), run(t, command, "--all"); alone.status != exitNoGrant || all.status != exitNoGrant {
			t.Errorf("%s of a damaged authorization: alone %d, all %d", command, alone.status, all.status)
		}
	}
	folder := filepath.Join(os.Getenv("MAILGRANT_HOME"), "mailboxes")
	if err := os.Symlink("round.json", filepath.Join(folder, "round.json")); err != nil {
		t.Fatal(err)
	}
	run(t, "mailbox", "remove", "Practice").want(t, exitGood)
	alone, all := run(t, "test", "round"), run(t, "test", "--all")
	if alone.status != exitProblem || all.status != alone.status || all.stdout != "" {
		t.Errorf("alone %d, %s; all %d, %s", alone.status, alone.stderr, all.status, all.stderr)
	}
}

// TestAListOfAddressesIsCompleted: as in the window.
func TestAListOfAddressesIsCompleted(t *testing.T) {
	_, file := tenant(t, nil)
	list := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(list, []byte("sender\nscanner@contoso.test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "mailbox", "import", list).want(t, exitUsage)
	run(t, "mailbox", "import", file).want(t, exitGood)
	if o := run(t, "mailbox", "import", list).want(t, exitGood); !strings.Contains(o.stderr, "Practice") {
		t.Errorf("it does not tell as which mailbox: %q", o.stderr)
	}
	if o := run(t, "mailbox", "export", "scanner@contoso.test").want(t, exitGood); !strings.Contains(o.stdout, `"imap"`) {
		t.Error(o.stdout)
	}
}
