package presenter

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

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
	p.runTest(e, nil, p.Test, func(ctx context.Context, c mailtest.Config, say func(func())) {
		for event := range p.c.Test(ctx, c) {
			say(func() { e.tested.Add(event) })
		}
	}, func(mailbox.Definition) {
		if slices.ContainsFunc(e.tested.Diagnoses(), func(d diagnosis.Diagnosis) bool { return p.proxyActions(d) != nil }) {
			e.asks[ActionProxySecret] = p.Test
		}
	})
}

// runTest lets run test a mailbox beside the window, once or in a watch, and
// done tell what it came to. Where a host has to be confirmed first, again
// starts anew after that.
func (p *Presenter) runTest(e *entry, w *watch, again func(), run func(context.Context, mailtest.Config, func(func())), done func(mailbox.Definition)) {
	e.question = nil
	e.stopLooking()
	d, ok := p.ready(e)
	if !ok {
		p.render()
		return
	}
	k, hosts := testing, slices.Clone(e.hosts)
	if w != nil {
		k = watching
	}
	e.watch, e.tested = w, p.testNow(d)
	e.tested.signed = e.Status.State
	p.runOn(e, d, &job{kind: k}, func(ctx context.Context, say func(func())) func() {
		if err := p.c.Engine.CheckHosts(d, hosts); err != nil {
			return func() {
				e.tested, e.watch = nil, nil
				e.question = p.failure(e, err, again)
			}
		}
		run(ctx, p.testConfig(ctx, d, hosts), say)
		return func() {
			e.tested.signed = e.Status.State // it may have renewed the token, or found it refused
			done(d)
		}
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
	p.change(renewing, p.Renew, func(ctx context.Context, d mailbox.Definition) (func(*entry), error) {
		_, err := p.c.Engine.Refresh(ctx, d)
		return func(*entry) { p.tell(Notice{Text: p.text("ui.notice.renewed")}) }, err
	})
}

// SharedBy names the other mailboxes that Forget would take the authorization
// from; "": none.
func (p *Presenter) SharedBy() string {
	var names []string
	if e := p.selected; e != nil {
		d, _ := e.form.read()
		for _, other := range p.sharing(e, d) {
			names = append(names, p.name(other))
		}
	}
	return strings.Join(names, ", ")
}

// Forget deletes the stored authorization.
func (p *Presenter) Forget() {
	p.change(forgetting, p.Forget, func(ctx context.Context, d mailbox.Definition) (func(*entry), error) {
		others, err := p.c.Engine.Forget(ctx, d)
		return func(e *entry) {
			if len(others) > 0 {
				p.tell(Notice{Text: p.text("ui.notice.forgotten-others", "names", strings.Join(others, ", ")), Bad: true})
				return
			}
			e.had = mailbox.Definition{}
			p.tell(Notice{Text: p.text("ui.notice.forgotten")})
		}, err
	})
}

// change works on the stored authorization beside the window, and tells what
// came of it.
func (p *Presenter) change(k kind, again func(), work func(context.Context, mailbox.Definition) (tell func(*entry), err error)) {
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
	p.runOn(e, d, &job{kind: k}, func(ctx context.Context, _ func(func())) func() {
		tell, err := work(ctx, d)
		if err != nil {
			return func() {
				if e.outcome = p.failure(e, err, again); e.outcome != nil {
					e.outcome.renewing = k == renewing
				}
			}
		}
		return func() { tell(e) }
	})
}

// tested is what a test found, together with what it tested: the form may say
// something else by now.
type tested struct {
	*mailtest.Report
	of     mailbox.Definition
	at     time.Time
	faults []string            // that were switched on in practice
	signed authorization.State // of the authorization that it was tested with
}

// testNow begins the result of a test that starts now. It may be called beside
// the window.
func (p *Presenter) testNow(d mailbox.Definition) *tested {
	now := p.c.Now()
	return &tested{Report: mailtest.NewReport(d, now), of: d, at: now, faults: p.faults()}
}

// faults are those that are switched on in practice.
func (p *Presenter) faults() []string {
	if p.c.Practice == nil {
		return nil
	}
	return p.c.Practice.Faults()
}

// upToDate tells whether the last test was of the values that stand in the
// form, and of the authorization and the practice tenant as they are now.
func (p *Presenter) upToDate(e *entry) bool {
	return e.tested != nil && e.untouched() && p.sameFaults(e) && (e.doing(watching) || e.tested.signed == e.Status.State)
}

func (e *entry) untouched() bool {
	d, _ := e.form.read()
	return alike(e.tested.of, d)
}

// sameFaults does not hold for long while the mailbox is watched: that tests
// again by itself.
func (p *Presenter) sameFaults(e *entry) bool {
	return e.doing(watching) || slices.Equal(e.tested.faults, p.faults())
}

// alike tells whether what holds for one definition does for another: all is the
// same but what the mailbox is called, and how one signs in at the browser.
func alike(a, b mailbox.Definition) bool {
	essence := func(d mailbox.Definition) mailbox.Definition {
		d = d.Clone()
		d.Name = ""
		if d.OAuth != nil {
			d.OAuth.SignIn, d.OAuth.Prompt, d.OAuth.Redirect = "", "", ""
		}
		return d
	}
	return reflect.DeepEqual(essence(a), essence(b))
}
