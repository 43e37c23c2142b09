//go:build !windows

package task

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Supported reports whether a renewal can be scheduled here.
const Supported = false

func userName() (string, error) { return "", ErrUnsupported }

func scheduler(context.Context, ...string) error { return ErrUnsupported }

// unit is the name of the service and of its timer.
const unit = "mailgrant-monitor"

// unitFolder is where units of this user belong, or, for root, of the system:
// root's own user manager seldom runs (man systemd.unit).
func unitFolder() (dir string, args []string, err error) {
	if os.Geteuid() == 0 && os.Getenv("XDG_CONFIG_HOME") == "" {
		return "/etc/systemd/system", nil, nil
	}
	config, err := os.UserConfigDir()
	if err != nil {
		return "", nil, fmt.Errorf("task: %w", err)
	}
	return filepath.Join(config, "systemd", "user"), []string{"--user"}, nil
}

// InstallWatch registers the watchman for this user, in place of an earlier
// one, and says where: the timer's file.
func InstallWatch(ctx context.Context, j Job) (where string, err error) {
	dir, scope, err := unitFolder()
	if err != nil {
		return "", err
	}
	self, err := os.Executable()
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err != nil {
		return "", fmt.Errorf("task: %w", err)
	}
	timer := filepath.Join(dir, unit+".timer")
	err = errors.Join(
		os.WriteFile(filepath.Join(dir, unit+".service"), []byte(j.service(self)), 0o644),
		os.WriteFile(timer, []byte(j.timer()), 0o644),
	)
	if err != nil {
		return "", fmt.Errorf("task: %w", err)
	}
	if err := systemctl(ctx, scope, "daemon-reload"); err != nil {
		return timer, err
	}
	return timer, systemctl(ctx, scope, "enable", "--now", unit+".timer")
}

// RemoveWatch takes the watchman away. It is no error if there is none.
func RemoveWatch(ctx context.Context) error {
	dir, scope, err := unitFolder()
	if err != nil {
		return err
	}
	timer := filepath.Join(dir, unit+".timer")
	if _, err := os.Lstat(timer); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	stopped := systemctl(ctx, scope, "disable", "--now", unit+".timer")
	for _, file := range []string{timer, filepath.Join(dir, unit+".service")} {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("task: %w", err)
		}
	}
	return stopped
}

// environment leads to the sign-in service, and systemd does not hand it on: proxies
// (net/http) and roots (crypto/x509).
var environment = []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR"}

// service is the unit that runs the watchman once. A problem of a mailbox is
// no failure of the service: SuccessExitStatus.
func (j Job) service(program string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "[Unit]\nDescription=%s\nWants=network-online.target\nAfter=network-online.target\n\n[Service]\nType=oneshot\n", unitText(j.Description))
	for _, name := range environment {
		if value := os.Getenv(name); value != "" && !strings.Contains(value, "@") { // every user may read a unit: no password
			b.WriteString("Environment=" + unitQuote(name+"="+value) + "\n")
		}
	}
	b.WriteString("ExecStart=" + unitQuote(program))
	for _, arg := range j.words() {
		b.WriteString(" " + strings.ReplaceAll(unitQuote(arg), "$", "$$")) // a variable only there, not in a program's path
	}
	b.WriteString("\nSuccessExitStatus=1 5\nTimeoutStartSec=1h\nNoNewPrivileges=yes\n")
	return b.String()
}

func (j Job) timer() string {
	return fmt.Sprintf("[Unit]\nDescription=%s\n\n[Timer]\nOnActiveSec=%ds\nOnUnitActiveSec=%dmin\nRandomizedDelaySec=30s\n\n[Install]\nWantedBy=timers.target\n",
		unitText(j.Description), int(firstAfter.Seconds()), int(j.Every.Minutes()))
}

// unitQuote is a word as systemd reads it again: C escapes in quotes, % doubled (man
// systemd.service, "Command lines").
func unitQuote(word string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "%", "%%").Replace(word) + `"`
}

// unitText is a description in one line.
func unitText(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "%", "%%")
}

func systemctl(ctx context.Context, scope []string, args ...string) error {
	err := run(ctx, "systemctl", append(scope, args...), nil)
	if refused, ok := errors.AsType[*Error](err); ok {
		refused.OfUser = len(scope) > 0
	}
	return err
}
