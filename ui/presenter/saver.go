package presenter

import (
	"context"
	"errors"
	"sync"

	"mailgrant/internal/mailbox"
)

// Saver writes beside the window, one thing after the other in the order in
// which they were handed over: a slow disk, a virus scanner or another process
// that holds the lock stops nobody's typing.
type Saver struct {
	mu   sync.Mutex
	last chan struct{} // nil, or closed when what was handed over last is written
}

// Add hands something over to be written.
func (s *Saver) Add(write func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, done := s.last, make(chan struct{})
	s.last = done
	go func() {
		defer close(done)
		if before != nil {
			<-before
		}
		write()
	}()
}

// Wait returns when all that was handed over is written.
func (s *Saver) Wait() {
	s.mu.Lock()
	last := s.last
	s.mu.Unlock()
	if last != nil {
		<-last
	}
}

// saving is an entry on its way to the book.
type saving struct {
	was, is mailbox.Definition // in the book
	done    chan struct{}      // closed when it is written, or err is set
	err     error
}

// save writes an entry's definition. It counts as saved from now on; what is
// edited before it is written is saved after it.
func (p *Presenter) save(e *entry, d mailbox.Definition) {
	if !sameSignIn(e.saved, d) {
		e.outcome, e.tried = nil, nil
	}
	w := &saving{was: e.saved, is: d, done: make(chan struct{})}
	e.saving = w
	if e.saved.Name != "" {
		p.leavePlace(e, d)
	}
	e.keep(d)
	e.form = e.kept.clone()
	p.write(func() {
		w.err = p.c.Book.Replace(w.was, d)
		close(w.done)
		p.back(func() { p.written(e, w) })
	})
}

// write hands a change of the book over.
func (p *Presenter) write(change func()) {
	p.writes++
	p.saver.Add(change)
}

// written takes note of what became of a save.
func (p *Presenter) written(e *entry, w *saving) {
	e.saving = nil
	if w.err == nil {
		if p.listed(e) {
			p.commit(e)
		}
		return
	}
	if e.saved.Equal(w.is) {
		e.keep(w.was)
	}
	p.saveDrafts()
	if errors.Is(w.err, mailbox.ErrChanged) || errors.Is(w.err, mailbox.ErrNotSaved) {
		e.again = true
		p.Reread()
		return
	}
	p.unsaved(w.err)
}

// Flush returns when all that the user did is written. It may be called beside
// the window, by who looks at the files next.
func (p *Presenter) Flush() { p.saver.Wait() }

// unsaved tells that something could not be written.
func (p *Presenter) unsaved(err error) {
	p.tell(Notice{Text: p.text("ui.notice.save", "reason", p.inShort(err)), Bad: true})
}

// checkFolder tells at once what would be told at the first save, when the
// user has typed already.
func (p *Presenter) checkFolder() {
	if p.c.CheckFolder == nil {
		return
	}
	p.saver.Add(func() {
		if err := p.c.CheckFolder(); err != nil {
			p.back(func() { p.tell(Notice{Text: p.text("ui.notice.unwritable", "reason", p.inShort(err)), Bad: true}) })
		}
	})
}

// finish waits, when the window is closed, for what is on its way to the disk.
func (p *Presenter) finish() {
	limit, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	for again := true; again; {
		p.finishLeaving(limit)
		p.saver.Wait()
		again = false
		for _, e := range p.entries {
			if w := e.saving; w != nil {
				p.written(e, w)
				again = true
			}
		}
	}
}

// Beside does work next to the window: whatever may wait for a disk, a keyring
// or a service, or takes long by itself. What it returns is then done on the
// window's goroutine, and the window drawn, unless it was closed meanwhile.
func (p *Presenter) Beside(work func() (then func())) {
	go func() { p.back(work()) }()
}

// Lasting is Beside for work that a window which is closed waits for, such as
// writing a file that the user named.
func (p *Presenter) Lasting(work func() (then func())) {
	p.lasting.Go(func() { p.back(work()) })
}

// back leads from work beside the window to the window's goroutine.
func (p *Presenter) back(then func()) { p.backIf(func() bool { return true }, then) }

// backIf is back with what is dropped where it no longer matters by then.
func (p *Presenter) backIf(matters func() bool, then func()) {
	p.c.Dispatch(func() {
		if !p.closed && matters() {
			then()
			p.render()
		}
	})
}

// beside runs work next to the window that needs the entry as it is saved, and
// its secrets. A window that is closed waits for it: it may store a secret, or a
// token in whose place there is no other any more.
func (p *Presenter) beside(e *entry, work func()) {
	wait := e.arrival()
	p.lasting.Go(func() {
		wait()
		work()
	})
}

// arrival returns what waits until the entry is saved, and until secrets that
// are on their way have arrived.
func (e *entry) arrival() (wait func()) {
	carried, saving := e.carried, e.saving
	return func() {
		if saving != nil {
			<-saving.done
		}
		if carried != nil {
			<-carried
		}
	}
}
