package oauth

import (
	"context"
	"time"

	"mailgrant/internal/mailbox"
)

// ClockAhead asks the sign-in service for the time and returns how far this
// machine's clock is ahead of it, to a second or two.
func (c *Client) ClockAhead(ctx context.Context, d mailbox.Definition) (time.Duration, error) {
	a, err := c.ask(ctx, discoveryURL(*d.OAuth), nil)
	if a.Response == nil { // a body that breaks off has a date as well
		return 0, err
	}
	return a.ahead()
}
