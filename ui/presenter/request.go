package presenter

import (
	"context"
	"slices"

	"mailgrant/app/authorization"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

// Request asks for a new authorization token.
func (p *Presenter) Request() { p.request("") }

// request signs in, in another way than the definition's if one is given.
func (p *Presenter) request(way string) {
	p.browse(waiting{way: way}, func() { p.request(way) }, func(ctx context.Context, e *entry, d mailbox.Definition, o authorization.Options) func() {
		result, err := p.c.Engine.Request(ctx, d, o)
		return func() { p.requested(e, d, result, err, way) }
	})
}

// browsing is work that waits for somebody in the browser; tell says in the
// window what it came to.
type browsing func(context.Context, *entry, mailbox.Definition, authorization.Options) (tell func())

// browse does work for the selected mailbox, with the waiting panel shown. again
// starts it anew once the user has confirmed an unknown sign-in service.
func (p *Presenter) browse(w waiting, again func(), work browsing) {
	if e := p.selected; e != nil && p.welcome == nil && e.usesOAuth() {
		p.browseFor(e, w, again, work)
	}
}

// browseFor is browse for any mailbox; false: it was not begun, because the
// mailbox is at work, or the form or a question tells why.
func (p *Presenter) browseFor(e *entry, w waiting, again func(), work browsing) (begun bool) {
	if e.job != nil {
		return false
	}
	e.stopLooking()
	e.outcome, e.tried = nil, nil
	d, ok := p.ready(e)
	if !ok || !p.serviceConfirmed(e, d, again) {
		p.render()
		return false
	}
	way := w.way
	w.pasted, w.again = make(chan string, 4), make(chan string, 4)
	if !w.consent {
		w.account = d.User
	}
	if way == "" {
		w.way = d.OAuth.SignIn
	}
	hosts := slices.Clone(e.hosts)
	p.runOn(e, d, &job{kind: signingIn, waiting: &w}, func(ctx context.Context, say func(func())) func() {
		tell := work(ctx, e, d, authorization.Options{
			SignIn: way, Pasted: w.pasted, Again: w.again, AllowHosts: hosts,
			OnEvent: func(ev oauth.Event) { say(func() { w.take(e, ev) }) },
		})
		if ctx.Err() != nil { // what had come by then may be stored all the same
			p.back(func() {
				p.readStatus(e)
				p.readAll(p.sharing(e, d))
			})
		}
		return func() {
			tell()
			p.c.Notify() // the browser is in front
		}
	})
	return true
}

// serviceConfirmed tells whether the browser may be sent to the definition's
// sign-in service: one that is no preset and not on this machine is shown
// first.
func (p *Presenter) serviceConfirmed(e *entry, d mailbox.Definition, again func()) bool {
	authority, host := oauth.Authority(*d.OAuth), oauth.AuthorityHost(*d.OAuth)
	if oauth.IsPreset(*d.OAuth) || p.services[authority] || p.c.Practice != nil {
		return true
	}
	e.asks[ActionAllowService] = func() {
		p.services[authority] = true
		again()
	}
	sees := "explanation"
	if d.OAuth.AccountType == mailbox.AccountApplication {
		sees = "application"
	}
	e.outcome = &Finding{
		Mark: MarkWarning, Title: p.text("ui.ask.service.title", "host", host),
		Explanation: p.text("ui.ask.service."+sees, "user", d.User),
		Actions:     []Action{{ID: ActionAllowService, Text: p.text("ui.ask.service.yes"), Primary: true}},
	}
	return false
}

// requested tells what a sign-in came to.
func (p *Presenter) requested(e *entry, d mailbox.Definition, r authorization.Result, err error, way string) {
	if err != nil {
		e.outcome = p.failure(e, err, func() { p.request(way) })
		return
	}
	e.tested, e.question, e.watch = nil, nil, nil
	who := string(r.Identity)
	if d.OAuth.AccountType == mailbox.AccountApplication {
		who = "application"
	}
	p.tell(Notice{Text: p.text("ui.verdict."+who, "account", r.Account.User, "user", d.User, "shared", d.SharedMailbox)})
	if r.Renewal != nil {
		f := p.unnamed(r.Renewal)
		f.Mark, f.note, f.renewing = MarkWarning, p.text("ui.auth.first-renewal"), true
		e.outcome = &f
	}
}

// sameSignIn tells whether a sign-in with one definition would be one with the
// other: what the last one came to holds for both.
func sameSignIn(a, b mailbox.Definition) bool {
	of := func(d mailbox.Definition) mailbox.Definition {
		return mailbox.Definition{User: d.User, SharedMailbox: d.SharedMailbox, OAuth: d.OAuth}
	}
	return of(a).Equal(of(b))
}
