package presenter

import (
	"cmp"
	"slices"

	"mailgrant/app/authorization"
	"mailgrant/app/history"
	"mailgrant/app/overview"
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
// them must not ask for the key at once, and until the window is closed. They
// are shown in portions. What was read is dropped where a later look began, or
// where the entry was removed.
func (p *Presenter) readAll(entries []*entry) <-chan struct{} {
	var all []func() (show func())
	for _, e := range entries {
		e.reading++
		d := e.stored()
		if d.Name == "" {
			e.read = true
			continue
		}
		number, wait, whole := e.reading, e.arrival(), e == p.selected
		all = append(all, func() func() {
			wait()
			show := p.look(d, whole)
			return func() {
				if e.reading == number {
					show(e)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for some := range slices.Chunk(all, portion) {
			var shows []func()
			for _, read := range some {
				select {
				case <-p.ended:
					return
				default:
					shows = append(shows, read())
				}
			}
			p.back(func() {
				for _, show := range shows {
					show()
				}
			})
		}
	}()
	return done
}

// stored is the definition for which something may be stored: what the form says,
// or where that is not valid, what is saved; without a name: neither.
func (e *entry) stored() mailbox.Definition {
	if d, err := e.form.definition(); err == nil {
		return d
	}
	return e.saved
}

// looked shows what a job has found stored for a definition. Where the mailbox has
// other values by now, those are read.
func (p *Presenter) looked(e *entry, d mailbox.Definition, show func(*entry)) {
	now := e.stored()
	if alike(now, d) {
		show(e)
	}
	if !now.Equal(d) {
		p.readStatus(e)
	}
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
// into the entry. All earlier tests are read only as a whole: hundreds of them
// take a while. It is called beside the window's goroutine.
func (p *Presenter) look(d mailbox.Definition, whole bool) (show func(*entry)) {
	stored := overview.Read(p.c.Engine, d)
	secrets := map[authorization.SecretKind]bool{}
	for _, kind := range authorization.SecretKinds {
		secrets[kind] = p.c.Engine.HasSecret(d, kind)
	}
	var past []history.Entry
	var last history.Entry
	if p.c.History != nil {
		var err, none error
		last, _, err = p.c.History.Latest(d)
		if whole {
			past, none = p.c.History.Load(d.Name)
		}
		if err = cmp.Or(err, none); err != nil { // the mailbox can be tested all the same
			p.c.Log.Warn("ui: the earlier tests cannot be read", "error", err)
		}
	}
	row := stored.Row(p.c.Texts, d, last)
	return func(e *entry) {
		s := stored.Status
		if e.row = row; whole {
			e.past = history.About(past, d)
		}
		e.reading++ // drops slower reads
		if e.outcome != nil && e.outcome.renewing && s.Renewed.After(e.Status.Renewed) {
			e.outcome = nil
		}
		p.signedIn = p.signedIn || e == p.selected && e.read && s.Issued.After(e.Status.Issued)
		e.Stored, e.read, e.secrets = stored, true, secrets
		if s.State != authorization.StateNone {
			e.had = d
		}
	}
}
