package presenter

import (
	"context"
	"slices"

	"mailgrant/app/authorization"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// signInApplications lets all applications sign in that have not yet. A service
// that nobody knows is asked about first, as for a user.
func (p *Presenter) signInApplications(q *queue) {
	type work struct {
		tn     *turn
		ctx    context.Context
		say    func(func())
		donors []mailbox.Definition
		hosts  []string
		wait   func()
	}
	todo := map[string]work{}
	var all []mailbox.Definition
	for _, tn := range q.turns {
		if !tn.application || tn.stage == signedIn || tn.stage == skipped || tn.e.job != nil {
			continue
		}
		tn.e.outcome = nil
		if !p.serviceConfirmed(tn.e, tn.d, p.again(q, tn, "")) {
			tn.stage, tn.why = failed, p.text("queue.ask")
			continue
		}
		ctx, say := p.start(tn.e, &job{kind: signingIn})
		tn.stage, tn.why = signing, ""
		todo[tn.d.Name] = work{tn, ctx, say, p.sameRegistration(tn.d), slices.Clone(tn.e.hosts), tn.e.arrival()}
		all = append(all, tn.d)
	}
	if len(all) == 0 {
		return
	}
	p.lasting.Go(func() {
		mailtest.ForEach(context.Background(), all, func(d mailbox.Definition) {
			w := todo[d.Name]
			if w.wait(); w.ctx.Err() != nil {
				return
			}
			err := p.lendSecret(d, w.donors)
			if err == nil {
				_, err = p.c.Engine.Request(w.ctx, d, authorization.Options{AllowHosts: w.hosts})
			}
			show := p.look(d, true)
			p.back(func() { p.looked(w.tn.e, d, show) }) // also where it was stopped too late
			w.say(func() {
				w.tn.e.end()
				p.turnDone(q, w.tn, err)
			})
		})
	})
}

// sameRegistration are the saved mailboxes of one application.
func (p *Presenter) sameRegistration(d mailbox.Definition) []mailbox.Definition {
	var all []mailbox.Definition
	for _, e := range p.entries {
		other := e.saved
		if other.Name != "" && other.Name != d.Name && other.OAuth != nil && registration(other) == registration(d) {
			all = append(all, other)
		}
	}
	return all
}

// lendSecret gives a mailbox the secret of its application that another one
// has: it is the same one, entered once.
func (p *Presenter) lendSecret(d mailbox.Definition, donors []mailbox.Definition) error {
	if p.c.Engine.HasSecret(d, authorization.ClientSecret) {
		return nil
	}
	for _, donor := range donors {
		if p.c.Engine.HasSecret(donor, authorization.ClientSecret) {
			return p.c.Engine.CopySecrets(donor, d)
		}
	}
	return nil // its absence is told by the sign-in
}
