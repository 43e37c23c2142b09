package presenter

import (
	"strings"
	"time"

	"mailgrant/internal/authorization"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/oauth"
)

// Presenter is the window's logic. All its methods are called on the window's
// goroutine.
type Presenter struct {
	c        Config
	entries  []*entry
	selected *entry
	welcome  *Welcome
	notice   *Notice
	deleted  *entry // can be taken back
	notices  int    // counts them, so that only the last one's time runs out
	closed   bool
	renewal  Renewal
}

// entry is one mailbox of the list with everything that belongs to it.
type entry struct {
	saved   string // its name in the book; "" = not saved yet
	form    Form
	kept    Form           // as it was last saved
	touched map[Field]bool // left at least once: errors may show
	checked bool           // Request or Test was pressed: all errors show
	notes   map[Field]string
	lookup  *lookup // a search is on its way

	status    authorization.Status
	statusErr error
	read      bool // status is known
	reading   int  // counts reads; late ones are dropped
	secrets   map[Secret]bool

	job     *job
	verdict *Finding // what the last request, renewal or question came to
	ask     question
	hosts   []string // confirmed mail hosts
	service string   // confirmed sign-in service

	report   *mailtest.Report
	tested   time.Time
	question *Finding // about the test
}

// New reads the saved mailboxes and drafts, selects the one that was open
// last and shows it.
func New(c Config) *Presenter {
	p := &Presenter{c: c.withDefaults()}
	p.load()
	if len(p.entries) == 0 {
		p.welcome = &Welcome{}
	}
	for _, e := range p.entries {
		if p.selected == nil || strings.EqualFold(p.name(e), p.c.Notes.LastMailbox()) {
			p.selected = e
		}
	}
	p.render()
	p.readAll(p.entries)
	return p
}

func (p *Presenter) load() {
	names, err := p.c.Book.Names()
	if err != nil {
		p.tell(Notice{Text: p.text("ui.notice.book", "reason", err.Error()), Bad: true})
	}
	drafts := p.c.Notes.LoadDrafts()
	for _, name := range names {
		d, err := p.c.Book.Get(name)
		if err != nil {
			p.c.Log.Warn("ui: a saved mailbox cannot be read", "name", name, "error", err)
			p.tell(Notice{Text: p.text("ui.notice.unreadable", "name", name), Bad: true})
			continue
		}
		p.entries = append(p.entries, newEntry(d.Name, formOf(d)))
	}
	for _, draft := range drafts {
		p.addDraft(draft)
	}
}

// addDraft puts a draft over the saved mailbox that it changes, or into the
// list as one that was never saved.
func (p *Presenter) addDraft(draft Draft) {
	form := newForm()
	for field, value := range draft.Form {
		form[field] = value
	}
	for _, e := range p.entries {
		if draft.Saved != "" && strings.EqualFold(e.saved, draft.Saved) {
			e.form = form
			e.checked = true
			return
		}
	}
	e := newEntry("", form)
	e.kept = Form{}
	p.entries = append(p.entries, e)
}

func newEntry(saved string, form Form) *entry {
	return &entry{
		status: authorization.Status{State: authorization.StateNone},
		saved:  saved, form: form, kept: form.clone(),
		touched: map[Field]bool{}, notes: map[Field]string{}, secrets: map[Secret]bool{},
	}
}

// draft tells whether the entry differs from what is saved.
func (e *entry) draft() bool { return e.saved == "" || !e.form.equal(e.kept) }

// follows tells whether the user is taken over from the sender.
func (e *entry) follows() bool {
	return strings.TrimSpace(e.form[FieldUser]) == "" || strings.EqualFold(e.form[FieldUser], e.form[FieldSender])
}

func (e *entry) usesOAuth() bool { return e.form[FieldAuthentication] != mailbox.AuthPassword }

// name is what the list calls an entry.
func (p *Presenter) name(e *entry) string {
	for _, name := range []string{e.form[FieldName], e.form[FieldSender]} {
		if name = strings.TrimSpace(name); name != "" {
			return name
		}
	}
	return p.c.Texts.Text("ui.list.unnamed")
}

// Select opens another mailbox. Jobs of the one that was open go on.
func (p *Presenter) Select(i int) {
	if i < 0 || i >= len(p.entries) || p.entries[i] == p.selected && p.welcome == nil {
		return
	}
	p.commit(p.selected)
	p.open(p.entries[i])
}

func (p *Presenter) open(e *entry) {
	p.selected, p.welcome = e, nil
	if e != nil {
		p.c.Notes.SetLastMailbox(p.name(e))
		p.readStatus(e)
	}
	p.render()
}

// Close saves what is being typed and ends all jobs.
func (p *Presenter) Close() {
	p.commit(p.selected)
	p.closed = true
	for _, e := range p.entries {
		e.stop()
	}
}

// readStatus reads the stored authorization beside the window: a keyring may
// be slow or ask for a password. While the form is not valid, what was read
// last stays.
func (p *Presenter) readStatus(e *entry) {
	if e != nil {
		p.readAll([]*entry{e})
	}
}

// readAll is readStatus for several entries, one after the other, for 200 of
// them must not ask for the key at once. They are shown together.
func (p *Presenter) readAll(entries []*entry) {
	type reading struct {
		e    *entry
		n    int
		d    mailbox.Definition
		show func(*entry)
	}
	var readings []*reading
	for _, e := range entries {
		e.reading++
		d, err := e.form.definition()
		if err != nil {
			e.read = true
			continue
		}
		readings = append(readings, &reading{e: e, n: e.reading, d: d})
	}
	if len(readings) == 0 {
		return
	}
	go func() {
		for _, r := range readings {
			r.show = p.look(r.d)
		}
		p.c.Dispatch(func() {
			if p.closed {
				return
			}
			for _, r := range readings {
				if r.e.reading == r.n {
					r.show(r.e)
				}
			}
			p.render()
		})
	}()
}

// readSharing reads the other mailboxes with the same authorization again.
func (p *Presenter) readSharing(e *entry, d mailbox.Definition) {
	var others []*entry
	for _, other := range p.entries {
		o, err := other.form.definition()
		if other != e && err == nil && other.usesOAuth() && oauth.Key(o) == oauth.Key(d) {
			others = append(others, other)
		}
	}
	p.readAll(others)
}

// look reads what is stored for a definition; the function it returns puts it
// into the entry. It is called beside the window's goroutine.
func (p *Presenter) look(d mailbox.Definition) (show func(*entry)) {
	s := authorization.Status{State: authorization.StateNone}
	var err error
	if d.Authentication == mailbox.AuthOAuth2 {
		s, err = p.c.Engine.Status(d)
	}
	secrets := map[Secret]bool{}
	for _, kind := range []Secret{SecretPassword, SecretClient, SecretProxy} {
		secrets[kind] = p.c.Engine.HasSecret(d, authorization.SecretKind(kind))
	}
	return func(e *entry) {
		e.reading++ // drops slower reads
		e.status, e.statusErr, e.read, e.secrets = s, err, true, secrets
	}
}

func (p *Presenter) text(key string, pairs ...string) string {
	return p.c.Texts.Text(key, args(pairs))
}
