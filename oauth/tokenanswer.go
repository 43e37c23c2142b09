package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"golang.org/x/oauth2"
)

// tokenAnswer is an answer of the token endpoint (RFC 6749, 5.1), or of the one
// for device codes (RFC 8628, 3.2), by member.
//
// x/oauth2 reads it as a whole and loses a rotated refresh token when any
// other member is odd: an expires_in of 3599.5, a missing access token. Here
// each member is read by itself.
type tokenAnswer map[string]any

// afterCancel is how long an answer may still come after the user gave up: a
// refresh token that was sent is spent, and its successor worth a moment.
const afterCancel = 3 * time.Second

// postToken sends a token request. A refusal is an *oauth2.RetrieveError.
func (c *Client) postToken(ctx context.Context, address string, form url.Values) (tokenAnswer, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx, done := outlast(ctx, afterCancel)
	defer done()
	a, err := c.ask(ctx, address, form)
	if err != nil {
		return nil, err
	}
	return readTokenAnswer(a.Response, a.body)
}

// outlast returns a context that ends a while after ctx does. done frees it.
func outlast(ctx context.Context, while time.Duration) (longer context.Context, done func()) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(while, cancel) })
	return longer, func() { stop(); cancel() }
}

// What a token endpoint answers with a good status and without tokens.
var (
	errNoAnswer = errors.New("the answer of the token endpoint cannot be parsed")
	errNoTokens = errors.New("the answer of the token endpoint holds no access_token")
)

func readTokenAnswer(resp *http.Response, body []byte) (tokenAnswer, error) {
	answer := tokenAnswer{}
	unreadable := json.Unmarshal(body, &answer) != nil
	refusal := &oauth2.RetrieveError{
		Response: resp, Body: body,
		ErrorCode: answer.text("error"), ErrorDescription: answer.text("error_description"), ErrorURI: answer.text("error_uri"),
	}
	switch {
	case resp.StatusCode/100 != 2 || refusal.ErrorCode != "":
		return nil, refusal // some refuse with a good status
	case unreadable:
		return nil, errNoAnswer
	case answer.text("access_token") == "" && answer.text("refresh_token") == "":
		return nil, errNoTokens
	}
	return answer, nil
}

// text is a member that is a text, else "".
func (a tokenAnswer) text(name string) string {
	s, _ := a[name].(string)
	return s
}

// seconds is a member that is a number, or a text that holds one, else 0.
func (a tokenAnswer) seconds(name string) int64 {
	n, ok := a[name].(float64)
	if !ok {
		n, _ = strconv.ParseFloat(a.text(name), 64) // 0 where it is none
	}
	if math.IsNaN(n) || n < 0 {
		return 0
	}
	return int64(min(n, math.MaxInt32))
}

// token is the answer as x/oauth2 has it.
func (a tokenAnswer) token() *oauth2.Token {
	t := &oauth2.Token{
		AccessToken: a.text("access_token"), RefreshToken: a.text("refresh_token"),
		TokenType: a.text("token_type"), ExpiresIn: a.seconds("expires_in"),
	}
	return t.WithExtra(map[string]any(a))
}
