package history

import (
	"context"
	"iter"
	"log/slog"
	"time"

	"mailgrant/mailtest"
)

// Tester runs a mailbox test, as mailtest.Run does.
type Tester func(context.Context, mailtest.Config) iter.Seq[mailtest.Event]

// Recording makes of a tester one that keeps the result of each test that ran
// to its end. That it could not be kept is no fault of the mailbox: the log
// tells.
func (h *History) Recording(test Tester, by Source, log *slog.Logger) Tester {
	return func(ctx context.Context, c mailtest.Config) iter.Seq[mailtest.Event] {
		return func(yield func(mailtest.Event) bool) {
			report := mailtest.NewReport(c.Mailbox, time.Now())
			for event := range test(ctx, c) {
				report.Add(event)
				if !yield(event) {
					return
				}
			}
			entry := Of(report, by)
			if ctx.Err() != nil || len(entry.Results) == 0 {
				return // cut short: this says nothing about the mailbox
			}
			if err := h.Add(ctx, c.Mailbox.Name, entry); err != nil {
				log.Warn("history: a result could not be kept", "error", err)
			}
		}
	}
}
