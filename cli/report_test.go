package cli

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"mailgrant/app/practice"
)

// signedIn is a definition with an authorization, at a tenant with faults.
func signedIn(t *testing.T, faults ...string) string {
	t.Helper()
	p, def := tenant(t, nil)
	request(t, def, practice.Helpdesk.UPN).want(t, exitGood)
	if err := p.SetFaults(faults); err != nil {
		t.Fatal(err)
	}
	return def
}

func TestReport(t *testing.T) {
	def := signedIn(t, practice.FaultPOP3Off)
	for _, ending := range []string{".html", ".txt", ".json", ".csv"} {
		file := filepath.Join(t.TempDir(), "report"+ending)
		run(t, "test", "--file", def, "--report", file, "--report-lang", "de, en", "--only", "imap , smtp, pop3").want(t, exitProblem)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "POP") || !strings.Contains(string(text), "exo-protocol-disabled-mailbox") {
			t.Errorf("%s: the fault is not told:\n%s", ending, text)
		}
		if year := strconv.Itoa(time.Now().AddDate(0, 0, 90).Year()); !strings.Contains(string(text), year) {
			t.Errorf("%s: the end of the authorization is not told", ending)
		}
		both := strings.Contains(string(text), "Bericht über den Postfachtest") && strings.Contains(string(text), "Mailbox test report")
		if people := ending == ".html" || ending == ".txt"; both != people {
			t.Errorf("%s: both languages: %t, want %t", ending, both, people)
		}
	}
}

func TestReportHidesAddresses(t *testing.T) {
	def := signedIn(t)
	file := filepath.Join(t.TempDir(), "report.html")
	run(t, "test", "--file", def, "--report", file, "--hide-addresses").want(t, exitGood)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(strings.ToLower(string(text)), practice.Helpdesk.Address) || !strings.Contains(string(text), "address-1") {
		t.Errorf("the address is not hidden:\n%s", text)
	}
}

// TestReportIsCheckedFirst: nobody waits for a test whose report cannot be
// written.
func TestReportIsCheckedFirst(t *testing.T) {
	def := signedIn(t)
	for _, args := range [][]string{
		{"--report", "report.docx"},
		{"--report", filepath.Join(t.TempDir(), "nowhere", "report.html")},
		{"--report", filepath.Join(t.TempDir(), "report.html"), "--report-lang", "fr"},
	} {
		o := run(t, append([]string{"test", "--file", def}, args...)...).want(t, exitUsage)
		if o.stdout != "" || o.stderr == "" {
			t.Errorf("%q: stdout %q, stderr %q", args, o.stdout, o.stderr)
		}
	}
}

// A mistyped folder is not made, whatever is to be written there.
func TestAMistypedFolderIsNamed(t *testing.T) {
	def := signedIn(t)
	dir := t.TempDir()
	lost := filepath.Join(dir, "Dokumnete")
	for _, args := range [][]string{
		{"test", "--file", def, "--report", filepath.Join(lost, "2026", "report.html")},
		{"authorization", "export", "--file", def, filepath.Join(lost, "grant.json")},
		{"monitor", "--file", def, "--format", "json", "--output", filepath.Join(lost, "mail.prom")},
		{"practice", "--write", filepath.Join(lost, "practice.json")},
	} {
		o := run(t, append([]string{"--lang", "de"}, args...)...).want(t, exitUsage)
		if o.stdout != "" || !strings.Contains(o.stderr, "Den Ordner "+lost+" gibt es nicht.") {
			t.Errorf("%q: stdout %q, stderr %q", args, o.stdout, o.stderr)
		}
	}
	if made, _ := os.ReadDir(dir); len(made) > 0 {
		t.Errorf("made: %v", made)
	}
}
