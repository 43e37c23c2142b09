package oauth

import (
	"context"
	"strconv"
	"sync"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/loopback"
	"mailgrant/internal/mailbox"
)

// startLimit is how long a started browser has to fetch the short address.
// Its launcher ends at once, so a start cannot be told from that.
const startLimit = 15 * time.Second

// flow is one run through the user's browser, from opening the listener to
// the answer. Its events come from the goroutine that calls wait.
type flow struct {
	client      *Client
	request     Request
	service     *service
	authRequest authRequest
	web         *web
	url         string // the short address
	expires     time.Time
	opened      chan opening
	openers     sync.WaitGroup
	browser     bool // the answer came from the browser, which waits for a page
}

type opening struct {
	way, browser string
	err          error
}

// openFlow opens the listener and announces the addresses.
func (c *Client) openFlow(ctx context.Context, r Request, s *service, start func(redirect string) authRequest) (*flow, error) {
	listeners, number, err := loopback.Listen(ctx, c.listen)
	if err != nil {
		return nil, reason(diagnosis.CauseLoopbackUnavailable, diagnosis.PhaseAuthorize, err.Error())
	}
	port := strconv.Itoa(number)
	at := start(redirectURI(*r.Mailbox.OAuth, port))
	f := &flow{
		client: c, request: r, service: s, authRequest: at, web: newWeb(at, port),
		expires: c.now().Add(r.limit()).UTC(), opened: make(chan opening, 8),
	}
	host := mailbox.RedirectLocalhost
	if r.Mailbox.OAuth.Redirect == mailbox.RedirectLoopback {
		host = mailbox.RedirectLoopback
	}
	f.url = host + ":" + port + f.web.start
	f.web.serve(listeners, c.log())
	c.log().Debug("oauth: waiting for the browser", "port", port, "listeners", len(listeners), "timeout", r.limit())
	return f, nil
}

// close ends the listener and waits for everything that the flow started.
func (f *flow) close(cancel context.CancelFunc) {
	cancel()
	f.openers.Wait()
	f.web.close()
}

// show gives the outcome to the browser, if that brought the answer.
func (f *flow) show(ctx context.Context, p page) {
	f.web.finish(p)
	if f.browser {
		f.web.waitShown(ctx, f.client.timer)
	}
}

// wait returns the first answer that is ours. Its error is a diagnosis.
func (f *flow) wait(ctx context.Context) (answer, error) {
	limit := f.client.timer(f.request.limit())
	way, pasted := f.request.way(), f.request.Pasted
	f.request.emit(f.started())
	f.open(ctx, way)
	var slow <-chan time.Time
	fetched := false // a quick browser comes before its launcher has ended
	for {
		select {
		case <-ctx.Done():
			return answer{}, diagnosis.New(diagnosis.CauseCancelled, diagnosis.PhaseAuthorize, nil)
		case <-limit:
			return answer{}, diagnosis.New(diagnosis.CauseSignInTimeout, diagnosis.PhaseAuthorize, nil)
		case a := <-f.web.answers:
			f.takenFromBrowser()
			return a, nil
		case text, open := <-pasted:
			if !open {
				pasted = nil
				continue
			}
			if a, err, over := f.paste(text); over {
				return a, err
			}
		case <-f.web.fetched:
			slow, fetched = nil, true
			f.request.emit(BrowserFetched{})
		case o := <-f.opened:
			way = o.way
			if o.err != nil {
				f.propose(way)
				continue
			}
			f.request.emit(BrowserStarted{Way: o.way, Browser: o.browser})
			if !fetched {
				slow = f.client.timer(startLimit)
			}
		case <-slow:
			f.propose(way)
		case again := <-f.request.Again:
			way, fetched, slow = again, false, nil
			f.open(ctx, way)
		}
	}
}

// takenFromBrowser tells of the answer and, with a quick browser, of what
// came just before.
func (f *flow) takenFromBrowser() {
	f.browser = true
	select {
	case <-f.web.fetched:
		f.request.emit(BrowserFetched{})
	default:
	}
	f.request.emit(AnswerTaken{})
}

func (f *flow) paste(text string) (a answer, err error, over bool) {
	p := readPasted(text, f.request.Mailbox, f.authRequest.state)
	switch {
	case p.refused != nil:
		f.request.emit(PasteRefused{Reason: *p.refused})
		return answer{}, nil, false
	case p.failure != nil:
		return answer{}, *p.failure, true
	case !f.web.take():
		// The browser was faster: its answer is on the way.
		return answer{}, nil, false
	}
	f.request.emit(AnswerTaken{})
	return *p.answer, nil, true
}

func (f *flow) started() SignInStarted {
	o := *f.request.Mailbox.OAuth
	return SignInStarted{
		URL: f.url, AuthorizeURL: f.authRequest.url, RedirectURI: f.authRequest.config.RedirectURL,
		Account: f.request.Mailbox.User, Expires: f.expires,
		Authority: AuthorityHost(o), Foreign: !IsPreset(o), PasteOnly: o.PasteOnly(),
	}
}

// open starts a browser without holding up the flow. If no private window can
// be started, the normal one follows at once: the request forces a sign-in
// there too.
func (f *flow) open(ctx context.Context, way string) {
	if way != mailbox.SignInPrivateWindow && way != mailbox.SignInDefaultBrowser {
		return
	}
	opener := f.request.Opener
	if opener == nil {
		opener = systemOpener{f.client.log(), readBrowsers}
	}
	f.openers.Go(func() {
		browser, err := opener.Open(ctx, way, f.url)
		if err != nil && way == mailbox.SignInPrivateWindow && ctx.Err() == nil {
			f.client.log().Debug("oauth: no private window", "error", err)
			way = mailbox.SignInDefaultBrowser
			browser, err = opener.Open(ctx, way, f.url)
		}
		select {
		case f.opened <- opening{way, browser, err}:
		case <-ctx.Done():
		}
	})
}

// propose names the next way to sign in, if there is one.
func (f *flow) propose(way string) {
	if next := nextWay(way, *f.request.Mailbox.OAuth, f.service.endpoint.DeviceAuthURL != ""); next != "" {
		f.request.emit(NextWay{Way: next})
	}
}
