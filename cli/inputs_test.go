package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"mailgrant/app/practice"
	"mailgrant/oauth"
)

// A folder, a device and a file that is too large stand where a file is read:
// each is named, and none is waited for.
func TestWhatIsNoFileIsNamed(t *testing.T) {
	place(t)
	dir := t.TempDir()
	large := filepath.Join(dir, "large.json")
	if err := os.WriteFile(large, make([]byte, 3<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	_, file := tenant(t, nil)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"status", "--file", dir}, "is a folder"},
		{[]string{"status", "--file", os.DevNull}, "not a regular file"},
		{[]string{"status", "--file", large}, "larger than 1024 KiB"},
		{[]string{"authorization", "import", "--file", file, dir}, "is a folder"},
		{[]string{"authorization", "import", "--file", file, large}, "larger than 2048 KiB"},
		{[]string{"authorization", "import", "--file", file, file, "--passphrase-file", os.DevNull}, "not a regular file"},
		{[]string{"authorization", "import", "--file", file, file, "--passphrase-file", large}, "larger than 64 KiB"},
	} {
		o := run(t, c.args...).want(t, exitUsage)
		if !strings.Contains(o.stderr, c.want) {
			t.Errorf("%v: %q lacks %q", c.args, o.stderr, c.want)
		}
	}
}

func TestASecretHasALimit(t *testing.T) {
	_, file := tenant(t, nil)
	for _, secret := range []string{strings.Repeat("x", 3*maxCertificate), "-----BEGIN X-----\n" + strings.Repeat("x", 3*maxCertificate)} {
		o := runWith(t, t.Context(), secret, "secret", "set", "--file", file, "client-secret").want(t, exitUsage)
		if !strings.Contains(o.stderr, "larger than 256 KiB") {
			t.Errorf("%q", o.stderr)
		}
	}
}

// Somebody has put a folder where the authorization was: it is named, kept
// and out of the way of the next sign-in.
func TestAFolderInPlaceOfASealedFile(t *testing.T) {
	_, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	sealed, err := filepath.Glob(filepath.Join(os.Getenv("MAILGRANT_HOME"), "authorizations", "*.sealed"))
	if err != nil || len(sealed) != 1 {
		t.Fatal(sealed, err)
	}
	swap := func() {
		t.Helper()
		if err := os.RemoveAll(sealed[0]); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Join(sealed[0], "x"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	swap()
	for _, command := range []string{"status", "token", "refresh"} {
		o := run(t, command, "--file", file).want(t, exitNoGrant)
		if !strings.Contains(o.stderr+o.stdout, "is a folder") {
			t.Errorf("%s: %q", command, o.stderr)
		}
	}
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	run(t, "token", "--file", file).want(t, exitGood)
	swap()
	run(t, "forget", "--file", file).want(t, exitGood)
	run(t, "status", "--file", file, "--json").want(t, exitNoGrant)
}

// clean fails the test where a text would act on a terminal.
func clean(t *testing.T, what, text string) {
	t.Helper()
	for _, r := range text {
		if r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			t.Errorf("%s shows %U raw: %q", what, r, text)
			return
		}
	}
}

// TestAlternativesHaveNoNumber: what can be done instead of a step stands below
// it, and speaks of the mailbox's own provider only.
func TestAlternativesHaveNoNumber(t *testing.T) {
	off := `OK [Error="ProtocolDisabled" AuthResult=26] AUTHENTICATE completed.`
	for _, c := range []struct{ provider, want string }{
		{"microsoft", "\n  Proof: the message says “ProtocolDisabled”.\n"},
		{"microsoft", "\n     or: Run the PowerShell line given here after Connect-ExchangeOnline as an Exchange\n     Administrator.\n  2. Wait"},
		{"outlook.com", "\n  1. For a personal account open Outlook.com > Settings > Mail > Forwarding and IMAP.\n  2. Wait"},
	} {
		if got := run(t, "explain", "--phase", "imap", "--provider", c.provider, off).stdout; !strings.Contains(got, c.want) {
			t.Errorf("%s: no %q in\n%s", c.provider, c.want, got)
		}
	}
}

func TestNoNameActsOnTheTerminal(t *testing.T) {
	_, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	strange := filepath.Join(t.TempDir(), "x\u202Enosj.\x1b[2J\u2066.json")
	for _, args := range [][]string{
		{"status", "--file", strange},
		{"mailbox", "import", strange},
		{"authorization", "import", "--file", file, strange},
		{"status", strange},
		{"explain", "--json", "x\u202Ey \u0085 \u2028"},
		{"status", "--file", file, "--no-" + strange},
	} {
		o := run(t, args...)
		clean(t, strings.Join(args[:1], " ")+" (stderr)", o.stderr)
		clean(t, strings.Join(args[:1], " ")+" (stdout)", o.stdout)
	}
	if err := os.WriteFile(strange, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	clean(t, "a wrong file", run(t, "status", "--file", strange).want(t, exitUsage).stderr)

	var out bytes.Buffer
	p := &program{Environment: Environment{Stdout: &out}}
	if err := p.printJSON(accountOf(oauth.Account{User: "a@contoso.com", Name: "Help\u202Edesk\u009b"})); err != nil {
		t.Fatal(err)
	}
	clean(t, "--json", out.String())
	if !strings.Contains(out.String(), `Help\u202edesk\u009b`) {
		t.Errorf("the name is not the same any more: %s", out.String())
	}
}

// A home that cannot be made is named in the user's language, with what to do.
func TestAHomeThatCannotBeMadeIsNamed(t *testing.T) {
	_, file := tenant(t, nil)
	t.Setenv("MAILGRANT_HOME", filepath.Join(file, "home"))
	for _, args := range [][]string{{"import", file}, {"list"}} {
		if out := run(t, append([]string{"--lang", "de", "mailbox"}, args...)...).want(t, exitProblem).stderr; !strings.Contains(out, file+" ist eine Datei und kein Ordner") {
			t.Errorf("%s", out)
		}
	}
}

func TestARemovedSecretIsNamedInTheReadersLanguage(t *testing.T) {
	_, file := tenant(t, nil)
	for kind, name := range map[string]string{"password": "Kennwort", "client-secret": "geheimer Clientschlüssel", "proxy-password": "Proxykennwort"} {
		set := runWith(t, t.Context(), "anna:secret\n", "--lang", "de", "secret", "set", "--file", file, kind).want(t, exitGood).stderr
		if strings.Contains(set, "wird nicht benutzt") != (kind == "password") { // the mailbox has a token
			t.Errorf("%s: %q", kind, set)
		}
		for _, want := range []string{"„Practice“ entfernt: " + name + ".", "war nichts davon gespeichert: " + name + "."} {
			if o := run(t, "--lang", "de", "secret", "remove", "--file", file, kind).want(t, exitGood); !strings.Contains(o.stderr, want) {
				t.Errorf("%s: %q", kind, o.stderr)
			}
		}
	}
}

// Who stores a password for Microsoft's servers learns that it ends.
func TestAPasswordThatEndsIsWarnedOf(t *testing.T) {
	file := filepath.Join(place(t), "scanner.json")
	definition := `{"name":"Scanner","sender":"scan@contoso.test","authentication":"password","smtp":{"host":"smtp.office365.com","port":587,"security":"starttls"}}`
	if err := os.WriteFile(file, []byte(definition), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, o := range []outcome{
		run(t, "mailbox", "import", file), runWith(t, t.Context(), "secret\n", "secret", "set", "Scanner", "password"),
	} {
		if !strings.Contains(o.want(t, exitGood).stderr, "(mailgrant products printer)") {
			t.Error(o.stderr)
		}
	}
	if o := run(t, "assistant", "Scanner", "--offline").want(t, exitGood); !strings.Contains(strings.Join(strings.Fields(o.stdout), " "), "(mailgrant products printer)") {
		t.Error(o.stdout)
	}
}

// A definition file is a mailbox wherever one is shown; what lacks for its sign-in
// is said with the phase.
func TestADefinitionFileIsShown(t *testing.T) {
	_, file := tenant(t, nil)
	shown := run(t, "mailbox", "show", "--file", file).want(t, exitGood).stdout
	if !strings.Contains(shown, `"name": "Practice"`) || run(t, "mailbox", "export", "--file", file).want(t, exitGood).stdout != shown {
		t.Error(shown)
	}
	for _, command := range []string{"test", "refresh"} {
		last := run(t, command, "--file", file, "--json").want(t, exitNoGrant).last(t)
		d := at(last, "diagnosis")
		if command == "test" {
			d = at(last, "diagnoses", 0)
		}
		if at(d, "cause") != "authorization-missing" || at(d, "phase") != "token" {
			t.Errorf("%s: %v", command, last)
		}
	}
}

// TestAServersAnswerIsNoOption: every refusal of a POP3 server begins with a hyphen.
func TestAServersAnswerIsNoOption(t *testing.T) {
	place(t)
	o := run(t, "explain", "-ERR [AUTH] Logon failure: unknown user name or bad password", "--json").want(t, exitGood)
	if cause := at(o.last(t), "diagnoses", 0, "cause"); cause == nil || cause == "unknown" {
		t.Errorf("%v", cause)
	}
}

// A script that explains what it finds may not know what it is about.
func TestExplainNeedsNoPhase(t *testing.T) {
	got := run(t, "explain", "--phase", "", "--provider", "", "--json", "AADSTS50011: The redirect URI does not match")
	got.want(t, exitGood)
	if !strings.Contains(got.stdout, `"redirect-uri-mismatch"`) {
		t.Error(got.stdout)
	}
}
