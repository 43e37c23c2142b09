package presenter_test

import (
	"errors"
	"testing"

	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

func TestTheWeeklyRenewalIsAskedForAndSwitched(t *testing.T) {
	s := play(t, func(s *scripted.Stage) { s.Schedule = &scripted.Schedule{} })
	renewal := func(wanted func(presenter.Renewal) bool) {
		t.Helper()
		until(t, s, func(state presenter.State) bool { return !state.Renewal.Busy && wanted(*state.Renewal) })
	}
	if r := s.Presenter.State().Renewal; r == nil || r.Known {
		t.Fatalf("before anybody asked: %+v", r)
	}
	s.Presenter.AskRenewal()
	renewal(func(r presenter.Renewal) bool { return r.Known && !r.On })
	s.Presenter.SwitchRenewal(true)
	renewal(func(r presenter.Renewal) bool { return r.On })
	s.Schedule.Wrong.Store(errors.New("ACCESS DENIED"))
	s.Presenter.SwitchRenewal(false)
	renewal(func(r presenter.Renewal) bool { return r.Wrong == "ACCESS DENIED" && !r.Known })
	if !s.Schedule.On.Load() {
		t.Error("a refused change was made")
	}
}

func TestWithoutATaskSchedulerThereIsNoRenewal(t *testing.T) {
	s := play(t, nil)
	if s.Presenter.State().Renewal != nil {
		t.Error("a renewal is offered")
	}
	s.Presenter.AskRenewal() // must not matter
}
