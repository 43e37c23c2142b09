package cli

import (
	"context"
	"fmt"
	"testing"
	"time"

	"mailgrant/app/practice"
	"mailgrant/internal/mailbox"
)

// TestAllSparesAHost: of many mailboxes on one host that answers nobody, no
// more than eight connections stand at once, or as many as are allowed.
func TestAllSparesAHost(t *testing.T) {
	tenant, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	silent, accepted := silentServer(t)
	for i := range 12 {
		run(t, "mailbox", "import", writeDefinition(t, t.TempDir(), tenant.Definition(), func(d *mailbox.Definition) {
			d.Name = fmt.Sprint("Mailbox ", i)
			for _, s := range d.Servers {
				s.Port = silent
			}
		})).want(t, exitGood)
	}
	for most, flags := range map[int64][]string{8: nil, 3: {"--per-host", "3"}} {
		accepted.Store(0)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			runWith(t, ctx, "", append([]string{"test", "--all"}, flags...)...)
		}()
		for begun := time.Now(); accepted.Load() < 3 && time.Since(begun) < time.Minute; {
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(500 * time.Millisecond) // in which more would come
		if n := accepted.Load(); n < 3 || n > most {
			t.Errorf("%d connections at once; at most %d are allowed", n, most)
		}
		cancel()
		<-done
	}
}
