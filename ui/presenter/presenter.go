// Package presenter is the window without its widgets: what the user did goes
// in as methods, what the window shows comes out as a State.
//
// A Presenter lives on one goroutine, the window's. Jobs (a sign-in, a test, a
// look-up) run beside it, one at a time for each mailbox, and hand their events
// back through the Dispatch function. Inputs are copied before a job starts;
// what a job says after it was cancelled or replaced is dropped.
//
// The package knows no widget and opens no connection: all work is done by the
// interfaces in engine.go.
package presenter

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"mailgrant/app/authorization"
	"mailgrant/app/history"
	"mailgrant/app/overview"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

// Presenter is the window's logic. All its methods are called on the window's
// goroutine.
type Presenter struct {
	// Read is closed when what is stored for the mailbox that New shows is on
	// its way into the window.
	Read <-chan struct{}

	c        Config
	entries  []*entry
	selected *entry
	welcome  *Welcome
	notice   *Notice
	deleted  []*Notice  // of what can be taken back, the last first
	leaving  []*leaving // names that were given up
	saver    Saver
	lasting  sync.WaitGroup // what a window that is closed waits for
	writes   int            // to the book, by this window
	point    Field          // to be led to
	lost     bool           // what was open, to somebody else
	drawn    *entry         // the open one, as it was shown last
	signedIn bool           // the open mailbox has a newer authorization than was shown
	closed   bool
	ended    chan struct{}   // is closed with the window
	services map[string]bool // sign-in services that were confirmed
	renewal  Renewal
	products []ProductChoice
	table    tableView // the overview
	queue    *queue    // nil: no queue is shown
	takeover *takeover // nil: no preview is open
}

// entry is one mailbox of the list with everything that belongs to it.
type entry struct {
	saved   mailbox.Definition // as it is in the book; without a name: not saved yet
	form    Form
	kept    Form           // that of saved
	touched map[Field]bool // left at least once: errors may show
	checked bool           // Request or Test was pressed: all errors show
	notes   map[Field]string
	lookup  *lookup // a search is on its way

	overview.Stored
	read    bool               // that is known
	reading int                // counts reads; late ones are dropped
	had     mailbox.Definition // that an authorization was last stored for; without OAuth: none
	secrets map[authorization.SecretKind]bool
	refused map[authorization.SecretKind]string // why one was not stored
	saving  *saving                             // nil: nothing is on its way to the book
	again   bool                                // it is saved anew when the book has been read
	carried <-chan struct{}                     // nil, or closed when the secrets have followed a new name

	found   found // without a sign-in
	job     *job
	outcome *Finding            // what the last request, renewal or question came to
	tried   []oauth.Tried       // after a request that failed
	asks    map[ActionID]func() // what to do when the user agrees to something that was asked
	hosts   []string            // confirmed mail hosts

	tested   *tested         // the last test, nil: there was none
	watch    *watch          // the last test was one of many
	question *Finding        // about the test
	past     []history.Entry // its earlier tests, the oldest first
	row      *overview.Row   // all of that in the overview; nil: not read yet
}

// New reads the saved mailboxes and drafts and shows the one that was open
// last, or where none was, the overview.
func New(c Config) *Presenter {
	p := &Presenter{c: c.withDefaults(), ended: make(chan struct{}), services: map[string]bool{}}
	p.load()
	if len(p.entries) == 0 {
		p.welcome = &Welcome{}
	}
	for _, e := range p.entries {
		if strings.EqualFold(p.name(e), p.c.Notes.Kept().Mailbox) {
			p.selected = e
		}
	}
	if len(p.entries) == 1 {
		p.selected = p.entries[0]
	}
	p.Read = p.readStatus(p.selected)
	p.tellTrip()
	p.render()
	p.checkFolder()
	p.readAll(slices.DeleteFunc(slices.Clone(p.entries), func(e *entry) bool { return e == p.selected }))
	return p
}

func (p *Presenter) load() {
	all, err := p.c.Book.All()
	if err != nil {
		p.tell(Notice{Text: p.text("ui.notice.book", "reason", p.inShort(err)), Bad: true})
	}
	drafts := p.c.Notes.LoadDrafts()
	for _, saved := range all {
		if saved.Err != nil {
			p.c.Log.Warn("ui: a saved mailbox cannot be read", "name", saved.Name, "error", saved.Err)
			p.tell(Notice{Text: p.text("ui.notice.unreadable", "name", saved.Name), Bad: true})
		} else {
			p.entries = append(p.entries, newEntry(saved.Definition))
		}
	}
	for _, draft := range drafts {
		p.addDraft(draft)
	}
}

// addDraft puts a draft over the saved mailbox that it changes, or into the
// list as one that was never saved.
func (p *Presenter) addDraft(draft Draft) {
	form := newForm()
	maps.Copy(form, draft.Form)
	for _, e := range p.entries {
		if draft.Saved != "" && strings.EqualFold(e.saved.Name, draft.Saved) && !e.draft() {
			e.form = form
			e.checked = true
			if draft.Kept != nil {
				p.merge(e, draft.Kept)
			}
			return
		}
	}
	e := newDraft(form)
	for field := range form { // what was wrong with it was told before
		e.touched[field] = true
	}
	p.entries = append(p.entries, e)
}

// newEntry is that of a saved mailbox.
func newEntry(saved mailbox.Definition) *entry {
	e := newDraft(formOf(saved))
	e.keep(saved)
	return e
}

// newDraft is that of a mailbox which was never saved.
func newDraft(form Form) *entry {
	return &entry{
		Stored: overview.Stored{Status: authorization.Status{State: authorization.StateNone}},
		form:   form, kept: Form{},
		touched: map[Field]bool{}, notes: map[Field]string{}, asks: map[ActionID]func(){},
		secrets: map[authorization.SecretKind]bool{}, refused: map[authorization.SecretKind]string{},
	}
}

// keep notes what is saved of an entry; nothing: it is not saved.
func (e *entry) keep(saved mailbox.Definition) {
	e.saved, e.kept = saved, Form{}
	if saved.Name != "" {
		e.kept = formOf(saved)
	}
}

// draft tells whether the entry differs from what is saved.
func (e *entry) draft() bool { return e.saved.Name == "" || !e.form.equal(e.kept) }

// follows tells whether the user is taken over from the sender.
func (e *entry) follows() bool {
	return strings.TrimSpace(e.form[FieldUser]) == "" || strings.EqualFold(e.form[FieldUser], e.form[FieldSender])
}

func (e *entry) usesOAuth() bool { return e.form[FieldAuthentication] != mailbox.AuthPassword }

// name is what the list calls an entry.
func (p *Presenter) name(e *entry) string {
	if name := cmp.Or(strings.TrimSpace(e.form[FieldName]), strings.TrimSpace(e.form[FieldSender])); name != "" {
		return name
	}
	return p.text("ui.list.unnamed")
}

// Select opens another mailbox. Jobs of the one that was open go on.
func (p *Presenter) Select(i int) {
	if i < 0 || i >= len(p.entries) {
		return
	}
	if p.entries[i] != p.selected || p.welcome != nil {
		p.open(p.entries[i])
	}
}

func (p *Presenter) open(e *entry) {
	p.leave()
	p.selected, p.welcome = e, nil
	if e != nil {
		p.keep(func(r *Remembered) { r.Mailbox = p.name(e) })
		p.readStatus(e)
	}
	p.render()
}

// leave saves what is being typed and closes what is shown in the mailbox's
// stead: the preview of files, of which what is being saved is saved as a whole
// all the same, and the queue. Who has signed in by then stays so.
func (p *Presenter) leave() {
	p.commit(p.selected)
	if p.takeover == nil && p.queue == nil {
		return
	}
	if p.takeover != nil {
		p.selected = p.takeover.from
	} else {
		p.queue.stop()
	}
	p.takeover, p.queue = nil, nil
	p.Reread() // what was left alone meanwhile
}

// Close saves what is being typed and ends all jobs.
func (p *Presenter) Close() {
	if p.closed {
		return
	}
	close(p.ended)
	p.commit(p.selected)
	p.closed = true
	if p.table.all != nil {
		p.table.all.cancel()
	}
	for _, e := range p.entries {
		if e.doing(roundTripping) {
			p.keep(func(r *Remembered) { r.Trip = strings.TrimPrefix(r.Trip+", "+p.name(e), ", ") })
		}
		if e.doing(signingIn) {
			p.c.Log.Info("ui: the window was closed during a sign-in", "mailbox", p.name(e))
		}
		if !e.doing(forgetting) { // which is soon done
			e.stop()
		}
	}
	p.finish()
}

func (p *Presenter) text(key string, pairs ...string) string {
	return p.c.Texts.Text(key, i18n.Pairs(pairs...))
}
