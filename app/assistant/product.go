package assistant

import (
	"context"
	"slices"
	"strings"
	"sync"

	"mailgrant/app/authorization"
	"mailgrant/app/products"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
	"mailgrant/oauth"
)

// ProductCheck is what can be proved from here for a server product.
type ProductCheck struct {
	Card      products.Card
	Client    string        // the application that it uses
	Authority string        // where it signs in: organizations, common; "" at the tenant's own address
	Asked     []oauth.Check // the values that the product shares, at the address where it asks
	Redirects []RedirectCheck
	Secret    *oauth.Check // nil: the product needs none, or none is stored
	NoSecret  bool         // the product needs a secret, and none is stored
	Granted   []string     // permissions the product needs that the authorization has
	Missing   []string     // … and that it lacks
	Unknown   []string     // … of which nothing is known: nobody has signed in
	Ports     *mailtest.Report
	entra     bool // the mailbox is Microsoft's, which takes no passwords
}

// RedirectCheck is what the sign-in service says to an address of a product.
type RedirectCheck struct {
	Address string
	oauth.Check
}

// CheckProduct proves what can be proved from here for a product: that the
// sign-in service takes the application where the product asks, that its
// redirect addresses are registered, that the stored secret is valid, that
// the permissions are granted, and that the mail servers answer. It signs in
// nobody and is back within PreflightTime. Its error is that of a store or
// proxy that cannot be read.
func CheckProduct(ctx context.Context, m *authorization.Manager, d mailbox.Definition, card products.Card) (ProductCheck, error) {
	c := ProductCheck{Card: card, entra: d.Profile().Entra}
	// Those that the product uses and the mailbox has; all where they have none in common.
	used := slices.DeleteFunc(mailbox.Protocols(), func(p mailtest.Protocol) bool {
		return d.Server(p) == nil || !slices.Contains(card.Protocols, string(p))
	})
	servers := d
	if card.API != products.APIMail { // it uses none
		servers.Servers = nil
	}
	ports, err := lookAround(ctx, servers, used, func(ctx context.Context) error { return c.ask(ctx, m, d) })
	c.Ports = ports
	return c, err
}

func (c *ProductCheck) ask(ctx context.Context, m *authorization.Manager, d mailbox.Definition) error {
	r := c.Card.Registration
	if r == nil || !d.Profile().Entra {
		return nil
	}
	c.scopes(m, d, r.Scopes)
	d = asAsked(d, *r)
	c.Client = d.OAuth.ClientID
	if d.OAuth.AccountType == r.Authority {
		c.Authority = r.Authority
	}
	return m.Ask(d, func(client *oauth.Client, secret redact.Secret) {
		var wg sync.WaitGroup
		wg.Go(func() { c.Asked = client.Preflight(ctx, d, redact.Secret{}) })
		c.Redirects = make([]RedirectCheck, len(r.Redirects))
		for i, address := range slices.Sorted(slices.Values(r.Redirects)) {
			c.Redirects[i] = RedirectCheck{address, oauth.Check{ID: oauth.CheckRedirect, State: oauth.CheckUnknown}}
			if !incomplete(address) {
				wg.Go(func() { c.Redirects[i].Check = client.CheckRedirectOf(ctx, d, address) })
			}
		}
		c.NoSecret = r.Secret == "yes" && secret.Empty()
		if r.Secret == "yes" && !secret.Empty() {
			wg.Go(func() {
				check := client.CheckSecretOf(ctx, d, secret)
				c.Secret = &check
			})
		}
		wg.Wait()
	})
}

// incomplete reports whether the product's own address is not known yet, which
// the redirect address contains.
func incomplete(redirect string) bool { return strings.ContainsRune(redirect, '‹') }

// asAsked is the definition with the address at which the product asks: for any
// organisation it may be refused where Mailgrant is not (AADSTS50194).
func asAsked(d mailbox.Definition, r products.Registrant) mailbox.Definition {
	switch {
	case d.OAuth.AccountType == mailbox.AccountApplication:
	case r.Authority == mailbox.AccountOrganizations, r.Authority == mailbox.AccountCommon:
		d = d.Clone()
		d.OAuth.AccountType, d.OAuth.Tenant = r.Authority, ""
	}
	return d
}

// shared are the checks that are about the product as well: what Mailgrant
// itself is registered with is not.
var shared = []string{oauth.CheckService, oauth.CheckTenant, oauth.CheckAccountType, oauth.CheckClient}

// scopes compares what the product needs with what was granted: the product's
// own token gets what was agreed to for the same application. What Mailgrant
// did not ask for is not known.
func (c *ProductCheck) scopes(m *authorization.Manager, d mailbox.Definition, needed []string) {
	needed = oauth.MailOnly(needed)
	s, err := m.Status(d)
	if err != nil || s.Issued.IsZero() {
		c.Unknown = needed
		return
	}
	absent := oauth.Missing(needed, s.Granted)
	for _, scope := range needed {
		switch {
		case !slices.Contains(absent, scope):
			c.Granted = append(c.Granted, scope)
		case len(oauth.Missing([]string{scope}, oauth.MailScopes(d))) == 0:
			c.Missing = append(c.Missing, scope)
		default:
			c.Unknown = append(c.Unknown, scope)
		}
	}
}

// Results puts the results into words, with what the last tests found; what
// failed carries its diagnosis.
func (c ProductCheck) Results(tests LastTests, t *i18n.Texts) []CheckResult {
	all := c.results(tests, t)
	for i := range all {
		if f := &all[i]; f.Problem != nil {
			r := f.Problem.Render(t)
			r.Title = f.Text
			c.atOrganizations(&r, t)
			c.atItsPlatform(&r, f.redirect, t)
			c.ofTheProduct(&r, f.ID, t)
			f.Text, f.Rendered = r.Title, &r
		}
	}
	return all
}

// Told reports whether the remedy of a result is that of an earlier one: it is
// shown once.
func Told(all []CheckResult, i int) bool {
	r := all[i].Rendered
	return r != nil && slices.ContainsFunc(all[:i], func(o CheckResult) bool {
		return o.Rendered != nil && o.Rendered.Cause == r.Cause && o.Rendered.Explanation == r.Explanation && slices.Equal(o.Rendered.Fix, r.Fix)
	})
}

// atOrganizations says of a registration for one organization what to change in
// it: the product cannot sign in anywhere else, so the general advice, another
// account type in Mailgrant, does not help it.
func (c ProductCheck) atOrganizations(r *diagnosis.Rendered, t *i18n.Texts) {
	if r.Cause != "tenant-specific-endpoint-needed" || c.Authority == "" {
		return
	}
	args := i18n.Args{"product": c.Card.Name, "authority": c.Authority, "client": c.Client}
	r.Title = t.Text("assistant.product.one-organization.title", args)
	r.Explanation = t.Text("assistant.product.one-organization.text", args)
	r.Fix = t.List("assistant.product.one-organization.fix", args)
	r.Proof = t.Text("assistant.product.one-organization.proof", args) // no user has seen the answer
}

// atItsPlatform says of a redirect address where the product needs it: the
// general advice is about Mailgrant's own.
func (c ProductCheck) atItsPlatform(r *diagnosis.Rendered, redirect string, t *i18n.Texts) {
	if r.Cause == diagnosis.CauseRedirectURIMismatch && redirect != "" && c.Card.Registration.Platform != "" {
		r.Fix = t.List("assistant.product.redirect-fix", i18n.Args{
			"client": c.Client, "redirect": redirect, "platform": t.Text("products.platform." + c.Card.Registration.Platform),
		})
	}
}

// ofTheProduct says of permissions which ones lack and who asks for them: the
// general advice is about the protocol that was refused.
func (c ProductCheck) ofTheProduct(r *diagnosis.Rendered, id string, t *i18n.Texts) {
	switch id {
	case checkScopes:
		args := i18n.Args{"product": c.Card.Name, "client": c.Client, "permissions": oauth.ScopeNames(c.Missing)}
		r.Explanation = t.Text("assistant.product.missing.text", args)
		r.Fix = t.List("assistant.product.missing.fix", args)
	case checkFlow:
		r.Explanation, r.Fix = t.Text("assistant.product.no-oauth.text"), c.Card.Ways
	}
}

// Results that are about the product alone have these IDs: its permissions, and
// whether it can use the mailbox at all.
const (
	checkScopes = "scopes"
	checkFlow   = "oauth"
)

// flow tells of a product that cannot use the mailbox as Mailgrant does.
func (c ProductCheck) flow(t *i18n.Texts) []CheckResult {
	if conflict := c.Card.Conflict(t); conflict != "" {
		return []CheckResult{{ID: checkFlow, State: oauth.CheckFailed, Text: conflict}}
	}
	f := CheckResult{ID: checkFlow, State: oauth.CheckUnknown}
	if f.Text = c.Card.Ending(t); f.Text != "" {
		return []CheckResult{f}
	}
	switch reach(&c.Card) {
	case reachOther:
		f.Text = t.Text("products.other-api", i18n.Args{"product": c.Card.Name})
	case reachNoOAuth:
		f.Text = t.Text("assistant.product.no-oauth.title", i18n.Args{"product": c.Card.Name, "protocols": strings.ToUpper(strings.Join(c.Card.Protocols, ", "))})
		if c.entra {
			problem := diagnosis.New("exo-basic-auth-disabled", diagnosis.PhaseAuthorize, nil)
			f.State, f.Problem, f.Cause = oauth.CheckFailed, &problem, problem.Cause
		}
	default:
		if f.Text = c.Card.Unknown(t); f.Text == "" || !c.Card.Token {
			return nil
		}
	}
	return []CheckResult{f}
}

// sharedResults are those about the application that the mailbox's own preflight has too.
func (c ProductCheck) sharedResults(t *i18n.Texts) (all []CheckResult) {
	for _, check := range c.Asked {
		if !slices.Contains(shared, check.ID) || check.State == oauth.CheckUnknown {
			continue
		}
		f := resultOf(check, t)
		if check.ID == oauth.CheckAccountType && check.State == oauth.CheckPassed {
			if r := c.Card.Registration; r != nil && r.Authority == "" { // it was asked at the mailbox's address
				f.State = oauth.CheckUnknown
			}
			f.Text = t.Text("assistant.product.account-type."+string(f.State), i18n.Args{"product": c.Card.Name})
		}
		all = append(all, f)
	}
	return all
}

func (c ProductCheck) redirectResults(t *i18n.Texts) (all []CheckResult) {
	for _, r := range c.Redirects {
		f := resultOf(r.Check, t)
		state := string(r.State)
		if incomplete(r.Address) {
			state = "open"
		}
		f.Text = t.Text("assistant.product.redirect."+state, i18n.Args{"redirect": r.Address})
		f.redirect = r.Address
		all = append(all, f)
	}
	if r := c.Card.Registration; r != nil && c.Client != "" && len(r.Redirects) == 0 {
		all = append(all, CheckResult{ID: oauth.CheckRedirect, State: oauth.CheckUnknown, Text: t.Text("assistant.product.redirect.shown", i18n.Args{"product": c.Card.Name})})
	}
	return all
}

func (c ProductCheck) secretResults(t *i18n.Texts) []CheckResult {
	switch {
	case c.NoSecret:
		return []CheckResult{{ID: oauth.CheckSecret, State: oauth.CheckUnknown, Text: t.Text("assistant.product.no-secret")}}
	case c.Secret == nil:
		return nil
	}
	f := resultOf(*c.Secret, t)
	if f.Problem != nil && f.Problem.Cause == diagnosis.CauseClientSecretUnwanted {
		f.Text, f.Problem = t.Text("assistant.product.secret-not-asked"), nil // nothing is wrong, nothing proved
	}
	return []CheckResult{f}
}

func (c ProductCheck) scopeResults(t *i18n.Texts) (all []CheckResult) {
	for _, s := range []struct {
		key    string
		state  oauth.CheckState
		scopes []string
	}{{"granted", oauth.CheckPassed, c.Granted}, {"missing", oauth.CheckFailed, c.Missing}, {"unknown", oauth.CheckUnknown, c.Unknown}} {
		if len(s.scopes) == 0 {
			continue
		}
		f := CheckResult{ID: checkScopes, State: s.state, Text: t.Text("assistant.product.scopes."+s.key, i18n.Args{"permissions": oauth.ScopeNames(s.scopes)})}
		if s.state == oauth.CheckFailed {
			problem := diagnosis.New(diagnosis.CauseTokenMissingScope, diagnosis.PhaseToken, i18n.Args{"client": c.Client})
			f.Problem, f.Cause = &problem, problem.Cause
		}
		all = append(all, f)
	}
	return all
}

// results are all of them; the ports come last.
func (c ProductCheck) results(tests LastTests, t *i18n.Texts) []CheckResult {
	all := append(c.flow(t), c.sharedResults(t)...)
	all = append(all, c.redirectResults(t)...)
	all = append(all, c.secretResults(t)...)
	all = append(all, c.scopeResults(t)...)
	for _, p := range c.Ports.Tested() {
		r := c.Ports.Result(p)
		f := portResult(p, r, t)
		f.Text = f.Line(t)
		all = append(all, tests.tested(f, p, r.Server, t))
	}
	return all
}
