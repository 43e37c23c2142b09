package presenter_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"mailgrant/app/authorization"
	"mailgrant/app/practice"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/oauth"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

func tested(t *testing.T, s *scripted.Stage, events []mailtest.Event) presenter.TestState {
	t.Helper()
	s.Tests = scripted.Tests(events, nil)
	s.Presenter.Test()
	until(t, s, func(st presenter.State) bool { return !st.Test.Running })
	return s.Presenter.State().Test
}

func TestStepsShowAsTheyHappen(t *testing.T) {
	s := playValid(t)
	gate := make(chan struct{})
	s.Tests = scripted.Tests(scripted.AllGood(), gate)
	s.Presenter.Test()
	st := s.Presenter.State().Test
	if !st.Running || len(st.Protocols) != 3 || st.CanTest || st.Protocols[0].Result != "waiting" {
		t.Fatalf("at the beginning: %+v", st)
	}
	gate <- struct{}{}
	until(t, s, func(st presenter.State) bool { return st.Test.Protocols[0].Steps[0].Mark == presenter.MarkRunning })
	gate <- struct{}{}
	until(t, s, func(st presenter.State) bool { return st.Test.Protocols[0].Steps[0].Mark == presenter.MarkGood })
	s.Presenter.Cancel()
	st = s.Presenter.State().Test
	if st.Running || len(st.Protocols) != 0 || st.Hint == "" {
		t.Errorf("after cancelling: %+v", st)
	}
}

func TestThreeGreen(t *testing.T) {
	s := playValid(t)
	st := tested(t, s, scripted.AllGood())
	if st.Summary.Mark != presenter.MarkGood || len(st.Findings) != 0 {
		t.Errorf("%+v", st)
	}
	for _, p := range st.Protocols {
		if p.Mark != presenter.MarkGood || p.Finding != nil || p.Result != "works · 412 ms" || len(p.Steps) != 6 {
			t.Errorf("%+v", p)
		}
	}
	if got := st.Protocols[2].Steps[2].Text; got != "Greeting" {
		t.Errorf("with STARTTLS the third step is %q", got)
	}
}

func TestAWarningIsNoFailure(t *testing.T) {
	s := playValid(t)
	d := diagnosis.New(diagnosis.CauseTLSInterceptionUntrustedCA, diagnosis.PhaseTLS, nil)
	events := scripted.AllGood()
	i := slices.IndexFunc(events, func(e mailtest.Event) bool { return e.Step == mailtest.StepTLS && e.State == mailtest.Passed })
	events[i].State, events[i].Diagnosis = mailtest.Warned, &d
	st := tested(t, s, events)
	f := st.Protocols[0].Finding
	if st.Summary.Mark != presenter.MarkGood || f == nil || f.Mark != presenter.MarkWarning {
		t.Errorf("%+v, %+v", st.Summary, f)
	}
}

func TestAFailureIsExplainedAtItsProtocol(t *testing.T) {
	s := playValid(t)
	st := tested(t, s, scripted.OneBad())
	smtp := st.Protocols[2]
	if st.Summary.Mark != presenter.MarkBad || !strings.Contains(st.Summary.Text, "2 of 3") || smtp.Mark != presenter.MarkBad || smtp.Finding == nil {
		t.Fatalf("%+v", st)
	}
	if f := smtp.Finding; !strings.Contains(f.Command, "Set-CASMailbox") || !strings.Contains(f.Words, "5.7.139") || len(f.Fix) == 0 || len(f.Links) == 0 {
		t.Errorf("finding %+v", f)
	}
	text := smtp.Finding.Text(i18n.For(i18n.English))
	for _, want := range []string{smtp.Finding.Title, "1. In the", "\n   or: Run", "\n2. Wait", "Set-CASMailbox", "5.7.139", "https://"} {
		if !strings.Contains(text, want) {
			t.Errorf("copied text lacks %q:\n%s", want, text)
		}
	}
}

func TestOneCauseIsToldOnce(t *testing.T) {
	s := playHelpdesk(t)
	st := tested(t, s, scripted.NoAuthorization())
	count := len(st.Findings)
	for i, p := range st.Protocols {
		if p.Finding != nil {
			count++
			if a := p.Finding.Actions; len(a) != 1 || a[0].ID != presenter.ActionRequest {
				t.Errorf("what helps is not offered: %+v", a)
			}
		}
		if i > 0 && p.Note == "" {
			t.Errorf("%s does not say why", p.Name)
		}
		if p.Mark != presenter.MarkSkipped {
			t.Errorf("%s is %d", p.Name, p.Mark)
		}
	}
	if count != 1 || st.Summary.Mark != presenter.MarkWarning {
		t.Errorf("told %d times; %+v", count, st.Summary)
	}
	// With an authorization the next test is green and nothing of this stays.
	s.Engine.Store(scripted.Valid(s.Now), nil)
	if st := tested(t, s, scripted.AllGood()); st.Summary.Mark != presenter.MarkGood || st.Protocols[1].Note != "" {
		t.Errorf("%+v", st)
	}
}

func TestEachKindOfFailure(t *testing.T) {
	for _, c := range []struct {
		step  mailtest.Step
		cause diagnosis.Cause
	}{
		{mailtest.StepResolve, diagnosis.CauseDNSNotResolved},
		{mailtest.StepConnect, diagnosis.CausePortBlocked},
		{mailtest.StepTLS, "tls-certificate-expired"},
		{mailtest.StepGreeting, diagnosis.CauseServerTimeout},
		{mailtest.StepAuthenticate, diagnosis.CauseTokenUserMismatch},
		{mailtest.StepMailbox, diagnosis.CauseUnknown},
	} {
		t.Run(string(c.step), func(t *testing.T) {
			s := playValid(t)
			d := diagnosis.New(c.cause, diagnosis.PhaseIMAP, i18n.Args{"host": "h", "user": "u", "mailbox": "m"})
			d.Step = string(c.step)
			st := tested(t, s, slices.Concat(scripted.Fails(mailtest.IMAP, c.step, d, s.Now), scripted.Good(mailtest.POP3, s.Now), scripted.Good(mailtest.SMTP, s.Now)))
			imap := st.Protocols[0]
			if imap.Mark != presenter.MarkBad || imap.Finding == nil || imap.Finding.Title == "" || strings.Contains(imap.Finding.Title, "⟨") {
				t.Fatalf("%+v", imap)
			}
			bad := slices.IndexFunc(imap.Steps, func(l presenter.Line) bool { return l.Mark == presenter.MarkBad })
			if bad < 0 || bad+1 < len(imap.Steps) && imap.Steps[bad+1].Mark != presenter.MarkSkipped {
				t.Errorf("steps %+v", imap.Steps)
			}
		})
	}
}

func TestATestOfAnotherHostAsksFirst(t *testing.T) {
	s := playValid(t)
	s.Engine.OnHosts = func(_ mailbox.Definition, confirmed []string) error {
		if slices.Contains(confirmed, "mail.example.com") {
			return nil
		}
		return diagnosis.New(diagnosis.CauseHostNotAllowed, "", i18n.Args{"host": "mail.example.com"})
	}
	s.Tests = scripted.Tests(scripted.AllGood(), nil)
	p := s.Presenter
	p.Test()
	until(t, s, func(st presenter.State) bool { return len(st.Test.Findings) == 1 })
	if st := p.State().Test; len(st.Protocols) != 0 || st.Primary {
		t.Errorf("tested all the same: %+v", st)
	}
	p.Act(presenter.ActionAllowHost + "mail.example.com")
	until(t, s, func(st presenter.State) bool { return st.Test.Summary.Mark == presenter.MarkGood })
	if len(p.State().Test.Findings) != 0 {
		t.Error("the question stays")
	}
}

func TestATestReadsTheAuthorizationAgain(t *testing.T) {
	s := playValid(t)
	s.Engine.Store(scripted.Refused(s.Now), nil)
	tested(t, s, scripted.AllGood())
	if st := s.Presenter.State().Auth; st.Status.Mark != presenter.MarkBad || len(st.Permissions) != 0 {
		t.Errorf("%+v", st)
	}
}

func TestPracticeFaults(t *testing.T) {
	s := play(t, func(s *scripted.Stage) { s.Practice = &scripted.Practice{} }, scripted.Helpdesk())
	p := s.Presenter
	if st := p.State().Practice; st == nil || len(st.Faults) != len(practice.AllFaults) {
		t.Fatalf("%+v", st)
	}
	p.SetFault(practice.FaultIMAPOff, true)
	p.SetFault(practice.FaultSlow, true)
	p.SetFault(practice.FaultIMAPOff, true)
	p.SetFault(practice.FaultIMAPOff, false)
	if !slices.Equal(s.Practice.On, []string{practice.FaultSlow}) {
		t.Errorf("on: %v", s.Practice.On)
	}
	for _, f := range p.State().Practice.Faults {
		if f.On != (f.ID == practice.FaultSlow) || strings.Contains(f.Text, "⟨") {
			t.Errorf("%+v", f)
		}
	}
	p.ShowAccounts()
	if n := p.State().Notice; n == nil || n.Bad || n.Link != s.Practice.URL() || !strings.Contains(n.Text, n.Link) {
		t.Errorf("the accounts: %+v", n)
	}
	if got := <-s.Opened; got != s.Practice.URL() {
		t.Errorf("opened %q", got)
	}
}

func TestHowAFaultIsMendedInPractice(t *testing.T) {
	for _, c := range []struct {
		practice *scripted.Practice
		told     bool
	}{
		{nil, false}, {&scripted.Practice{}, false}, {&scripted.Practice{On: []string{practice.FaultSMTPOffMailbox}}, true},
	} {
		s := play(t, func(s *scripted.Stage) {
			s.Practice = c.practice
			s.Engine.Store(scripted.Valid(scripted.Clock), nil)
		}, scripted.Helpdesk())
		f := tested(t, s, scripted.OneBad()).Protocols[2].Finding
		if f == nil || (f.Practice != "") != c.told {
			t.Errorf("%+v: %+v", c.practice, f)
		}
	}
}

func TestThePracticeServiceIsNoWarning(t *testing.T) {
	s := play(t, func(s *scripted.Stage) { s.Practice = &scripted.Practice{} }, scripted.Helpdesk())
	begun := steer(s)
	s.Presenter.Request()
	r := <-begun
	for host, want := range map[string]presenter.Line{
		"127.0.0.1:49152":   {Mark: presenter.MarkSkipped, Text: "Sign-in service: 127.0.0.1:49152 (practice)"},
		"login.example.com": {Mark: presenter.MarkWarning, Text: "Sign-in service: login.example.com (none that Mailgrant knows)"},
	} {
		r.o.OnEvent(oauth.SignInStarted{URL: "http://localhost:1/start/x", Authority: host, Foreign: true})
		until(t, s, func(st presenter.State) bool { return st.Auth.Waiting != nil && st.Auth.Waiting.Service == want })
	}
}

func TestSecretsLeaveTheWindowAtOnce(t *testing.T) {
	d := scripted.Helpdesk()
	d.Authentication = mailbox.AuthPassword
	s := play(t, nil, d)
	p := s.Presenter
	if got := p.State().Auth.Hint; !strings.Contains(got, "“Printer or scanner, password only”") { // at Microsoft
		t.Error(got)
	}
	p.SetSecret(authorization.Password, "geheim", func() { t.Error("not taken") })
	until(t, s, func(st presenter.State) bool { return st.Form.Secrets[authorization.Password] })
	if got := s.Engine.Secret(authorization.Password); got != "geheim" {
		t.Errorf("sealed %q", got)
	}
	if strings.Contains(dump(p.State()), "geheim") {
		t.Error("the state shows it")
	}
	p.RemoveSecret(authorization.Password)
	until(t, s, func(st presenter.State) bool { return !st.Form.Secrets[authorization.Password] })
	// What could not be stored goes back to who typed it.
	back := 0
	s.Engine.SecretFails = errors.New("the disk is full")
	p.SetSecret(authorization.Password, "x", func() { back++ })
	until(t, s, func(presenter.State) bool { return back == 1 })
	p.Edit(presenter.FieldSender, "")
	if p.SetSecret(authorization.Password, "x", func() { back++ }); back != 2 {
		t.Error("taken without a valid mailbox")
	}
}

func dump(s presenter.State) string {
	var b strings.Builder
	for k, v := range s.Form.Form {
		b.WriteString(string(k) + v)
	}
	if s.Notice != nil {
		b.WriteString(s.Notice.Text)
	}
	return b.String()
}

func titles(all []diagnosis.Alternative) (out []string) {
	for _, a := range all {
		out = append(out, a.Title)
	}
	return out
}

func TestExplain(t *testing.T) {
	s := playHelpdesk(t)
	explain := func(text string) []presenter.Finding {
		var answer *presenter.Explanation
		s.Presenter.Explain(text, func(x presenter.Explanation) { answer = &x })
		until(t, s, func(presenter.State) bool { return answer != nil })
		return answer.Found
	}
	if got := explain("  "); got != nil {
		t.Errorf("%+v", got)
	}
	got := explain("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.")
	if len(got) == 0 || got[0].Title == "" || len(got[0].Fix) == 0 {
		t.Errorf("%+v", got)
	}
	// The chosen mailbox is Microsoft's and signs in with a token; what the text
	// says itself counts more.
	refused := "-ERR Authentication failure: unknown user name or bad password."
	if got := explain(refused); len(got) != 1 || strings.Contains(got[0].Title, "password") {
		t.Errorf("what is refused to a token: %+v", got)
	}
	s = playValid(t)
	tested(t, s, scripted.AllGood())
	for _, text := range []string{refused, "The sign-in failed, mailbox broken"} {
		got := explain(text)
		if len(got) != 1 || !strings.HasPrefix(got[0].Certainty, "Several causes are possible") || !strings.HasPrefix(got[0].Title, "Possible cause: ") || got[0].Mark != presenter.MarkWarning || !got[0].Pasted || !strings.Contains(got[0].Text(s.Texts), "\nYour text:\n") {
			t.Fatalf("%s: %+v", text, got)
		}
		for _, title := range append(titles(got[0].Others), got[0].Title) {
			if strings.Contains(title, "switched") || strings.Contains(title, "lacks the permission") {
				t.Errorf("%s: %q, though it has just worked", text, title)
			}
		}
	}
	if got := explain("535-5.7.8 Username and Password not accepted. https://support.google.com/mail/?p=BadCredentials a1-gsmtp"); len(got) != 1 || !strings.Contains(got[0].Title+got[0].Explanation+strings.Join(got[0].Fix, ""), "Google") {
		t.Errorf("another provider's: %+v", got)
	}
	blocked := "550 5.1.8 Access denied, bad outbound sender "
	for sender, named := range map[string]bool{
		"": true, scripted.Helpdesk().Sender: true, "from='" + scripted.Helpdesk().Sender + "'": true, "somebody@fabrikam.example": false, "the-" + scripted.Helpdesk().Sender: false,
	} {
		got := explain(blocked + sender)
		if all := got[0].Explanation + strings.Join(got[0].Fix, " ") + got[0].Command; strings.Contains(all, scripted.Helpdesk().Sender) != named {
			t.Errorf("a text about %q: %s", sender, all)
		}
	}
	if got := explain("bla bla"); len(got) != 1 || !strings.Contains(got[0].Words, "bla bla") {
		t.Errorf("%+v", got)
	}
}

func TestLinksAndTheClipboard(t *testing.T) {
	s := playHelpdesk(t)
	s.Presenter.OpenLink("https://aka.ms/x")
	if got := <-s.Opened; got != "https://aka.ms/x" {
		t.Errorf("opened %q", got)
	}
	s.Presenter.CopyText("abc")
	if n := s.Presenter.State().Notice; !slices.Equal(s.Copied, []string{"abc"}) || n == nil || n.Bad {
		t.Errorf("%v, %+v", s.Copied, n)
	}
	c := s.Config()
	c.Copy = func(string) bool { return false }
	p := presenter.New(c)
	p.CopyText("abc")
	if n := p.State().Notice; n == nil || !n.Bad {
		t.Errorf("%+v", n)
	}
}

// A window that is left open over night says of which day its test is.
func TestATestOfYesterdayHasItsDay(t *testing.T) {
	s := play(t, func(s *scripted.Stage) { s.Tests = scripted.Tests(scripted.AllGood(), nil) }, scripted.Helpdesk())
	s.Presenter.Test()
	until(t, s, func(st presenter.State) bool { return !st.Test.Running && st.Test.Summary.Text != "" })
	if got := s.Presenter.State().Test.Summary.Text; !strings.Contains(got, "tested at 14:44)") {
		t.Fatal(got)
	}
	s.Now = s.Now.AddDate(0, 0, 1)
	if got := s.Presenter.State().Test.Summary.Text; !strings.Contains(got, "tested at 14:44 on 23 Nov 2026)") {
		t.Error(got)
	}
}
