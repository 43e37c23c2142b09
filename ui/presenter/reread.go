package presenter

import (
	"slices"
	"strings"

	"mailgrant/internal/mailbox"
)

// Reread takes over what others – a second window, a command – have saved,
// changed and removed since the book was read. What the user is changing stays.
func (p *Presenter) Reread() { p.reread(nil) }

// reread looks twice before a mailbox counts as removed: a file that another
// program is just replacing may not be there for a moment. before is what was
// there at the first look; nil: this is the first.
func (p *Presenter) reread(before map[string]*mailbox.Definition) {
	writes := p.writes
	p.saver.Add(func() {
		saved, err := p.readBook()
		p.back(func() {
			switch {
			case err != nil:
				p.tell(Notice{Text: p.text("ui.notice.book", "reason", p.inShort(err)), Bad: true})
			case p.writes != writes: // it is older than what the window shows
				p.Reread()
			case p.takeover != nil || p.queue != nil: // these go by what they have read
			case before == nil && p.misses(saved):
				p.reread(saved)
			default:
				for name := range before {
					if _, there := saved[name]; !there {
						saved[name] = nil
					}
				}
				p.takeIn(saved)
			}
		})
	})
}

// misses tells whether a mailbox that was saved is not there.
func (p *Presenter) misses(saved map[string]*mailbox.Definition) bool {
	return slices.ContainsFunc(p.entries, func(e *entry) bool {
		_, there := saved[strings.ToLower(e.saved.Name)]
		return e.saved.Name != "" && !there
	})
}

// readBook reads all that is saved, by names without case; what cannot be read
// is nil. It is called beside the window.
func (p *Presenter) readBook() (map[string]*mailbox.Definition, error) {
	all, err := p.c.Book.All()
	saved := map[string]*mailbox.Definition{}
	for _, d := range all {
		if saved[strings.ToLower(d.Name)] = nil; d.Err == nil {
			saved[strings.ToLower(d.Name)] = &d.Definition
		}
	}
	return saved, err
}

// takeIn shows what is saved now. What could not be saved, because it was
// something other than what the window had seen, is saved after that.
func (p *Presenter) takeIn(saved map[string]*mailbox.Definition) {
	var fresh, gone []*entry
	for _, e := range p.entries {
		name := strings.ToLower(e.saved.Name)
		now, there := saved[name]
		delete(saved, name)
		switch {
		case name == "":
		case !there:
			gone = append(gone, e)
		case now != nil && !now.Equal(e.saved):
			p.adopt(e, *now)
			fresh = append(fresh, e)
		}
	}
	for _, l := range p.leaving {
		delete(saved, strings.ToLower(l.from.Name))
	}
	gone = slices.DeleteFunc(gone, func(e *entry) bool {
		now := renamed(e.saved, saved)
		if now != nil {
			p.adopt(e, *now)
			fresh = append(fresh, e)
		}
		return now != nil
	})
	for _, d := range saved {
		if d != nil {
			e := newEntry(*d)
			p.entries, fresh = append(p.entries, e), append(fresh, e)
		}
	}
	p.drop(gone)
	if len(fresh) > 0 {
		p.giveWay()
		p.sort()
		p.readAll(fresh)
	}
	if e := p.selected; e != nil && e.job == nil && !slices.Contains(fresh, e) {
		p.readStatus(e) // what somebody has tested or renewed meanwhile
	}
	for _, e := range slices.Clone(p.entries) {
		if e.again {
			e.again = false
			p.commit(e)
		}
	}
}

// drop lets entries go whose mailboxes somebody else has removed. One of them
// can be brought back. Those that the user has changed stay where they are as
// drafts: nothing moves under his hands.
func (p *Presenter) drop(gone []*entry) {
	var kept []string
	for _, e := range gone {
		was := e.saved.Name
		if e.draft() {
			kept = append(kept, was)
			e.keep(mailbox.Definition{})
			e.again = false
			e.form[FieldName] = p.freeName(p.name(e), e)
			continue
		}
		open, offered := e == p.selected, p.offered()
		if p.takeOut(e); open {
			p.lost = true
			if p.hasOverview() {
				p.selected = nil
			}
		}
		if offered == nil {
			p.offer(e, Notice{Text: p.text("ui.notice.gone", "name", was)})
		}
	}
	if len(kept) > 0 {
		p.tell(Notice{Text: p.text("ui.notice.gone-kept", "names", strings.Join(kept, ", ")), Bad: true})
		p.sort()
		p.saveDrafts()
	}
}

// renamed takes what is saved anew for a mailbox that is gone out of it, where it
// is the same but for its name.
func renamed(gone mailbox.Definition, saved map[string]*mailbox.Definition) *mailbox.Definition {
	for name, d := range saved {
		if d == nil {
			continue
		}
		same := *d
		if same.Name = gone.Name; same.Equal(gone) {
			delete(saved, name)
			return d
		}
	}
	return nil
}

// adopt goes on with what others have made of an entry.
func (p *Presenter) adopt(e *entry, now mailbox.Definition) {
	base := e.kept
	e.keep(now)
	e.found = found{}
	p.merge(e, base)
}

// merge puts what the user has changed of an entry since base over what others
// have made of it, and tells which of their values it replaces.
func (p *Presenter) merge(e *entry, base Form) {
	mine := changedIn(e.form, base)
	now := e.kept.clone()
	for _, field := range mine {
		if theirs := e.kept[field]; theirs != base[field] && theirs != e.form[field] {
			at, words := place(string(field)), p.words(e.kept, field)
			e.notes[at] = p.text("ui.note.replaced", "value", words)
			if words == "" {
				e.notes[at] = p.text("ui.note.replaced-nothing")
			}
		}
		now[field] = e.form[field]
	}
	e.form = now
	if len(mine) > 0 && !base.equal(e.kept) {
		p.tell(Notice{Text: p.text("ui.notice.changed-too", "name", e.saved.Name), Bad: true})
	}
}

// changedIn are the fields of a form that are not as they were.
func changedIn(form, was Form) (changed []Field) {
	for field, value := range form {
		if value != was[field] {
			changed = append(changed, field)
		}
	}
	return changed
}
