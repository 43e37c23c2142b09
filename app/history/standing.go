package history

import (
	"slices"
	"time"

	"mailgrant/internal/i18n"
	"mailgrant/mailtest"
)

// Standing is how a mailbox has been doing lately.
type Standing struct {
	OK     bool
	Since  time.Time // the first of the results that are all like the last one
	Before time.Time // the last result that was otherwise; zero: none is known
	Last   Entry
}

// StandingOf reads a mailbox's results, the oldest first. Without results there
// is no standing.
func StandingOf(all []Entry) (s Standing, ok bool) {
	if len(all) == 0 {
		return Standing{}, false
	}
	s.Last = all[len(all)-1]
	s.OK = s.Last.OK()
	for _, e := range slices.Backward(all) {
		if e.OK() != s.OK {
			s.Before = e.At
			break
		}
		s.Since = e.At
	}
	return s, true
}

// Only narrows results to one protocol; tests without it are left out.
func Only(all []Entry, p mailtest.Protocol) []Entry {
	var out []Entry
	for _, e := range all {
		if r, ok := e.Results[p]; ok {
			e.Results, e.Cause = map[mailtest.Protocol]Result{p: r}, r.Cause
			out = append(out, e)
		}
	}
	return out
}

// Text says it in a sentence. Times are in the zone of now.
func (s Standing) Text(t *i18n.Texts, now time.Time) string {
	when := func(at time.Time) string { return at.In(now.Location()).Format(t.Text("history.time")) }
	args := i18n.Args{"since": when(s.Since), "before": when(s.Before), "cause": s.Last.Title(t)}
	key := "history.works"
	if !s.OK {
		key = "history.fails"
	}
	if !s.Before.IsZero() {
		key += "-after"
	}
	if !s.OK && args["cause"] == "" {
		key += "-unknown"
	}
	return t.Text(key, args)
}
