package presenter_test

import (
	"strings"
	"testing"
	"time"

	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

func TestAReportOfTheLastTest(t *testing.T) {
	s := playHelpdesk(t)
	p := s.Presenter
	if p.Report("x.html", presenter.ReportChoice{}) != nil || p.ReportName() != "" {
		t.Error("a report without a test")
	}
	s.Engine.Store(scripted.Valid(s.Now), nil)
	s.Tests = scripted.Tests(scripted.OneBad(), nil)
	p.Test()
	until(t, s, func(st presenter.State) bool { return st.Test.CanReport })
	if name := p.ReportName(); !strings.HasPrefix(name, "Helpdesk 20") || !strings.HasSuffix(name, ".html") {
		t.Errorf("named %q", name)
	}
	data, err := p.Report("x.txt", presenter.ReportChoice{SecondLanguage: true, HideAddresses: true})()
	text := string(data)
	if err != nil || strings.Contains(text, "helpdesk@contoso.com") || !strings.Contains(text, "address-1") {
		t.Errorf("%v, %.300s", err, text)
	}
	if !strings.Contains(text, "SMTP sign-in is switched off") || !strings.Contains(text, "SMTP-Anmeldung") {
		t.Errorf("not in both languages: %s", text)
	}
	if p.Report("x.pdf", presenter.ReportChoice{}) != nil {
		t.Error("a format that there is not")
	}
}

// A report tells until when the credential of an application lasts, and that a
// mailbox has a password, though there is no overview.
func TestTheReportTellsTheEnds(t *testing.T) {
	application, password := scripted.Helpdesk(), scripted.Helpdesk()
	application.OAuth.AccountType, password.Authentication = mailbox.AccountApplication, mailbox.AuthPassword
	for want, d := range map[string]mailbox.Definition{",valid,2027-02-01T": application, ",password,": password} {
		s := play(t, func(s *scripted.Stage) {
			v := scripted.Valid(s.Now)
			v.EndsIfUnusedBy = time.Time{}
			s.Engine.Store(v, nil)
			s.Engine.SecretEnds = time.Date(2027, 2, 1, 12, 0, 0, 0, time.UTC)
		}, d)
		tested(t, s, scripted.AllGood())
		if data, err := s.Presenter.Report("x.csv", presenter.ReportChoice{})(); err != nil || !strings.Contains(string(data), want) {
			t.Errorf("%v, no %q in %s", err, want, data)
		}
	}
}

// After a test of all there is one report over all, with the ends of the
// authorizations.
func TestTheReportOverAll(t *testing.T) {
	s := playSeveral(t)
	p := s.Presenter
	if p.State().Overview.CanReport {
		t.Error("there is nothing to report yet")
	}
	s.Tests = scripted.Tests(scripted.AllGood(), nil)
	p.TestAll()
	until(t, s, func(st presenter.State) bool { return !st.Overview.Running })
	if !p.State().Overview.CanReport || p.ReportName() != "Mailboxes 2026-11-23 1444.html" {
		t.Errorf("%t, %q", p.State().Overview.CanReport, p.ReportName())
	}
	if p.FilterOverview("sales"); !strings.HasPrefix(p.ReportName(), "Sales 2026-11-23 ") {
		t.Errorf("of one: %q", p.ReportName())
	}
	p.FilterOverview("")
	data, err := p.Report("all.csv", presenter.ReportChoice{})()
	if lines := strings.Split(strings.TrimSpace(string(data)), "\n"); err != nil || len(lines) != 7 || !strings.Contains(string(data), ",valid,2027-02-08T") {
		t.Errorf("%v, %s", err, data)
	}
}

// A report is written beside the window, which goes on meanwhile: what happens
// then is not in it.
func TestAReportIsOfWhenItWasAskedFor(t *testing.T) {
	s := playValid(t)
	tested(t, s, scripted.AllGood())
	s.Presenter.ChooseProduct("acmp")
	until(t, s, func(st presenter.State) bool { return st.Product.Verdict.Text != "" })
	write := s.Presenter.Report("x.txt", presenter.ReportChoice{})
	want, err := write()
	s.Trips = scripted.Tests(scripted.Trip(mailtest.StepSend), nil)
	s.Presenter.RoundTrip()
	until(t, s, func(st presenter.State) bool { return st.Test.CanTest && st.Test.RoundTrip != nil })
	s.Presenter.Edit(presenter.FieldTenant, "fabrikam.com")
	if got, again := write(); err != nil || again != nil || string(got) != string(want) {
		t.Errorf("%v, %v:\n%s\ninstead of\n%s", err, again, got, want)
	}
}
