package presenter

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

// waiting is a sign-in that waits for the user.
type waiting struct {
	consent   bool // an administrator consents; nobody signs in as the mailbox
	account   string
	url       string
	service   string
	code      string
	codeAt    string
	expires   time.Time
	way       string // in which it was opened
	browser   string
	started   bool // a browser was started
	fetched   bool // a browser came up
	copied    bool // its address was copied; the user opens it
	next      *oauth.NextWay
	pasteOnly bool
	pasteNote string
	checking  bool
	pasted    chan string
	again     chan string
}

// Request asks for a new authorization token.
func (p *Presenter) Request() { p.request("") }

// request signs in, in another way than the definition's if one is given.
func (p *Presenter) request(way string) {
	p.browse(waiting{way: way}, func() { p.request(way) }, p.requesting(func(e *entry, d mailbox.Definition, result authorization.Result, err error) {
		p.requested(e, d, result, err, way)
	}))
}

// requesting is a sign-in of which done tells what it came to.
func (p *Presenter) requesting(done func(*entry, mailbox.Definition, authorization.Result, error)) browsing {
	return func(ctx context.Context, e *entry, d mailbox.Definition, o authorization.Options) func() {
		result, err := p.c.Engine.Request(ctx, d, o)
		show := p.look(d)
		return func() {
			show(e)
			done(e, d, result, err)
			p.readSharing(e, d)
		}
	}
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
	e.stop()
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
	p.run(e, &job{kind: signingIn, waiting: &w}, func(ctx context.Context, say func(func())) func() {
		tell := work(ctx, e, d, authorization.Options{
			SignIn: way, Pasted: w.pasted, Again: w.again, AllowHosts: hosts,
			OnEvent: func(ev oauth.Event) { say(func() { w.take(e, ev) }) },
		})
		if ctx.Err() != nil { // what had come by then may be stored all the same
			p.back(func() {
				p.readStatus(e)
				p.readSharing(e, d)
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

// tick keeps the time left moving while a sign-in waits.
func (p *Presenter) tick(say func(func())) (stop func()) {
	ticks, end := p.c.Ticker()
	done := make(chan struct{})
	go func() {
		defer end()
		for {
			select {
			case <-ticks:
				say(func() {})
			case <-done:
				return
			}
		}
	}()
	return func() { close(done) }
}

// take is the sign-in's next event.
func (w *waiting) take(e *entry, ev oauth.Event) {
	switch ev := ev.(type) {
	case oauth.Tried:
		e.tried = append(e.tried, ev)
	case oauth.SignInStarted:
		w.url, w.expires, w.pasteOnly = ev.URL, ev.Expires, ev.PasteOnly
		if ev.Foreign {
			w.service = ev.Authority
		}
	case oauth.DeviceCode:
		w.code, w.codeAt, w.expires = ev.UserCode, ev.VerificationURI, ev.Expires
		if ev.Foreign {
			w.service = ev.Authority
		}
	case oauth.BrowserStarted:
		w.started, w.way, w.browser = true, ev.Way, ev.Browser
	case oauth.BrowserFetched:
		w.fetched, w.next = true, nil
	case oauth.NextWay:
		if !w.fetched && !w.copied {
			w.next = &ev
		}
	case oauth.PasteRefused:
		w.pasteNote = string(ev.Reason.Cause)
	case oauth.AnswerTaken:
		w.checking, w.next = true, nil
	}
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

// failure is the finding of an error, with what can be done about it here.
func (p *Presenter) failure(e *entry, err error, again func()) *Finding {
	var other *oauth.OtherAccount
	var d diagnosis.Diagnosis
	switch {
	case errors.As(err, &other):
		f := p.finding(other.Diagnosis)
		f.note = p.text("ui.auth.nothing-stored")
		if e.status.State != authorization.StateNone {
			f.note = p.text("ui.auth.old-kept")
		}
		f.Actions = []Action{{ID: ActionRequest, Text: p.text("queue.again"), Primary: true}}
		if slices.Contains(oauth.Ways(), mailbox.SignInPrivateWindow) {
			f.Actions[0] = Action{ID: ActionPrivateWindow, Text: p.text("ui.action.private-window"), Primary: true}
		}
		if other.Account.User != "" && !other.Account.Guest {
			f.Actions = append(f.Actions, p.useActions(e, other.Account.User)...)
		}
		return &f
	case errors.Is(err, context.Canceled):
		return nil
	case errors.As(err, &d) && d.Cause == diagnosis.CauseCancelled:
		return nil
	case errors.As(err, &d):
		f := p.finding(d)
		if f.Actions = p.proxyActions(d); f.Actions != nil {
			e.asks[ActionProxySecret] = again
		}
		if host := d.Args["host"]; d.Cause == diagnosis.CauseHostNotAllowed && host != "" {
			e.asks[ActionAllowHost] = func() {
				e.hosts = append(e.hosts, host)
				again()
			}
			f.Mark = MarkWarning
			f.Actions = []Action{{ID: ActionAllowHost, Text: p.text("ui.action.allow-host", "host", host), Primary: true}}
		}
		return &f
	}
	return new(p.unnamed(err))
}

// useActions offer to go on with the account that signed in. Only the user knows
// whether it is the mailbox's own under another name, or somebody's who may open
// it: taken for the former, the test would be one of his own inbox.
func (p *Presenter) useActions(e *entry, account string) (actions []Action) {
	offer := func(id ActionID) {
		e.asks[id] = func() {
			shared := ""
			if id == ActionUseShared {
				shared = e.form.address()
			}
			e.form[FieldShared], e.form[FieldUser] = shared, account
			p.Request()
		}
		actions = append(actions, Action{ID: id, Text: p.text("ui.action." + string(id))})
	}
	if e.form.profile().Entra && e.form[FieldAccountType] != mailbox.AccountConsumers && !strings.EqualFold(e.form.address(), account) {
		offer(ActionUseShared)
	}
	offer(ActionUseAccount)
	return actions
}

// proxyActions offers to type in the password that a proxy demands.
func (p *Presenter) proxyActions(d diagnosis.Diagnosis) []Action {
	if d.Cause != diagnosis.CauseProxyAuthRequired || d.Args[oauth.ArgProxyTakesNoPassword] != "" {
		return nil
	}
	return []Action{{ID: ActionProxySecret, Text: p.text("ui.action.proxy-password"), Primary: true}}
}

// Act does what a finding offered.
func (p *Presenter) Act(id ActionID) {
	e := p.atWork()
	if e == nil || e.job != nil {
		return
	}
	agreed := e.asks[id]
	switch {
	case p.takeChange(e, id), id == ActionTest:
		p.Test()
	case id == ActionPrivateWindow:
		p.request(mailbox.SignInPrivateWindow)
	case id == ActionConsent:
		p.Consent()
	case id == ActionCheckProduct:
		p.CheckProduct()
	case id == ActionRequest:
		p.Request()
	case agreed != nil:
		agreed()
	}
}

// atWork is the mailbox whose turn it is in the queue, or the selected one, or
// nil.
func (p *Presenter) atWork() *entry {
	if p.queue != nil && p.queue.at != nil {
		return p.queue.at.e
	}
	return p.selected
}

// signIn is the waiting sign-in that is shown, or nil.
func (p *Presenter) signIn() *waiting {
	e := p.atWork()
	if e == nil || e.job == nil {
		return nil
	}
	return e.job.waiting
}

// OpenAgain opens the sign-in page once more in the same way.
func (p *Presenter) OpenAgain() {
	w := p.signIn()
	if w == nil {
		return
	}
	way := w.way
	if way != mailbox.SignInDefaultBrowser {
		way = mailbox.SignInPrivateWindow
	}
	p.UseWay(oauth.WayFor(way))
}

// UseWay goes on in another way: the address is opened elsewhere, copied, or
// the sign-in starts anew with a code.
func (p *Presenter) UseWay(way string) {
	w := p.signIn()
	if w == nil || w.checking {
		return
	}
	switch {
	case way == mailbox.SignInDeviceCode || w.code != "":
		if q := p.queue; q != nil {
			q.at.e.stop()
			p.takeTurn(q, q.at, way)
			return
		}
		p.selected.stop()
		p.request(way)
		return
	case way == mailbox.SignInLink:
		p.CopyLink()
		return
	}
	w.next, w.fetched, w.started, w.copied = nil, false, false, false
	w.way = way
	select {
	case w.again <- way:
	default: // four openings are on their way already
	}
	p.render()
}

// CopyLink copies the address of the sign-in page.
func (p *Presenter) CopyLink() {
	w := p.signIn()
	if w == nil || w.url == "" {
		return
	}
	if p.copied(w.url) {
		w.copied = true // a proposal stays: its button must not move
	}
	p.render()
}

// Paste hands over what the user copied from the browser: an address, an
// error, a page.
func (p *Presenter) Paste(text string) {
	w := p.signIn()
	if w == nil || text == "" {
		return
	}
	w.pasteNote = ""
	select {
	case w.pasted <- text:
	default:
	}
	p.render()
}

// CopyText puts a text on the clipboard and says whether it arrived.
func (p *Presenter) CopyText(text string) {
	p.copied(text)
	p.render()
}

func (p *Presenter) copied(text string) bool {
	done := p.c.Copy(text)
	if done {
		p.tell(Notice{Text: p.text("ui.notice.copied")})
	} else {
		p.tell(Notice{Text: p.text("ui.notice.not-copied"), Bad: true})
	}
	return done
}

// OpenLink opens one of our own links in the browser.
func (p *Presenter) OpenLink(link string) {
	p.trying(func() error { return p.c.Open(link) }, func(error) Notice {
		return Notice{Text: p.text("ui.notice.not-opened", "link", link), Link: link, Bad: true}
	})
}

// trying does something beside the window that may fail; told is its notice then.
func (p *Presenter) trying(do func() error, told func(error) Notice) {
	p.Beside(func() func() {
		err := do()
		return func() {
			if err != nil {
				p.tell(told(err))
			}
		}
	})
}
