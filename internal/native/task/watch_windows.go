package task

import (
	"context"
	"time"
)

func installWatch(ctx context.Context, o WatchOptions) (string, error) {
	user, err := userName()
	if err != nil {
		return "", err
	}
	return Watch.name(user), install(ctx, o.job(time.Now()))
}

func removeWatch(ctx context.Context) error { return remove(ctx, Watch) }
