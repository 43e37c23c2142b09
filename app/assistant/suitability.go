package assistant

import (
	"slices"
	"strconv"

	"mailgrant/app/products"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

// Checkable reports whether a product can be checked for its suitability: one
// that Mailgrant knows, and that uses the mailbox by the mail protocols.
func Checkable(card *products.Card) bool {
	r := reach(card)
	return r == reachAll || r == reachPassword
}

// Suitable says in a sentence what the results of a product's check come to.
// The state is unknown where nothing is wrong, but points are left that could
// not be proved from here.
func Suitable(all []CheckResult, product products.Card, t *i18n.Texts) (text string, state oauth.CheckState) {
	bad, met := 0, 0
	for _, r := range all {
		switch {
		case r.State == oauth.CheckFailed && r.ID == checkFlow:
			return t.Text("assistant.suitable.never", i18n.Args{"product": product.Name}), oauth.CheckFailed
		case r.State == oauth.CheckFailed:
			bad++
		case r.Proved():
			met++
		}
	}
	args := i18n.Args{"product": product.Name, "met": strconv.Itoa(met), "all": strconv.Itoa(len(all))}
	switch {
	case bad > 0:
		return t.Text("assistant.suitable.not-yet", args), oauth.CheckFailed
	case met == len(all):
		return t.Text("assistant.suitable.yes", args), oauth.CheckPassed
	}
	return t.Text("assistant.suitable.open", args), oauth.CheckUnknown
}

// Proved reports whether a result leaves nothing open: that a server answers
// does not prove that it takes the sign-in.
func (f CheckResult) Proved() bool {
	return f.State == oauth.CheckPassed && (f.Tested != nil || !mailbox.IsProtocol(f.ID))
}

// firstWrong is the first result that is red; nil: none is.
func firstWrong(all []CheckResult) *CheckResult {
	i := slices.IndexFunc(all, func(r CheckResult) bool { return r.State == oauth.CheckFailed })
	if i < 0 {
		return nil
	}
	return &all[i]
}

// suitability is the check of the chosen product. What it found wrong may stand
// at an earlier item already.
func (l *list) suitability() {
	p := l.f.Product
	if !Checkable(p) {
		return
	}
	i := Item{ID: ItemSuitability, State: Unknown}
	if len(l.f.Checked) > 0 {
		i.Proof, _ = Suitable(l.f.Checked, *p, l.t)
		wrong := firstWrong(l.f.Checked)
		switch {
		case wrong != nil:
			i.State = ToDo
			if !slices.ContainsFunc(l.items, func(o Item) bool { return o.Problem != nil && o.Problem.Cause == wrong.Cause }) {
				i.Problem = wrong.Rendered
			}
		case slices.ContainsFunc(l.f.Checked, CheckResult.Proved): // what is left open cannot be proved from here
			i.State = Done
		}
	}
	l.add(i, i18n.Args{"product": p.Name, "id": p.ID})
}

// ownAndProducts says for whom a registration is proved: what is good for
// Mailgrant's own sign-in may not be for the product's.
func (l *list) ownAndProducts(i *Item) {
	if i.State != Done || !Checkable(l.f.Product) || l.f.Product.Registration == nil {
		return
	}
	proof := "own-sign-in"
	for _, r := range l.f.Checked {
		if r.ID == oauth.CheckClient && r.State == oauth.CheckPassed {
			proof = "both-sign-ins"
		}
	}
	l.prove(i, Done, proof, i18n.Args{"product": l.f.Product.Name})
}
