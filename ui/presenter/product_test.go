package presenter_test

import (
	"strings"
	"testing"

	"mailgrant/app/products"
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
		if text := st.Text(); !strings.Contains(text, want) {
			t.Errorf("copied without %q:\n%s", want, text)
		}
	}
	if s.Notes.Product().ID != "acmp" {
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
	p.SetProductHost("https://desk")
	if st := p.State().Product; !st.AskHost || st.HostBad == "" || st.Host != "https://desk" {
		t.Errorf("an address that is no host name: %+v", st)
	}
	p.SetProductHost("desk.contoso.com")
	st := p.State().Product
	if st.HostBad != "" || !strings.HasPrefix(st.Parts[0].Rows[0].Value, "https://desk.contoso.com/") {
		t.Errorf("%+v", st)
	}
}

func TestTheProductIsChecked(t *testing.T) {
	s := play(t, func(s *scripted.Stage) {
		s.CheckProduct = scripted.ProductChecks
		s.Notes.Chosen = presenter.Product{ID: "zammad", Host: "desk.contoso.com"}
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
	// A server that answers and failed the last test is not shown as good.
	tested(t, s, scripted.OneBad())
	if p := s.Presenter.State().Product; len(p.Checked) != 5 || p.Checked[4].Mark != presenter.MarkBad || p.Checked[3].Mark != presenter.MarkGood || !strings.Contains(p.Checked[4].Text, "SMTP") {
		t.Errorf("after a test: %+v", p.Checked)
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
