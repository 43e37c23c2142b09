//go:build !windows

package task

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var watch = Job{
	Command: []string{"monitor", "--all", "--mail-to", "50% $HOME@contoso.com"}, Home: `/srv/mail "grant"`,
	Description: "Watches 100% of\nthe mailboxes", Every: 15 * time.Minute,
}

func TestUnits(t *testing.T) {
	t.Setenv(keyFile, "/etc/ke$y")
	for name, value := range map[string]string{
		"HTTPS_PROXY": "http://proxy.contoso.com:8080/%20", "https_proxy": "user:secret@proxy.contoso.com:8080", "NO_PROXY": "a, b", "SSL_CERT_FILE": "/etc/my root.pem",
		"HTTP_PROXY": "", "http_proxy": "", "no_proxy": "", "SSL_CERT_DIR": "",
	} {
		t.Setenv(name, value)
	}
	service := watch.service("/opt/$x/mailgrant-cli")
	if strings.Contains(service, "secret") || strings.Count(service, "\nEnvironment=") != 3 {
		t.Errorf("every user may read this:\n%s", service)
	}
	for _, part := range []string{
		"Description=Watches 100%% of the mailboxes\n",
		`Environment="HTTPS_PROXY=http://proxy.contoso.com:8080/%%20"` + "\n", `Environment="NO_PROXY=a, b"` + "\n", `Environment="SSL_CERT_FILE=/etc/my root.pem"` + "\n",
		`ExecStart="/opt/$x/mailgrant-cli" "monitor" "--all" "--mail-to" "50%% $$HOME@contoso.com" "--scheduled=/srv/mail \"grant\"" "--scheduled-key=/etc/ke$$y"` + "\n",
	} {
		if !strings.Contains(service, part) {
			t.Errorf("no %s in\n%s", part, service)
		}
	}
	if timer := watch.timer(); !strings.Contains(timer, "OnUnitActiveSec=15min\n") || !strings.Contains(timer, "WantedBy=timers.target") {
		t.Error(timer)
	}
}

// TestWatch: a systemctl that notes what it was asked stands in for systemd.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", dir)
	t.Setenv("PATH", dir)
	asked := filepath.Join(dir, "asked")
	if err := os.WriteFile(filepath.Join(dir, "systemctl"), []byte("#!/bin/sh\necho \"$@\" >>"+asked+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv(keyFile, "key")
	where, err := InstallWatch(t.Context(), watch)
	if err != nil || where != filepath.Join(dir, "systemd", "user", "mailgrant-monitor.timer") {
		t.Fatalf("%q, %v", where, err)
	}
	if service, _ := os.ReadFile(filepath.Join(filepath.Dir(where), "mailgrant-monitor.service")); !strings.Contains(string(service), `"--scheduled-key=/`) {
		t.Errorf("the key file is looked for elsewhere:\n%s", service)
	}
	for range 2 { // the second time there is nothing to remove
		if err := RemoveWatch(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if left, _ := os.ReadDir(filepath.Dir(where)); len(left) != 0 {
		t.Errorf("files stay: %v", left)
	}
	words, _ := os.ReadFile(asked)
	if string(words) != "--user daemon-reload\n--user enable --now mailgrant-monitor.timer\n--user disable --now mailgrant-monitor.timer\n" {
		t.Errorf("systemctl was asked:\n%s", words)
	}
	if err := os.WriteFile(filepath.Join(dir, "systemctl"), []byte("#!/bin/sh\necho no bus >&2; exit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := InstallWatch(t.Context(), watch); err == nil || !strings.Contains(err.Error(), "no bus") {
		t.Errorf("a refusal: %v", err)
	}
}
