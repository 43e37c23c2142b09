package mailtest_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailgrant/cli"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/tests/freeport"
)

const sievePassword = "sieve-secret"

// sieveServer takes what it is told to of what is said with AUTHENTICATE.
func sieveServer(t *testing.T, mechanism string, takes func(said string) bool) int {
	t.Helper()
	return freeport.Serve(t, func(c net.Conn) {
		fmt.Fprint(c, "\"IMPLEMENTATION\" \"Stage\"\r\n\"SASL\" \""+mechanism+"\"\r\nOK\r\n")
		for lines := bufio.NewScanner(c); lines.Scan(); {
			line := lines.Text()
			if said, ok := strings.CutPrefix(line, "AUTHENTICATE"); ok {
				_, said, _ = strings.Cut(said, "\" \"")
				raw, err := base64.StdEncoding.DecodeString(strings.Trim(said, "\""))
				if err != nil || !takes(string(raw)) {
					fmt.Fprint(c, "NO \"Authentication failed\"\r\n")
					continue
				}
			}
			if line == "LISTSCRIPTS" {
				fmt.Fprint(c, "\"main\" ACTIVE\r\n")
			}
			fmt.Fprint(c, "OK\r\n")
		}
	}).Port
}

// command is a run of the program.
func command(t *testing.T, status int, stdin string, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	got := cli.Run(t.Context(), cli.Environment{
		Args: args, Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs, Locale: "en_GB.UTF-8",
		Metadata: "[Details]\nName = \"Mailgrant\"\nID = \"com.mailgrant.app\"\nVersion = \"1.2.3\"\nBuild = 7\n",
	})
	if got != status {
		t.Fatalf("%s: exit status %d, want %d\n%s\n%s", strings.Join(args, " "), got, status, out.String(), errs.String())
	}
	return out.String()
}

// A protocol that is entered in two places, the table and its check, can be
// named in a definition and in a table of mailboxes, and is tested, told,
// reported and watched like the others.
func TestANewKindOfTestIsOneFile(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("MAILGRANT_HOME", filepath.Join(dir, "home"))
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(dir, "key"))
	file := filepath.Join(dir, "desk.json")
	text := fmt.Sprintf(`{"name": "Desk", "sender": "desk@contoso.test", "authentication": "password",
		"sieve": {"host": "127.0.0.1", "port": %d, "security": "none"}}`,
		sieveServer(t, "PLAIN", func(said string) bool { return said == "\x00desk@contoso.test\x00"+sievePassword }))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, 2, "", "test", "--file", file) // nobody knows it yet
	t.Cleanup(mailtest.RegisterSieve())

	command(t, 0, "", "mailbox", "import", file)
	var shown map[string]any
	if err := json.Unmarshal([]byte(command(t, 0, "", "mailbox", "show", "Desk")), &shown); err != nil || shown["sieve"] == nil {
		t.Errorf("shown: %v, %v", shown, err)
	}
	if got := command(t, 0, "", "mailbox", "export", "--all", "--format", "csv"); !strings.Contains(got, "ManageSieve port") {
		t.Errorf("the table has no column for it: %s", got)
	}
	command(t, 0, sievePassword+"\n", "secret", "set", "Desk", "password")

	var report struct {
		OK        bool `json:"ok"`
		Protocols map[string]struct {
			OK    bool `json:"ok"`
			Steps []struct{ Step, State string }
		} `json:"protocols"`
	}
	if err := json.Unmarshal([]byte(command(t, 0, "", "test", "Desk", "--json")), &report); err != nil {
		t.Fatal(err)
	}
	if p := report.Protocols["sieve"]; !report.OK || !p.OK || len(report.Protocols) != 1 || len(p.Steps) != 7 || p.Steps[5].Step != "mailbox" || p.Steps[5].State != "passed" {
		t.Errorf("%+v", report)
	}
	page := filepath.Join(dir, "report.html")
	told := command(t, 0, "", "test", "Desk", "--only", "sieve", "--report", page)
	written, err := os.ReadFile(page)
	if err != nil || !strings.Contains(told, "ManageSieve") || !strings.Contains(string(written), "ManageSieve") {
		t.Errorf("%v\n%s", err, told)
	}
	for format, want := range map[string]string{"prometheus": `protocol="sieve"`, "checkmk": "sieve", "json": `"sieve"`, "prtg": "ManageSieve", "nagios": "sieve"} {
		if got := command(t, 0, "", "monitor", "Desk", "--format", format); !strings.Contains(got, want) {
			t.Errorf("%s: %s", format, got)
		}
	}
	command(t, 0, "not-that-secret\n", "secret", "set", "Desk", "password")
	if got := command(t, 1, "", "test", "Desk", "--json"); !strings.Contains(got, `"phase":"sieve"`) || !strings.Contains(got, "Authentication failed") {
		t.Errorf("a refusal: %s", got)
	}
	if got := command(t, 0, "", "explain", "--phase", "sieve", "--json", "NO Authentication failed"); !strings.Contains(got, `"diagnoses"`) {
		t.Errorf("explained: %s", got)
	}
}

// Every protocol of the table has a check.
func TestEveryProtocolHasACheck(t *testing.T) {
	for _, p := range mailbox.Protocols() {
		if !mailtest.HasCheck(p) {
			t.Errorf("%s has none", p)
		}
	}
}
