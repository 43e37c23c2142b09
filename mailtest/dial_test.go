package mailtest_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

func atLoopback(context.Context, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
}

// route is how an address behaves: after a time it answers or fails.
type route struct {
	after time.Duration
	err   error
}

func TestAddressesInTurn(t *testing.T) {
	const v4, v4b, v6, v6b = "192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"
	unreachable := errors.New("no route to host")
	never := time.Hour
	for name, c := range map[string]struct {
		found  []string
		routes map[string]route
		order  []string // of the attempts as they begin
		used   string
		took   time.Duration
	}{
		"the first answers": {
			[]string{v6, v4},
			map[string]route{v6: {10 * time.Millisecond, nil}},
			[]string{v6},
			v6, 10 * time.Millisecond,
		},
		"the families take turns": {
			[]string{v6, v6b, v4, v4b},
			map[string]route{v6: {never, nil}, v4: {never, nil}, v6b: {never, nil}, v4b: {50 * time.Millisecond, nil}},
			[]string{v6, v4, v6b, v4b},
			v4b, 950 * time.Millisecond,
		},
		"a failure does not wait": {
			[]string{v6, v4},
			map[string]route{v6: {0, unreachable}, v4: {20 * time.Millisecond, nil}},
			[]string{v6, v4},
			v4, 20 * time.Millisecond,
		},
		"the slow one is overtaken": {
			[]string{v6, v4},
			map[string]route{v6: {time.Second, nil}, v4: {100 * time.Millisecond, nil}},
			[]string{v6, v4},
			v4, 400 * time.Millisecond,
		},
		"the slow one still wins": {
			[]string{v6, v4},
			map[string]route{v6: {350 * time.Millisecond, nil}, v4: {time.Second, nil}},
			[]string{v6, v4},
			v6, 350 * time.Millisecond,
		},
		"nobody answers": {
			[]string{v4, v4b},
			map[string]route{v4: {0, unreachable}, v4b: {0, unreachable}},
			[]string{v4, v4b},
			"", 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, nil, func(t *testing.T, _ *stage) {
				var mu sync.Mutex
				var order []string
				cfg := mailtest.Config{
					Mailbox: stageDefinition(alone(mailtest.IMAP, silent)),
					Resolve: func(context.Context, string) ([]netip.Addr, error) {
						var out []netip.Addr
						for _, a := range c.found {
							out = append(out, netip.MustParseAddr(a))
						}
						return out, nil
					},
					Dial: func(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
						mu.Lock()
						order = append(order, to.Addr().String())
						mu.Unlock()
						r := c.routes[to.Addr().String()]
						select {
						case <-time.After(r.after):
						case <-ctx.Done():
							return nil, ctx.Err()
						}
						if r.err != nil {
							return nil, r.err
						}
						ours, theirs := net.Pipe()
						theirs.Close()
						return ours, nil
					},
				}
				cfg.Mailbox.Server(mailbox.IMAP).Host = "mail.test"
				r := mailtest.NewReport(cfg.Mailbox, time.Now())
				for e := range mailtest.Run(t.Context(), cfg) {
					r.Add(e)
				}
				connect := step(t, r, mailtest.IMAP, mailtest.StepConnect)
				if !slices.Equal(order, c.order) {
					t.Errorf("tried %v, want %v", order, c.order)
				}
				if connect.Duration != c.took {
					t.Errorf("it took %s, want %s", connect.Duration, c.took)
				}
				used, _ := connect.Facts[mailtest.FactAddress].(string)
				if c.used == "" {
					failedAt(t, r, mailtest.IMAP, mailtest.StepConnect)
				} else if addr, err := netip.ParseAddrPort(used); err != nil || addr.Addr().String() != c.used {
					t.Errorf("used %q, want %s", used, c.used)
				}
				attempts, _ := connect.Facts[mailtest.FactAttempts].([]map[string]any)
				if len(attempts) == 0 {
					t.Error("no attempts among the facts")
				}
			})
		})
	}
}
