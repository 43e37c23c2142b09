package task

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/windows"
)

const supported = true

// userName is DOMAIN\name.
func userName() (string, error) {
	u, err := user.Current()
	if err != nil {
		return "", err
	}
	return u.Username, nil
}

// scheduler runs schtasks without a console window.
func scheduler(ctx context.Context, args ...string) error {
	system, err := windows.GetSystemDirectory()
	if err != nil {
		return fmt.Errorf("task: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(system, "schtasks.exe"), args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NO_WINDOW}
	out, err := cmd.CombinedOutput()
	var ended *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("task: %w", ctx.Err())
	case errors.As(err, &ended):
		return &Error{Program: "schtasks", Status: ended.ExitCode(), Words: strings.ToValidUTF8(strings.TrimSpace(string(out)), "?")}
	case err != nil:
		return fmt.Errorf("task: %w", err)
	}
	return nil
}
