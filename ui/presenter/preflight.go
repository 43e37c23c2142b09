package presenter

import (
	"context"
	"slices"
	"strings"

	"mailgrant/app/assistant"
	"mailgrant/app/products"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

// Preflight finds out, without any sign-in, whether the values fit: the
// sign-in service and the mail servers are asked. It also runs while only the
// application's ID is missing, which the service knows best.
func (p *Presenter) Preflight() {
	e := p.selected
	if e == nil || p.c.Preflight == nil {
		return
	}
	p.ask(e, checking, p.Preflight, func(ctx context.Context, d mailbox.Definition) (func(), error) {
		pre, err := p.c.Preflight(ctx, d)
		if d.OAuth != nil && d.OAuth.ClientID == "" {
			void := []string{oauth.CheckAccountType, oauth.CheckClient, oauth.CheckPublicClient, oauth.CheckRedirect, oauth.CheckSecret} // without a registration
			pre.Checks = slices.DeleteFunc(pre.Checks, func(c oauth.Check) bool { return slices.Contains(void, c.ID) })
		}
		return func() {
			news := found{preflight: &pre, findings: pre.Results(p.c.Texts)}.fitting(e, d)
			e.found.preflight, e.found.findings = news.preflight, news.findings
		}, err
	})
}

// CheckProduct proves what can be proved from here for the chosen product.
func (p *Presenter) CheckProduct() {
	e := p.selected
	if e == nil || p.c.CheckProduct == nil {
		return
	}
	kept, granted, faults := p.productOf(e), e.Status.Granted, p.faults()
	p.ask(e, checkingProduct, p.CheckProduct, func(ctx context.Context, d mailbox.Definition) (func(), error) {
		card := p.productCard(d, kept)
		if card == nil {
			return func() {}, nil
		}
		c, err := p.c.CheckProduct(ctx, d, *card)
		return func() { e.found.product = &checkedProduct{c, kept, d, granted, faults} }, err
	})
}

// ask finds something out beside the window, without a sign-in.
func (p *Presenter) ask(e *entry, k kind, again func(), question func(context.Context, mailbox.Definition) (take func(), err error)) {
	if e.job != nil || p.welcome != nil {
		return
	}
	p.commit(e)
	d, wrong := e.form.definition()
	if wrong != nil && !onlyMissing(wrong, "oauth.client_id") {
		p.refuse(e)
		return
	}
	if k == checkingProduct { // the last answer goes
		e.found.product = nil
	} else {
		e.found.preflight, e.found.findings = nil, nil
	}
	p.run(e, &job{kind: k}, func(ctx context.Context, _ func(func())) func() {
		take, err := question(ctx, d)
		if err != nil {
			return func() { e.outcome = p.failure(e, err, again) }
		}
		return take
	})
}

// onlyMissing tells whether a definition lacks one field and has no other
// mistake.
func onlyMissing(wrong mailbox.Invalid, field string) bool {
	return len(wrong) == 1 && wrong[0].Field == field && wrong[0].Problem == "empty"
}

// drop forgets what was found out about a value that changed, and about those
// that belong to it.
func (f *found) drop(field Field) {
	protocol, _, _ := strings.Cut(string(field), ".")
	own := mailbox.IsProtocol(protocol)
	if !own {
		f.preflight, f.tenant, f.consent = nil, nil, nil
	}
	f.findings = slices.DeleteFunc(slices.Clone(f.findings), func(f assistant.CheckResult) bool {
		if own {
			return strings.HasPrefix(f.Field, protocol+".")
		}
		return !mailbox.IsProtocol(f.ID)
	})
}

// dropSecret forgets what was found out with a client secret.
func (f *found) dropSecret() {
	f.product = nil
	f.findings = slices.DeleteFunc(slices.Clone(f.findings), func(r assistant.CheckResult) bool { return r.ID == oauth.CheckSecret })
	if f.preflight != nil {
		pre := *f.preflight
		pre.Checks = slices.DeleteFunc(slices.Clone(pre.Checks), func(c oauth.Check) bool { return c.ID == oauth.CheckSecret })
		f.preflight = &pre
	}
}

// fitting leaves out what was found out about values of a definition that were
// changed in the form meanwhile.
func (f found) fitting(e *entry, d mailbox.Definition) found {
	now, _ := e.form.read()
	now.Name = d.Name
	for _, field := range changedIn(formOf(now), formOf(d)) {
		f.drop(field)
	}
	return f
}

// Preflighter asks what can be asked without a sign-in; assistant.RunPreflight
// in the program.
type Preflighter func(context.Context, mailbox.Definition) (assistant.Preflight, error)

// ProductChecker proves what can be proved for a product;
// assistant.CheckProduct in the program.
type ProductChecker func(context.Context, mailbox.Definition, products.Card) (assistant.ProductCheck, error)
