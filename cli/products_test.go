package cli

import (
	"strings"
	"testing"

	"mailgrant/app/practice"
	"mailgrant/internal/mailbox"
)

func TestProducts(t *testing.T) {
	_, file := tenant(t, nil)
	if out := run(t, "products").want(t, exitGood).stdout; !strings.Contains(out, "acmp") || !strings.Contains(out, "Zammad") {
		t.Errorf("products:\n%s", out)
	}
	out := run(t, "--lang", "de", "products", "acmp", "--file", file).want(t, exitGood).stdout
	for _, want := range []string{
		"Kontotyp: Microsoft Azure AD (nur Organisationen)", "Application/Client ID: " + practice.ClientID,
		"Mobilgerät- und Desktopanwendungen", "nativeclient", "eigenes Token",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	card := run(t, "products", "redmine", "--json").want(t, exitGood).last(t)
	if at(card, "oauth") != false || at(card, "ways", 0) == nil {
		t.Errorf("redmine: %v", card)
	}
}

func TestProductsCheck(t *testing.T) {
	_, file := tenant(t, func(d *mailbox.Definition) { d.OAuth.ClientID = practice.MultitenantClientID })
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	out := run(t, "products", "acmp", "--file", file, "--check").want(t, exitGood).stdout
	for _, want := range []string{"✓ The sign-in service accepts the redirect URI https://login.microsoftonline.com/common/oauth2/nativeclient", "✓ Granted: ", "✓ IMAP answers"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if got := run(t, "products", "freescout", "--file", file, "--host", "other.contoso.test", "--check", "--json").want(t, exitProblem).last(t); at(got, "ok") != false || at(got, "product") != "freescout" {
		t.Errorf("%v", got)
	}
	run(t, "products", "freescout", "--file", file, "--host", "https://desk.contoso.test/", "--check").want(t, exitGood) // as a browser copies it
}

// ACMP cannot sign in at the tenant's own address: the line says what to change
// in the registration, not in Mailgrant.
func TestProductsCheckCarriesTheRemedy(t *testing.T) {
	_, file := tenant(t, nil)
	out := run(t, "--lang", "de", "products", "acmp", "--file", file, "--check").want(t, exitProblem).stdout
	for _, want := range []string{"✗ Die App-Registrierung erlaubt nur eine Organisation", "AADSTS50194", "Unterstützte Kontotypen", practice.ClientID} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if strings.Contains(out, "Wählen Sie in Mailgrant den Kontotyp") {
		t.Errorf("advice that does not help:\n%s", out)
	}
	got := run(t, "products", "acmp", "--file", file, "--check", "--json").want(t, exitProblem).last(t)
	var fix any
	for i := 0; at(got, "findings", i) != nil; i++ {
		if at(got, "findings", i, "id") == "account-type" {
			fix = at(got, "findings", i, "diagnosis", "fix", 1)
		}
	}
	if fix == nil {
		t.Errorf("%v", got)
	}
}

// The check of a saved mailbox carries what its last test found: a server that
// answers is not one that lets sign in.
func TestProductsCheckCarriesTheLastTest(t *testing.T) {
	p, file := tenant(t, func(d *mailbox.Definition) { d.OAuth.ClientID = practice.MultitenantClientID })
	run(t, "mailbox", "import", file).want(t, exitGood)
	check := []string{"products", "acmp", "--mailbox", p.Definition().Name, "--check"}
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	if out := run(t, check...).want(t, exitGood).stdout; strings.Count(out, "has not been tested yet") != 3 {
		t.Errorf("before any test:\n%s", out)
	}
	if err := p.SetFaults([]string{practice.FaultPOP3Off}); err != nil {
		t.Fatal(err)
	}
	run(t, "test").want(t, exitProblem)
	out := run(t, check...).want(t, exitProblem).stdout
	for _, want := range []string{"✗ The protocol POP3 is switched off for the mailbox (tested ", "✓ IMAP works (tested ", "Set-CASMailbox"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	got := run(t, append(check, "--json")...).want(t, exitProblem).last(t)
	for i := 0; at(got, "findings", i) != nil; i++ {
		if id := at(got, "findings", i, "id"); id == "pop3" && (at(got, "findings", i, "cause") != "exo-protocol-disabled-mailbox" || at(got, "findings", i, "tested") == nil || at(got, "findings", i, "diagnosis", "fix", 0) == nil) {
			t.Errorf("%v", at(got, "findings", i))
		}
	}
	// Of a definition file nothing is kept, and the check says so.
	if out := run(t, "products", "acmp", "--file", file, "--check").want(t, exitGood).stdout; strings.Count(out, "test results are kept for saved mailboxes only") != 3 {
		t.Errorf("of a file:\n%s", out)
	}
}

func TestProductsCheckTellsWhatIsNotGranted(t *testing.T) {
	p, file := tenant(t, func(d *mailbox.Definition) { d.OAuth.ClientID = practice.MultitenantClientID })
	if err := p.SetFaults([]string{practice.FaultMissingScope}); err != nil {
		t.Fatal(err)
	}
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	out := run(t, "--lang", "de", "products", "acmp", "--file", file, "--check").want(t, exitProblem).stdout
	for _, want := range []string{"✗ Nicht erteilt: POP.AccessAsUser.All\n", "Aagon ACMP braucht diese Berechtigungen", "API-Berechtigungen", practice.MultitenantClientID} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// One remedy is shown once, whatever it is for: here all servers have a
// certificate of nobody's.
func TestProductsCheckShowsARemedyOnce(t *testing.T) {
	_, file := tenant(t, func(d *mailbox.Definition) {
		d.Authentication, d.OAuth, d.TrustedCA = mailbox.AuthPassword, nil, ""
	})
	out := run(t, "products", "acmp", "--file", file, "--check").want(t, exitProblem).stdout
	for _, want := range []string{"✗ IMAP fails: ", "✗ POP3 fails: ", "✗ SMTP fails: "} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if n := strings.Count(out, "What to do:"); n != 1 {
		t.Errorf("%d remedies:\n%s", n, out)
	}
	// The list of a mailbox with a password is about that.
	if out := run(t, "assistant", "--file", file).want(t, exitGood).stdout; strings.Contains(out, "token") || !strings.Contains(out, "mailgrant secret set") {
		t.Errorf("%s", out)
	}
}

func TestProductsWrongUse(t *testing.T) {
	place(t)
	for typed, meant := range map[string]string{"otrs": "znuny", "Jira": "jira-service-management", "zamad": "zammad"} {
		if o := run(t, "products", typed).want(t, exitUsage); !strings.Contains(o.stderr, "Did you mean “"+meant+"”?") {
			t.Errorf("%s: %s", typed, o.stderr)
		}
	}
	run(t, "products", "ZAMMAD").want(t, exitGood)
	for _, command := range []string{"request", "test"} {
		if help := run(t, command, "--help").want(t, exitGood).stdout; strings.Contains(help, "true|false") || strings.Contains(help, "m0s") {
			t.Error(help)
		}
	}
	for _, args := range [][]string{
		{"products", "none"},
		{"products", "--host", "x"},
		{"products", "zammad", "--host", "https://x/y"},
		{"products", "acmp", "--mailbox", "no"},
		{"products", "--check"},
		{"products", "acmp", "--check"},
	} {
		if o := run(t, args...).want(t, exitUsage); o.stdout != "" || o.stderr == "" {
			t.Errorf("%v: %+v", args, o)
		}
	}
}
