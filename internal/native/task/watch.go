package task

import (
	"context"
	"time"
)

// WatchOptions say how the watchman is to run.
type WatchOptions struct {
	Command     []string // the command and its options
	Home        string
	Description string
	Every       time.Duration // whole minutes
}

// firstAfter is how long after its registration the watchman runs first.
const firstAfter = time.Minute

// InstallWatch registers the watchman for this user, in place of an earlier
// one, and says where: the task's name or the timer's file.
func InstallWatch(ctx context.Context, o WatchOptions) (where string, err error) {
	return installWatch(ctx, o)
}

// RemoveWatch takes the watchman away. It is no error if there is none.
func RemoveWatch(ctx context.Context) error { return removeWatch(ctx) }
