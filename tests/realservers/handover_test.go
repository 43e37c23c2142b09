//go:build realservers

package realservers

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"mailgrant/app/practice"
	"mailgrant/cli"
	"mailgrant/internal/mailbox"
)

// TestMain lets the test's own program be the command that the examples call.
func TestMain(m *testing.M) {
	if os.Getenv("MAILGRANT_TEST_AS_PROGRAM") != "" {
		os.Exit(cli.Main(os.Args[1:], metadata, cli.Desktop{}))
	}
	os.Exit(m.Run())
}

var exampleBlock = regexp.MustCompile("(?s)<!-- example: ([a-z0-9]+) -->\n```[a-z]*\n(.*?)```")

// examples are those of the document, with the addresses of the lab.
func examples(t *testing.T, l *lab, trusted string) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/handover.md")
	if err != nil {
		t.Fatal(err)
	}
	lab := strings.NewReplacer(
		"imaps://outlook.office365.com", fmt.Sprintf("imaps://localhost:%d", l.dovecot.IMAPS),
		"pop3s://outlook.office365.com", fmt.Sprintf("pop3s://localhost:%d", l.dovecot.POP3S),
		"smtp.office365.com:587", fmt.Sprintf("localhost:%d", l.postfix.SMTP),
		"host smtp.office365.com\nport 587", fmt.Sprintf("host localhost\nport %d", l.postfix.SMTP),
		"server = outlook.office365.com\nport = 993", fmt.Sprintf("server = localhost\nport = %d", l.dovecot.IMAPS),
		"host outlook.office365.com\nport 995", fmt.Sprintf("host localhost\nport %d", l.dovecot.POP3S),
		"/etc/ssl/certs/ca-certificates.crt", trusted,
		"helpdesk@contoso.com", practice.Helpdesk.Address,
	)
	found := map[string]string{}
	for _, block := range exampleBlock.FindAllStringSubmatch(string(text), -1) {
		found[block[1]] = lab.Replace(block[2])
	}
	return found
}

// TestTheExamplesWork runs every example of docs/handover.md as it stands
// there, with nothing changed but the addresses.
func TestTheExamplesWork(t *testing.T) {
	l := newLab(t, "plain xoauth2")
	home := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := fmt.Sprintf("#!/bin/sh\nMAILGRANT_TEST_AS_PROGRAM=1 exec %s \"$@\"\n", self)
	if err := os.WriteFile(filepath.Join(home, "mailgrant"), []byte(program), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, home, "mail.txt", "From: "+practice.Helpdesk.Address+"\nTo: someone@example.com\nSubject: an example\n\nText.\n")
	trusted := write(t, home, "ca.pem", l.root.PEM())
	saved := l.define(mailbox.SecurityTLS)
	saved.Name = "Helpdesk"
	if status, _ := l.command("", "mailbox", "import", l.file(saved)); status != 0 {
		t.Fatalf("import: exit status %d", status)
	}
	all := examples(t, l, trusted)
	getmail := filepath.Join(".config", "getmail")
	if err := os.MkdirAll(filepath.Join(home, getmail), 0o700); err != nil {
		t.Fatal(err)
	}
	for file, name := range map[string]string{".msmtprc": "msmtprc", ".mpoprc": "mpoprc", filepath.Join(getmail, "getmailrc"): "getmailrc"} {
		if err := os.WriteFile(filepath.Join(home, file), []byte(all[name]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := l.postfix.accepted(t)
	for name, want := range map[string]string{"imap": "INBOX", "pop3": "", "smtp": "", "msmtp": "", "mpop": "", "getmail": ""} {
		if all[name] == "" {
			t.Fatalf("the document has no example %s", name)
		}
		c := exec.Command("sh", "-euc", all[name])
		c.Dir = home
		c.Env = append(os.Environ(), "HOME="+home, "PATH="+home+":"+os.Getenv("PATH"), "CURL_CA_BUNDLE="+trusted)
		out, err := c.CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%s: %v\n%s\n%s", name, err, all[name], out)
		}
	}
	if n := l.postfix.accepted(t) - before; n != 2 {
		t.Errorf("Postfix accepted %d messages; want curl's and msmtp's", n)
	}
}

// accepted counts the messages that Postfix took after a sign-in.
func (p *postfix) accepted(t *testing.T) int {
	t.Helper()
	log, err := os.ReadFile(filepath.Join(p.Dir, "postfix.log"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(log), "sasl_method=XOAUTH2, sasl_username="+practice.Helpdesk.Address)
}
