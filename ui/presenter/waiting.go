package presenter

import (
	"slices"
	"strings"
	"time"

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

func (p *Presenter) waitingState(w *waiting) *Waiting {
	s := &Waiting{
		Account: w.account, Consent: w.consent, Service: p.serviceLine(w), Code: w.code, CodeAt: w.codeAt,
		CanOpen: w.url != "" && !w.checking, PasteOnly: w.pasteOnly, Checking: w.checking,
	}
	if !w.expires.IsZero() && !w.checking {
		s.Left = left(w.expires.Sub(p.c.Now()))
	}
	if w.copied && s.CanOpen {
		s.Copied = p.text("ui.waiting.copied")
	}
	if s.CanOpen {
		s.Address = w.url
		s.CanReopen = slices.Contains(oauth.Ways(), mailbox.SignInPrivateWindow) || slices.Contains(oauth.Ways(), mailbox.SignInDefaultBrowser)
	}
	// One thing at a time: a proposal says itself what did not happen.
	if w.next != nil {
		s.Way = w.next.Way
		s.WayReason = p.text("ui.waiting.next." + w.next.Way)
	} else {
		s.Hint = p.waitingHint(w)
	}
	if w.pasteNote != "" {
		s.PasteNote = p.text("ui.waiting.paste-refused")
		if w.pasteNote == "answer-not-ours" {
			s.PasteNote = p.text("ui.waiting.paste-not-ours")
		}
	}
	if w.url != "" {
		s.Ways = slices.DeleteFunc(slices.Clone(oauth.Ways()), func(way string) bool {
			// For the link there is a button, and consent has no device code.
			return way == w.way || way == mailbox.SignInLink || w.consent && way == mailbox.SignInDeviceCode
		})
	}
	return s
}

// serviceLine names the sign-in service where it is none that Mailgrant knows.
func (p *Presenter) serviceLine(w *waiting) Line {
	switch {
	case w.service == "":
		return Line{}
	case p.c.Practice != nil && strings.HasSuffix(p.c.Practice.URL(), "://"+w.service):
		return Line{MarkSkipped, p.text("ui.waiting.service-practice", "host", w.service)}
	}
	return Line{MarkWarning, p.text("ui.waiting.service", "host", w.service)}
}

func (p *Presenter) waitingHint(w *waiting) string {
	switch {
	case w.checking:
		return p.text("ui.waiting.checking")
	case w.code != "":
		return p.text("ui.waiting.device")
	case w.url == "":
		return p.text("ui.waiting.connecting")
	case w.pasteOnly:
		return p.text("ui.waiting.paste-only")
	case w.fetched:
		return p.text("ui.waiting.fetched")
	case w.started && w.browser != "":
		return p.text("ui.waiting.started."+w.way, "browser", w.browser)
	case w.way == mailbox.SignInLink:
		return p.text("ui.waiting.link")
	}
	return p.text("ui.waiting.opening")
}
