package oauth

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"mailgrant/internal/mailbox"
)

// answered is a whole answer of the sign-in service, whose body is read.
type answered struct {
	*http.Response
	body []byte
	at   time.Time // half-way between the question and the answer, by this machine's clock
}

// ask posts a form, or gets an address where there is none. Whatever the
// service answers is no error.
func (c *Client) ask(ctx context.Context, address string, form url.Values) (answered, error) {
	method, body, accept := http.MethodGet, io.Reader(nil), "application/json, text/html;q=0.5"
	if form != nil {
		method, body, accept = http.MethodPost, strings.NewReader(form.Encode()), "application/json"
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return answered{}, err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("Accept", accept)
	sent := c.now()
	resp, err := c.http().Do(req)
	if err != nil {
		return answered{}, err
	}
	defer resp.Body.Close()
	at := sent.Add(c.now().Sub(sent) / 2)
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	return answered{resp, data, at}, err
}

// refusal is the answer as the error of a request.
func (a answered) refusal() *oauth2.RetrieveError {
	return &oauth2.RetrieveError{Response: a.Response, Body: a.body}
}

// errNoDate is told of an answer that does not say when it was made.
var errNoDate = errors.New("oauth: the sign-in service does not tell the time")

// ahead is how far this machine's clock is ahead of the service's, to a second
// or two (RFC 9110, 6.6.1: Date has whole seconds).
func (a answered) ahead() (time.Duration, error) {
	there, err := http.ParseTime(a.Header.Get("Date"))
	if err != nil {
		return 0, errNoDate
	}
	return a.at.Sub(there), nil
}

// ClockAhead asks the sign-in service for the time and returns how far this
// machine's clock is ahead of it, to a second or two.
func (c *Client) ClockAhead(ctx context.Context, d mailbox.Definition) (time.Duration, error) {
	a, err := c.ask(ctx, discoveryURL(*d.OAuth), nil)
	if a.Response == nil { // a body that breaks off has a date as well
		return 0, err
	}
	return a.ahead()
}
