package oauth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/redact"
)

func TestRefresh(t *testing.T) {
	old := redact.NewSecret("refresh-token-old")
	t.Run("rotated", func(t *testing.T) {
		f, c := offline()
		g, err := c.Refresh(t.Context(), f.definition(), Renewal{RefreshToken: old})
		if err != nil || g.RefreshToken.Reveal() == old.Reveal() || g.AccessToken.Empty() || g.Endpoint == "" {
			t.Errorf("%+v, %v", g, err)
		}
		form := f.requests[0]
		if form.Get("grant_type") != "refresh_token" || form.Get("refresh_token") != old.Reveal() || form.Get("client_id") != testClient || form.Has("client_secret") {
			t.Errorf("form %v", form)
		}
	})
	t.Run("not rotated", func(t *testing.T) {
		f, c := offline()
		f.token = func(w http.ResponseWriter, _ url.Values) bool {
			writeTestJSON(w, 200, map[string]any{"access_token": "new", "token_type": "Bearer", "expires_in": "3600"})
			return true
		}
		g, err := c.Refresh(t.Context(), f.definition(), Renewal{RefreshToken: old})
		if err != nil || g.RefreshToken.Reveal() != old.Reveal() || len(Missing(MailScopes(f.definition()), g.Granted)) != 0 {
			t.Errorf("%+v, %v", g, err)
		}
	})
	t.Run("rotated, and no more", func(t *testing.T) {
		f, c := offline()
		f.token = func(w http.ResponseWriter, _ url.Values) bool {
			writeTestJSON(w, 200, map[string]any{"refresh_token": "the-next-one"})
			return true
		}
		g, err := c.Refresh(t.Context(), f.definition(), Renewal{RefreshToken: old})
		if err != nil || g.RefreshToken.Reveal() != "the-next-one" || g.Expires.Before(time.Now().Add(unknownLifetime-time.Minute)) {
			t.Errorf("%+v, %v", g, err)
		}
	})
	t.Run("rotated to what is no token", func(t *testing.T) {
		f, c := offline()
		f.token = func(w http.ResponseWriter, _ url.Values) bool {
			writeTestJSON(w, 200, map[string]any{"access_token": "new", "refresh_token": "two words", "token_type": "Bearer"})
			return true
		}
		if g, err := c.Refresh(t.Context(), f.definition(), Renewal{RefreshToken: old}); err == nil {
			t.Errorf("%+v", g)
		}
	})
	t.Run("custom, with secret", func(t *testing.T) {
		f, c := offline()
		if _, err := c.Refresh(t.Context(), f.custom(), Renewal{RefreshToken: old, ClientSecret: redact.NewSecret("s3cret-value")}); err != nil {
			t.Fatal(err)
		}
		if f.requests[0].Get("client_secret") != "s3cret-value" {
			t.Errorf("form %v", f.requests[0])
		}
	})
	t.Run("nothing to renew", func(t *testing.T) {
		f, c := offline()
		if _, err := c.Refresh(t.Context(), f.definition(), Renewal{}); causeOf(err) != diagnosis.CauseRefreshTokenMissing {
			t.Error(err)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		f, c := offline()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := c.Refresh(ctx, f.definition(), Renewal{RefreshToken: old}); causeOf(err) != diagnosis.CauseCancelled {
			t.Error(err)
		}
	})
}

// Final and passing errors; how they are told apart is diagnosis' business,
// that it is given the service's words, ours.
func TestRefreshErrors(t *testing.T) {
	cases := []struct {
		name string
		code int
		body string
		want string
		then diagnosis.Retry
	}{
		{"expired", 400, `{"error":"invalid_grant","error_description":"AADSTS700082: The refresh token has expired due to inactivity."}`, "AADSTS700082", diagnosis.RetrySignIn},
		{"service down", 503, "<html>Service Unavailable</html>", "Service Unavailable", diagnosis.RetryWait},
		{"error with status 200", 200, `{"error":"invalid_grant","error_description":"AADSTS50173: revoked"}`, "AADSTS50173", diagnosis.RetrySignIn},
		{"no token in it", 200, `{}`, "access_token", diagnosis.RetryWait},
		{"no JSON", 200, `<html>`, "parse", diagnosis.RetryWait},
		{"repeats what was sent", 400, `you sent the-old-refresh-token, dear`, "[redacted]", diagnosis.RetryWait},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			f, c := offline()
			f.token = func(w http.ResponseWriter, _ url.Values) bool {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(tc.code)
				_, _ = w.Write([]byte(tc.body))
				return true
			}
			_, err := c.Refresh(t.Context(), f.definition(), Renewal{RefreshToken: redact.NewSecret("the-old-refresh-token")})
			var d diagnosis.Diagnosis
			if !errors.As(err, &d) || d.Phase != diagnosis.PhaseRefresh || !strings.Contains(d.ServerText, tc.want) || strings.Contains(d.ServerText, "the-old-refresh-token") {
				t.Errorf("%#v", err)
			}
			if d.Retry != tc.then {
				t.Errorf("%s: then %s, want %s", d.Cause, d.Retry, tc.then)
			}
			if len(f.requests) != 1 {
				t.Errorf("%d requests", len(f.requests))
			}
		})
	}
}

// Where a renewal asks for the token endpoint first, what goes wrong with that is
// of the renewal too: nothing was refused, so the next one may work.
func TestRefreshWithoutDiscovery(t *testing.T) {
	for name, issuer := range map[string]string{"nothing listens": "", "no document": "", "another issuer": "https://evil.test"} {
		f, c := offline()
		f.metadata = func(m map[string]any) { m["issuer"] = issuer }
		d := f.custom()
		if name == "nothing listens" {
			c, d.OAuth.Issuer = &Client{}, "http://127.0.0.1:1"
		}
		_, err := c.Refresh(t.Context(), d, Renewal{RefreshToken: redact.NewSecret("old")})
		if diag, _ := errors.AsType[diagnosis.Diagnosis](err); diag.Phase != diagnosis.PhaseRefresh || diag.Retry != diagnosis.RetryWait {
			t.Errorf("%s: %#v", name, err)
		}
	}
}
