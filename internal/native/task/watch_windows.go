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
	return Watch.name(user), install(ctx, Job{
		Kind: Watch, Command: o.Command, Home: o.Home, Description: o.Description,
		First: time.Now().Add(firstAfter), Every: o.Every,
	})
}

func removeWatch(ctx context.Context) error { return remove(ctx, Watch) }
