package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailgrant/app/practice"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/policy"
)

// under runs a command under policies.
func under(t *testing.T, policies string, args ...string) outcome {
	t.Helper()
	file := filepath.Join(t.TempDir(), "policies.json")
	if err := os.WriteFile(file, []byte(policies), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(policy.Set(policy.Policy{}))
	var out, err bytes.Buffer
	status := Run(t.Context(), Environment{
		Args: args, Stdin: strings.NewReader("the secret\n"), Stdout: &out, Stderr: &err, Locale: "en", Metadata: testMetadata, Policies: file,
	})
	return outcome{status, out.String(), err.String()}
}

func TestPoliciesPreset(t *testing.T) {
	dir := place(t)
	file := filepath.Join(dir, "short.json")
	text := `{"sender":"helpdesk@contoso.com","imap":{"host":"outlook.office365.com","port":993,"security":"tls"},"oauth":{}}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "mailbox", "import", file).want(t, exitUsage) // without client and tenant
	const client = "11111111-2222-3333-4444-555555555555"
	under(t, `{"ClientId":"`+client+`","Tenant":"contoso.com","Cloud":"china"}`, "mailbox", "import", file).want(t, exitGood)
	shown := run(t, "mailbox", "show").want(t, exitGood).stdout
	for _, want := range []string{client, `"tenant": "contoso.com"`, `"cloud": "china"`} {
		if !strings.Contains(shown, want) {
			t.Errorf("no %s in\n%s", want, shown)
		}
	}
}

func TestPoliciesForbid(t *testing.T) {
	p, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	const hosts = `{"TokenHosts":["*.contoso.com"]}`
	under(t, hosts, "test", "--file", file, "--only", "imap").want(t, exitGood) // this machine itself
	foreign := writeDefinition(t, t.TempDir(), p.Definition(), func(d *mailbox.Definition) {
		d.Server(mailbox.IMAP).Host, d.TrustedCA = "imap.example.com", ""
	})
	o := under(t, hosts, "token", "--file", foreign, "--allow-host", "imap.example.com").want(t, exitUsage)
	if o.stdout != "" || !strings.Contains(o.stderr, "A policy of this machine forbids") {
		t.Errorf("%q %q", o.stdout, o.stderr)
	}
	o = under(t, `{"SignInWays":["private-window"]}`, "request", "--file", file, "--sign-in", "link").want(t, exitUsage)
	if !strings.Contains(o.stderr, "private-window") || strings.Contains(o.stderr, "device-code") {
		t.Error(o.stderr)
	}
	o = under(t, `{"SignInWay":[]}`, "version").want(t, exitUsage)
	if o.stdout != "" || !strings.Contains(o.stderr, "cannot be used") {
		t.Errorf("%q %q", o.stdout, o.stderr)
	}
}

// TestNoSecretsOnDisk: what is stored ends with the command, and neither home
// nor temporary folder holds anything of it.
func TestNoSecretsOnDisk(t *testing.T) {
	_, file := tenant(t, nil)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("TMP", temp)
	const none = `{"NoSecretsOnDisk":true}`
	under(t, `{}`, "secret", "set", "--file", file, "client-secret").want(t, exitGood) // goes as soon as the policy is there
	under(t, none, "secret", "set", "--file", file, "client-secret").want(t, exitGood)
	if o := under(t, none, "secret", "ends", "--file", file, "2030-01-01").want(t, exitUsage); !strings.Contains(o.stderr, "No client secret is stored") {
		t.Error(o.stderr)
	}
	for _, place := range []string{os.Getenv("MAILGRANT_HOME"), temp} {
		_ = filepath.WalkDir(place, func(path string, e os.DirEntry, err error) error {
			if err == nil && (strings.HasSuffix(path, ".sealed") || strings.Contains(path, "mailgrant-")) {
				t.Errorf("there is %s", path)
			}
			return nil
		})
	}
	under(t, `{}`, "secret", "set", "--file", file, "client-secret").want(t, exitGood)
	under(t, none, "version").want(t, exitGood) // has nothing to do with it
	run(t, "secret", "ends", "--file", file, "2030-01-01").want(t, exitGood)
}
