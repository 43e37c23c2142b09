package presenter_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
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
	s.Schedule.Wrong.Store(errors.New("ACCESS\u202eDENIED"))
	s.Presenter.SwitchRenewal(false)
	renewal(func(r presenter.Renewal) bool { return r.Wrong == `ACCESS\u202EDENIED` && !r.Known })
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

// A first renewal that did not work says why at once; what was given is stored,
// and its end is told where nothing renews it.
func TestASignInThatIsNotRenewable(t *testing.T) {
	s := playHelpdesk(t)
	s.Engine.OnRequest = func(_ context.Context, d mailbox.Definition, _ authorization.Options) (authorization.Result, error) {
		stored, why := scripted.Valid(s.Now), oauth.NotRenewable(d)
		stored.Renewable, stored.EndsIfUnusedBy, stored.Diagnosis = false, time.Time{}, &why
		s.Engine.Store(stored, nil)
		return authorization.Result{Status: authorization.Status{Account: scripted.Account, Identity: oauth.Same}, Renewal: why}, nil
	}
	s.Presenter.Request()
	until(t, s, func(st presenter.State) bool { return st.Auth.Finding != nil })
	st := s.Presenter.State()
	if a := st.Auth; a.Finding.Mark != presenter.MarkWarning || !strings.Contains(a.Finding.Title, "refresh token") ||
		!strings.Contains(a.Hint, "first renewal") || a.CanRenew || a.Status.Mark != presenter.MarkWarning {
		t.Errorf("%+v", a)
	}
	if got := st.Standing[0]; got.Text != "ends soon" {
		t.Errorf("in the list: %+v", got)
	}
	renewed := scripted.Valid(s.Now)
	renewed.Renewed = s.Now.Add(time.Hour)
	s.Engine.Store(renewed, nil) // the test renews it
	tested(t, s, scripted.AllGood())
	if a := s.Presenter.State().Auth; a.Finding != nil || a.Hint != "" {
		t.Errorf("renewed: %+v", a)
	}
}

func TestRenewAndForget(t *testing.T) {
	s := playValid(t)
	p := s.Presenter
	if st := p.State().Auth; !st.CanRenew || !st.CanForget {
		t.Fatalf("%+v", st)
	}
	p.Renew()
	if p.State().Auth.Busy == "" {
		t.Error("it does not show that it renews")
	}
	until(t, s, func(st presenter.State) bool { return st.Auth.Busy == "" })
	if n := p.State().Notice; n == nil || !strings.Contains(n.Text, "renewed") {
		t.Errorf("notice %+v", n)
	}
	s.Engine.Others = []string{"B", "C"}
	p.Forget()
	until(t, s, func(st presenter.State) bool { return st.Auth.Busy == "" })
	st := p.State()
	if st.Auth.Status.Mark != presenter.MarkPending || st.Notice == nil || !strings.Contains(st.Notice.Text, "B, C") {
		t.Errorf("%+v, %+v", st.Auth.Status, st.Notice)
	}
}

// Who forgets an authorization is told before whose it is too, and who looks at
// it that its credential ends.
func TestWhatAnAuthorizationHangsTogetherWith(t *testing.T) {
	s := play(t, func(s *scripted.Stage) {
		s.Engine.Store(scripted.Valid(scripted.Clock), nil)
		_ = s.Engine.SetSecret(scripted.Helpdesk(), authorization.ClientSecret, redact.NewSecret("secret"))
		s.Engine.SecretEnds = scripted.Clock.AddDate(0, 0, 4)
	}, scripted.Helpdesk(), named("B"), named("C"))
	until(t, s, func(st presenter.State) bool { return st.Auth.Status.Mark == presenter.MarkWarning })
	st := s.Presenter.State()
	if shared := s.Presenter.SharedBy(); shared != "B, C" {
		t.Errorf("shared with %q", shared)
	}
	ends := s.Engine.SecretEnds.Format("2 Jan 2006")
	if !strings.Contains(st.Auth.Status.Text, ends) || !strings.Contains(st.Form.Credential, ends) {
		t.Errorf("%+v, %q", st.Auth.Status, st.Form.Credential)
	}
}
