package cli

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailgrant/app/practice"
)

// watched runs a watch whose pauses are short; the tenant works from its third
// attempt on.
func watched(t *testing.T, tenant *practice.Tenant, args ...string) outcome {
	t.Helper()
	var out, errs bytes.Buffer
	status := Run(t.Context(), Environment{
		Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Locale: "en_GB.UTF-8", Metadata: testMetadata,
		WatchPause: func(attempt int) time.Duration {
			if attempt == 2 {
				if err := tenant.SetFaults(nil); err != nil {
					t.Error(err)
				}
			}
			return time.Millisecond
		},
	})
	return outcome{status, out.String(), errs.String()}
}

func TestWatch(t *testing.T) {
	p, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	if err := p.SetFaults([]string{practice.FaultPOP3Off}); err != nil {
		t.Fatal(err)
	}
	lines := watched(t, p, "test", "--file", file, "--watch", "30m", "--round-trip", "--yes", "--json").want(t, exitGood).lines(t)
	if len(lines) != 3 || at(lines[0], "watch") != "waiting" || at(lines[0], "ok") != false || at(lines[0], "next") == nil || at(lines[0], "round_trip") != nil {
		t.Fatalf("%v", lines)
	}
	last := lines[2]
	if at(last, "watch") != "works" || at(last, "attempt") != 3.0 || at(last, "ok") != true || at(last, "protocols", "imap", "ok") != true || at(last, "round_trip", "ok") != true {
		t.Errorf("%v", last)
	}
	if err := p.SetFaults([]string{practice.FaultPOP3Off}); err != nil {
		t.Fatal(err)
	}
	out := watched(t, p, "--lang", "de", "test", "--file", file, "--watch", "30m").want(t, exitGood).stdout
	for _, want := range []string{"Versuch 1, ", ": IMAP, POP3, SMTP\n", "Versuch 3, ", ": POP3\n", "Nächster Versuch um ", "Das Protokoll POP3 ist", "Alles funktioniert."} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

func TestWatchEnds(t *testing.T) {
	p, file := tenant(t, nil)
	o := watched(t, p, "test", "--file", file, "--watch", "30m", "--json").want(t, exitNoGrant)
	if at(o.last(t), "watch") != "hopeless" || len(o.lines(t)) != 1 {
		t.Errorf("%s", o.stdout)
	}
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	if err := p.SetFaults([]string{practice.FaultPOP3Off}); err != nil {
		t.Fatal(err)
	}
	o = run(t, "test", "--file", file, "--watch", "1ns", "--json").want(t, exitProblem)
	if at(o.last(t), "watch") != "time-over" {
		t.Errorf("%s", o.stdout)
	}
}

func TestRoundTrip(t *testing.T) {
	p, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	before := p.Messages(practice.Helpdesk.Address)
	if o := run(t, "test", "--file", file, "--round-trip").want(t, exitUsage); o.stdout != "" || !strings.Contains(o.stderr, "--yes") {
		t.Errorf("%+v", o)
	}
	saved := filepath.Join(t.TempDir(), "report.txt")
	o := run(t, "test", "--file", file, "--round-trip", "--yes", "--report", saved).want(t, exitGood)
	for _, want := range []string{"Sent from helpdesk@contoso.test to helpdesk@contoso.test in ", "Seen by POP3 after ", "Removed from: INBOX, Sent Items"} {
		if !strings.Contains(o.stdout, want) || !strings.Contains(read(t, saved), want) {
			t.Errorf("no %q in\n%s\n%s", want, o.stdout, read(t, saved))
		}
	}
	if after := p.Messages(practice.Helpdesk.Address); strings.Join(after, ",") != strings.Join(before, ",") {
		t.Errorf("%v were there, %v are", before, after)
	}
	if err := p.SetFaults([]string{practice.FaultRecipientRefuses}); err != nil {
		t.Fatal(err)
	}
	run(t, "mailbox", "import", file).want(t, exitGood)
	failed := run(t, "test", "--round-trip", "--yes", "--json").want(t, exitProblem).last(t)
	if at(failed, "ok") != false || at(failed, "diagnoses", 0, "cause") != "recipient-refuses-sender" || at(failed, "round_trip", "steps", 1, "cause") != "recipient-refuses-sender" {
		t.Errorf("%v", failed)
	}
	if row := run(t, "status", "--all", "--json").last(t); at(row, "ok") != false || at(row, "cause") != "recipient-refuses-sender" {
		t.Errorf("the history does not have it: %v", row)
	}
	if err := p.SetFaults([]string{practice.FaultPOP3Off}); err != nil {
		t.Fatal(err)
	}
	if o := run(t, "test", "--file", file, "--round-trip", "--yes", "--json").want(t, exitProblem); at(o.last(t), "round_trip") != nil || !strings.Contains(o.stderr, "left out") {
		t.Errorf("%+v", o)
	}
}
