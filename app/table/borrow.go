package table

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// Borrow completes the rows of tables that name only whose mailboxes they are: all
// else is as in the first saved mailbox of the same domain, which the preview tells.
// One without a name that is saved already is that one. Where there is no mailbox for
// one of them, all stay as they are.
func (p *Preview) Borrow(saved *mailbox.Book) {
	var like map[string]*mailbox.Definition
	files, from := map[string]bool{}, map[string]bool{}
	rows := slices.Clone(p.Rows)
	for i := range rows {
		r := &rows[i]
		if len(r.Problems) > 0 || !r.head.onlyWhose() {
			continue
		}
		if like == nil {
			like = firstOfEach(saved)
		}
		first := cmp.Or(like[strings.ToLower(r.Definition.Sender)], like[domainOf(&r.Definition)])
		if first == nil {
			return
		}
		files[r.File], from[first.Name] = true, true
		d, own := first.Clone(), r.Definition
		same := strings.EqualFold(d.Sender, own.Sender) && strings.EqualFold(d.User, own.User) && strings.EqualFold(d.SharedMailbox, own.SharedMailbox)
		if !same || slices.Contains(r.head.fields, "name") {
			d.Name, d.Sender, d.User, d.SharedMailbox = own.Name, own.Sender, own.User, own.SharedMailbox
		}
		r.Definition = d
	}
	if len(files) == 0 {
		return
	}
	p.Rows = rows
	p.Wrong = slices.DeleteFunc(p.Wrong, func(w Problem) bool { return w.Problem == "column-missing" && files[w.File] })
	e := mailbox.FieldError{Field: "file", Problem: "borrowed", Args: i18n.Args{"names": listed(from)}}
	p.Ignored = append(p.Ignored, Problem{File: listed(files), FieldError: e})
}

func listed(names map[string]bool) string { return strings.Join(slices.Sorted(maps.Keys(names)), ", ") }

// firstOfEach are the saved mailboxes that come first in their domains, and with their
// senders. Those that cannot be read lend nothing.
func firstOfEach(saved *mailbox.Book) map[string]*mailbox.Definition {
	first := map[string]*mailbox.Definition{}
	all, _ := saved.All()
	for _, m := range all {
		if d := &m.Definition; m.Err == nil {
			for _, of := range []string{domainOf(d), strings.ToLower(d.Sender)} {
				first[of] = cmp.Or(first[of], d)
			}
		}
	}
	return first
}

func domainOf(d *mailbox.Definition) string { return strings.ToLower(mailbox.DomainOf(d.Sender)) }

// onlyWhose reports whether the columns are only those that tell mailboxes apart.
func (h headings) onlyWhose() bool {
	return slices.Contains(h.fields, "sender") && !slices.ContainsFunc(h.fields, func(field string) bool {
		return field != "" && field != "name" && field != "sender" && field != "user" && field != "shared_mailbox"
	})
}
