package practice

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"mailgrant/internal/mailbox"
)

// Browser is an oauth.Opener without a window: the account of this name signs in.
type Browser string

// Open visits the address. No answer shows as a time-out.
func (user Browser) Open(ctx context.Context, _, start string) (string, error) {
	go func() { _, _ = Visit(ctx, start, string(user), nil) }()
	return "practice", nil
}

// maxPage is the most that is read of a page.
const maxPage = 1 << 20

// Visit does what a browser does with the short address of a sign-in: it
// follows it to the tenant's sign-in page, answers that page as the account
// named user, and returns the last page. With user "" it stops at the sign-in
// page. seen, if not nil, is told every address on the way. It serves the
// tour without a window, and tests.
func Visit(ctx context.Context, start, user string, seen func(*url.URL)) (page string, err error) {
	own := &http.Transport{}
	defer own.CloseIdleConnections()
	client := &http.Client{Transport: own, CheckRedirect: func(next *http.Request, _ []*http.Request) error {
		if !mailbox.IsLoopback(next.URL.Hostname()) {
			return fmt.Errorf("practice: led away from this machine to %q", next.URL.Host)
		}
		if seen != nil {
			seen(next.URL)
		}
		if strings.HasSuffix(next.URL.Path, "/authorize") && user != "" {
			q := next.URL.Query()
			q.Set("practice_user", user)
			next.URL.RawQuery = q.Encode()
		}
		return nil
	}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, start, nil)
	if err != nil {
		return "", fmt.Errorf("practice: %w", err)
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", fmt.Errorf("practice: %w", err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxPage))
	return string(text), err
}
