package table

import (
	"slices"
	"strings"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// Borrow completes the rows of tables that name only whose mailboxes they are: all
// else is as in the first saved mailbox of the same domain, which the preview tells.
// Where there is none for one of them, all keep their problems.
func (p *Preview) Borrow(saved *mailbox.Book) {
	var files, from []string
	for i := range p.Rows {
		r := &p.Rows[i]
		if len(r.Problems) > 0 || !r.head.onlyWhose() {
			continue
		}
		d := likeIn(saved, r.Definition.Sender)
		if d.Name == "" {
			return
		}
		if !slices.Contains(from, d.Name) {
			from = append(from, d.Name)
		}
		if !slices.Contains(files, r.File) {
			files = append(files, r.File)
		}
		d.Name, d.Sender, d.User, d.SharedMailbox = r.Definition.Name, r.Definition.Sender, r.Definition.User, r.Definition.SharedMailbox
		r.Definition = d
	}
	if len(files) == 0 {
		return
	}
	p.Wrong = slices.DeleteFunc(p.Wrong, func(w Problem) bool {
		return w.Problem == "column-missing" && slices.Contains(files, w.File)
	})
	e := mailbox.FieldError{Field: "file", Problem: "borrowed", Args: i18n.Args{"names": strings.Join(from, ", ")}}
	p.Ignored = append(p.Ignored, Problem{File: strings.Join(files, ", "), FieldError: e})
}

// likeIn is the first saved mailbox of an address's domain; without a name: none.
func likeIn(saved *mailbox.Book, address string) mailbox.Definition {
	names, _ := saved.Names() // without them nothing is borrowed
	for _, name := range names {
		if d, err := saved.Get(name); err == nil && strings.EqualFold(mailbox.DomainOf(d.Sender), mailbox.DomainOf(address)) {
			return d
		}
	}
	return mailbox.Definition{}
}

// onlyWhose reports whether the columns are only those that tell mailboxes apart.
func (h headings) onlyWhose() bool {
	return slices.Contains(h.fields, "sender") && !slices.ContainsFunc(h.fields, func(field string) bool {
		return field != "" && field != "name" && field != "sender" && field != "user" && field != "shared_mailbox"
	})
}
