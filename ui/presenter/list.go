package presenter

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"mailgrant/app/authorization"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

// Draft is a mailbox that is not valid yet, as it is kept between two starts.
type Draft struct {
	Saved string `json:"saved,omitempty"` // the saved mailbox that it changes
	Kept  Form   `json:"kept,omitempty"`  // as that was then
	Form  Form   `json:"form"`
}

func (p *Presenter) saveDrafts() {
	drafts := []Draft{}
	for _, e := range p.entries {
		if e.draft() {
			d := Draft{Saved: e.saved.Name, Form: e.form.clone()}
			// In the wrong field: drafts are readable files.
			maps.DeleteFunc(d.Form, func(_ Field, value string) bool { return redact.HasClientSecret(value) })
			if d.Saved != "" { // else it would not be read as it was written
				d.Kept = e.kept.clone()
			}
			drafts = append(drafts, d)
		}
	}
	p.saver.Add(func() {
		if err := p.c.Notes.SaveDrafts(drafts); err != nil {
			p.back(func() { p.unsaved(err) })
		}
	})
}

// NewMailbox asks for the sender of a new mailbox.
func (p *Presenter) NewMailbox() {
	p.leave()
	p.welcome = &Welcome{CanCancel: len(p.entries) > 0}
	p.render()
}

// Guide is Microsoft's page on what an application needs before a mailbox can
// be authorized: its registration and its permissions.
const Guide = "https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth"

// welcomeState adds what the page says beside its question. In practice
// everything is prepared.
func (p *Presenter) welcomeState() *Welcome {
	if p.welcome == nil || p.takeover != nil {
		return nil
	}
	s := *p.welcome
	if p.c.Practice == nil {
		s.Guide, s.CanPractise = Guide, p.c.Practise != nil && len(p.entries) == 0
	}
	return &s
}

// CancelWelcome goes back to the mailbox that was open.
func (p *Presenter) CancelWelcome() {
	if p.welcome != nil && p.welcome.CanCancel {
		p.open(p.selected)
	}
}

// Create makes a mailbox for a sender and proposes the rest.
func (p *Presenter) Create(sender string) {
	if p.welcome == nil {
		return
	}
	form := newForm()
	sender = mailbox.AddressIn(sender)
	form[FieldSender], form[FieldUser] = sender, sender
	_, wrong := form.definition()
	if fe, bad := wrong.For("sender"); bad {
		if ascii := fe.Args["ascii"]; ascii != "" { // it is known how that is written
			p.Create(ascii)
			return
		}
		p.welcome.Error = capital(fe.Message(p.c.Texts))
		if strings.Count(sender, "@") > 1 {
			p.welcome.Error = p.text("ui.welcome.several")
		}
		p.render()
		return
	}
	like, from := p.sibling(sender), ""
	if like != nil {
		form, from = like.kept.clone(), p.name(like)
		form[FieldSender], form[FieldUser], form[FieldShared], form[FieldSignIn] = sender, sender, "", oauth.WayFor(form[FieldSignIn])
	}
	e := newDraft(form)
	form[FieldName] = p.freeName(mailbox.NameOf(sender), e)
	p.passProduct(from, form[FieldName])
	first := len(p.entries) == 0 && p.c.Practice == nil
	p.entries = append(p.entries, e)
	p.commit(e)
	p.open(e)
	if like == nil {
		p.propose(e)
	} else {
		e.notes[FieldProvider] = p.text("ui.note.like", "name", from)
		p.render()
	}
	if first { // who has nothing yet is led through all of it
		p.ShowAssistant(true)
	}
}

// sibling is a saved mailbox of the sender's domain, the one that was open if that
// is one: another one there mostly has its application and its servers. nil: there
// is none.
func (p *Presenter) sibling(sender string) *entry {
	domain := mailbox.DomainOf(sender)
	for _, e := range append([]*entry{p.selected}, p.entries...) {
		if e != nil && e.saved.Name != "" && strings.EqualFold(mailbox.DomainOf(e.saved.Sender), domain) {
			return e
		}
	}
	return nil
}

// Duplicate copies the mailbox under another name.
func (p *Presenter) Duplicate() {
	e := p.selected
	if e == nil {
		return
	}
	p.commit(e)
	copied := newDraft(e.form.clone())
	copied.form[FieldName] = p.freeName(p.name(e), copied)
	p.insert(copied, slices.Index(p.entries, e)+1)
	p.passProduct(p.name(e), p.name(copied))
	p.commit(copied)
	p.open(copied)
}

// Rename gives the mailbox another name; "" or the reason why not.
func (p *Presenter) Rename(name string) string {
	e := p.selected
	if e == nil {
		return ""
	}
	if e.doing(testing, watching, roundTripping) || p.table.all != nil { // which go by the name they began with
		return p.text("ui.list.busy", "name", p.name(e))
	}
	name = strings.TrimSpace(name)
	if p.taken(name, e) {
		return p.text("ui.rename.taken", "name", name)
	}
	trial := mailbox.Definition{Name: name, Sender: "a@b.example"}.Normalize()
	if fe, wrong := trial.Validate().(mailbox.Invalid).For("name"); wrong || name == "" {
		if name == "" {
			fe = mailbox.FieldError{Field: "name", Problem: "empty"}
		}
		return capital(fe.Message(p.c.Texts))
	}
	was := p.name(e)
	e.form[FieldName] = name
	p.commit(e)
	p.passProduct(was, name)
	p.render()
	return ""
}

// Delete takes the mailbox out of the list; Undo brings it back, and after it
// those that were deleted just before. Its
// authorization stays.
func (p *Presenter) Delete() {
	e := p.selected
	if e == nil {
		return
	}
	p.takeOut(e)
	notice := "ui.notice.deleted"
	if e.Status.State != authorization.StateNone {
		notice = "ui.notice.deleted-authorized"
	}
	p.offer(e, Notice{Text: p.text(notice, "name", p.name(e))})
	if e.saved.Name != "" {
		p.remove(e, e.saved)
	}
	p.render()
}

// takeOut takes an entry out of the list. Another one is shown in its place.
func (p *Presenter) takeOut(e *entry) {
	e.stop()
	i := slices.Index(p.entries, e)
	p.entries = slices.Delete(p.entries, i, i+1)
	e.reading++ // what is being read about it comes too late
	p.saveDrafts()
	switch left := len(p.entries); {
	case left == 0:
		p.selected, p.welcome = nil, &Welcome{}
	case e == p.selected || p.selected == nil && !p.hasOverview():
		p.selected = p.entries[min(i, left-1)]
		p.readStatus(p.selected)
	}
}

// remove takes a deleted entry out of the book; if that fails, it is back.
func (p *Presenter) remove(e *entry, was mailbox.Definition) {
	p.write(func() {
		err := p.c.Book.Discard(was)
		p.back(func() {
			if err == nil || errors.Is(err, mailbox.ErrNotSaved) {
				return
			}
			if p.keepOut(e); !p.listed(e) {
				p.insert(e, len(p.entries))
				p.sort()
			}
			if errors.Is(err, mailbox.ErrChanged) {
				p.tell(Notice{Text: p.text("ui.notice.not-deleted", "name", was.Name), Bad: true})
				p.Reread()
				return
			}
			p.unsaved(err)
		})
	})
}

// offer tells that an entry is gone, and that it can be taken back. Other news
// may cover that for a while.
func (p *Presenter) offer(e *entry, n Notice) {
	p.keepOut(e)
	n.Undo, n.of = true, e
	p.notice, p.deleted = nil, append(p.deleted, &n)
	p.fade(&n, noticeUndoTime)
}

// offered is what Undo brings back now; nil: nothing is offered.
func (p *Presenter) offered() *Notice {
	if len(p.deleted) == 0 {
		return nil
	}
	return p.deleted[len(p.deleted)-1]
}

// keepOut leaves a deleted entry out of what can be taken back.
func (p *Presenter) keepOut(e *entry) {
	p.deleted = slices.DeleteFunc(p.deleted, func(n *Notice) bool { return n.of == e })
}

// Undo brings back the mailbox that was deleted last. The one before it is
// offered then.
func (p *Presenter) Undo() {
	offered := p.offered()
	if offered == nil {
		return
	}
	e := offered.of
	was := e.saved
	p.keepOut(e)
	if next := p.offered(); next != nil {
		p.offer(next.of, *next)
	}
	e.keep(mailbox.Definition{})
	e.form[FieldName] = p.freeName(p.name(e), e)
	p.insert(e, len(p.entries))
	p.commit(e)
	if was.Name != "" {
		p.copySecrets(e, was)
	}
	p.sort()
	p.open(e)
}

// FileFailed tells that a file could not be read or written.
func (p *Presenter) FileFailed(err error) {
	p.tell(Notice{Text: p.text("ui.notice.file", "reason", p.inShort(err)), Bad: true})
	p.render()
}

// FileWritten tells that an export or a report arrived, and where.
func (p *Presenter) FileWritten(path string) {
	p.tell(Notice{Text: p.text("ui.notice.exported", "file", filepath.Base(path), "folder", filepath.Dir(path))})
	p.render()
}

// listed tells whether an entry was not deleted.
func (p *Presenter) listed(e *entry) bool { return slices.Contains(p.entries, e) }

func (p *Presenter) insert(e *entry, at int) { p.entries = slices.Insert(p.entries, at, e) }

func (p *Presenter) sort() {
	slices.SortStableFunc(p.entries, func(a, b *entry) int {
		return i18n.Compare(p.name(a), p.name(b))
	})
}

// taken tells whether another entry has the name; files differ without case.
func (p *Presenter) taken(name string, but *entry) bool {
	return slices.ContainsFunc(p.entries, func(e *entry) bool {
		return e != but && (strings.EqualFold(p.name(e), name) || e.saved.Name != "" && strings.EqualFold(e.saved.Name, name))
	})
}

// freeName is the name, or the name with a number behind it.
func (p *Presenter) freeName(name string, but *entry) string {
	free := name
	for n := 2; p.taken(free, but); n++ {
		base := []rune(name)
		free = fmt.Sprintf("%s (%d)", string(base[:min(len(base), 56)]), n)
	}
	return free
}
