package oauth

import (
	"errors"
	"net/http"
	"testing"
	"time"
)

// dated answers with a Date of its own.
type dated struct{ date string }

func (d dated) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusNotFound, Header: http.Header{"Date": {d.date}}, Body: http.NoBody}, nil
}

func TestClockAhead(t *testing.T) {
	here := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		there time.Time
		ahead time.Duration
	}{
		"right":  {here, 0},
		"ahead":  {here.Add(-time.Hour), time.Hour},
		"behind": {here.Add(10 * time.Minute), -10 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			client := &Client{HTTP: &http.Client{Transport: dated{c.there.Format(http.TimeFormat)}}, Now: func() time.Time { return here }}
			if got, err := client.ClockAhead(t.Context(), newOffline().definition()); err != nil || got != c.ahead {
				t.Errorf("%s, %v", got, err)
			}
		})
	}
	client := &Client{HTTP: &http.Client{Transport: dated{"yesterday"}}}
	if _, err := client.ClockAhead(t.Context(), newOffline().definition()); !errors.Is(err, errNoDate) {
		t.Errorf("error %v", err)
	}
}
