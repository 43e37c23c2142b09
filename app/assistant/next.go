package assistant

import (
	"slices"
	"strconv"
	"strings"

	"mailgrant/app/products"
	"mailgrant/internal/i18n"
	"mailgrant/mailtest"
)

// What Mailgrant proves is good for a product as far as it uses the mailbox in
// the same way. These are also parts of the keys of the texts.
const (
	reachAny      = "any-product"           // none is chosen, or one that is not known
	reachOther    = "product-other-api"     // it does not speak the mail protocols
	reachNoOAuth  = "product-no-oauth"      // it cannot have the token that the mailbox needs
	reachPassword = "product-without-token" // the mailbox needs none
	reachAll      = "product"
)

func reach(card *products.Card) string {
	switch {
	case card == nil || card.ID == products.Other || card.ID == "":
		return reachAny
	case card.API != products.APIMail:
		return reachOther
	case !card.Token:
		return reachPassword
	case card.Flow == products.FlowPassword:
		return reachNoOAuth
	}
	return reachAll
}

// Usable reports whether a product can use the mailbox by the mail protocols.
func Usable(card *products.Card) bool {
	r := reach(card)
	return r != reachOther && r != reachNoOAuth
}

// about is what a text of a reach says about a product.
func about(card *products.Card, key string, t *i18n.Texts) string {
	args := i18n.Args{}
	if card != nil {
		args["product"] = card.Name
	}
	return t.Text(key+"."+reach(card), args)
}

// NextStep says after a test that all its protocols work, and what comes then:
// the product is checked, then the values go into it; nil is one that has to be
// chosen first. It is "" while something is left to do in Mailgrant.
func NextStep(r *mailtest.Report, product *products.Card, checked []CheckResult, t *i18n.Texts) string {
	moved := func(e mailtest.Event) bool { return e.Diagnosis != nil }
	if !r.Complete() || slices.ContainsFunc(r.Result(mailtest.RoundTripTest).Steps, moved) {
		return ""
	}
	var names []string
	for _, p := range r.Tested() {
		names = append(names, p.Title())
	}
	last := names[len(names)-1]
	works := t.Text("assistant.works.one", i18n.Args{"protocol": last})
	if rest := names[:len(names)-1]; len(rest) > 0 {
		works = t.Text("assistant.works.several", i18n.Args{"protocols": strings.Join(rest, ", "), "last": last})
	}
	return works + " " + AfterTest(product, checked, t)
}

// Opened says what a test leaves open that has worked: whose inbox it has opened,
// where the sender has another address (it may be the account's own instead of the
// one that was meant), and whether an account may send as a shared mailbox, which
// Exchange looks at only when a message is sent. "" is nothing.
func Opened(r *mailtest.Report, t *i18n.Texts) string {
	opened := r.Result(mailtest.IMAP).OK() || r.Result(mailtest.POP3).OK()
	sent := slices.ContainsFunc(r.Result(mailtest.RoundTripTest).Steps, func(e mailtest.Event) bool {
		return e.Step == mailtest.StepSend && e.State == mailtest.Passed
	})
	switch {
	case opened && !strings.EqualFold(r.Sender, r.Address):
		return t.Text("assistant.opened", i18n.Args{"mailbox": r.Address, "sender": r.Sender})
	case r.Opener != "" && r.Result(mailtest.SMTP).OK() && !sent:
		return t.Text("assistant.send-as", i18n.Args{"user": r.Opener, "sender": r.Sender})
	}
	return ""
}

// AfterTest is what comes when everything works. checked is what the product's
// check found about the values as they are; nil: it was not checked.
func AfterTest(product *products.Card, checked []CheckResult, t *i18n.Texts) string {
	wrong := firstWrong(checked)
	switch {
	case !Checkable(product):
	case checked == nil:
		return t.Text("assistant.next.check", i18n.Args{"product": product.Name})
	case wrong != nil:
		return t.Text("assistant.next.not-suitable", i18n.Args{"product": product.Name, "cause": wrong.Text})
	}
	return about(product, "assistant.next", t)
}

// Summary says in a sentence how far the work is and, at its end, what remains
// outside Mailgrant.
func Summary(items []Item, product *products.Card, t *i18n.Texts) (text string, finished bool) {
	done, all := 0, 0
	for _, i := range items {
		if i.Outside { // which nothing can prove
			continue
		}
		all++
		if i.State == Done {
			done++
		}
	}
	if done < all {
		return t.Text("assistant.summary", i18n.Args{"done": strconv.Itoa(done), "all": strconv.Itoa(all)}), false
	}
	return about(product, "assistant.finished", t), true
}
