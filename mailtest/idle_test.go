package mailtest

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mailgrant/internal/mailbox"
)

// Once waiting has failed nothing more is said, and no time limit runs on.
func TestNoDONEAfterAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, sent := wireOf("+ idling\r\n* 3 EX")
		r := newRun(t.Context(), Config{Mailbox: mailbox.Definition{}})
		o := &opened{&session{r: r}, time.AfterFunc(time.Hour, func() {})}
		reader := &imapReader{s: o, d: &imapDialog{surroundings: surroundings{wire: w}}}
		err := reader.idle(context.Background())
		synctest.Wait()
		if err == nil || strings.Contains(sent.sent.String(), "DONE") {
			t.Errorf("%v, and it said %q", err, &sent.sent)
		}
		if o.limit.Stop() {
			t.Error("the time limit runs on")
		}
	})
}
