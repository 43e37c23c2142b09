package mailtest

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"mailgrant/internal/mailbox"
)

const (
	// PerHost is how many connections stand to one host at once when many
	// mailboxes are tested. Exchange Online throttles by tenant and by client.
	PerHost = 8
	// MinPerHost is one mailbox: its protocols are tested side by side.
	MinPerHost = 3
	// atOnce is how many mailboxes are worked on at the same time; each may hold
	// a few connections.
	atOnce = 16
)

// Places keeps the tests of many mailboxes from opening more than so many
// connections to one host at once. Who comes first is first, and a test that
// waits for one host holds up no other host.
type Places struct {
	each  int64
	mu    sync.Mutex
	hosts map[string]*semaphore.Weighted
}

// NewPlaces returns places for each host, at least MinPerHost.
func NewPlaces(each int) *Places {
	return &Places{each: int64(max(each, MinPerHost)), hosts: map[string]*semaphore.Weighted{}}
}

// Run is the package's Run, once there is room at every host of the mailbox.
// Time limits begin then. If ctx ends before that nothing is yielded.
func (p *Places) Run(ctx context.Context, cfg Config) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		leave, err := p.take(ctx, connections(cfg))
		defer leave()
		if err != nil {
			return
		}
		for e := range Run(ctx, cfg) {
			if !yield(e) {
				return
			}
		}
	}
}

// connections counts what a test opens to each host.
func connections(cfg Config) map[string]int64 {
	n := map[string]int64{}
	for _, s := range cfg.tested() {
		n[strings.ToLower(s.Host)]++
	}
	return n
}

// take waits for room at the hosts, in the order of their names: two tests
// that want the same two hosts never wait for each other.
func (p *Places) take(ctx context.Context, wanted map[string]int64) (leave func(), err error) {
	var taken []func()
	leave = func() {
		for _, release := range taken {
			release()
		}
	}
	for _, host := range slices.Sorted(maps.Keys(wanted)) {
		room, places := p.at(host), min(wanted[host], p.each) // for more there would never be room
		if err := room.Acquire(ctx, places); err != nil {
			return leave, err
		}
		taken = append(taken, func() { room.Release(places) })
	}
	return leave, nil
}

func (p *Places) at(host string) *semaphore.Weighted {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hosts[host] == nil {
		p.hosts[host] = semaphore.NewWeighted(p.each)
	}
	return p.hosts[host]
}

// ForEach works on many mailboxes, some at once, the hosts in turn. When ctx
// ends it begins no more, and returns when those that it began are done.
func ForEach(ctx context.Context, all []mailbox.Definition, work func(mailbox.Definition)) {
	var group errgroup.Group
	group.SetLimit(atOnce)
	for _, d := range inTurns(all) {
		group.Go(func() error {
			if ctx.Err() == nil {
				work(d)
			}
			return nil
		})
	}
	_ = group.Wait() // the work has no errors
}

// inTurns puts mailboxes into an order in which the hosts take turns: those
// that queue at one host shall not take the slots of the others.
func inTurns(all []mailbox.Definition) []mailbox.Definition {
	seen := map[string]int{}
	var turns [][]mailbox.Definition
	for _, d := range all {
		host := ""
		if len(d.Servers) > 0 {
			host = strings.ToLower(d.Servers[0].Host)
		}
		turn := seen[host]
		seen[host]++
		if turn == len(turns) {
			turns = append(turns, nil)
		}
		turns[turn] = append(turns[turn], d)
	}
	return slices.Concat(turns...)
}
