package oauth

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// signInByDevice lets the user enter a code in a browser of another device
// (RFC 8628). Who signed in is checked like after any other sign-in.
func (c *Client) signInByDevice(ctx context.Context, r Request) (Grant, error) {
	s, err := c.discoverInTime(ctx, &r)
	if err != nil {
		return Grant{}, err
	}
	waiting, cancel := context.WithTimeoutCause(ctx, r.limit(), errTooLong)
	defer cancel()
	conf := config(r, s)
	da, err := c.askDeviceCode(waiting, r.Mailbox, conf)
	if err != nil {
		return Grant{}, explainDevice(waiting, r, err)
	}
	o := *r.Mailbox.OAuth
	until, _ := waiting.Deadline() // or sooner, where the code itself ends
	if da.Expiry.Before(until) {
		until = da.Expiry
	}
	r.emit(DeviceCode{
		UserCode: da.UserCode, VerificationURI: da.VerificationURI, Expires: until.UTC(),
		Authority: AuthorityHost(o), Foreign: !IsPreset(o),
	})
	early := c.fetchAhead(waiting, r, s)
	defer early.end(cancel)
	token, public, err := withSecret(r.ClientSecret, true, func(secret string) (*oauth2.Token, error) {
		conf.ClientSecret = secret
		return c.pollDevice(waiting, conf, da, forMail(r.Mailbox)...)
	})
	if err != nil {
		return Grant{}, explainDevice(waiting, r, err, redact.NewSecret(da.DeviceCode), r.ClientSecret)
	}
	r.emit(AnswerTaken{})
	return c.accept(ctx, r, s, early, token, public, "")
}

var errTooLong = errors.New("oauth: the time for the sign-in is over")

// maxInterval is the longest pause between two questions, in seconds.
const maxInterval = 60

// maxLifetime is the longest that a device code may live, in seconds.
const maxLifetime = 24 * 60 * 60

func explainDevice(ctx context.Context, r Request, err error, secrets ...redact.Secret) diagnosis.Diagnosis {
	if errors.Is(context.Cause(ctx), errTooLong) {
		return diagnosis.New(diagnosis.CauseSignInTimeout, diagnosis.PhaseDevice, nil)
	}
	return explain(ctx, r.Mailbox, diagnosis.PhaseDevice, err, secrets...)
}

// askDeviceCode is x/oauth2's DeviceAuth with a context that ends the request.
func (c *Client) askDeviceCode(ctx context.Context, d mailbox.Definition, conf oauth2.Config) (*oauth2.DeviceAuthResponse, error) {
	if conf.Endpoint.DeviceAuthURL == "" {
		return nil, reason(diagnosis.CauseUnknown, diagnosis.PhaseDevice, "the sign-in service offers no sign-in by device code")
	}
	form := url.Values{"client_id": {conf.ClientID}, "scope": {strings.Join(conf.Scopes, " ")}}
	a, err := c.ask(ctx, conf.Endpoint.DeviceAuthURL, form)
	if err != nil {
		return nil, err
	}
	if a.StatusCode != http.StatusOK {
		return nil, a.refusal()
	}
	return readDeviceCode(d, a.body)
}

// readDeviceCode reads the answer that holds a device code (RFC 8628, 3.2).
// x/oauth2's own reader ends the program upon "null" (v0.37.0).
func readDeviceCode(d mailbox.Definition, body []byte) (*oauth2.DeviceAuthResponse, error) {
	var answer tokenAnswer
	err := json.Unmarshal(body, &answer)
	da := &oauth2.DeviceAuthResponse{
		DeviceCode:      answer.text("device_code"),
		UserCode:        redact.Line(answer.text("user_code")),                                    // it is shown, and may be anybody's
		VerificationURI: cmp.Or(answer.text("verification_uri"), answer.text("verification_url")), // Google's spelling
		Interval:        min(cmp.Or(answer.seconds("interval"), 5), maxInterval),                  // RFC 8628, 3.2
	}
	if err != nil || da.DeviceCode == "" || da.UserCode == "" || !secureURL(da.VerificationURI) {
		return nil, unexpected(d, diagnosis.PhaseDevice, "the answer holds no device code or no usable address to enter it at")
	}
	da.Expiry = time.Now().Add(cmp.Or(time.Duration(min(answer.seconds("expires_in"), maxLifetime))*time.Second, DefaultTimeout))
	return da, nil
}

// pollDevice asks for the token until the user has confirmed the code. A lost
// connection, a fault of the service or its "not now" does not end it; the next
// question then waits twice as long (RFC 8628, 3.5).
func (c *Client) pollDevice(ctx context.Context, conf oauth2.Config, da *oauth2.DeviceAuthResponse, options ...oauth2.AuthCodeOption) (*oauth2.Token, error) {
	for {
		token, err := conf.DeviceAccessToken(c.oauth2Context(ctx), da, options...)
		var refused *oauth2.RetrieveError
		switch {
		case err == nil:
			return token, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case !time.Now().Before(da.Expiry):
			return nil, diagnosis.New(diagnosis.CauseDeviceCodeExpired, diagnosis.PhaseDevice, nil)
		case errors.As(err, &refused) && !passing(refused.Response.StatusCode):
			return nil, err
		}
		c.log().Debug("oauth: the service did not answer; asking again", "seconds", 2*da.Interval)
		da.Interval = min(2*da.Interval, maxInterval)
	}
}
