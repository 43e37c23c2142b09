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
	for _, want := range []string{"Vorprüfung", "E-Mail-Apps verwalten", "Set-CASMailbox", "→ Werte in Aagon ACMP eintragen  außerhalb von Mailgrant: Ihr Schritt", "2 von 6 Schritten erledigt", "! 2. Anwendung registrieren  zu tun\n     Die App-Registrierung erlaubt nur eine Organisation"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	run(t, "assistant", "--file", file, "--offline").want(t, exitGood)
	run(t, "assistant", "--file", file, "--product", "none").want(t, exitUsage)
	run(t, "assistant", "not an address@").want(t, exitUsage)
}

// The end is reached when all is proved that can be; what the product has to
// prove is told, not counted. Scripts find the items that they know.
func TestTheAssistantFinishes(t *testing.T) {
	_, file := tenant(t, func(d *mailbox.Definition) { d.OAuth.ClientID = practice.MultitenantClientID })
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	out := run(t, "assistant", "--file", file).want(t, exitGood).stdout
	for _, want := range []string{"→ Enter the values in your product  outside Mailgrant: up to you", "\nFinished: Mailgrant has proved every step."} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	// What the test has proved is known without another one.
	run(t, "mailbox", "import", file).want(t, exitGood)
	run(t, "test").want(t, exitGood)
	if got := run(t, "assistant", "--offline", "--json").want(t, exitGood).last(t); at(got, "finished") != true {
		t.Errorf("offline: %v", got)
	}
	got := run(t, "assistant", "--file", file, "--json").want(t, exitGood).last(t)
	if at(got, "finished") != true || len(at(got, "items").([]any)) != 5 {
		t.Errorf("%v", got)
	}
	got = run(t, "assistant", "--file", file, "--product", "acmp", "--json").want(t, exitGood).last(t)
	if at(got, "items", 5, "id") != "suitability" || at(got, "items", 5, "state") != "done" || at(got, "items", 6, "id") != "product" || at(got, "items", 6, "state") != "unknown" || at(got, "items", 6, "outside") != true || at(got, "finished") != true {
		t.Errorf("%v", at(got, "items"))
	}
}

// What a product's check finds wrong keeps the assistant from its end.
func TestTheAssistantKnowsWhatTheProductLacks(t *testing.T) {
	_, file := tenant(t, nil)
	run(t, "mailbox", "import", file).want(t, exitGood)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	got := run(t, "assistant", "--product", "acmp", "--json").want(t, exitGood).last(t)
	if at(got, "items", 1, "state") != "to-do" || at(got, "items", 1, "problem", "cause") != "tenant-specific-endpoint-needed" || at(got, "finished") != false {
		t.Errorf("%v", at(got, "items", 1))
	}
	// Its test is one like any other: the product's check knows it.
	if out := run(t, "products", "acmp", "--mailbox", "Practice", "--check").want(t, exitProblem).stdout; strings.Count(out, " works (tested ") != 3 {
		t.Errorf("%s", out)
	}
}

// After the greens one line leads on; not while something was left out.
func TestTheTestLeadsToTheProduct(t *testing.T) {
	p, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	report := filepath.Join(t.TempDir(), "report.html")
	const next = "IMAP, POP3 und SMTP funktionieren. Als Nächstes: die Werte in Ihrem Produkt eintragen."
	out := run(t, "--lang", "de", "test", "--file", file, "--report", report).want(t, exitGood).stdout
	if !strings.Contains(out, next+"\n„mailgrant products ID --file "+file+"“ zeigt sie") {
		t.Errorf("%s", out)
	}
	if data, err := os.ReadFile(report); err != nil || !strings.Contains(string(data), next) {
		t.Errorf("%v: the report does not say it", err)
	}
	if out := run(t, "--lang", "de", "test", "--file", file, "--only", "imap").want(t, exitGood).stdout; strings.Contains(out, "Als Nächstes") {
		t.Errorf("with one protocol:\n%s", out)
	}
	if err := p.SetFaults([]string{practice.FaultPOP3Off}); err != nil {
		t.Fatal(err)
	}
	if out := run(t, "--lang", "de", "test", "--file", file).want(t, exitProblem).stdout; strings.Contains(out, "Als Nächstes") {
		t.Errorf("with a fault:\n%s", out)
	}
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
	// Whoever uploads it in the portal may be signed in under another account here.
	if info, err := os.Stat(public); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("%v: %v", err, info.Mode())
	}
	items := run(t, "assistant", "--file", file, "--offline", "--json").want(t, exitGood).last(t)
	if at(items, "items", 2, "id") != "certificate" || at(items, "items", 2, "state") != "unknown" {
		t.Errorf("a stored certificate is still to do: %v", at(items, "items", 2))
	}
	run(t, "assistant", "--file", file, "--new-certificate", public).want(t, exitUsage) // never overwritten
	run(t, "assistant", "--file", file, "--new-certificate", filepath.Join(public+"s", "mailgrant.cer")).want(t, exitUsage)
	if _, err := os.Stat(public + "s"); err == nil {
		t.Error("a folder was made")
	}
	// Another one takes the place of the first, with which nothing was got.
	run(t, "assistant", "--file", file, "--new-certificate", public+"2").want(t, exitGood)
	if o := run(t, "status", "--file", file); !strings.Contains(o.stdout, "Certificate ") || strings.Contains(o.stdout, "in use until") {
		t.Errorf("%+v", o)
	}
	if o := run(t, "secret", "remove", "--file", file, "client-secret").want(t, exitGood); !strings.Contains(o.stderr, ": Certificate ") {
		t.Errorf("a certificate is removed without its name: %+v", o)
	}
}
