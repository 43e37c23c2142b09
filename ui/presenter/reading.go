package presenter

import (
	"slices"

	"mailgrant/app/authorization"
	"mailgrant/app/history"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

// portion is how many mailboxes are read before the list is drawn anew.
const portion = 16

// readStatus reads the stored authorization beside the window: a keyring may
// be slow or ask for a password. While the form is not valid, what was read
// last stays. The channel is closed when what was read is on its way into the
// window.
func (p *Presenter) readStatus(e *entry) (read <-chan struct{}) {
	if e == nil {
		return p.readAll(nil)
	}
	return p.readAll([]*entry{e})
}

// readAll is readStatus for several entries, one after the other, for 200 of
// them must not ask for the key at once. They are shown in portions. What was read
// is dropped where a later look began, or where the entry was removed.
func (p *Presenter) readAll(entries []*entry) <-chan struct{} {
	var all []reading
	for _, e := range entries {
		e.reading++
		d, err := e.form.definition()
		if err != nil {
			e.read = true
			continue
		}
		number, wait := e.reading, e.arrival()
		all = append(all, func() func() {
			wait()
			show := p.look(d)
			return func() {
				if e.reading == number {
					show(e)
				}
			}
		})
	}
	return p.inPortions(all)
}

// reading reads something beside the window, which take puts into it.
type reading func() (take func())

// inPortions reads one after the other, until the window is closed, and takes
// what was read over in portions. The channel is closed when the last of them is
// on its way.
func (p *Presenter) inPortions(all []reading) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for some := range slices.Chunk(all, portion) {
			var taken []func()
			for _, read := range some {
				select {
				case <-p.ended:
					return
				default:
					taken = append(taken, read())
				}
			}
			p.back(func() {
				for _, take := range taken {
					take()
				}
			})
		}
	}()
	return done
}

// readSharing reads the other mailboxes with the same authorization again.
func (p *Presenter) readSharing(e *entry, d mailbox.Definition) {
	p.readAll(p.sharing(e, d))
}

// sharing are the other mailboxes with the same authorization.
func (p *Presenter) sharing(e *entry, d mailbox.Definition) (others []*entry) {
	if d.Authentication != mailbox.AuthOAuth2 {
		return nil
	}
	for _, other := range p.entries {
		o, err := other.form.definition()
		if other != e && err == nil && other.usesOAuth() && oauth.Key(o) == oauth.Key(d) {
			others = append(others, other)
		}
	}
	return others
}

// look reads what is stored for a definition; the function it returns puts it
// into the entry. It is called beside the window's goroutine.
func (p *Presenter) look(d mailbox.Definition) (show func(*entry)) {
	s := authorization.Status{State: authorization.StateNone}
	var err error
	if d.Authentication == mailbox.AuthOAuth2 {
		s, err = p.c.Engine.Status(d)
	}
	secrets := map[authorization.SecretKind]bool{}
	for _, kind := range authorization.SecretKinds {
		secrets[kind] = p.c.Engine.HasSecret(d, kind)
	}
	credential, _ := p.c.Engine.Credentials(d)
	var past []history.Entry
	if p.c.History != nil {
		past = history.About(p.c.History(d.Name), d)
	}
	return func(e *entry) {
		e.past = past
		e.reading++ // drops slower reads
		if e.outcome != nil && e.outcome.renewing && s.Renewed.After(e.status.Renewed) {
			e.outcome = nil
		}
		p.signedIn = p.signedIn || e == p.selected && e.read && s.Issued.After(e.status.Issued)
		e.status, e.statusErr, e.read, e.secrets, e.credential = s, err, true, secrets, credential
		if s.State != authorization.StateNone {
			e.had = d
		}
	}
}
