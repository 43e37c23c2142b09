package presenter

import (
	"context"
	"slices"
	"strings"

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
	p.runTest(e, nil, p.Test, func(ctx context.Context, c mailtest.Config, say func(func())) {
		for event := range p.c.Test(ctx, c) {
			say(func() { e.tested.Add(event) })
		}
	}, func(mailbox.Definition) {
		if slices.ContainsFunc(e.tested.Diagnoses(), func(d diagnosis.Diagnosis) bool { return p.proxyActions(d) != nil }) {
			e.asks[ActionProxySecret] = question{again: p.Test}
		}
	})
}

// runTest lets run test a mailbox beside the window, once or in a watch, and
// done tell what it came to. Where a host has to be confirmed first, again
// starts anew after that.
func (p *Presenter) runTest(e *entry, w *watch, again func(), run func(context.Context, mailtest.Config, func(func())), done func(mailbox.Definition)) {
	e.question = nil
	d, ok := p.ready(e)
	if !ok {
		p.render()
		return
	}
	k, hosts := testing, slices.Clone(e.hosts)
	if w != nil {
		k = watching
	}
	ctx, j, say := p.start(e, k)
	if w != nil {
		j.ticks = p.tick(say)
	}
	e.watch, e.tested = w, p.testNow(d)
	p.render()
	e.beside(func() {
		err := p.c.Engine.CheckHosts(d, hosts)
		if err == nil {
			run(ctx, p.testConfig(ctx, d, hosts), say)
		}
		show := p.look(d) // a test may have renewed the token
		say(func() {
			e.end()
			show(e)
			p.readSharing(e, d)
			if err != nil {
				e.tested, e.watch = nil, nil
				e.question = p.failure(e, err, again)
				return
			}
			done(d)
		})
	})
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
		return func(e *entry) {
			switch {
			case err != nil:
				e.outcome = p.failure(e, err, p.Forget)
			case len(others) > 0:
				p.tell(Notice{Text: p.text("ui.notice.forgotten-others", "names", strings.Join(others, ", ")), Bad: true})
			default:
				e.had = mailbox.Definition{}
				p.tell(Notice{Text: p.text("ui.notice.forgotten")})
			}
		}
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
