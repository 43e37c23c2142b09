package presenter

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

// queue signs mailboxes in one after another, and those with application
// access, which need nobody, all at once. It runs in the overview's stead.
type queue struct {
	turns []*turn
	at    *turn // whose turn it is; nil: nobody's
}

// turn is a sign-in of the queue: a mailbox, and those that share its
// authorization.
type turn struct {
	e           *entry
	d           mailbox.Definition
	sharing     []*entry
	application bool // signs in without a user
	stage       stage
	why         string // it failed
}

// stage is how far a mailbox of the queue is.
type stage int

const (
	queued stage = iota
	signing
	signedIn
	skipped
	failed
)

// unauthorized are the sign-ins that the mailboxes need which the overview shows
// and which have no good authorization. Those that share a registration stand
// together.
func (p *Presenter) unauthorized(shown []*entry) []*turn {
	var all []*turn
	first := map[string]*turn{} // by the authorization
	for _, e := range shown {
		if !e.read || e.job != nil || !e.usesOAuth() || p.good(e.Status) || e.draft() {
			continue
		}
		key, tn := oauth.Key(e.saved), &turn{e: e, d: e.saved, application: e.saved.OAuth.AccountType == mailbox.AccountApplication}
		if first[key] != nil && !tn.application { // the secret is each mailbox's own
			first[key].sharing = append(first[key].sharing, e)
			continue
		}
		first[key] = tn
		all = append(all, tn)
	}
	slices.SortStableFunc(all, func(a, b *turn) int { return cmp.Compare(registration(a.d), registration(b.d)) })
	return all
}

// almostOver is when a sign-in that nothing renews is due again.
const almostOver = 15 * time.Minute

// good tells whether nobody has to sign in. What was given without a refresh token
// is good until it ends.
func (p *Presenter) good(st authorization.Status) bool {
	return st.State == authorization.StateValid && (st.Diagnosis == nil || !st.Renewable && st.AccessExpires.Sub(p.c.Now()) > almostOver)
}

// registration is what mailboxes share that one application was registered for.
func registration(d mailbox.Definition) string {
	return strings.ToLower(strings.Join([]string{oauth.Authority(*d.OAuth), d.OAuth.ClientID, d.OAuth.Tenant, d.OAuth.AccountType}, "\n"))
}

// ShowQueue shows who would sign in, one after another.
func (p *Presenter) ShowQueue() {
	if !p.overviewShown() || p.table.all != nil {
		return
	}
	if all := p.unauthorized(p.shownEntries()); len(all) > 0 {
		p.queue = &queue{turns: all}
		p.render()
	}
}

// stop ends what runs. Who was signing in waits again.
func (q *queue) stop() {
	q.at = nil
	for _, tn := range q.turns {
		if tn.stage == signing {
			tn.e.stop()
			tn.stage = queued
		}
	}
}

func (q *queue) running() bool {
	return slices.ContainsFunc(q.turns, func(tn *turn) bool { return tn.stage == signing })
}

// cancelQueue stops what runs; where nothing does it goes back to the overview.
func (p *Presenter) cancelQueue() {
	if q := p.queue; q.running() {
		q.stop()
	} else {
		p.leave()
	}
	p.render()
}

// StartQueue begins with the first, goes on where it was stopped, and tries
// again where somebody else signed in. Who was skipped has another turn once
// nobody else is left.
func (p *Presenter) StartQueue() {
	q := p.queue
	if q == nil || q.running() {
		return
	}
	left := func(tn *turn) bool { return tn.stage == queued || tn.stage == failed }
	if !slices.ContainsFunc(q.turns, left) {
		for _, tn := range q.turns {
			if tn.stage == skipped {
				tn.stage = queued
			}
		}
	}
	p.signInApplications(q)
	if q.at == nil || q.at.stage != failed {
		p.nextTurn(q)
		return
	}
	p.takeTurn(q, q.at, "")
}

// stuck is whose failure is told: his whose turn it still is, or, where nobody is
// left, that of the application whose cause most have; nil: nobody's.
func (q *queue) stuck() (told *turn) {
	switch {
	case q.at != nil && q.at.stage == failed:
		return q.at
	case q.at != nil || q.running() || q.next() != nil:
		return nil
	}
	count := q.failures()
	for _, tn := range q.turns {
		if tn.application && tn.stage == failed && (told == nil || count[tn.why] > count[told.why]) {
			told = tn
		}
	}
	return told
}

// failures counts by why they failed.
func (q *queue) failures() map[string]int {
	count := map[string]int{}
	for _, tn := range q.turns {
		if tn.stage == failed {
			count[tn.why]++
		}
	}
	return count
}

// finding is why it is stuck, with what can be done about it in the queue.
func (q *queue) finding() *Finding {
	tn := q.stuck()
	if tn == nil || tn.e.outcome == nil {
		return nil
	}
	f := *tn.e.outcome
	f.Actions = slices.DeleteFunc(slices.Clone(f.Actions), func(a Action) bool {
		return a.ID != ActionAllowService && !strings.HasPrefix(string(a.ID), string(ActionAllowHost))
	})
	return &f
}

// SkipTurn goes on with the next one.
func (p *Presenter) SkipTurn() {
	q := p.queue
	if q == nil || q.at == nil {
		return
	}
	if q.at.stage == signing {
		q.at.e.stop()
	}
	q.at.stage = skipped
	p.nextTurn(q)
}

// next is who has the next turn, or nil.
func (q *queue) next() *turn {
	for _, want := range []stage{queued, failed} {
		i := slices.IndexFunc(q.turns, func(tn *turn) bool { return !tn.application && tn.stage == want && tn != q.at })
		if i >= 0 {
			return q.turns[i]
		}
	}
	return nil
}

func (p *Presenter) nextTurn(q *queue) {
	if q.at = q.next(); q.at != nil {
		p.takeTurn(q, q.at, "")
	} else {
		p.render()
	}
}

// takeTurn opens a private window for one mailbox, or another way if one is
// given or if a policy forbids private windows.
func (p *Presenter) takeTurn(q *queue, tn *turn, way string) {
	if way == "" && slices.Contains(oauth.Ways(), mailbox.SignInPrivateWindow) {
		way = mailbox.SignInPrivateWindow
	}
	tn.stage, tn.why = signing, ""
	begun := p.browseFor(tn.e, waiting{way: way}, p.again(q, tn, way), func(ctx context.Context, _ *entry, d mailbox.Definition, o authorization.Options) func() {
		_, err := p.c.Engine.Request(ctx, d, o)
		return func() {
			p.turnDone(q, tn, err)
			if err == nil && p.queue == q {
				p.nextTurn(q)
			}
		}
	})
	if !begun {
		tn.stage, tn.why = failed, p.text("queue.look")
		if tn.e.outcome != nil {
			tn.why = p.text("queue.ask")
		}
		p.render()
	}
}

// again does what was asked about, which the mailbox's page shows too.
func (p *Presenter) again(q *queue, tn *turn, way string) func() {
	return func() {
		switch {
		case p.queue == q && tn.application:
			p.StartQueue()
		case p.queue == q && q.at == tn:
			p.takeTurn(q, tn, way)
		default:
			p.Request()
		}
	}
}

// turnDone notes what a sign-in came to. The mailbox's page says more.
func (p *Presenter) turnDone(q *queue, tn *turn, err error) {
	if err == nil {
		tn.stage = signedIn
		return
	}
	tn.stage = failed
	var other *oauth.OtherAccount
	if errors.As(err, &other) {
		tn.why = p.text("queue.other", "account", other.Account.User)
	} else {
		tn.why = p.inShort(err)
	}
	if tn.e.outcome = p.failure(tn.e, err, p.again(q, tn, "")); !tn.application {
		q.at = tn
	}
}
