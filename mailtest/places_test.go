package mailtest

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mailgrant/internal/mailbox"
)

func TestPlacesAtOneHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPlaces(8)
		var now, most int64
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				leave, err := p.take(t.Context(), map[string]int64{"one.test": 3})
				defer leave()
				if err != nil {
					t.Error(err)
				}
				p.mu.Lock()
				now += 3
				most = max(most, now)
				p.mu.Unlock()
				time.Sleep(time.Minute) // of the test's own clock
				p.mu.Lock()
				now -= 3
				p.mu.Unlock()
			})
		}
		synctest.Wait()
		count := func() (int64, int64) {
			p.mu.Lock()
			defer p.mu.Unlock()
			return now, most
		}
		if _, most := count(); most != 6 {
			t.Errorf("%d connections at once; two mailboxes of three fit into eight", most)
		}
		// Another host is not held up by the queue at the first.
		leave, err := p.take(t.Context(), map[string]int64{"two.test": 3})
		if now, _ := count(); err != nil || now == 0 {
			t.Errorf("another host: %v; %d at the first", err, now)
		}
		leave()
		all.Wait()
		if most != 6 || now != 0 {
			t.Errorf("in the end: %d at once, %d left", most, now)
		}
	})
}

// With one kind of server more than places, a mailbox takes all of them.
func TestAMailboxWithMoreServersThanPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPlaces(MinPerHost)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour) // of the bubble's clock
		defer cancel()
		for range 2 {
			leave, err := p.take(ctx, map[string]int64{"one.test": MinPerHost + 1})
			if leave(); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestAQueueEndsWithItsContext(t *testing.T) {
	p := NewPlaces(1) // at least one mailbox
	leave, err := p.take(t.Context(), map[string]int64{"one.test": MinPerHost})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.take(ctx, map[string]int64{"one.test": 1}); err == nil {
		t.Error("there was room")
	}
	leave()
	leave, err = p.take(t.Context(), map[string]int64{"one.test": MinPerHost})
	if err != nil {
		t.Errorf("after that: %v", err)
	}
	leave()
}

func TestHostsTakeTurns(t *testing.T) {
	var all []mailbox.Definition
	for _, name := range []string{"a1", "a2", "a3", "a4", "b1", "b2", "c1"} {
		all = append(all, mailbox.Definition{Name: name, Servers: mailbox.NewServers(mailbox.Given{mailbox.IMAP: &mailbox.Server{Host: name[:1] + ".test"}})})
	}
	var names []string
	for _, d := range inTurns(all) {
		names = append(names, d.Name)
	}
	if got := strings.Join(names, " "); got != "a1 b1 c1 a2 b2 a3 a4" {
		t.Errorf("order: %s", got)
	}
}
