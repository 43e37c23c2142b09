package authorization

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// bent is the way to the practice tenant, at which a test bends the answers
// of the token endpoint and sees what was sent there.
type bent struct {
	next   http.RoundTripper
	answer func(map[string]any) // bends an answer with tokens; nil = as it came
	sent   []url.Values
	secret string // without it there is nothing; "" = as it came
	gave   []map[string]any
}

// bend puts a bent way below the rig's manager.
func (r *rig) bend(t *testing.T) *bent {
	t.Helper()
	b := &bent{}
	inner := r.http
	r.http = func(d mailbox.Definition, login redact.Secret) (*http.Client, error) {
		c, err := inner(d, login)
		if err == nil {
			b.next, c.Transport = c.Transport, b
		}
		return c, err
	}
	return b
}

func (b *bent) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "/token") {
		return b.next.RoundTrip(r)
	}
	form, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(form))
	values, _ := url.ParseQuery(string(form))
	b.sent = append(b.sent, values)
	if b.secret != "" {
		if values.Get("client_secret") != b.secret {
			const says = `{"error":"invalid_client","error_description":"AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'."}`
			return &http.Response{
				StatusCode: http.StatusUnauthorized, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(says)), Request: r,
			}, nil
		}
		left, _ := url.ParseQuery(string(form)) // the tenant knows a public client
		left.Del("client_secret")
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(left.Encode())), int64(len(left.Encode()))
	}
	resp, err := b.next.RoundTrip(r)
	if err != nil || resp.StatusCode != http.StatusOK {
		return resp, err
	}
	defer resp.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return nil, err
	}
	if b.answer != nil {
		b.answer(answer)
	}
	b.gave = append(b.gave, answer)
	data, err := json.Marshal(answer)
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))
	resp.Header.Del("Content-Length")
	return resp, err
}

// lastSent is the refresh token that was sent last.
func (b *bent) lastSent() string { return b.sent[len(b.sent)-1].Get("refresh_token") }

// lastGiven is the refresh token of the last answer.
func (b *bent) lastGiven() string {
	token, _ := b.gave[len(b.gave)-1]["refresh_token"].(string)
	return token
}

// tampered changes the signature of an identity token.
func tampered(answer map[string]any) {
	token, _ := answer["id_token"].(string)
	at := strings.LastIndexByte(token, '.') + 1
	answer["id_token"] = token[:at] + strings.Repeat("A", len(token)-at)
}
