package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"mailgrant/app/practice"
	"mailgrant/internal/mailbox"
)

// otherMachine is a new home with its own key.
func otherMachine(t *testing.T) { t.Helper(); place(t) }

func passphraseFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "passphrase")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAnAuthorizationMovesToAnotherMachine(t *testing.T) {
	p, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	export := filepath.Join(t.TempDir(), "export.age")
	passphrase := passphraseFile(t, "\ufeffgut gemischte Wörter\r\n")
	args := []string{"authorization", "export", "--file", file, export}
	runWith(t, t.Context(), "\ufeffgut gemischte Wörter\nanother line\n", args...).want(t, exitGood)
	data, err := os.ReadFile(export)
	if err != nil || !strings.HasPrefix(string(data), "-----BEGIN AGE ENCRYPTED FILE-----") {
		t.Fatalf("export: %v\n%s", err, data)
	}
	if info, _ := os.Stat(export); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	runWith(t, t.Context(), "x\n", args...).want(t, exitUsage) // exists

	otherMachine(t)
	run(t, "status", "--file", file).want(t, exitNoGrant)
	if o := run(t, "authorization", "import", "Practice", export, "--passphrase-file", passphrase).want(t, exitUsage); !strings.Contains(o.stderr, "mailgrant mailbox import") {
		t.Errorf("what comes first is not said: %s", o.stderr)
	}
	var wide []byte // as ">" of PowerShell 5 writes
	for _, unit := range utf16.Encode([]rune("\ufeffgut gemischte Wörter\r\n")) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	run(t, "authorization", "import", "--file", file, export, "--passphrase-file", passphraseFile(t, string(wide))).want(t, exitGood)
	run(t, "refresh", "--file", file).want(t, exitGood)
	run(t, "test", "--file", file, "--json").want(t, exitGood)

	// Notepad has put its mark before it.
	if err := os.WriteFile(export, append([]byte("\ufeff"), data...), 0o600); err != nil {
		t.Fatal(err)
	}
	// The one here has been renewed since: the file's would be the worse one.
	o := run(t, "authorization", "import", "--file", file, export, "--passphrase-file", passphrase).want(t, exitUsage)
	if !strings.Contains(o.stderr, "renewed later") {
		t.Errorf("stderr: %s", o.stderr)
	}
	run(t, "test", "--file", file, "--json").want(t, exitGood)
	other := writeDefinition(t, t.TempDir(), p.Definition(), func(d *mailbox.Definition) {
		d.Sender, d.User = practice.Admin.Address, practice.Admin.UPN
	})
	for name, c := range map[string]struct{ file, export, passphrase, says string }{
		"another mailbox":  {other, export, passphrase, "belongs to another user"},
		"wrong passphrase": {file, export, passphraseFile(t, "no\n"), "not the right one"},
		"empty passphrase": {file, export, passphraseFile(t, "\n"), "empty"},
		"no export":        {file, file, passphrase, "not an authorization"},
		"cut off":          {file, cutOff(t, data), passphrase, "not an authorization"},
		"no such file":     {file, export + "x", passphrase, "there is no such file"},
	} {
		o := run(t, "authorization", "import", "--file", c.file, c.export, "--passphrase-file", c.passphrase).want(t, exitUsage)
		if o.stdout != "" || !strings.Contains(o.stderr, c.says) || strings.Count(o.stderr, "\n") != 1 {
			t.Errorf("%s: stdout %q, stderr %q", name, o.stdout, o.stderr)
		}
	}
}

// A passphrase becomes a key in seconds: who gives up meanwhile has nothing exported
// and nothing imported, and the log says nothing else.
func TestATransferCanBeInterrupted(t *testing.T) {
	_, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	export, other := filepath.Join(t.TempDir(), "export.age"), filepath.Join(t.TempDir(), "other.age")
	passphrase := passphraseFile(t, "correct horse battery staple\n")
	run(t, "authorization", "export", "--file", file, export, "--passphrase-file", passphrase).want(t, exitGood)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	log := filepath.Join(os.Getenv("MAILGRANT_HOME"), "logs", "mailgrant.log")
	runWith(t, ctx, "", "authorization", "export", "--file", file, other, "--passphrase-file", passphrase).want(t, exitCancelled)
	if _, err := os.Lstat(other); err == nil {
		t.Error("a file was made")
	}
	otherMachine(t)
	runWith(t, ctx, "", "authorization", "import", "--file", file, export, "--passphrase-file", passphrase).want(t, exitCancelled)
	run(t, "status", "--file", file).want(t, exitNoGrant)
	if strings.Count(read(t, log), `authorization: exported" mailbox=Practice account=`) != 1 {
		t.Errorf("the log: %s", read(t, log))
	}
}

func cutOff(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cut.age")
	if err := os.WriteFile(path, data[:len(data)-100], 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNothingToExport(t *testing.T) {
	_, file := tenant(t, nil)
	export := filepath.Join(t.TempDir(), "export.age")
	run(t, "authorization", "export", "--file", file, export).want(t, exitNoGrant)
	run(t, "authorization", "export", "--file", file).want(t, exitUsage)
	run(t, "authorization").want(t, exitUsage)
	if _, err := os.Lstat(export); err == nil {
		t.Error("a file was made")
	}
}
