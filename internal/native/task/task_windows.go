package task

import (
	"context"
	"fmt"
	"os/user"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/windows"
)

// Supported reports whether a renewal can be scheduled here.
const Supported = true

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
	return run(ctx, filepath.Join(system, "schtasks.exe"), args, &syscall.SysProcAttr{CreationFlags: windows.CREATE_NO_WINDOW})
}

// InstallWatch registers the watchman for this user, in place of an earlier
// one, and says where: the task's name.
func InstallWatch(ctx context.Context, j Job) (where string, err error) {
	user, err := userName()
	if err != nil {
		return "", err
	}
	j.Kind, j.First = Watch, time.Now().Add(firstAfter)
	return Watch.name(user), install(ctx, j)
}

// RemoveWatch takes the watchman away. It is no error if there is none.
func RemoveWatch(ctx context.Context) error { return remove(ctx, Watch) }
