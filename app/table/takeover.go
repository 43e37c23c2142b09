package table

import (
	"errors"
	"slices"

	"mailgrant/internal/mailbox"
)

// ErrProblems is returned where a preview cannot be taken over; its problems
// say why.
var ErrProblems = errors.New("table: something is wrong with what was to be taken over")

// ErrOtherwise is returned where what is saved has changed since a preview was
// shown. The preview tells how it stands now; nothing was taken over.
var ErrOtherwise = errors.New("table: what is saved is not what was compared with")

// Importer takes files over: all of them or nothing.
type Importer struct {
	Book        *mailbox.Book
	MoveSecrets func(from, to mailbox.Definition) error // of a mailbox that is replaced
	Stopped     func() error                            // asked last, before anything is saved; nil: nobody stops it
}

// Preview reads files and compares them with what is saved; mailboxes of the
// same names are to be replaced. It changes nothing. Its error is a *FileError.
func (im Importer) Preview(files ...string) (Preview, error) {
	p, err := ReadFiles(files...)
	if err == nil {
		p.Borrow(im.Book)
		p.Compare(im.Book, true)
	}
	return p, err
}

// TakeOver saves what a preview holds and returns it. It compares once more
// while nobody else can save, so that only what was shown happens. Errors:
// ErrProblems, ErrOtherwise, those of Stopped and mailbox.Book.Change. The error of a
// secret that could not follow a replaced mailbox comes with what is saved.
func (im Importer) TakeOver(p *Preview, replace bool) ([]mailbox.Definition, error) {
	var all []mailbox.Definition
	replaced := map[string]mailbox.Definition{}
	err := im.Book.Change(func(saved *mailbox.Book) ([]mailbox.Definition, error) {
		seen, shown := p.standings(), p.compared
		p.Compare(saved, replace)
		switch {
		case !p.OK():
			return nil, ErrProblems
		case shown && !slices.Equal(seen, p.standings()):
			return nil, ErrOtherwise
		case im.Stopped != nil && im.Stopped() != nil:
			return nil, im.Stopped()
		}
		all = p.Definitions()
		for _, d := range all {
			if old, err := saved.Get(d.Name); err == nil {
				replaced[d.Name] = old
			}
		}
		return all, nil
	})
	if err != nil {
		return nil, err
	}
	var left []error
	for _, d := range all {
		if old, was := replaced[d.Name]; was {
			left = append(left, im.MoveSecrets(old, d))
		}
	}
	return all, errors.Join(left...)
}

func (p *Preview) standings() []Standing {
	var all []Standing
	for _, r := range p.Rows {
		all = append(all, r.Standing)
	}
	return all
}
