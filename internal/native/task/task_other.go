//go:build !windows

package task

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// unit is the name of the service and of its timer.
const unit = "mailgrant-monitor"

// systemctl is how long systemd may take.
const systemctlLimit = 30 * time.Second

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

func installWatch(ctx context.Context, o WatchOptions) (string, error) {
	dir, scope, err := unitFolder()
	if err != nil {
		return "", err
	}
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("task: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("task: %w", err)
	}
	timer := filepath.Join(dir, unit+".timer")
	err = errors.Join(
		os.WriteFile(filepath.Join(dir, unit+".service"), []byte(o.service(self, os.Getenv("MAILGRANT_KEY_FILE"))), 0o644),
		os.WriteFile(timer, []byte(o.timer()), 0o644),
	)
	if err != nil {
		return "", fmt.Errorf("task: %w", err)
	}
	if err := systemctl(ctx, scope, "daemon-reload"); err != nil {
		return timer, err
	}
	return timer, systemctl(ctx, scope, "enable", "--now", unit+".timer")
}

func removeWatch(ctx context.Context) error {
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

// service is the unit that runs the watchman once. A problem of a mailbox is
// no failure of the service: SuccessExitStatus.
func (o WatchOptions) service(program, keyFile string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "[Unit]\nDescription=%s\nWants=network-online.target\nAfter=network-online.target\n\n[Service]\nType=oneshot\n", unitText(o.Description))
	if keyFile != "" {
		fmt.Fprintf(&b, "Environment=%s\n", unitQuote("MAILGRANT_KEY_FILE="+keyFile))
	}
	b.WriteString("ExecStart=" + unitQuote(program))
	for _, arg := range append(append([]string{}, o.Command...), flag+o.Home) {
		b.WriteString(" " + unitQuote(arg))
	}
	b.WriteString("\nSuccessExitStatus=1 5\nTimeoutStartSec=1h\nNoNewPrivileges=yes\n")
	return b.String()
}

func (o WatchOptions) timer() string {
	return fmt.Sprintf("[Unit]\nDescription=%s\n\n[Timer]\nOnActiveSec=%ds\nOnUnitActiveSec=%dmin\nRandomizedDelaySec=30s\n\n[Install]\nWantedBy=timers.target\n",
		unitText(o.Description), int(firstAfter.Seconds()), int(o.Every.Minutes()))
}

// unitQuote is a word as systemd reads it again: C escapes in quotes, % and $
// doubled (man systemd.service, "Command lines").
func unitQuote(word string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "%", "%%", "$", "$$").Replace(word) + `"`
}

// unitText is a description in one line.
func unitText(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "%", "%%")
}

func systemctl(ctx context.Context, scope []string, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, systemctlLimit)
	defer cancel()
	out, err := exec.CommandContext(ctx, "systemctl", append(scope, args...)...).CombinedOutput()
	var ended *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return ErrUnsupported
	case errors.As(err, &ended):
		return &Error{Program: "systemctl", Status: ended.ExitCode(), Words: strings.ToValidUTF8(strings.TrimSpace(string(out)), "?"), OfUser: len(scope) > 0}
	case err != nil:
		return fmt.Errorf("task: %w", err)
	}
	return nil
}
