package presenter

import (
	"slices"

	"mailgrant/app/assistant"
	"mailgrant/app/products"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

// checkedProduct is the check of a product, together with what it was about.
type checkedProduct struct {
	assistant.ProductCheck
	product Product
	of      mailbox.Definition
	granted []string
	faults  []string // that were switched on in practice
}

// checkStands tells whether the last check is of the values that stand in the
// form, of the permissions that are granted now, and of the practice tenant as
// it is.
func (p *Presenter) checkStands(e *entry, kept Product) bool {
	c := e.found.product
	d, _ := e.form.read()
	return c != nil && c.product == kept && slices.Equal(c.granted, e.Status.Granted) && slices.Equal(c.faults, p.faults()) && alike(c.of, d)
}

// checkDue checks the chosen product once everything works: only then can it be
// said what comes next. After a test it is checked afresh: the registration may
// have been mended meanwhile.
func (p *Presenter) checkDue(e *entry, afresh bool) {
	if e == nil || e != p.selected || e.job != nil || p.c.CheckProduct == nil || !p.upToDate(e) || !e.tested.Complete() {
		return
	}
	d, _ := e.form.read()
	kept := p.productOf(e)
	if assistant.Checkable(p.productCard(d, kept)) && (afresh || !p.checkStands(e, kept)) {
		p.CheckProduct()
	}
}

// verdict is what the results of a product's check come to, or that the last
// check was of other values.
func (p *Presenter) verdict(e *entry, card products.Card, all []assistant.CheckResult) Line {
	if len(all) == 0 {
		if c := e.found.product; c != nil && c.product.ID == card.ID {
			return Line{MarkWarning, p.text("ui.product.outdated")}
		}
		return Line{}
	}
	text, state := assistant.Suitable(all, card, p.c.Texts)
	return Line{map[oauth.CheckState]Mark{oauth.CheckPassed: MarkGood, oauth.CheckFailed: MarkBad, oauth.CheckUnknown: MarkPending}[state], text}
}

// nextStep leads on to the product: to its check, to what that found wrong, or
// to its values.
func (p *Presenter) nextStep(e *entry) *NextStep {
	d, _ := e.form.read()
	card, checked := p.productCard(d, p.productOf(e)), p.productResults(e)
	if e.job != nil {
		return &NextStep{Mark: MarkRunning, Text: p.text("ui.test.next-checking", "product", card.Name)}
	}
	next := &NextStep{MarkOutside, assistant.AfterTest(card, checked, p.c.Texts), p.productAction(card)}
	if assistant.Checkable(card) {
		switch {
		case checked == nil:
			next.Mark, next.Action = MarkPending, p.checkAction()
		case p.verdict(e, *card, checked).Mark == MarkBad:
			next.Mark, next.Action.Text = MarkBad, p.text("ui.test.next-missing")
		}
	}
	next.Action.Primary = true
	return next
}

func (p *Presenter) checkAction() Action {
	return Action{ID: ActionCheckProduct, Text: p.text("ui.test.next-check")}
}
