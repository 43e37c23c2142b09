package presenter

import (
	_ "embed"
	"maps"
	"slices"

	"mailgrant/app/assistant"
	"mailgrant/app/practice"
	"mailgrant/app/products"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/markup"
	"mailgrant/oauth"
)

// ProductState is the card for the server product that is to use the mailbox.
type ProductState struct {
	Choices  []ProductChoice
	Chosen   string // an ID, "" = none
	Host     string // the product's own address, as far as it was entered
	AskHost  bool   // a value depends on it
	HostBad  string // why what was entered is no address
	CanCheck bool
	Checking bool
	Verdict  Line      // what the check came to; no text: there was none
	Checked  []Line    // what can be proved from here
	Found    []Finding // what of it is wrong, with its remedy
	Remarks  []string
	Parts    []products.Part
}

// ProductChoice is a product to choose.
type ProductChoice struct{ ID, Name string }

//go:embed product.txt
var productText string

// Text is the card as it is copied, to be typed elsewhere or pasted into a ticket.
func (s ProductState) Text(t *i18n.Texts) string {
	text := func(text string) markup.Values { return markup.Values{"text": text} }
	return filled(productText, t, markup.Values{
		"remarks": markup.Each(s.Remarks, text), "verdict": s.Verdict.Text,
		"found":   markup.Each(s.Found, func(f Finding) markup.Values { return text(f.Text(t)) }),
		"checked": markup.Each(s.Checked, func(line Line) markup.Values { return text(line.Text) }),
		"parts": markup.Each(s.Parts, func(part products.Part) markup.Values {
			return markup.Values{"title": part.Title, "lines": markup.Each(part.Lines, text), "rows": markup.Each(part.Rows, func(row products.CardField) markup.Values {
				return markup.Values{"where": row.Where, "name": row.Name, "value": row.Value, "note": row.Note}
			})}
		}),
	})
}

// productChoices lists the products once: the profiles do not change.
func (p *Presenter) productChoices() []ProductChoice {
	if p.products == nil {
		for _, profile := range products.All() {
			p.products = append(p.products, ProductChoice{profile.ID, profile.Label(p.c.Texts.Language())})
		}
		slices.SortStableFunc(p.products[:len(p.products)-1], func(a, b ProductChoice) int { return i18n.Compare(a.Name, b.Name) }) // the last is any other one
	}
	return p.products
}

// ChooseProduct shows what a product needs; "" shows none.
func (p *Presenter) ChooseProduct(id string) {
	product := p.productOf(p.selected)
	product.ID = id
	p.keepProduct(product)
}

// productOf is the product that is to use a mailbox.
func (p *Presenter) productOf(e *entry) Product {
	kept := p.c.Notes.Kept()
	if e != nil {
		if own, chosen := kept.Products[p.name(e)]; chosen {
			return own
		}
	}
	return kept.Product
}

// keepProduct remembers the product of the mailbox that is open.
func (p *Presenter) keepProduct(product Product) {
	p.keep(func(r *Remembered) {
		r.Product, r.Products = product, maps.Clone(r.Products)
		if e := p.selected; e != nil {
			if r.Products == nil {
				r.Products = map[string]Product{}
			}
			r.Products[p.name(e)] = product
		}
	})
	p.checkDue(p.selected, false)
	p.render()
}

// passProduct gives what was chosen for one mailbox to another, or to its new name.
// Where nothing was, a mailbox that had that name and is gone leaves nothing either.
func (p *Presenter) passProduct(from, to string) {
	p.keep(func(r *Remembered) {
		r.Products = maps.Clone(r.Products)
		if own, chosen := r.Products[from]; chosen {
			r.Products[to] = own
		} else {
			delete(r.Products, to)
		}
	})
}

// SetProductHost is the address under which the product is reached.
func (p *Presenter) SetProductHost(typed string) {
	host := products.HostOf(typed)
	if product := p.productOf(p.selected); product.Host != host || typed != host {
		product.Host = host
		p.keepProduct(product)
	}
}

func (p *Presenter) productState(e *entry) ProductState {
	kept := p.productOf(e)
	s := ProductState{Choices: p.productChoices(), Chosen: kept.ID}
	profile, known := products.Get(kept.ID)
	if !known {
		s.Chosen = ""
		return s
	}
	if kept.Host != "" && !products.IsHost(kept.Host) {
		s.HostBad = p.text("ui.product.host-bad")
	}
	d, _ := e.form.read()
	card := *p.productCard(d, kept)
	s.CanCheck = p.c.CheckProduct != nil && e.job == nil
	s.Checking = e.doing(checkingProduct)
	results := p.productResults(e)
	s.Verdict = p.verdict(e, card, results)
	p.checkedProduct(results, &s)
	s.Host, s.AskHost = kept.Host, profile.AsksHost()
	s.Remarks = card.Remarks(p.c.Texts)
	s.Parts = card.Parts(p.c.Texts)
	return s
}

// checkedProduct is what the last check of this product found, with what the
// tests have found by now.
func (p *Presenter) checkedProduct(all []assistant.CheckResult, s *ProductState) {
	for i, r := range all {
		if r.Rendered == nil || assistant.Told(all, i) {
			line := checkLine(r)
			if line.Mark == MarkGood && !r.Proved() {
				line.Mark = MarkSkipped
			}
			s.Checked = append(s.Checked, line)
			continue
		}
		f := p.rendered(*r.Rendered)
		f.Practice = p.practiceFor(r)
		if r.Cause == diagnosis.CauseTokenMissingScope && s.CanCheck {
			f.Actions = []Action{{ID: ActionConsent, Text: p.text("ui.auth.consent")}}
		}
		s.Found = append(s.Found, f)
	}
}

// practiceFor tells how what a product lacks is mended in practice, where
// registrations cannot be changed.
func (p *Presenter) practiceFor(r assistant.CheckResult) string {
	switch {
	case p.c.Practice == nil:
		return ""
	case r.ID == oauth.CheckAccountType:
		return p.text("ui.product.practice-audience", "client", practice.MultitenantClientID)
	case r.ID == oauth.CheckRedirect:
		return p.text("ui.product.practice-redirect")
	case r.Tested != nil || r.Cause == diagnosis.CauseTokenMissingScope:
		return p.practiceHint()
	}
	return ""
}

// productResults are those of the chosen product's check; nil: there are none.
func (p *Presenter) productResults(e *entry) []assistant.CheckResult {
	results := p.checkedIn(e)
	if results == nil {
		return nil
	}
	return results(p.c.Texts)
}

// checkedIn gives the results of the chosen product's check in any language;
// nil: there are none.
func (p *Presenter) checkedIn(e *entry) func(*i18n.Texts) []assistant.CheckResult {
	if e == nil || !p.checkStands(e, p.productOf(e)) {
		return nil
	}
	c, tests := e.found.product, p.lastTests(e)
	return func(t *i18n.Texts) []assistant.CheckResult { return c.Results(tests, t) }
}

// lastTests are those of the values that stand in the form: of the last test
// here, or the kept ones where there was none.
func (p *Presenter) lastTests(e *entry) assistant.LastTests {
	switch {
	case p.upToDate(e):
		return assistant.TestsOf(e.tested.Report)
	case e.tested != nil:
		return assistant.LastTests{}
	}
	d, _ := e.form.read()
	return assistant.TestsKept(d, e.past)
}

// productAction leads to the card, to choose a product where none is chosen.
func (p *Presenter) productAction(card *products.Card) Action {
	key := "ui.test.next-show"
	switch {
	case card == nil:
		key = "ui.test.next-choose"
	case !assistant.Usable(card):
		key = "ui.test.next-card"
	}
	return Action{ID: ActionProduct, Text: p.text(key)}
}
