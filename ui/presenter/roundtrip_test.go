package presenter_test

import (
	"context"
	"iter"
	"strings"
	"testing"

	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

func TestARoundTripIsAskedForOnlyWhenAllWorks(t *testing.T) {
	s := playValid(t)
	sent := 0
	s.Trips = func(ctx context.Context, c mailtest.Config) iter.Seq[mailtest.Event] {
		sent++
		return scripted.Tests(scripted.Trip(""), nil)(ctx, c)
	}
	s.Presenter.RoundTrip()
	if st := s.Presenter.State().Test; st.CanRoundTrip || sent > 0 {
		t.Error("before any test")
	}
	if st := tested(t, s, scripted.OneBad()); st.CanRoundTrip {
		t.Error("though SMTP fails")
	}
	st := tested(t, s, scripted.AllGood())
	if !st.CanRoundTrip || st.From != "helpdesk@contoso.com" || st.To != "helpdesk@contoso.com" || st.RoundTrip != nil {
		t.Fatalf("%+v", st)
	}
	s.Presenter.Edit(presenter.HostOf(mailbox.SMTP), "smtp.example.com")
	s.Presenter.RoundTrip()
	if st := s.Presenter.State().Test; st.CanRoundTrip || sent > 0 {
		t.Error("with another server than was tested")
	}
	s.Presenter.Edit(presenter.HostOf(mailbox.SMTP), "smtp.office365.com")
	s.Presenter.RoundTrip()
	if st := s.Presenter.State().Test; !st.CanCancel || st.CanReport || st.Running {
		t.Errorf("while it runs: %+v", st)
	}
	until(t, s, func(st presenter.State) bool { return st.Test.CanTest })
	st = s.Presenter.State().Test
	if sent != 1 || st.RoundTrip == nil || st.RoundTrip.Mark != presenter.MarkGood || len(st.RoundTrip.Steps) != 5 || st.Summary.Mark != presenter.MarkGood {
		t.Errorf("%+v", st.RoundTrip)
	}
	// The report tells it, and the next test forgets it.
	if data, err := s.Presenter.Report("a.txt", presenter.ReportChoice{})(); err != nil || !strings.Contains(string(data), "Round trip of a message") {
		t.Errorf("%s", data)
	}
	if st := tested(t, s, scripted.AllGood()); st.RoundTrip != nil {
		t.Errorf("%+v", st.RoundTrip)
	}
}

func TestARefusedMessageHasItsCause(t *testing.T) {
	s := playValid(t)
	tested(t, s, scripted.AllGood())
	s.Trips = scripted.Tests(scripted.Trip(mailtest.StepSend), nil)
	s.Presenter.RoundTrip()
	until(t, s, func(st presenter.State) bool { return st.Test.CanTest })
	st := s.Presenter.State().Test
	if f := st.RoundTrip.Finding; f == nil || !strings.Contains(f.Words, "5.2.252") || len(st.Findings) != 0 || st.CanWatch || st.RoundTrip.Mark != presenter.MarkBad {
		t.Errorf("%+v %+v", st.RoundTrip, st.Findings)
	}
	if st.Summary.Mark != presenter.MarkBad || st.Next != nil { // as in the report
		t.Errorf("%+v, next %+v", st.Summary, st.Next)
	}
}

func TestACancelledRoundTripSaysWhatMayBeLeft(t *testing.T) {
	s := playValid(t)
	tested(t, s, scripted.AllGood())
	gate := make(chan struct{})
	s.Trips = scripted.Tests(scripted.Trip(""), gate)
	s.Presenter.RoundTrip()
	for range 3 {
		gate <- struct{}{}
	}
	until(t, s, func(st presenter.State) bool { return st.Test.RoundTrip != nil && len(st.Test.RoundTrip.Steps) == 2 })
	s.Presenter.Cancel()
	st := s.Presenter.State()
	if st.Test.RoundTrip != nil || st.Test.Summary.Mark != presenter.MarkGood || st.Notice == nil || !strings.Contains(st.Notice.Text, "may still lie in the mailbox") {
		t.Errorf("%+v %+v", st.Test, st.Notice)
	}
}

// Closing the window ends round trips, too; the next one tells of each, once.
func TestTheNextWindowTellsOfARoundTripThatTheClosingEnded(t *testing.T) {
	s := play(t, func(s *scripted.Stage) { s.Engine.Store(scripted.Valid(scripted.Clock), nil) }, named("Helpdesk"), named("Sales"))
	s.Trips = scripted.Tests(scripted.Trip(""), make(chan struct{}))
	for i := range 2 {
		s.Presenter.Select(i)
		until(t, s, func(st presenter.State) bool { return st.Auth.Status.Mark == presenter.MarkGood })
		tested(t, s, scripted.AllGood())
		s.Presenter.RoundTrip()
	}
	s.Presenter.Close()
	for _, want := range []bool{true, false} {
		next := presenter.New(s.Config())
		n := next.State().Notice
		if told := n != nil && n.Bad && strings.Contains(n.Text, "Helpdesk, Sales") && strings.Contains(n.Text, mailtest.RoundTripSubject); told != want {
			t.Errorf("told %v, want %v: %+v", told, want, n)
		}
		next.Close()
	}
}

func TestARoundTripProvesSendAs(t *testing.T) {
	d := scripted.Helpdesk()
	d.SharedMailbox = "info@contoso.com"
	d.Sender = "info@contoso.com"
	d.User = "helpdesk@contoso.com"
	s := play(t, func(s *scripted.Stage) { s.Engine.Store(scripted.Valid(scripted.Clock), nil) }, d.Normalize())
	until(t, s, func(st presenter.State) bool { return st.Auth.Status.Mark == presenter.MarkGood })
	s.Presenter.ShowAssistant(true)
	tested(t, s, scripted.AllGood())
	shared := func() presenter.AssistantItem {
		for _, i := range s.Presenter.State().Assistant.Items {
			if i.ID == "shared-mailbox" {
				return i
			}
		}
		return presenter.AssistantItem{}
	}
	if i := shared(); i.Mark != presenter.MarkPending || !strings.Contains(i.Proof, "test message") {
		t.Errorf("after the test: %+v", i)
	}
	s.Trips = scripted.Tests(scripted.Trip(""), nil)
	s.Presenter.RoundTrip()
	until(t, s, func(st presenter.State) bool { return st.Test.CanTest })
	if i := shared(); i.Mark != presenter.MarkGood {
		t.Errorf("after the round trip: %+v", i)
	}
}
