package presenter

import (
	"cmp"
	"errors"
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
	names, err := p.c.Book.Names()
	saved := map[string]*mailbox.Definition{}
	for _, name := range names {
		switch d, err := p.c.Book.Get(name); {
		case err == nil:
			saved[strings.ToLower(name)] = &d
		case !errors.Is(err, mailbox.ErrNotSaved):
			saved[strings.ToLower(name)] = nil
		}
	}
	return saved, err
}

// takeIn shows what is saved now. What could not be saved, because it was
// something else than what the window had seen, is saved after that.
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
			base := e.kept
			e.keep(*now)
			e.found = found{}
			p.merge(e, base)
			fresh = append(fresh, e)
		}
	}
	for _, l := range p.leaving {
		delete(saved, strings.ToLower(l.from.Name))
	}
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
	if len(fresh)+len(gone) > 0 && p.overviewShown() {
		p.readRows()
	}
	for _, e := range slices.Clone(p.entries) {
		if e.again {
			e.again = false
			p.commit(e)
		}
	}
}

// drop lets entries go whose mailboxes somebody else has removed. One of them
// can be brought back: the open one rather than another, if the user has changed
// it. The others that he has changed stay in the list as drafts.
func (p *Presenter) drop(gone []*entry) {
	rank := func(e *entry) int {
		switch {
		case !e.draft():
			return 0
		case e != p.selected:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(gone, func(a, b *entry) int { return cmp.Compare(rank(a), rank(b)) })
	for _, e := range gone {
		offered, open := p.offered(), e == p.selected
		p.takeOut(e)
		if open {
			p.lost = true
			p.goAlong(e)
		}
		if offered != nil && !e.draft() {
			continue
		}
		if offered != nil && offered.gone.Bad { // the user has not deleted it
			p.keepOut(offered)
			p.asDraft(offered)
		}
		p.offer(e, Notice{Text: p.text("ui.notice.gone", "name", e.saved.Name), Bad: e.draft()})
	}
}

// asDraft puts an entry that is gone back into the list, for the user to
// complete or delete.
func (p *Presenter) asDraft(e *entry) {
	e.keep(mailbox.Definition{})
	e.again = false
	e.form[FieldName] = p.freeName(p.name(e), e)
	p.insert(e, len(p.entries))
	p.sort()
	p.saveDrafts()
}

// goAlong shows a mailbox that is gone under the name that somebody else has
// given it, if that is what became of it.
func (p *Presenter) goAlong(gone *entry) {
	for _, e := range p.entries {
		was := e.saved
		if was.Name != "" {
			was.Name = gone.saved.Name
		}
		if was.Equal(gone.saved) {
			p.selected = e
			p.readStatus(e)
			return
		}
	}
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
