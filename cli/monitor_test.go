package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/history"
	"mailgrant/app/monitor"
	"mailgrant/app/overview"
	"mailgrant/app/practice"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/native"
	"mailgrant/internal/store"
	"mailgrant/mailtest"
	"mailgrant/tests/practicetest"
)

func TestMonitorAll(t *testing.T) {
	severalMailboxes(t)
	o := run(t, "monitor", "--all", "--format", "json").want(t, exitNoGrant)
	level := map[any]any{}
	for _, m := range o.last(t)["mailboxes"].([]any) {
		level[at(m, "mailbox")] = at(m, "level")
	}
	if len(level) != 3 || level["Works"] != "ok" || level["Never signed in"] != "critical" || level["password"] != "critical" {
		t.Errorf("levels %v", level)
	}
	if o := run(t, "monitor", "--all", "--format", "nagios").want(t, 2); !strings.HasPrefix(o.stdout, "MAILGRANT CRITICAL - mailboxes: 3, in order 1, warnings 0, critical 2, ") {
		t.Error(o.stdout)
	}
	if o := run(t, "monitor", "Works", "--format", "nagios").want(t, exitGood); !strings.HasPrefix(o.stdout, "MAILGRANT OK - Works: IMAP ") || !strings.Contains(o.stdout, "authorization_days=89;14:;3:;0") {
		t.Error(o.stdout)
	}
	if o := run(t, "monitor", "--all", "--format", "checkmk").want(t, exitGood); strings.Count(o.stdout, "\n") != 3 {
		t.Error(o.stdout)
	}
	file := filepath.Join(t.TempDir(), "mailgrant.prom")
	if o := run(t, "monitor", "--all", "--format", "prometheus", "--output", file).want(t, exitGood); o.stdout != "" {
		t.Error(o.stdout)
	}
	data, err := os.ReadFile(file)
	if info, _ := os.Stat(file); err != nil || !strings.Contains(string(data), `mailgrant_mailbox_level{mailbox="Works"} 0`) || info.Mode().Perm() != 0o644 {
		t.Errorf("%v: %s", err, data)
	}
	all, err := history.New(os.Getenv("MAILGRANT_HOME")).Load("Works")
	if err != nil || len(all) != 5 {
		t.Errorf("%d results are kept, %v", len(all), err)
	}
}

// TestMonitorRenewsWhatIsOld, and asks for no new token otherwise.
func TestMonitorRenewsWhatIsOld(t *testing.T) {
	dir := place(t)
	var issued bytes.Buffer
	p := practicetest.Start(t, practice.Options{Log: slog.New(slog.NewTextHandler(&issued, nil))})
	file := writeDefinition(t, dir, p.Definition(), nil)
	run(t, "mailbox", "import", file).want(t, exitGood)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	run(t, "monitor", "--format", "nagios").want(t, exitGood)
	_ = p.Close() // nothing writes to the log any more
	if n := strings.Count(issued.String(), "token issued"); n != 2 {
		t.Errorf("%d times a token was issued; want those of the sign-in alone:\n%s", n, issued.String())
	}
	o := run(t, "monitor", "--format", "nagios", "--timeout", "5s").want(t, 2)
	if !strings.HasPrefix(o.stdout, "MAILGRANT CRITICAL - Practice: ") || !strings.Contains(o.stdout, "imap=U") {
		t.Error(o.stdout)
	}
}

func TestMonitorNeverRunsTwiceAtOnce(t *testing.T) {
	severalMailboxes(t)
	lock := func(name string) func() {
		unlock, err := store.LockFile(t.Context(), filepath.Join(monitor.Folder(os.Getenv("MAILGRANT_HOME")), name+".lock"))
		if err != nil {
			t.Fatal(err)
		}
		return unlock
	}
	unlock := lock(".all")
	if o := run(t, "monitor", "--all", "--format", "nagios").want(t, 3); o.stdout != "MAILGRANT UNKNOWN - Another run is under way.\n" {
		t.Error(o.stdout)
	}
	if o := run(t, "monitor", "--all").want(t, exitUsage); o.stdout != "" {
		t.Error(o.stdout)
	}
	unlock()
	defer lock("works")()
	if o := run(t, "monitor", "Works", "--format", "nagios", "--timeout", "100ms").want(t, 3); !strings.Contains(o.stdout, "another run is testing") {
		t.Error(o.stdout)
	}
}

// A server that is not allowed is told by its cause, as a script finds it.
func TestMonitorNamesAServerThatIsNotAllowed(t *testing.T) {
	_, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	d, err := mailbox.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	other := writeDefinition(t, t.TempDir(), d, func(d *mailbox.Definition) {
		imap := *d.Server(mailbox.IMAP)
		imap.Host = "127.0.0.1"
		d.SetServer(mailbox.IMAP, &imap)
	})
	o := run(t, "monitor", "--file", other, "--format", "json").want(t, exitProblem).last(t)
	if at(o, "mailboxes", 0, "cause") != "host-not-allowed" || at(o, "mailboxes", 0, "problem") == "" || at(o, "mailboxes", 0, "level") != "unknown" {
		t.Errorf("%v", o)
	}
}

// TestMonitorTellsFailures as the system reads them, and wrong use as ever.
func TestMonitorTellsFailures(t *testing.T) {
	place(t)
	for format, c := range map[string]struct {
		status int
		says   string
	}{
		"nagios": {3, "MAILGRANT UNKNOWN - No mailbox is saved"}, "checkmk": {0, `3 "Mailgrant" - No mailbox is saved`},
		"prtg": {0, `{"prtg":{"error":1,"text":"No mailbox is saved`}, "zabbix": {0, `"error":"No mailbox is saved`},
		"prometheus": {exitUsage, ""}, "json": {exitUsage, ""}, "text": {exitUsage, ""}, "xml": {exitUsage, ""},
	} {
		o := run(t, "monitor", "--all", "--format", format).want(t, c.status)
		if !strings.Contains(o.stdout, c.says) || c.says == "" && o.stdout != "" || o.stderr == "" {
			t.Errorf("%s: %q %q", format, o.stdout, o.stderr)
		}
	}
	for _, args := range [][]string{
		{"--critical-days", "20"},
		{"--mail-to", "a@contoso.com"},
		{"--output", "/nonexistent/x"},
		{"--install", "--every", "1m"},
		{"--install", "--per-host", "2"}, // or every run would end like this
		{"--install", "Name"},
		{"--install", "--format", "xml"},
		{"--install", "--uninstall"},
	} {
		if o := run(t, append([]string{"monitor"}, args...)...).want(t, exitUsage); o.stdout != "" || strings.Count(o.stderr, "\n") != 1 {
			t.Errorf("%q: %q %q", args, o.stdout, o.stderr)
		}
	}
}

// TestAMailerNeedsAServer, and the option that names it is told.
func TestAMailerNeedsAServer(t *testing.T) {
	_, file := tenant(t, func(d *mailbox.Definition) { d.SetServer(mailbox.SMTP, nil) })
	run(t, "mailbox", "import", file).want(t, exitGood)
	if o := run(t, "monitor", "--mail-from", "Practice", "--mail-to", "a@contoso.com").want(t, exitUsage); !strings.Contains(o.stderr, "--mail-from: ") {
		t.Error(o.stderr)
	}
}

// TestAFileTellsThatThereWasNoRun: whoever reads it sees no standard output. The status
// is that of the format or, where that is always 0, of the failure.
func TestAFileTellsThatThereWasNoRun(t *testing.T) {
	dir := place(t)
	for format, says := range map[string]string{
		"nagios": "MAILGRANT UNKNOWN - No mailbox is saved", "checkmk": `3 "Mailgrant" - No mailbox is saved`, "prtg": `"error":1`, "zabbix": `"error":"No`,
		"prometheus": "as before", "json": "as before",
	} {
		file := filepath.Join(dir, format)
		if err := os.WriteFile(file, []byte("as before"), 0o600); err != nil {
			t.Fatal(err)
		}
		status := exitUsage
		if format == "nagios" {
			status = 3
		}
		o := run(t, "monitor", "--all", "--format", format, "--output", file).want(t, status)
		if got := read(t, file); !strings.Contains(got, says) || o.stdout != "" || strings.Count(o.stderr, "No mailbox is saved") != 1 {
			t.Errorf("%s: %q %q %q", format, got, o.stdout, o.stderr)
		}
	}
	lost := filepath.Join(dir, "lost")
	if o := run(t, "monitor", "--all", "--format", "checkmk", "--output", filepath.Join(lost, "x")).want(t, exitUsage); o.stdout != "" || !strings.Contains(o.stderr, lost) {
		t.Errorf("%q %q", o.stdout, o.stderr)
	}
	if _, err := os.Lstat(lost); err == nil {
		t.Error("a folder was made for a mistyped path")
	}
}

// TestMonitorTellsOnce: an event when something is new, none while it lasts.
func TestMonitorTellsOnce(t *testing.T) {
	p, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	run(t, "mailbox", "import", file).want(t, exitGood)
	var events, notices []string
	var broken error // the desktop
	watch := func(faults ...string) {
		t.Helper()
		if err := p.SetFaults(faults); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		Run(t.Context(), Environment{
			Notify: func(_ context.Context, title, text string) error {
				notices = append(notices, title+": "+text)
				return broken
			},
			Args: []string{"monitor", "--all", "--event-log", "--desktop", "--lang", "en"}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Metadata: testMetadata,
			Event: func(kind native.Event, text string) error {
				events = append(events, string('0'+rune(kind))+" "+text)
				return nil
			},
		})
	}
	watch()
	watch(practice.FaultPOP3Off)
	watch(practice.FaultPOP3Off)
	watch()
	if len(events) != 2 || !strings.HasPrefix(events[0], "2 Practice: critical: ") || !strings.HasPrefix(events[1], "3 Practice: in order again (was: ") {
		t.Errorf("events %q", events)
	}
	if len(notices) != 2 || !strings.HasPrefix(notices[0], "Mailgrant: Practice: critical: ") {
		t.Errorf("notices %q", notices)
	}
	// A way that fails is tried again, and the others tell nothing twice.
	events, notices, broken = nil, nil, errors.New("no desktop")
	watch(practice.FaultPOP3Off)
	watch(practice.FaultPOP3Off)
	if len(events) != 1 || len(notices) != 2 {
		t.Errorf("%d events, %d notices: %q", len(events), len(notices), slices.Concat(events, notices))
	}
}

// TestMonitorMails through another mailbox, once.
func TestMonitorMails(t *testing.T) {
	p, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	run(t, "mailbox", "import", file).want(t, exitGood)
	other := writeDefinition(t, t.TempDir(), p.Definition(), func(d *mailbox.Definition) {
		d.Name, d.Sender, d.User = "Störung", practice.Admin.Address, practice.Admin.UPN
	})
	run(t, "mailbox", "import", other).want(t, exitGood)
	before := len(p.Inbox(practice.Helpdesk.Address))
	for range 2 {
		o := run(t, "monitor", "--all", "--mail-from", "Practice", "--mail-to", practice.Helpdesk.Address, "--lang", "de").want(t, exitNoGrant)
		if strings.Contains(o.stderr, "abgesetzt") {
			t.Error(o.stderr)
		}
	}
	mails := p.Inbox(practice.Helpdesk.Address)[before:]
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	m, err := mail.ReadMessage(bytes.NewReader(mails[0]))
	if err != nil {
		t.Fatal(err)
	}
	subject, _ := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil || subject != "Mailgrant: Störung: kritisch: keine Autorisierung" || !strings.HasPrefix(string(text), "Störung: kritisch: keine Autorisierung\r\n\r\nGeprüft auf dem Rechner ") {
		t.Errorf("%q, %q, %v", subject, text, err)
	}
	if m.Header.Get("From") != "<"+practice.Helpdesk.Address+">" || m.Header.Get("Auto-Submitted") == "" {
		t.Errorf("%v", m.Header)
	}
	_ = p.SetFaults([]string{practice.FaultSMTPOffMailbox})
	o := run(t, "monitor", "--all", "--mail-from", "Practice", "--mail-to", practice.Helpdesk.Address, "--lang", "en").want(t, exitNoGrant)
	if !strings.Contains(o.stderr, "A notice could not be given: ") {
		t.Errorf("%q", o.stderr)
	}
}

// A mail whose verdict is lost is not called unsent.
func TestMonitorTellsADoubtfulNotice(t *testing.T) {
	reset := diagnosis.New(diagnosis.CauseNetworkConnectionReset, diagnosis.PhaseSMTP, nil)
	for want, err := range map[string]error{
		"A notice could not be given: ":                reset,
		"It is not known whether a notice was given: ": errors.Join(fmt.Errorf("%w: %w", mailtest.ErrDoubt, reset)),
	} {
		var errs strings.Builder
		p := &program{Environment: Environment{Stderr: &errs}, texts: i18n.For(i18n.English), log: slog.New(slog.DiscardHandler)}
		if p.tellNoNotice(err); !strings.Contains(errs.String(), want+reset.Render(p.texts).Title) {
			t.Errorf("%q", &errs)
		}
	}
}

// What a test found before the sign-in that mended it is no fault any more: nothing
// is known until the next test.
func TestARowThatASignInHasMended(t *testing.T) {
	p := &program{Environment: Environment{Stdout: &strings.Builder{}}, texts: i18n.For(i18n.English)}
	row := &overview.Row{
		Name: "Works", Status: authorization.Status{State: authorization.StateValid}, Tested: time.Now(),
		Results: map[mailtest.Protocol]history.Result{mailtest.IMAP: {State: mailtest.Skipped}},
	}
	if line := p.row(row, columns{}); !strings.HasPrefix(line, "– Works") {
		t.Error(line)
	}
	if row.Cause = diagnosis.CausePortBlocked; !strings.HasPrefix(p.row(row, columns{}), "✗ Works") {
		t.Error(p.row(row, columns{}))
	}
}

func TestStatusAll(t *testing.T) {
	severalMailboxes(t)
	broken := filepath.Join(os.Getenv("MAILGRANT_HOME"), "mailboxes", "broken.json")
	if err := os.WriteFile(broken, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "test", "Works").want(t, exitGood)
	people := run(t, "status", "--all").want(t, exitNoGrant).stdout
	lines := strings.Split(strings.TrimSpace(people), "\n")
	for _, line := range lines { // the columns are as wide as what stands in them
		if strings.Index(line, "IMAP") != strings.Index(lines[0], "IMAP") || strings.Count(line, "no authorization") > 1 {
			t.Errorf("%q is not like %q", line, lines[0])
		}
	}
	for _, want := range []string{"✓ Works ", "IMAP ✓  POP3 ✓  SMTP ✓  ", "– Never signed in ", "  no authorization\n", "– password ", "  No password is stored for this mailbox\n", "✗ broken "} {
		if !strings.Contains(people, want) {
			t.Errorf("%q is missing:\n%s", want, people)
		}
	}
	ok := map[any]any{}
	for _, row := range run(t, "status", "--all", "--json").want(t, exitNoGrant).lines(t) {
		ok[row["mailbox"]] = row["ok"]
	}
	if len(ok) != 4 || ok["Works"] != true || ok["password"] != false {
		t.Errorf("%v", ok)
	}
}

func TestSecretEnds(t *testing.T) {
	_, file := tenant(t, func(d *mailbox.Definition) { d.OAuth.AccountType = mailbox.AccountApplication })
	run(t, "mailbox", "import", file).want(t, exitGood)
	run(t, "secret", "ends", "Practice", "2030-01-31").want(t, exitUsage)
	for _, args := range [][]string{{"client-secret", "--ends", "soon"}, {"proxy-password", "--ends", "2030-01-31"}} {
		runWith(t, t.Context(), "the secret\n", append([]string{"secret", "set", "Practice"}, args...)...).want(t, exitUsage)
	}
	runWith(t, t.Context(), "the secret\n", "secret", "set", "Practice", "client-secret", "--ends", "2029-12-31").want(t, exitGood)
	day := func(year int, month time.Month, day int) string {
		return time.Date(year, month, day, 0, 0, 0, 0, time.Local).UTC().Format(time.RFC3339)
	}
	if got := at(run(t, "status", "--all", "--json").last(t), "secret_ends"); got != day(2029, time.December, 31) {
		t.Errorf("it ends at %v", got)
	}
	if o := runWith(t, t.Context(), "the secret\n", "secret", "set", "Practice", "client-secret").want(t, exitGood); strings.Contains(o.stderr, "secret ends") {
		t.Errorf("the end of the same secret is forgotten: %q", o.stderr)
	}
	if o := runWith(t, t.Context(), practice.ClientID+"\n", "secret", "set", "Practice", "client-secret").want(t, exitGood); !strings.Contains(o.stderr, "secret ends") || !strings.Contains(o.stderr, "the ID of the secret") {
		t.Errorf("it was not asked when the secret ends, or what it is: %q", o.stderr)
	}
	run(t, "secret", "remove", "Practice", "client-secret").want(t, exitGood)
	runWith(t, t.Context(), "the secret\n", "secret", "set", "Practice", "client-secret").want(t, exitGood)
	if o := run(t, "monitor", "Practice"); strings.Count(o.stderr, "mailgrant secret ends") != 1 {
		t.Errorf("%q", o.stderr)
	}
	run(t, "secret", "ends", "Practice", "31.1.2030").want(t, exitUsage)
	run(t, "secret", "ends", "Practice", "2030-01-31").want(t, exitGood)
	o := run(t, "status", "--all", "--json").want(t, exitNoGrant)
	if got := at(o.last(t), "secret_ends"); got != day(2030, time.January, 31) {
		t.Errorf("it ends at %v", got)
	}
	soon := time.Now().Add(5 * 24 * time.Hour).Format("2006-01-02")
	run(t, "secret", "ends", "Practice", soon).want(t, exitGood)
	if o := run(t, "monitor", "Practice", "--format", "nagios"); !strings.Contains(o.stdout, "secret_days=4;14:;3:;0") {
		t.Error(o.stdout)
	}
	run(t, "secret", "ends", "Practice", "unknown").want(t, exitGood)
	if got := at(run(t, "status", "--all", "--json").last(t), "secret_ends"); got != nil {
		t.Errorf("still known: %v", got)
	}
}

// A day that is typed is one of this machine's calendar, and shown as the same.
func TestASecretEndsOnADayHere(t *testing.T) {
	here := time.Local
	t.Cleanup(func() { time.Local = here })
	_, file := tenant(t, func(d *mailbox.Definition) { d.OAuth.AccountType = mailbox.AccountApplication })
	run(t, "mailbox", "import", file).want(t, exitGood)
	runWith(t, t.Context(), "the secret\n", "secret", "set", "Practice", "client-secret").want(t, exitGood)
	for name, hours := range map[string]int{"America": -8, "Asia": 9} {
		time.Local = time.FixedZone(name, hours*3600)
		run(t, "secret", "ends", "Practice", "2030-01-31").want(t, exitGood)
		day := time.Date(2030, 1, 31, 0, 0, 0, 0, time.Local)
		if got := at(run(t, "status", "--all", "--json").last(t), "secret_ends"); got != day.UTC().Format(time.RFC3339) {
			t.Errorf("%s: it ends at %v", name, got)
		}
		if o, want := run(t, "status", "Practice"), day.Format(i18n.For(i18n.English).Text("authorization.date")); !strings.Contains(o.stdout, want) {
			t.Errorf("%s: not %s in\n%s", name, want, o.stdout)
		}
	}
}
