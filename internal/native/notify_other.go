//go:build !windows

package native

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"time"
)

// notifyLimit is how long the desktop may take.
const notifyLimit = 10 * time.Second

// Notify shows a notice on the desktop of the user, by the freedesktop.org
// Notifications service.
func Notify(ctx context.Context, title, text string) error {
	if runtime.GOOS == "darwin" {
		return errors.ErrUnsupported
	}
	ctx, cancel := context.WithTimeout(ctx, notifyLimit)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "notify-send", "--app-name=Mailgrant", "--", title, text).CombinedOutput(); err != nil {
		return fmt.Errorf("native: notify-send: %w: %s", err, out)
	}
	return nil
}
