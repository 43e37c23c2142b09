package oauth

import (
	"context"
	"errors"
	"net/http"
	"time"

	"mailgrant/internal/mailbox"
)

// errNoDate: the answer does not say when it was made.
var errNoDate = errors.New("oauth: the sign-in service does not tell the time")

// ClockAhead asks the sign-in service for the time (RFC 9110, section 6.6.1)
// and returns how far this machine's clock is ahead of it, to a second or
// two. The way there is cut in half.
func (c *Client) ClockAhead(ctx context.Context, d mailbox.Definition) (time.Duration, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, discoveryURL(*d.OAuth), nil)
	if err != nil {
		return 0, err
	}
	sent := c.now()
	resp, err := c.http().Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	there, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return 0, errNoDate
	}
	received := c.now()
	return sent.Add(received.Sub(sent) / 2).Sub(there), nil
}
