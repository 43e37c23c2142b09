package cli

import (
	"strings"
	"testing"
	"time"

	"mailgrant/app/assistant"
	"mailgrant/app/practice"
	"mailgrant/internal/mailbox"
)

// TestApplicationAccess signs in without a user, by the application's secret.
func TestApplicationAccess(t *testing.T) {
	_, file := tenant(t, func(d *mailbox.Definition) {
		d.OAuth.AccountType, d.OAuth.ClientID = mailbox.AccountApplication, practice.WebClientID
		d.SetServer(mailbox.SMTP, nil)
	})
	run(t, "request", "--file", file, "--json").want(t, exitSignIn)
	set := []string{"secret", "set", "--file", file, "client-secret"}
	runWith(t, t.Context(), practice.WebClientSecret+"\n", set...).want(t, exitGood)
	result := run(t, "request", "--file", file, "--json").want(t, exitGood).last(t)
	if result["ok"] != true || result["identity"] != "same" || result["renewable"] != true {
		t.Errorf("result: %v", result)
	}
	if said := run(t, "request", "--file", file).want(t, exitGood).stdout; !strings.Contains(said, "The application has signed in") {
		t.Errorf("nobody has signed in as the mailbox: %s", said)
	}
	status := run(t, "status", "--file", file, "--json").want(t, exitGood).last(t)
	if status["state"] != "valid" || status["ends_if_unused_by"] != nil || len(status["missing"].([]any)) != 0 {
		t.Errorf("status: %v", status)
	}
	run(t, "refresh", "--file", file, "--json").want(t, exitGood)
	report := run(t, "test", "--file", file, "--json").want(t, exitGood).last(t)
	if report["ok"] != true {
		t.Errorf("report: %v", report)
	}
	run(t, "secret", "remove", "--file", file, "client-secret").want(t, exitGood)
	after := run(t, "refresh", "--file", file, "--json")
	if after.status == exitGood || at(after.last(t), "diagnosis", "cause") != "client-secret-missing" {
		t.Errorf("refresh without the secret: %d, %s", after.status, after.stdout)
	}
}

// TestTheSecretOfAProduct follows what the check of a product says: store it.
func TestTheSecretOfAProduct(t *testing.T) {
	_, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	runWith(t, t.Context(), "the-product's\n", "secret", "set", "--file", file, "client-secret").want(t, exitGood)
	run(t, "refresh", "--file", file).want(t, exitGood)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	check := run(t, "products", "zammad", "--check", "--file", file).want(t, exitGood).stdout
	if !strings.Contains(check, "– Only the product's own sign-in shows whether the client secret is valid") || strings.Contains(check, "✗") {
		t.Error(check)
	}
}

func TestACertificateInsteadOfASecret(t *testing.T) {
	p, user := tenant(t, nil)
	application := writeDefinition(t, t.TempDir(), p.Definition(), func(d *mailbox.Definition) {
		d.OAuth.AccountType, d.OAuth.ClientID = mailbox.AccountApplication, practice.WebClientID
	})
	made, err := assistant.NewCertificate("Help desk", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	text := made.Secret.Reveal()
	for name, c := range map[string]struct {
		file, stdin, says string
		status            int
	}{
		"good":         {application, text, "Stored", exitGood},
		"with a mark":  {application, "\ufeff" + text, "Stored", exitGood},
		"key missing":  {application, text[:strings.Index(text, "-----BEGIN PRIVATE")], "private RSA key", exitUsage},
		"not for this": {user, text, "Application without a user", exitUsage},
	} {
		o := runWith(t, t.Context(), c.stdin, "secret", "set", "--file", c.file, "client-secret").want(t, c.status)
		if o.stdout != "" || !strings.Contains(o.stderr, c.says) || strings.Count(o.stderr, "\n") != 1 {
			t.Errorf("%s: %q", name, o.stderr)
		}
	}
	for stdin, says := range map[string]string{"   \n": "only blanks", "abc\ndef\n": "one line", "\n\n": ""} {
		if o := runWith(t, t.Context(), stdin, "secret", "set", "--file", user, "password").want(t, exitUsage); !strings.Contains(o.stderr, says) {
			t.Errorf("%q: %q", stdin, o.stderr)
		}
	}
	// The practice tenant has no certificate of this application, and was sent no secret.
	o := run(t, "request", "--file", application, "--json").want(t, exitSignIn)
	if got := at(o.last(t), "diagnosis", "codes", 0); got != "AADSTS700027" {
		t.Errorf("codes %v", got)
	}
}
