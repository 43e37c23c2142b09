package presenter_test

import (
	"context"
	"iter"
	"slices"
	"strings"
	"testing"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

func TestExperimentsAreStepsAndTheirOfferTestsAgain(t *testing.T) {
	s := playValid(t)
	p := s.Presenter
	p.Choose(presenter.SecurityOf(mailbox.IMAP), mailbox.SecuritySTARTTLS)
	p.Choose(presenter.SecurityOf(mailbox.POP3), mailbox.SecuritySTARTTLS)
	st := tested(t, s, scripted.WrongPort())
	imap, pop3 := st.Protocols[0], st.Protocols[1]
	// The first one is told as the proof.
	if len(imap.Tried) != 1 || imap.Tried[0].Mark != presenter.MarkTried || !strings.Contains(imap.Tried[0].Text, "answers on a usual port") || len(st.Protocols[2].Tried) != 0 {
		t.Fatalf("tried: %+v", imap.Tried)
	}
	f := imap.Finding
	if f == nil || f.Certainty != "Proof: Port 143 speaks TLS at once. The encryption that is set does not begin with TLS." || len(f.Actions) != 1 || f.Actions[0].Text != "Use port 993 with TLS" || !f.Actions[0].Primary {
		t.Fatalf("IMAP's finding: %+v", f)
	}
	// POP3 fails for the same reason, told at IMAP; its own offer is not lost.
	if pop3.Finding != nil || pop3.Note == "" || len(pop3.Actions) != 1 || pop3.Actions[0].Text != "Use port 995 with TLS" || pop3.Actions[0].Primary {
		t.Fatalf("POP3: %+v", pop3)
	}
	if st.Primary {
		t.Error("two things are the next to do")
	}
	again := false
	s.Tests = func(ctx context.Context, c mailtest.Config) iter.Seq[mailtest.Event] {
		again = c.Mailbox.Server(mailbox.IMAP).Port == 993 && c.Mailbox.Server(mailbox.IMAP).Security == mailbox.SecurityTLS && c.Mailbox.Server(mailbox.POP3).Security == mailbox.SecuritySTARTTLS
		return scripted.Tests(scripted.AllGood(), nil)(ctx, c)
	}
	p.Act(f.Actions[0].ID)
	until(t, s, func(st presenter.State) bool { return !st.Test.Running })
	s.Saved()
	saved, err := s.Book.Get("Helpdesk")
	if !again || err != nil || saved.Server(mailbox.IMAP).Port != 993 {
		t.Errorf("tested with the new values: %t; saved %+v, %v", again, saved.Server(mailbox.IMAP), err)
	}
	if now := p.State(); now.Form.Form[presenter.PortOf(mailbox.IMAP)] != "993" || now.Test.Summary.Mark != presenter.MarkGood {
		t.Errorf("%+v", now.Test.Summary)
	}
	p.Act(f.Actions[0].ID) // of a test that is over
	if p.State().Test.Running {
		t.Error("an old offer is taken")
	}
}

func TestAMistypedNameIsMendedForAllThatHaveIt(t *testing.T) {
	d := scripted.Helpdesk()
	wrong := "outlook.ofice365.com"
	d.Server(mailbox.IMAP).Host, d.Server(mailbox.POP3).Host = wrong, wrong
	s := play(t, nil, d)
	st := tested(t, s, scripted.WrongName())
	f := st.Protocols[0].Finding
	if f == nil || len(f.Actions) != 1 || f.Actions[0].Text != "Did you mean outlook.office365.com?" {
		t.Fatalf("%+v", st.Protocols[0])
	}
	s.Tests = scripted.Tests(scripted.AllGood(), nil)
	s.Presenter.Act(f.Actions[0].ID)
	until(t, s, func(st presenter.State) bool { return !st.Test.Running })
	form := s.Presenter.State().Form.Form
	if form[presenter.HostOf(mailbox.IMAP)] != "outlook.office365.com" || form[presenter.HostOf(mailbox.POP3)] != "outlook.office365.com" || form[presenter.HostOf(mailbox.SMTP)] != "smtp.office365.com" {
		t.Errorf("%v", form)
	}
}

func TestWhileATestRunsNothingIsOffered(t *testing.T) {
	s := playValid(t)
	gate := make(chan struct{})
	events := scripted.WrongPort()
	s.Tests = scripted.Tests(events, gate)
	s.Presenter.Test()
	for range len(events) - 1 {
		gate <- struct{}{}
	}
	until(t, s, func(st presenter.State) bool {
		tried := st.Test.Protocols[1].Tried
		return len(tried) == 1 && tried[0].Mark == presenter.MarkRunning
	})
	st := s.Presenter.State().Test
	if f := st.Protocols[0].Finding; f == nil || len(f.Actions) != 0 {
		t.Errorf("%+v", f)
	}
	s.Presenter.Cancel()
}

// A cause that is certain says by what, and one that is not says so in the
// diagnosis's own words.
func TestCertaintyIsSaid(t *testing.T) {
	s := playValid(t)
	st := tested(t, s, scripted.OneBad())
	if f := st.Protocols[2].Finding; f.Certainty != "Proof: the message says “SmtpClientAuthentication is disabled for the Mailbox”." {
		t.Errorf("%q", f.Certainty)
	}
	d := diagnosis.Explain(diagnosis.Input{Phase: diagnosis.PhaseIMAP, Provider: diagnosis.Microsoft, Text: "A1 NO AUTHENTICATE failed."})
	st = tested(t, s, slices.Concat(scripted.Fails(mailtest.IMAP, mailtest.StepAuthenticate, d, scripted.Clock),
		scripted.Tries(mailtest.IMAP, diagnosis.RenewAndRetry, "refused", nil)))
	if f := st.Protocols[0].Finding; f == nil || f.Certainty != d.Render(s.Texts).Note(s.Texts) || f.Certainty == "" || len(f.Others) == 0 {
		t.Errorf("%+v", f)
	}
}

func TestWhatAFailedSignInTried(t *testing.T) {
	s := playHelpdesk(t)
	if err := scripted.Find("wrong-clock").Do(s); err != nil {
		t.Fatal(err)
	}
	tried := s.Presenter.State().Auth.Tried
	if len(tried) != 2 || tried[0].Mark != presenter.MarkSkipped || tried[1].Mark != presenter.MarkTried || !strings.Contains(tried[1].Text, "clock of this machine is wrong") {
		t.Fatalf("%+v", tried)
	}
	begun := steer(s)
	s.Presenter.Request()
	r := <-begun
	if tried := s.Presenter.State().Auth.Tried; len(tried) != 0 {
		t.Errorf("a new request shows the old one's: %+v", tried)
	}
	s.Presenter.Cancel()
	<-r.ctx.Done()
}
