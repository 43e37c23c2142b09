package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailgrant/app/practice"
	"mailgrant/internal/mailbox"
)

// TestMonitorInstallAsksAboutServers: each run would be refused the mail, and only the log
// would tell.
func TestMonitorInstallAsksAboutServers(t *testing.T) {
	p, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	dir := t.TempDir()
	run(t, "mailbox", "import", writeDefinition(t, dir, p.Definition(), func(d *mailbox.Definition) {
		smtp := *d.Server(mailbox.SMTP)
		smtp.Host = "127.0.0.1"
		d.SetServer(mailbox.SMTP, &smtp)
	})).want(t, exitGood)
	t.Setenv("XDG_CONFIG_HOME", dir)
	t.Setenv("PATH", dir)
	if err := os.WriteFile(filepath.Join(dir, "systemctl"), []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	args := []string{"monitor", "--install", "--mail-from", "Practice", "--mail-to", "admin@contoso.com"}
	if o := run(t, args...).want(t, exitUsage); !strings.Contains(o.stderr, "127.0.0.1") {
		t.Errorf("%q", o.stderr)
	}
	run(t, append(args, "--allow-host", "127.0.0.1")...).want(t, exitGood)
}

// TestMonitorInstall: a systemctl that takes everything stands in for systemd.
func TestMonitorInstall(t *testing.T) {
	_, file := tenant(t, nil)
	run(t, "mailbox", "import", file).want(t, exitGood)
	dir := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", dir)
	t.Setenv("PATH", dir)
	t.Chdir(dir)
	if err := os.WriteFile("systemctl", []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	o := run(t, "monitor", "--install", "--every", "10m", "--format", "prometheus", "--output", "out.prom", "--warning-days", "30", "--allow-host", "mx.contoso.com",
		"--mail-from", "Practice", "--mail-to", "admin@contoso.com", "--match", "practice desk", "--desktop", "--lang", "de").want(t, exitGood)
	if o.stdout != "" || !strings.Contains(o.stderr, "alle 10 Minuten") || strings.Contains(o.stderr, "niemand") {
		t.Errorf("%q %q", o.stdout, o.stderr)
	}
	service, err := os.ReadFile(filepath.Join(dir, "systemd", "user", "mailgrant-monitor.service"))
	if err != nil {
		t.Fatal(err)
	}
	want := `"monitor" "--all" "--lang" "de" "--allow-host=mx.contoso.com" "--desktop=true" "--format=prometheus" "--mail-from=Practice" "--mail-to=admin@contoso.com" "--match=practice desk" ` +
		`"--output=` + filepath.Join(dir, "out.prom") + `" "--warning-days=30" "--scheduled=` + os.Getenv("MAILGRANT_HOME") + `"`
	if !strings.Contains(string(service), want) {
		t.Errorf("no %s in\n%s", want, service)
	}
	run(t, "monitor", "--install", "--format", "checkmk", "--desktop").want(t, exitGood)
	if text := read(t, filepath.Join(dir, "systemd", "user", "mailgrant-monitor.service")); strings.Contains(text, "--format") || !strings.Contains(text, "--desktop") {
		t.Errorf("what nobody reads has a format, and a failure the status 0: %s", text)
	}
	run(t, "monitor", "--install", "--mail-from", "Nobody", "--mail-to", "admin@contoso.com").want(t, exitUsage)
	if o := run(t, "monitor", "--install", "--mail-from", "Practice", "--mail-to", "admin@contoso.com").want(t, exitGood); !strings.Contains(o.stderr, "can no longer send") {
		t.Errorf("nobody else is told: %q", o.stderr)
	}
	if o := run(t, "monitor", "--install", "--lang", "de").want(t, exitGood); !strings.Contains(o.stderr, "erfährt niemand") {
		t.Errorf("without anybody to be told: %q", o.stderr)
	}
	run(t, "monitor", "--uninstall").want(t, exitGood)
	if err := os.WriteFile("systemctl", []byte("#!/bin/sh\necho Failed to connect to bus: No medium found >&2\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, do := range []string{"--install", "--uninstall"} {
		if o := run(t, "monitor", do).want(t, exitUsage); !strings.Contains(o.stderr, "No medium found\n") || !strings.Contains(o.stderr, "enable-linger") || strings.Contains(o.stderr, "task:") {
			t.Errorf("%s without a session: %q", do, o.stderr)
		}
	}
	if err := os.Remove("systemctl"); err != nil {
		t.Fatal(err)
	}
	if o := run(t, "monitor", "--install").want(t, exitUsage); !strings.Contains(o.stderr, "cron") || !strings.Contains(o.stderr, "not started") {
		t.Errorf("without systemd: %q", o.stderr)
	}
}
