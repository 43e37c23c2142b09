package presenter

import (
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"mailgrant/app/table"
	"mailgrant/internal/mailbox"
)

// Importer reads files of mailboxes and takes over what they hold;
// table.Importer in the program.
type Importer interface {
	Preview(files ...string) (table.Preview, error)
	TakeOver(p *table.Preview, replace bool) ([]mailbox.Definition, error)
}

// TakeoverState is what taking files over would do. Nothing is saved before
// the user agrees.
type TakeoverState struct {
	Files  string   // which they are
	Busy   string   // what is going on, "" = nothing
	Sum    Line     // all of it in a sentence
	Rows   [][]Line // what happens with each mailbox, or is wrong with it, its name, more about it
	Wrong  string   // why nothing was taken over, "" = not tried, or the files themselves
	CanDo  bool
	Do     string // what the button for it says
	CanAdd bool   // another file may be read too
	Again  bool   // something in the files has to be mended first: they may be read again
}

// takeover is a preview that is open.
type takeover struct {
	files   []string
	preview table.Preview
	reading bool
	saving  bool
	number  int // of the last reading; late ones are dropped
	wrong   string
	faulty  bool   // the last reading found something that has to be mended
	from    *entry // that was open; nil: the overview, or none
}

// ImportFiles shows what taking files over would do, and those that are shown
// already with them.
func (p *Presenter) ImportFiles(files ...string) {
	t := p.takeover
	if len(files) == 0 || p.c.Importer == nil || t != nil && t.saving {
		return
	}
	if t == nil {
		p.leave()
		t = &takeover{from: p.selected}
		p.takeover, p.selected = t, nil
	}
	for _, file := range files {
		if !slices.Contains(t.files, file) {
			t.files = append(t.files, file)
		}
	}
	p.readFiles(t, "")
}

// ReadAgain reads the files that are shown once more: they are mended in another
// program.
func (p *Presenter) ReadAgain() {
	if t := p.takeover; t != nil && !t.saving {
		p.readFiles(t, "")
	}
}

// readFiles reads all of them beside the window, and says why again.
func (p *Presenter) readFiles(t *takeover, why string) {
	t.reading, t.wrong = true, why
	t.number++
	number, all := t.number, slices.Clone(t.files)
	p.render()
	p.Beside(func() func() {
		p.Flush()
		preview, err := p.c.Importer.Preview(all...)
		return func() {
			if p.takeover != t || t.number != number {
				return
			}
			t.reading, t.preview = false, preview
			if err != nil {
				t.wrong = p.unreadFile(err)
			}
			t.faulty = err != nil || !preview.OK()
		}
	})
}

// unreadFile says which file cannot be read and why.
func (p *Presenter) unreadFile(err error) string {
	var file *table.FileError
	if !errors.As(err, &file) {
		return p.inShort(err)
	}
	return p.text("takeover.unread", "file", filepath.Base(file.Path), "reason", p.inShort(file.Err))
}

// TakeOver saves what the preview shows: all of it or nothing.
func (p *Presenter) TakeOver() {
	t := p.takeover
	if t == nil || !t.ready() {
		return
	}
	if e := p.working(t.preview); e != nil {
		t.wrong = p.text("ui.list.busy", "name", p.name(e))
		p.render()
		return
	}
	t.saving, t.wrong = true, ""
	p.render()
	preview := t.preview
	p.Lasting(func() func() {
		p.Flush()
		all, err := p.c.Importer.TakeOver(&preview, true)
		return func() {
			t.saving, t.preview = false, preview
			left, otherwise, why := p.takeover != t, errors.Is(err, table.ErrOtherwise) || errors.Is(err, table.ErrProblems), ""
			if otherwise {
				why = p.text("takeover.otherwise")
			} else if err != nil && all == nil {
				why = p.text("takeover.failed", "reason", p.inShort(err))
			}
			switch {
			case why != "" && left:
				p.tell(Notice{Text: why, Bad: true})
				return
			case otherwise:
				p.readFiles(t, why)
				return
			case why != "":
				t.wrong = why
				return
			case !left:
				p.takeover = nil
			}
			p.takenOver(all, left)
			p.Reread()
			if err != nil { // a secret could not follow
				p.unsaved(err)
			}
		}
	})
}

// ready tells whether the preview can be taken over.
func (t *takeover) ready() bool {
	return !t.reading && !t.saving && t.preview.OK() && len(t.preview.Definitions()) > 0
}

// working is a mailbox that would be replaced while something is done with it.
func (p *Presenter) working(preview table.Preview) *entry {
	for _, d := range preview.Definitions() {
		if e := p.savedAs(d.Name); e != nil && e.job != nil {
			return e
		}
	}
	return nil
}

// savedAs is the mailbox that is saved under a name, or nil.
func (p *Presenter) savedAs(name string) *entry {
	i := slices.IndexFunc(p.entries, func(e *entry) bool { return strings.EqualFold(e.saved.Name, name) })
	if i < 0 {
		return nil
	}
	return p.entries[i]
}

// takenOver shows what was saved: one mailbox opens, of several the overview,
// unless the user has left for somewhere else.
func (p *Presenter) takenOver(all []mailbox.Definition, left bool) {
	var fresh []*entry
	for _, d := range all {
		e := p.savedAs(d.Name)
		if e == nil {
			e = newDraft(nil)
			p.entries = append(p.entries, e)
		} else {
			e.stop()
		}
		e.keep(d)
		e.form = e.kept.clone()
		e.found, e.tested, e.watch, e.question, e.outcome, e.row = found{}, nil, nil, nil, nil, nil
		fresh = append(fresh, e)
	}
	p.writes++
	p.giveWay()
	p.sort()
	p.saveDrafts()
	p.readAll(fresh)
	told := p.text("takeover.done", "count", strconv.Itoa(len(all)))
	if len(fresh) == 1 {
		told = p.text("ui.notice.imported", "name", p.name(fresh[0]))
	}
	p.tell(Notice{Text: told})
	switch {
	case left:
	case len(fresh) == 1 || !p.hasOverview():
		p.open(fresh[0])
	default:
		p.selected, p.welcome = nil, nil
		p.keep(func(r *Remembered) { r.Mailbox = "" })
	}
}

// giveWay gives drafts other names that have those of saved mailboxes.
func (p *Presenter) giveWay() {
	for _, e := range p.entries {
		if e.saved.Name == "" && p.taken(p.name(e), e) {
			e.form[FieldName] = p.freeName(p.name(e), e)
		}
	}
}

// writer writes mailboxes in the form that the end of a file's name says: a table,
// or JSON as it is given; nil: it says neither.
func (p *Presenter) writer(file string, asJSON func([]mailbox.Definition) ([]byte, error)) func([]mailbox.Definition) ([]byte, error) {
	switch lang := p.c.Texts.Language(); strings.ToLower(filepath.Ext(file)) {
	case ".csv":
		return func(all []mailbox.Definition) ([]byte, error) { return table.WriteCSV(all, lang) }
	case ".json":
		return asJSON
	}
	return nil
}

// Export gives the selected mailbox's file a name, and what reads its content in
// the form of the name that is chosen; that is nil where there is no such form.
// ok is false if the mailbox is not valid yet, and then its errors show.
func (p *Presenter) Export() (name string, export func(file string) (read func() ([]byte, error)), ok bool) {
	e := p.selected
	if e == nil {
		return "", nil, false
	}
	d, ok := p.ready(e)
	if !ok {
		p.refuse(e)
		return "", nil, false
	}
	p.render()
	return d.Name + ".json", func(file string) func() ([]byte, error) {
		write := p.writer(file, func([]mailbox.Definition) ([]byte, error) { return d.Format(), nil })
		if write == nil {
			return nil
		}
		return func() ([]byte, error) { return write([]mailbox.Definition{d}) }
	}, true
}

// ExportAll returns what reads all saved mailboxes, or those that the overview
// shows, beside the window, as a table or a list, as the file's name ends; nil:
// it ends in neither way. A mailbox that cannot be read is an error: a list that
// lacks one would pass for the whole.
func (p *Presenter) ExportAll(file string) (export func() ([]byte, error)) {
	write := p.writer(file, table.WriteJSON)
	if write == nil {
		return nil
	}
	p.commit(p.selected)
	read := p.c.Book.All
	if p.overviewShown() {
		if shown := p.shownEntries(); len(shown) < len(p.entries) {
			read = p.readSaved(shown)
		}
	}
	return func() ([]byte, error) {
		p.Flush()
		saved, err := read()
		if err != nil {
			return nil, err
		}
		var all []mailbox.Definition
		for _, one := range saved {
			if one.Err != nil {
				return nil, errors.New(p.text("ui.notice.unreadable", "name", one.Name))
			}
			all = append(all, one.Definition)
		}
		return write(all)
	}
}

// readSaved reads some of the saved mailboxes, in their order here.
func (p *Presenter) readSaved(some []*entry) func() ([]*mailbox.Saved, error) {
	var names []string
	for _, e := range some {
		if e.saved.Name != "" {
			names = append(names, e.saved.Name)
		}
	}
	return func() (all []*mailbox.Saved, err error) {
		for _, name := range names {
			d, err := p.c.Book.Get(name)
			all = append(all, &mailbox.Saved{Name: name, Definition: d, Err: err})
		}
		return all, nil
	}
}
