package presenter

import (
	"slices"

	"mailgrant/app/assistant"
	"mailgrant/app/authorization"
	"mailgrant/app/products"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

// AssistantState is the setup assistant.
type AssistantState struct {
	Open         bool
	Summary      Line
	Items        []AssistantItem
	Next         string // ID of the item to do next
	CanPreflight bool
	CanScript    bool      // there are scripts that do the portals' part
	Checking     bool      // the preflight runs
	Checked      []Line    // what the preflight found that stands at no field
	Problems     []Finding // what it found and no item tells
}

// AssistantItem is one thing to do, in the window's words.
type AssistantItem struct {
	assistant.Item
	Mark    Mark
	State   string // in a word
	Problem *Finding
	Actions []Action
}

// found is what has been found out about the values that are typed in now.
type found struct {
	preflight *assistant.Preflight
	tenant    *oauth.Tenant // discovered when the rest was proposed
	findings  []assistant.CheckResult
	consent   *oauth.ConsentResult // an administrator has agreed

	product *checkedProduct
}

// assistantState grows the checklist from what is proved now.
func (p *Presenter) assistantState(e *entry) AssistantState {
	s := AssistantState{
		Open: p.c.Notes.Kept().Panels.Assistant, CanPreflight: p.c.Preflight != nil && e.job == nil,
		Checking: e.doing(checking),
	}
	if !s.Open {
		return s
	}
	s.CanScript = e.usesOAuth() && e.form.profile().Organization()
	facts := p.assistantFacts(e)
	items := assistant.Checklist(facts, p.c.Texts)
	for _, i := range items {
		s.Items = append(s.Items, p.assistantItem(e, i, facts))
		if s.Next == "" && i.State != assistant.Done { // what is outside stands last
			s.Next = i.ID
		}
	}
	summary, finished := assistant.Summary(items, facts.Product, p.c.Texts)
	s.Summary = Line{MarkPending, summary}
	if finished && assistant.Usable(facts.Product) {
		s.Summary.Mark = MarkGood
	}
	p.preflightFound(e, items, &s)
	return s
}

// assistantFacts are what is known about the definition as it stands.
func (p *Presenter) assistantFacts(e *entry) assistant.Facts {
	d, _ := e.form.read() // the checklist names what is missing
	f := assistant.Facts{Mailbox: d, Consent: e.found.consent, Secret: e.secrets[authorization.ClientSecret]}
	if e.read && e.usesOAuth() {
		f.Status = &e.Status
	}
	f.Tests = p.lastTests(e)
	if pre := e.found.preflight; pre != nil {
		f.Preflight, f.Tenant = pre.Checks, pre.Tenant
	}
	if f.Tenant == nil {
		f.Tenant = e.found.tenant
	}
	f.Product, f.Checked = p.productCard(d, p.productOf(e)), p.productResults(e)
	return f
}

// productCard is that of a product, or nil.
func (p *Presenter) productCard(d mailbox.Definition, kept Product) *products.Card {
	profile, known := products.Get(kept.ID)
	if !known {
		return nil
	}
	host := kept.Host
	if !products.IsHost(host) {
		host = ""
	}
	card := profile.For(d, host, p.c.Texts)
	return &card
}

// assistantItem puts an item into the window's words.
func (p *Presenter) assistantItem(e *entry, i assistant.Item, facts assistant.Facts) AssistantItem {
	item := AssistantItem{Item: i, Mark: itemMarks[i.State], State: p.text("assistant.state." + string(i.State))}
	if i.Problem != nil {
		f := p.rendered(*i.Problem)
		f.Practice = p.practiceHint()
		for _, r := range facts.Checked {
			if r.Rendered == i.Problem {
				f.Practice = p.practiceFor(r)
			}
		}
		item.Problem = &f
	}
	if i.State == assistant.ToDo && i.Problem == nil && i.Proof == "" {
		item.Mark = MarkPending // nothing is wrong, it is only not done
	}
	p.fitItem(&item, e, facts.Product)
	return item
}

// fitItem puts buttons and words of the window in place of the command line's.
func (p *Presenter) fitItem(item *AssistantItem, e *entry, product *products.Card) {
	switch item.ID {
	case assistant.ItemPermissions:
		if e.job == nil && e.form.profile().Organization() {
			item.Actions = []Action{{ID: ActionConsent, Text: p.text("ui.auth.consent")}}
		}
	case assistant.ItemCertificate:
		item.Path = append([]string{p.text("ui.assistant.certificate")}, item.Path[1:]...)
		if e.job == nil {
			item.Actions = []Action{{ID: ActionCertificate, Text: p.text("ui.assistant.make-certificate")}}
		}
	case assistant.ItemTest:
		if !e.usesOAuth() {
			item.Path = []string{p.text("ui.assistant.password")}
		}
	case assistant.ItemSuitability:
		item.Path = []string{p.text("ui.assistant.suitability")}
		if p.c.CheckProduct != nil && e.job == nil {
			item.Actions = []Action{p.checkAction()}
		}
	case assistant.ItemProduct:
		item.Mark, item.State = MarkOutside, p.text("assistant.state.outside")
		item.Path = item.Path[1:]
		if assistant.Usable(product) {
			item.Path = append([]string{p.text("ui.assistant.product")}, item.Path...)
		}
		item.Actions = []Action{p.productAction(product)}
	}
}

var itemMarks = map[assistant.State]Mark{assistant.Done: MarkGood, assistant.ToDo: MarkWarning, assistant.Unknown: MarkPending}

// hiddenFields are those that are folded away; what a preflight found about
// them is shown in the assistant.
var hiddenFields = []Field{"", FieldAuthority, FieldRedirect}

// preflightFound shows what the preflight found and stands nowhere else.
func (p *Presenter) preflightFound(e *entry, items []assistant.Item, s *AssistantState) {
	for _, f := range e.found.findings {
		if slices.Contains(hiddenFields, Field(f.Field)) {
			s.Checked = append(s.Checked, checkLine(f))
		}
		told := slices.ContainsFunc(items, func(i assistant.Item) bool { return i.Problem != nil && i.Problem.Cause == f.Cause })
		if f.Problem != nil && !told {
			s.Problems = append(s.Problems, p.finding(*f.Problem))
		}
	}
}

func checkLine(f assistant.CheckResult) Line {
	return Line{map[string]Mark{"passed": MarkGood, "failed": MarkBad, "unknown": MarkSkipped}[string(f.State)], f.Text}
}

// fieldChecks are what a preflight found about the fields: what is wrong, or
// else what is right. What stayed open says nothing there, but of a server
// that nobody heard.
func (p *Presenter) fieldChecks(e *entry) map[Field][]Line {
	at := map[Field][]Line{}
	for _, f := range e.found.findings {
		field, line := Field(f.Field), checkLine(f)
		if slices.Contains(hiddenFields, field) {
			continue
		}
		if line.Mark == MarkSkipped {
			if !mailbox.IsProtocol(f.ID) {
				continue
			}
			line.Mark = MarkWarning
		}
		if worse := len(at[field]) > 0 && line.Mark != MarkGood && at[field][0].Mark == MarkGood; worse {
			at[field] = nil
		}
		if len(at[field]) == 0 || at[field][0].Mark == line.Mark {
			at[field] = append(at[field], line)
		}
	}
	if len(at) == 0 {
		return at
	}
	// What is right for Mailgrant is not right yet where the product's check is red.
	for _, r := range p.productResults(e) {
		if field := Field(r.Field); r.State == oauth.CheckFailed && len(at[field]) > 0 && at[field][0].Mark == MarkGood {
			at[field] = []Line{checkLine(r)}
		}
	}
	return at
}
