package presenter

import (
	"context"
	"slices"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// Test tests the selected mailbox by all its protocols; in the overview, all
// mailboxes.
func (p *Presenter) Test() {
	if p.overviewShown() {
		p.TestAll()
		return
	}
	e := p.selected
	if e == nil || e.job != nil || p.welcome != nil {
		return
	}
	e.stop()
	e.question = nil
	d, ok := p.ready(e)
	if !ok {
		p.render()
		return
	}
	hosts := append([]string(nil), e.hosts...)
	ctx, _, say := p.start(e, testing)
	e.watch = nil
	e.tested = p.testNow(d)
	p.render()
	e.beside(func() {
		err := p.c.Engine.CheckHosts(d, hosts)
		if err == nil {
			p.runTest(ctx, d, hosts, say, e)
		}
		show := p.look(d) // a test may have renewed the token
		say(func() {
			e.end()
			show(e)
			p.readSharing(e, d)
			switch {
			case err != nil:
				e.tested = nil
				e.question = p.failure(e, err, p.Test)
			case slices.ContainsFunc(e.tested.Diagnoses(), func(d diagnosis.Diagnosis) bool { return p.proxyActions(d) != nil }):
				e.asks[ActionProxySecret] = question{again: p.Test}
			}
		})
	})
}

func (p *Presenter) runTest(ctx context.Context, d mailbox.Definition, hosts []string, say func(func()), e *entry) {
	for event := range p.c.Test(ctx, p.testConfig(ctx, d, hosts)) {
		say(func() { e.tested.Add(event) })
	}
}

func (p *Presenter) testConfig(ctx context.Context, d mailbox.Definition, hosts []string) mailtest.Config {
	return mailtest.Config{
		Mailbox: d, Credential: p.c.Engine.Credential(d, hosts), Evidence: authorization.Evidence(ctx, d), Log: p.c.Log,
		Experiments: p.c.Engine.Experiments(d, hosts),
	}
}

// Renew renews the authorization now.
func (p *Presenter) Renew() {
	p.change(renewing, func(ctx context.Context, d mailbox.Definition) func(*entry) {
		_, err := p.c.Engine.Refresh(ctx, d)
		return func(e *entry) {
			if err != nil {
				e.outcome = p.failure(e, err, p.Renew)
			} else {
				p.tell(Notice{Text: p.text("ui.notice.renewed")})
			}
		}
	})
}

// Forget deletes the stored authorization.
func (p *Presenter) Forget() {
	p.change(forgetting, func(ctx context.Context, d mailbox.Definition) func(*entry) {
		others, err := p.c.Engine.Forget(ctx, d)
		return func(e *entry) { p.forgotten(e, others, err) }
	})
}

// change works on the stored authorization beside the window, shows how it
// then stands, and lets work's result tell what it came to.
func (p *Presenter) change(k kind, work func(context.Context, mailbox.Definition) (tell func(*entry))) {
	e := p.selected
	if e == nil || e.job != nil || !e.usesOAuth() {
		return
	}
	d, ok := p.ready(e)
	if !ok {
		p.render()
		return
	}
	e.outcome, e.tried = nil, nil
	ctx, _, say := p.start(e, k)
	p.render()
	e.beside(func() {
		tell := work(ctx, d)
		show := p.look(d)
		say(func() {
			e.end()
			show(e)
			tell(e)
			p.readSharing(e, d)
		})
	})
}

func (p *Presenter) forgotten(e *entry, others []string, err error) {
	switch {
	case err != nil:
		e.outcome = p.failure(e, err, p.Forget)
	case len(others) > 0:
		p.tell(Notice{Text: p.text("ui.notice.forgotten-others", "names", quoted(others)), Bad: true})
	default:
		p.tell(Notice{Text: p.text("ui.notice.forgotten")})
	}
}
