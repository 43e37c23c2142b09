package presenter

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/internal/mailbox"
)

// closeTime is how long a window that is closed waits for what is on its way:
// much longer than sealing three secrets takes, and than a cancelled renewal
// waits for its answer.
const closeTime = 5 * time.Second

// leaving is a name that a mailbox gave up. Its definition goes when the
// secrets have arrived under the new one, so that at every moment one of the
// two is complete.
type leaving struct {
	from    mailbox.Definition // without a name: it keeps its own
	to      string
	done    chan struct{} // closed when the secrets are there, or err is set
	err     error
	unsaved bool // the definition under the new name was not written: all stays as it was
}

// leavePlace takes the secrets along where the name or the user changed, and
// gives up the name under which the entry is saved, once the definition under
// the new one is saved.
func (p *Presenter) leavePlace(e *entry, to mailbox.Definition) {
	from := e.saved
	l := &leaving{to: to.Name}
	switch {
	case !strings.EqualFold(from.Name, to.Name):
		l.from = from
	case !authorization.Rebound(from, to):
		return
	}
	p.carry(e, l, func() error { return p.c.Engine.MoveSecrets(from, to) })
}

// copySecrets gives an entry that is back as another one, under another name
// for instance, the secrets that it had: the old name is somebody else's by
// now.
func (p *Presenter) copySecrets(e *entry, from mailbox.Definition) {
	to, err := e.form.definition()
	if err == nil && authorization.Rebound(from, to) {
		p.carry(e, &leaving{to: to.Name}, func() error { return p.c.Engine.CopySecrets(from, to) })
	}
}

func (p *Presenter) carry(e *entry, l *leaving, work func() error) {
	l.done = make(chan struct{})
	p.leaving = append(p.leaving, l)
	w := e.saving
	p.beside(e, func() {
		if l.unsaved = w != nil && w.err != nil; !l.unsaved {
			l.err = work()
		}
		close(l.done)
		p.back(func() { p.left(l) })
	})
	e.carried = l.done
}

// left ends what carry began. Only here, on the window's goroutine, is the old
// definition removed: the name may have been given away again.
func (p *Presenter) left(l *leaving) {
	p.leaving = slices.DeleteFunc(p.leaving, func(other *leaving) bool { return other == l })
	if l.err != nil {
		p.c.Log.Warn("ui: the secrets did not follow a new name", "error", l.err)
		p.tell(Notice{Text: p.text("ui.notice.secrets-again", "name", l.to), Bad: true})
	}
	if l.from.Name == "" || l.unsaved || p.taken(l.from.Name, nil) {
		return
	}
	p.write(func() {
		if err := p.c.Book.Discard(l.from); err != nil && !errors.Is(err, mailbox.ErrNotSaved) {
			p.c.Log.Warn("ui: the old name could not be removed", "error", err)
		}
	})
}

// finishLeaving waits for all that works on a mailbox beside the window, and
// gives up the names whose secrets have arrived.
func (p *Presenter) finishLeaving(limit context.Context) {
	all, ended := context.WithCancel(limit)
	go func() { p.lasting.Wait(); ended() }()
	<-all.Done()
	for _, l := range slices.Clone(p.leaving) {
		select {
		case <-l.done:
			p.left(l)
		default:
		}
	}
}
