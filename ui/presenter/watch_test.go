package presenter_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

func paused(st presenter.State) bool { return st.Test.Watch != nil && st.Test.Watch.CanNow }

func TestAWatchRepeatsWhatFailedUntilItWorks(t *testing.T) {
	s := playValid(t)
	var asked [][]mailtest.Protocol
	s.Tests = func(ctx context.Context, c mailtest.Config) iter.Seq[mailtest.Event] {
		asked = append(asked, c.Only)
		if len(asked) < 3 {
			return scripted.Tests(scripted.OneBad(), nil)(ctx, c)
		}
		return scripted.Tests(scripted.Good(mailtest.SMTP, scripted.Clock), nil)(ctx, c)
	}
	s.Presenter.Watch()
	if st := s.Presenter.State().Test; !st.CanCancel || st.CanTest || st.Watch.Line.Text != "Watching: attempt 1 is running" {
		t.Fatalf("at the beginning: %+v", st)
	}
	until(t, s, paused)
	st := s.Presenter.State().Test
	if st.Watch.Line.Text != "Next attempt in 1:00" || !strings.Contains(st.Summary.Text, "2 of 3") || st.Protocols[2].Finding == nil {
		t.Errorf("in the first pause: %+v", st)
	}
	if a := st.Watch.Attempts; len(a) != 1 || a[0].Text != "14:44 SMTP: "+st.Protocols[2].Finding.Title {
		t.Errorf("attempts: %+v", a)
	}
	s.Presenter.TryNow()
	until(t, s, func(st presenter.State) bool { return paused(st) && len(st.Test.Watch.Attempts) == 2 })
	s.Presenter.TryNow()
	until(t, s, func(st presenter.State) bool { return st.Test.CanTest })
	st = s.Presenter.State().Test
	if st.Watch.Running || st.Watch.Line.Mark != presenter.MarkGood || st.Summary.Mark != presenter.MarkGood || st.CanWatch {
		t.Errorf("at the end: %+v %+v", st.Watch, st.Summary)
	}
	if len(asked) != 3 || len(asked[0]) != 0 || len(asked[2]) != 1 || asked[2][0] != mailtest.SMTP {
		t.Errorf("tested: %v", asked)
	}
	if a := st.Watch.Attempts; len(a) != 3 || a[2].Text != "14:44 SMTP: works" {
		t.Errorf("attempts: %+v", a)
	}
	if len(s.Announced) != 1 || !strings.Contains(s.Announced[0], "Helpdesk") {
		t.Errorf("announced: %q", s.Announced)
	}
	// The next test is no watch any more.
	if st := tested(t, s, scripted.AllGood()); st.Watch != nil {
		t.Errorf("%+v", st.Watch)
	}
}

func TestAWatchEndsWhereWaitingCannotHelp(t *testing.T) {
	s := playValid(t)
	d := diagnosis.New(diagnosis.CauseTokenUserMismatch, diagnosis.PhaseIMAP, i18n.Args{"user": "helpdesk@contoso.com"})
	s.Tests = scripted.Tests(scripted.Fails(mailtest.IMAP, mailtest.StepAuthenticate, d, scripted.Clock), nil)
	s.Presenter.Watch()
	until(t, s, func(st presenter.State) bool { return st.Test.CanTest })
	st := s.Presenter.State().Test
	if title := d.Render(s.Texts).Title; st.Watch.Line.Mark != presenter.MarkBad || !strings.Contains(st.Watch.Line.Text, title) || len(s.Announced) != 0 || st.CanWatch {
		t.Errorf("%+v, announced %q", st.Watch, s.Announced)
	}
}

func TestAWatchCanBeStopped(t *testing.T) {
	s := playValid(t)
	gate := make(chan struct{})
	s.Tests = scripted.Tests(scripted.OneBad(), gate)
	s.Presenter.Watch()
	gate <- struct{}{}
	until(t, s, func(st presenter.State) bool { return st.Test.Running && len(st.Test.Protocols) == 3 })
	s.Presenter.Cancel()
	if st := s.Presenter.State().Test; st.Watch != nil || len(st.Protocols) != 0 || !st.CanTest {
		t.Errorf("stopped in the first attempt: %+v", st)
	}
	s.Tests = scripted.Tests(scripted.OneBad(), nil)
	s.Presenter.Watch()
	until(t, s, paused)
	s.Presenter.Cancel()
	st := s.Presenter.State().Test
	if st.Watch == nil || st.Watch.Running || st.Watch.CanNow || !st.CanWatch || st.Summary.Mark != presenter.MarkBad {
		t.Errorf("stopped in the pause: %+v", st)
	}
	s.Presenter.TryNow() // of a watch that is over
}

// Who stops a watch within an attempt sees what the one before has found.
func TestAnAttemptThatIsStoppedTellsNothing(t *testing.T) {
	s := playValid(t)
	gate := make(chan struct{})
	s.Tests = scripted.Tests(scripted.OneBad(), nil)
	s.Presenter.Watch()
	until(t, s, paused)
	want := s.Presenter.State().Test.Protocols
	s.Tests = scripted.Tests(scripted.Good(mailtest.SMTP, scripted.Clock), gate)
	s.Presenter.TryNow()
	gate <- struct{}{}
	until(t, s, func(st presenter.State) bool {
		return st.Test.Running && st.Test.Protocols[2].Mark == presenter.MarkRunning
	})
	s.Presenter.Cancel()
	if st := s.Presenter.State().Test; len(want) != 3 || st.Protocols[2].Result != want[2].Result || st.Protocols[2].Finding == nil || st.Summary.Mark != presenter.MarkBad {
		t.Errorf("%+v", st)
	}
}

func TestAWatchAsksAboutTheHostFirst(t *testing.T) {
	s := playValid(t)
	s.Engine.OnHosts = func(mailbox.Definition, []string) error { return errors.New("no host") }
	s.Presenter.Watch()
	until(t, s, func(st presenter.State) bool { return len(st.Test.Findings) == 1 })
	if st := s.Presenter.State().Test; st.Watch != nil || !st.CanTest {
		t.Errorf("%+v", st)
	}
}

// In practice a fault is switched off while the mailbox is watched: the watch
// finds that out by itself, and what it found stands.
func TestAWatchSeesAFaultSwitchedOff(t *testing.T) {
	s := play(t, func(s *scripted.Stage) {
		s.Practice = &scripted.Practice{On: []string{"smtp-auth-off-mailbox"}}
		s.Engine.Store(scripted.Valid(scripted.Clock), nil)
	}, scripted.Helpdesk())
	until(t, s, func(st presenter.State) bool { return st.Auth.Status.Mark == presenter.MarkGood })
	s.Tests = func(ctx context.Context, c mailtest.Config) iter.Seq[mailtest.Event] {
		if len(c.Only) == 0 {
			return scripted.Tests(scripted.OneBad(), nil)(ctx, c)
		}
		return scripted.Tests(scripted.Good(mailtest.SMTP, scripted.Clock), nil)(ctx, c)
	}
	s.Presenter.Watch()
	until(t, s, paused)
	s.Presenter.SetFault("smtp-auth-off-mailbox", false)
	if st := s.Presenter.State().Test; st.Summary.Mark != presenter.MarkBad {
		t.Errorf("in the pause: %+v", st.Summary)
	}
	s.Presenter.TryNow()
	until(t, s, func(st presenter.State) bool { return st.Test.CanTest })
	if st := s.Presenter.State().Test; st.Summary.Mark != presenter.MarkGood {
		t.Errorf("at the end: %+v", st.Summary)
	}
	s.Presenter.SetFault("imap-off", true)
	if st := s.Presenter.State().Test; st.Summary.Mark != presenter.MarkWarning {
		t.Errorf("later: %+v", st.Summary)
	}
}

// What a look-up finds would change the values that are being tested.
func TestAWatchEndsALookUp(t *testing.T) {
	s := playValid(t)
	s.Tests = scripted.Tests(scripted.OneBad(), nil)
	s.Presenter.FindTenant()
	if !s.Presenter.State().Form.Searching {
		t.Fatal("nothing is looked up")
	}
	s.Presenter.Watch()
	if s.Presenter.State().Form.Searching {
		t.Error("it goes on")
	}
	until(t, s, paused)
}
