package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailgrant/app/practice"
	"mailgrant/internal/mailbox"
)

func TestAssistant(t *testing.T) {
	p, file := tenant(t, nil)
	before := run(t, "assistant", "--file", file, "--json").want(t, exitGood).last(t)
	if at(before, "items", 0, "state") != "done" || at(before, "items", 2, "state") != "unknown" || at(before, "preflight", 0, "state") != "passed" {
		t.Errorf("before the sign-in: %v", before)
	}
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	if err := p.SetFaults([]string{practice.FaultPOP3Off}); err != nil {
		t.Fatal(err)
	}
	out := run(t, "--lang", "de", "assistant", "--file", file, "--product", "acmp").want(t, exitGood).stdout
	for _, want := range []string{"Vorprüfung", "E-Mail-Apps verwalten", "Set-CASMailbox", "In Aagon ACMP eintragen", "erledigt", "zu tun"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	run(t, "assistant", "--file", file, "--offline").want(t, exitGood)
	run(t, "assistant", "--file", file, "--product", "none").want(t, exitUsage)
	run(t, "assistant", "not an address@").want(t, exitUsage)
}

func TestAssistantScripts(t *testing.T) {
	_, file := tenant(t, nil)
	script := run(t, "--lang", "de", "assistant", "--file", file, "--powershell", "--product", "acmp").want(t, exitGood).stdout
	for _, want := range []string{"'" + practice.ClientID + "'", "# Schritt 4: die E-Mail-Apps", "/common/oauth2/nativeclient')"} {
		if !strings.Contains(script, want) {
			t.Errorf("no %q in\n%s", want, script)
		}
	}
	if script := run(t, "assistant", "--file", file, "--az").want(t, exitGood).stdout; !strings.HasPrefix(script, "#!/bin/sh\n") {
		t.Errorf("%s", script)
	}
	_, file = tenant(t, func(d *mailbox.Definition) { d.Authentication, d.OAuth = mailbox.AuthPassword, nil })
	if o := run(t, "assistant", "--file", file, "--powershell").want(t, exitUsage); o.stdout != "" {
		t.Errorf("%+v", o)
	}
}

func TestNewCertificate(t *testing.T) {
	_, file := tenant(t, nil)
	public := filepath.Join(t.TempDir(), "mailgrant.cer")
	run(t, "assistant", "--file", file, "--new-certificate", public).want(t, exitUsage)

	_, file = tenant(t, func(d *mailbox.Definition) { d.OAuth.AccountType = mailbox.AccountApplication })
	run(t, "assistant", "--file", file, "--new-certificate", public).want(t, exitGood)
	written, err := os.ReadFile(public)
	if err != nil || strings.Contains(string(written), "PRIVATE") {
		t.Errorf("%v: %s", err, written)
	}
	items := run(t, "assistant", "--file", file, "--offline", "--json").want(t, exitGood).last(t)
	if at(items, "items", 2, "id") != "certificate" || at(items, "items", 2, "state") != "unknown" {
		t.Errorf("a stored certificate is still to do: %v", at(items, "items", 2))
	}
	run(t, "assistant", "--file", file, "--new-certificate", public).want(t, exitUsage) // never overwritten
}
