package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailgrant/app/practice"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

func TestTheWholePath(t *testing.T) {
	_, file := tenant(t, nil)
	run(t, "status", "--file", file, "--json").want(t, exitNoGrant)
	before := run(t, "test", "--file", file, "--json").want(t, exitNoGrant).last(t)
	if at(before, "diagnoses", 0, "cause") != "authorization-missing" {
		t.Errorf("test without authorization: %v", before["diagnoses"])
	}

	result := request(t, file, practice.Helpdesk.UPN).want(t, exitGood).last(t)
	if result["ok"] != true || result["identity"] != "same" || result["renewable"] != true || len(result["missing"].([]any)) != 0 {
		t.Errorf("result: %v", result)
	}
	if at(result, "account", "user") != practice.Helpdesk.UPN || at(result, "account", "tenant_id") != practice.TenantID {
		t.Errorf("account: %v", result["account"])
	}

	report := run(t, "test", "--file", file, "--json").want(t, exitGood).last(t)
	for _, protocol := range []string{"imap", "pop3", "smtp"} {
		if at(report, "protocols", protocol, "ok") != true {
			t.Errorf("%s: %v", protocol, at(report, "protocols", protocol))
		}
	}
	if report["ok"] != true || len(report["diagnoses"].([]any)) != 0 {
		t.Errorf("report: %v", report)
	}

	status := run(t, "status", "--file", file, "--json").want(t, exitGood).last(t)
	if status["state"] != "valid" || status["diagnosis"] != nil || status["ends_if_unused_by"] == nil {
		t.Errorf("status: %v", status)
	}
	token := run(t, "token", "--file", file).want(t, exitGood)
	if strings.Count(token.stdout, "\n") != 1 || strings.Count(token.stdout, ".") != 2 || token.stderr != "" {
		t.Errorf("token printed %d bytes and said %q", len(token.stdout), token.stderr)
	}
	run(t, "refresh", "--file", file, "--json").want(t, exitGood)
	run(t, "forget", "--file", file).want(t, exitGood)
	run(t, "status", "--file", file).want(t, exitNoGrant)
	run(t, "token", "--file", file).want(t, exitNoGrant)
}

func TestTheWrongAccountIsRefusedAndTheOldAuthorizationStays(t *testing.T) {
	_, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	before := snapshot(t)
	o := request(t, file, practice.Admin.UPN).want(t, exitOtherAccount)
	result := o.last(t)
	if result["ok"] != false || result["identity"] != "other" || result["expected"] != practice.Helpdesk.UPN ||
		at(result, "account", "user") != practice.Admin.UPN || at(result, "diagnosis", "cause") != "token-user-mismatch" {
		t.Errorf("result: %v", result)
	}
	if after := snapshot(t); !slices.Equal(before, after) {
		t.Errorf("something was stored:\n%v\n%v", before, after)
	}
	run(t, "test", "--file", file, "--json").want(t, exitGood)
}

// A browser was there when somebody else has signed in, or the service refuses
// the way: that none came is told of other proposals alone.
func TestAWayThatWasRefusedIsNoMissingBrowser(t *testing.T) {
	for way, refused := range map[string]bool{mailbox.SignInPrivateWindow: true, mailbox.SignInDefaultBrowser: true, mailbox.SignInLink: false} {
		var said bytes.Buffer
		p := &program{texts: i18n.For(i18n.English), Environment: Environment{Stderr: &said}}
		p.printRequestEvent(mailbox.Definition{}, oauth.NextWay{Way: way, Refused: refused})
		if strings.Contains(said.String(), "No browser") == refused || strings.Contains(said.String(), "--sign-in "+way) != refused {
			t.Errorf("%s, refused %t: %s", way, refused, said.String())
		}
	}
}

func TestWithoutASeparatePromptTheWrongAccountComesBack(t *testing.T) {
	_, file := tenant(t, nil)
	result := request(t, file, practice.Admin.UPN).want(t, exitOtherAccount).last(t)
	if at(result, "account", "user") != practice.Admin.UPN {
		t.Errorf("result: %v", result)
	}
	run(t, "status", "--file", file).want(t, exitNoGrant)
}

// With somebody else as user his own inbox is tested, and that is told.
func TestATestSaysWhoseInboxItOpened(t *testing.T) {
	_, file := tenant(t, func(d *mailbox.Definition) { d.User = practice.Admin.UPN })
	request(t, file, practice.Admin.UPN).want(t, exitGood)
	want := "inbox of " + practice.Admin.UPN + " was opened; the sender is " + practice.Helpdesk.Address
	for _, name := range []string{"report.txt", "report.html"} {
		saved := filepath.Join(t.TempDir(), name)
		o := run(t, "test", "--file", file, "--report", saved).want(t, exitGood)
		if !strings.Contains(strings.Join(strings.Fields(o.stdout), " "), want) || !strings.Contains(read(t, saved), want) {
			t.Errorf("%s: no %q in\n%s", name, want, o.stdout)
		}
	}
	if o := run(t, "test", "--file", file, "--json").want(t, exitGood); at(o.last(t), "address") != practice.Admin.UPN {
		t.Errorf("%s", o.stdout)
	}
	run(t, "mailbox", "import", file).want(t, exitGood)
	if o := run(t, "test", "--all").want(t, exitGood); !strings.Contains(o.stdout, want) {
		t.Errorf("of all: no %q in\n%s", want, o.stdout)
	}
}

func TestAliasAndSharedMailbox(t *testing.T) {
	cases := []struct {
		name, account, verdict string
		change                 func(*mailbox.Definition)
	}{
		{"alias", practice.Alias.UPN, "alias", func(d *mailbox.Definition) {
			d.Sender, d.User = practice.Alias.Address, practice.Alias.Address
		}},
		{"shared", practice.Helpdesk.UPN, "shared", func(d *mailbox.Definition) {
			d.Sender, d.User, d.SharedMailbox = practice.Info.Address, practice.Helpdesk.UPN, practice.Info.Address
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, file := tenant(t, c.change)
			result := request(t, file, c.account).want(t, exitGood).last(t)
			if result["identity"] != c.verdict {
				t.Errorf("identity %v; want %s", result["identity"], c.verdict)
			}
			report := run(t, "test", "--file", file, "--json").want(t, exitGood).last(t)
			if report["ok"] != true {
				t.Errorf("report: %v", report)
			}
		})
	}
}

// snapshot is every sealed file with its content.
func snapshot(t *testing.T) []string {
	t.Helper()
	var all []string
	files, err := filepath.Glob(filepath.Join(os.Getenv("MAILGRANT_HOME"), "authorizations", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if data, err := os.ReadFile(f); err == nil {
			all = append(all, f+" "+string(data))
		}
	}
	return all
}
