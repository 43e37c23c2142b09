package history

import (
	"context"
	"iter"
	"log/slog"
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

// Tester runs a mailbox test, as mailtest.Run does.
type Tester func(context.Context, mailtest.Config) iter.Seq[mailtest.Event]

// Recording makes of a tester one that keeps the result of each test that ran
// to its end. That it could not be kept is no fault of the mailbox: the log
// tells.
func (h *History) Recording(test Tester, log *slog.Logger) Tester {
	return func(ctx context.Context, c mailtest.Config) iter.Seq[mailtest.Event] {
		return func(yield func(mailtest.Event) bool) {
			report := mailtest.NewReport(c.Mailbox, time.Now())
			for event := range test(ctx, c) {
				report.Add(event)
				if !yield(event) {
					return
				}
			}
			entry := Of(report)
			if ctx.Err() != nil || len(entry.Results) == 0 {
				return // cut short: this says nothing about the mailbox
			}
			if err := h.Add(ctx, c.Mailbox.Name, entry); err != nil {
				log.Warn("history: a result could not be kept", "error", err)
			}
		}
	}
}
