package presenter_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"mailgrant/app/assistant"
	"mailgrant/app/history"
	"mailgrant/app/practice"
	"mailgrant/app/products"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/oauth"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

func TestTheProductShowsItsValues(t *testing.T) {
	s := playHelpdesk(t)
	p := s.Presenter
	if st := p.State().Product; len(st.Choices) != len(products.All()) || st.Chosen != "" || len(st.Parts) != 0 {
		t.Fatalf("before one is chosen: %+v", st)
	}
	p.ChooseProduct("acmp")
	st := p.State().Product
	var found bool
	for _, part := range st.Parts {
		for _, row := range part.Rows {
			found = found || row.Name == "Application/Client ID" && row.Value == p.State().Form.Form[presenter.FieldClientID] && row.Copy
		}
	}
	if !found || st.AskHost {
		t.Errorf("%+v", st)
	}
	for _, want := range []string{"Passwortverschlüsselung (password encryption): OAuth", "IMAP server: outlook.office365.com", "SMTP port: 587", "- "} {
		if text := st.Text(s.Texts); !strings.Contains(text, want) {
			t.Errorf("copied without %q:\n%s", want, text)
		}
	}
	if s.Notes.Product.ID != "acmp" {
		t.Error("the product is not remembered")
	}
	p.ChooseProduct("")
	if st := p.State().Product; len(st.Parts) != 0 {
		t.Errorf("without a product: %+v", st)
	}
}

func TestTheProductsAddress(t *testing.T) {
	s := playHelpdesk(t)
	p := s.Presenter
	p.ChooseProduct("zammad")
	p.SetProductHost("https://desk/help")
	if st := p.State().Product; !st.AskHost || st.HostBad == "" || st.Host != "desk/help" {
		t.Errorf("an address that is no host name: %+v", st)
	}
	p.SetProductHost("https://desk.contoso.com/")
	st := p.State().Product
	if st.HostBad != "" || !strings.HasPrefix(st.Parts[0].Rows[0].Value, "https://desk.contoso.com/") {
		t.Errorf("%+v", st)
	}
}

func TestTheProductIsChecked(t *testing.T) {
	s := play(t, func(s *scripted.Stage) {
		s.CheckProduct = scripted.ProductChecks
		s.Notes.Product = presenter.Product{ID: "zammad", Host: "desk.contoso.com"}
	}, scripted.Helpdesk())
	until(t, s, func(st presenter.State) bool { return st.Auth.Hint != "" })
	if p := s.Presenter.State().Product; !p.CanCheck || len(p.Checked) != 0 {
		t.Fatalf("%+v", p)
	}
	s.Presenter.CheckProduct()
	if p := s.Presenter.State().Product; p.CanCheck || !p.Checking {
		t.Errorf("while it runs: %+v", p)
	}
	until(t, s, func(st presenter.State) bool { return !st.Product.Checking })
	if p := s.Presenter.State().Product; len(p.Checked) != 5 || p.Checked[1].Mark != presenter.MarkGood || len(p.Found) != 1 || len(p.Found[0].Fix) != 3 || !strings.Contains(p.Found[0].Fix[1], "“Web”") {
		t.Errorf("%+v", p)
	}
	if p := s.Presenter.State().Product; !strings.Contains(p.Checked[3].Text, "POP3 answers, but the sign-in has not been tested yet") || p.Checked[3].Mark != presenter.MarkSkipped || p.Verdict.Text != "Not suitable yet for Zammad: 1 of 6 points are met." {
		t.Errorf("before any test: %+v", p.Checked)
	}
	// A server that answers and failed the last test is red, with its remedy.
	tested(t, s, scripted.OneBad())
	if p := s.Presenter.State().Product; len(p.Checked) != 4 || p.Checked[3].Mark != presenter.MarkGood || !strings.HasPrefix(p.Checked[3].Text, "POP3 works (tested 23 Nov 2026, 14:44)") ||
		len(p.Found) != 2 || !strings.HasPrefix(p.Found[1].Title, "SMTP ") || !strings.HasSuffix(p.Found[1].Title, "(tested 23 Nov 2026, 14:44)") || len(p.Found[1].Fix) == 0 || p.Found[1].Command == "" {
		t.Errorf("after a test: %+v", p)
	}
	// It was about this product and these values.
	s.Presenter.SetProductHost("other.contoso.com")
	if p := s.Presenter.State().Product; len(p.Checked)+len(p.Found) != 0 {
		t.Errorf("for another address: %+v", p.Checked)
	}
	s.Presenter.SetProductHost("desk.contoso.com")
	s.Presenter.Edit(presenter.FieldClientID, "00000000-1111-2222-3333-444444444444")
	if p := s.Presenter.State().Product; len(p.Checked) != 0 {
		t.Errorf("for another application: %+v", p.Checked)
	}
}

// Without a test of this session the kept ones speak, with their time.
func TestTheCheckCarriesTheKeptTests(t *testing.T) {
	at := scripted.Clock.Add(-3 * time.Hour)
	s := play(t, func(s *scripted.Stage) {
		s.CheckProduct = scripted.ProductChecks
		s.Notes.Product = presenter.Product{ID: "zammad", Host: "desk.contoso.com"}
		s.Past = func(string) []history.Entry {
			return []history.Entry{{At: at, Results: map[mailtest.Protocol]history.Result{
				mailtest.IMAP: {State: mailtest.Passed}, mailtest.POP3: {State: mailtest.Failed, Cause: diagnosis.CauseEXOProtocolDisabledMailbox},
			}}}
		}
	}, scripted.Helpdesk())
	until(t, s, func(st presenter.State) bool { return st.Auth.Hint != "" })
	s.Presenter.CheckProduct()
	until(t, s, func(st presenter.State) bool { return len(st.Product.Checked) > 0 })
	p := s.Presenter.State().Product
	if len(p.Found) != 2 || p.Found[1].Title != "The protocol POP3 is switched off for the mailbox (tested 23 Nov 2026, 11:44)" || !strings.Contains(p.Found[1].Command, "Set-CASMailbox") || len(p.Found[1].Fix) == 0 {
		t.Errorf("%+v", p.Found)
	}
	if last := p.Checked[len(p.Checked)-1]; !strings.HasPrefix(last.Text, "SMTP answers, but the sign-in has not been tested yet") {
		t.Errorf("%+v", p.Checked)
	}
}

// A permission that lacks has a card like everything that is red, and the
// button that mends it.
func TestAMissingPermissionHasItsCard(t *testing.T) {
	s := play(t, func(s *scripted.Stage) {
		s.CheckProduct = scripted.ProductLacks
		s.Notes.Product = presenter.Product{ID: "acmp"}
	}, scripted.Helpdesk())
	until(t, s, func(st presenter.State) bool { return st.Auth.Hint != "" })
	s.Presenter.CheckProduct()
	until(t, s, func(st presenter.State) bool { return len(st.Product.Checked) > 0 })
	p := s.Presenter.State().Product
	if len(p.Found) != 1 || p.Found[0].Title != "Not granted: POP.AccessAsUser.All" || !strings.Contains(strings.Join(p.Found[0].Fix, "\n"), "POP.AccessAsUser.All") ||
		!strings.Contains(p.Found[0].Explanation, "Aagon ACMP") || len(p.Found[0].Actions) != 1 || p.Found[0].Actions[0].ID != presenter.ActionConsent {
		t.Errorf("%+v", p.Found)
	}
}

// When everything works the page leads on to the product, and not before.
func TestAfterTheGreensComesTheProduct(t *testing.T) {
	s := playValid(t)
	if st := tested(t, s, scripted.OneBad()); st.Next != nil {
		t.Errorf("while one fails: %+v", st.Next)
	}
	if st := tested(t, s, scripted.AllGood()); st.Next == nil || st.Next.Action.ID != presenter.ActionProduct || st.Next.Action.Text != "Choose product" || !st.Next.Action.Primary || st.Primary {
		t.Errorf("no product is chosen: %+v", st.Next)
	}
	s.Presenter.ChooseProduct("acmp")
	if st := s.Presenter.State(); !st.Product.Checking || st.Test.Next == nil || st.Test.Next.Text != "Suitability for Aagon ACMP is being checked" || st.Test.Next.Action.ID != "" {
		t.Errorf("its check runs by itself: %+v", st.Test.Next)
	}
	until(t, s, func(st presenter.State) bool { return !st.Product.Checking })
	if next := s.Presenter.State().Test.Next; next == nil || next.Text != "Next: enter the values in Aagon ACMP." || next.Action.Text != "Show the values" {
		t.Errorf("ACMP is chosen: %+v", next)
	}
	if data, err := s.Presenter.Report("report.txt", presenter.ReportChoice{})(); err != nil || !strings.Contains(string(data), "IMAP, POP3 and SMTP work. Next: enter the values in Aagon ACMP.") || !strings.Contains(string(data), "Suitable: Aagon ACMP can sign in with these values.") || !strings.Contains(string(data), "Helpdesk (helpdesk@contoso.com)") {
		t.Errorf("%s", data)
	}
	s.Presenter.Edit(presenter.HostOf(mailbox.POP3), "pop.example.com")
	if next := s.Presenter.State().Test.Next; next != nil {
		t.Errorf("for other values: %+v", next)
	}
}

// In practice no registration can be changed: what is red says how it is mended
// here, or that it stays.
func TestWhatAProductLacksInPractice(t *testing.T) {
	s := play(t, func(s *scripted.Stage) {
		s.Practice = &scripted.Practice{}
		s.CheckProduct = func(ctx context.Context, d mailbox.Definition, card products.Card) (assistant.ProductCheck, error) {
			c, err := scripted.ProductChecks(ctx, d, card)
			narrow := diagnosis.New("tenant-specific-endpoint-needed", diagnosis.PhaseDevice, nil)
			c.Asked = []oauth.Check{{ID: oauth.CheckAccountType, State: oauth.CheckFailed, Diagnosis: &narrow}}
			return c, err
		}
		s.Notes.Product = presenter.Product{ID: "zammad", Host: "desk.contoso.com"}
	}, scripted.Helpdesk())
	until(t, s, func(st presenter.State) bool { return st.Auth.Hint != "" })
	s.Presenter.CheckProduct()
	until(t, s, func(st presenter.State) bool { return len(st.Product.Checked) > 0 })
	p := s.Presenter.State().Product
	if len(p.Found) != 2 || !strings.Contains(p.Found[0].Practice, practice.MultitenantClientID) || !strings.Contains(p.Found[1].Practice, "stays red") {
		t.Errorf("%+v", p.Found)
	}
}

// A ticket system and a scanner use different mailboxes: what is chosen for one
// stays when something else is chosen for another, and under another name.
func TestEachMailboxHasItsProduct(t *testing.T) {
	s := playHelpdesk(t)
	p := s.Presenter
	p.ChooseProduct("zammad")
	p.SetProductHost("desk.contoso.com")
	p.Duplicate()
	if st := p.State().Product; st.Chosen != "zammad" {
		t.Errorf("of one for which nothing was chosen: %q; want the last one", st.Chosen)
	}
	p.ChooseProduct("printer")
	p.SetProductHost("scanner.contoso.com")
	p.Select(0)
	if wrong := p.Rename("Tickets"); wrong != "" {
		t.Fatal(wrong)
	}
	if st := p.State().Product; st.Chosen != "zammad" || st.Host != "desk.contoso.com" {
		t.Errorf("the first one has %q at %q", st.Chosen, st.Host)
	}
	if last := s.Notes.Product.ID; last != "printer" {
		t.Errorf("chosen last by another name: %q", last)
	}
	if p.Duplicate(); p.State().Product.Chosen != "zammad" {
		t.Errorf("a copy has %q", p.State().Product.Chosen)
	}
}

// A new mailbox that is made like another one is for the same product, and what one
// of its name had that is gone is none of its business.
func TestANewMailboxHasTheProductOfItsSibling(t *testing.T) {
	other := scripted.Helpdesk()
	other.Name, other.Sender, other.User = "Scanner", "scan@fabrikam.example", "scan@fabrikam.example"
	s := play(t, nil, scripted.Helpdesk(), other)
	p := s.Presenter
	create := func(sender string) string {
		p.NewMailbox()
		p.Create(sender)
		return p.State().Product.Chosen
	}
	p.ChooseProduct("zammad")
	p.Select(1)
	p.ChooseProduct("printer")
	if chosen := create("sales@contoso.com"); chosen != "zammad" {
		t.Errorf("like the help desk: %q", chosen)
	}
	p.ChooseProduct("acmp")
	p.Delete()
	if chosen := create("sales@contoso.com"); chosen != "zammad" {
		t.Errorf("under the name of one that is gone: %q", chosen)
	}
}
