//go:build realservers

package realservers

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailgrant/app/practice"
	"mailgrant/internal/mailbox"
)

// TestRoundTrip sends by Postfix what Dovecot shows by IMAP, with IDLE, and by
// POP3, beside other messages of which one is marked as deleted.
func TestRoundTrip(t *testing.T) {
	l := newLab(t, "plain xoauth2")
	box := filepath.Join(l.dovecot.Dir, "mail", practice.Helpdesk.Address)
	for _, dir := range []string{"cur", "new", "tmp", ".Sent/cur", ".Sent/new", ".Sent/tmp"} {
		mustMake(t, filepath.Join(box, dir))
	}
	const other = "Subject: Mailgrant test\nMessage-ID: <mailgrant-other@contoso.test>\n\nMine.\n"
	for _, name := range []string{"cur/1.a.test:2,", "cur/2.b.test:2,T", ".Sent/cur/3.c.test:2,S"} {
		write(t, filepath.Dir(filepath.Join(box, name)), filepath.Base(name), other)
	}
	do(t, "chown", "-R", "mail:mail", box) // who delivers into it
	for name, change := range map[string]func(*mailbox.Definition){
		"both": nil,
		"IMAP": func(d *mailbox.Definition) { d.SetServer(mailbox.POP3, nil) },
		"POP3": func(d *mailbox.Definition) { d.SetServer(mailbox.IMAP, nil) },
	} {
		for _, security := range []string{mailbox.SecurityTLS, mailbox.SecuritySTARTTLS} {
			d := l.define(security)
			if change != nil {
				change(&d)
			}
			status, out := l.command("", "test", "--file", l.file(d), "--round-trip", "--yes", "--json")
			var r struct {
				Trip struct {
					OK    bool
					Steps []struct {
						Step, State, Text string
						Facts             struct{ Removed, Left []string }
					}
				} `json:"round_trip"`
			}
			if err := json.Unmarshal(out, &r); err != nil || status != 0 || !r.Trip.OK {
				t.Fatalf("%s %s: exit status %d: %s", name, security, status, out)
			}
			last := r.Trip.Steps[len(r.Trip.Steps)-1]
			if last.Step != "clean-up" || last.State != "passed" || fmt.Sprint(last.Facts.Removed) != "[INBOX]" {
				t.Errorf("%s %s: %+v", name, security, last)
			}
			for _, s := range r.Trip.Steps {
				t.Logf("%s %s: %s", name, security, s.Text)
			}
			if left := messages(t, box); left != 3 {
				t.Errorf("%s %s: %d messages, want the 3 that were there", name, security, left)
			}
		}
	}
}

// messages counts the files of a maildir's messages.
func messages(t *testing.T, box string) (n int) {
	t.Helper()
	for _, dir := range []string{"cur", "new", ".Sent/cur", ".Sent/new"} {
		found, err := os.ReadDir(filepath.Join(box, dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if !strings.HasPrefix(f.Name(), ".") {
				n++
			}
		}
	}
	return n
}

func mustMake(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
}
