package presenter

import (
	"context"
	"slices"
	"strconv"

	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// testAll is a test of all mailboxes that the overview shows. It runs beside
// the jobs of the single mailboxes.
type testAll struct {
	cancel      context.CancelFunc
	running     map[*entry]bool
	count, done int
}

// subject is one mailbox of a test of all.
type subject struct {
	e     *entry
	d     mailbox.Definition
	hosts []string // that were confirmed
	wait  func()   // until it is saved, with its secrets
}

// TestAll tests all saved mailboxes that the overview shows.
func (p *Presenter) TestAll() {
	if !p.overviewShown() || p.table.all != nil {
		return
	}
	subjects := map[string]subject{}
	var queue []mailbox.Definition
	for _, e := range p.shownEntries() {
		if d := e.saved; d.Name != "" {
			subjects[d.Name] = subject{e, d, slices.Clone(e.hosts), e.arrival()}
			queue = append(queue, d)
		}
	}
	if len(queue) == 0 {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	j := &testAll{cancel: cancel, running: map[*entry]bool{}, count: len(queue)}
	p.table.all, p.table.came = j, Line{}
	p.render()
	say := func(do func()) { p.backIf(func() bool { return p.table.all == j }, do) }
	p.lasting.Go(func() {
		mailtest.ForEach(ctx, queue, func(d mailbox.Definition) { p.testOne(ctx, subjects[d.Name], say) })
	})
}

// testOne tests one mailbox beside the window.
func (p *Presenter) testOne(ctx context.Context, s subject, say func(func())) {
	say(func() { p.table.all.running[s.e] = true })
	s.wait()
	err := p.c.Engine.CheckHosts(s.d, s.hosts)
	found := p.testNow(s.d)
	if err == nil {
		c := p.testConfig(ctx, s.d, s.hosts)
		c.Experiments = nil // one mailbox after the other can be asked for its reasons
		for event := range p.c.Test(ctx, c) {
			found.Add(event)
		}
	}
	if ctx.Err() != nil {
		return
	}
	show := p.look(s.d, true) // a test may have renewed the token
	say(func() {
		delete(p.table.all.running, s.e)
		p.looked(s.e, s.d, show)
		p.testedOne(s.e, found, err)
	})
}

// testedOne takes over what a test found into the mailbox's page, unless that is
// at work itself.
func (p *Presenter) testedOne(e *entry, found *tested, err error) {
	if e.job == nil {
		e.watch, e.tested, e.question = nil, found, nil
		e.tested.signed = e.Status.State
		if err != nil {
			e.tested, e.question = nil, p.failure(e, err, p.Test)
		}
	}
	if err != nil && e.row != nil {
		e.row.Finding = p.inShort(err)
	}
	j := p.table.all
	j.done++
	if j.done == j.count {
		j.cancel()
		p.table.all = nil
	}
}

// cancelTestAll ends the test of all. What was tested by then stays.
func (p *Presenter) cancelTestAll() {
	j := p.table.all
	j.cancel()
	p.table.all = nil
	p.table.came = Line{MarkWarning, p.text("ui.overview.cancelled", "done", strconv.Itoa(j.done), "count", strconv.Itoa(j.count))}
	p.render()
}
