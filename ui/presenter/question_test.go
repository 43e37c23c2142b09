package presenter_test

import (
	"slices"
	"strings"
	"testing"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

func TestAForeignServiceIsAskedAboutOnce(t *testing.T) {
	d := named("A")
	d.OAuth.Authority = "https://login.example.com"
	s := play(t, nil, d)
	begun := steer(s)
	p := s.Presenter
	p.Request()
	f := p.State().Auth.Finding
	if f == nil || !strings.Contains(f.Title, "login.example.com") || len(begun) != 0 {
		t.Fatalf("finding %+v, %d sign-ins", f, len(begun))
	}
	p.Act(presenter.ActionAllowService)
	(<-begun).done <- diagnosis.New(diagnosis.CauseSignInTimeout, "", nil)
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting == nil })
	p.Request()
	<-begun
}

// Who runs a service sees no password where an application signs in, but what the
// application proves itself by.
func TestAForeignServiceOfAnApplication(t *testing.T) {
	d := named("A")
	d.OAuth.Authority, d.OAuth.AccountType = "https://login.example.com", mailbox.AccountApplication
	s := play(t, nil, d)
	s.Presenter.Request()
	if f := s.Presenter.State().Auth.Finding; f == nil || strings.Contains(f.Explanation, "password") || !strings.Contains(f.Explanation, "client secret") {
		t.Errorf("%+v", f)
	}
}

// playAnotherHost ends a request with the question whether a host may get the token.
func playAnotherHost(t *testing.T) (*scripted.Stage, <-chan *request) {
	t.Helper()
	s := playHelpdesk(t)
	begun := signInFails(t, s, diagnosis.New(diagnosis.CauseHostNotAllowed, "", i18n.Args{"host": "mail.example.com"}))
	return s, begun
}

func TestAnotherHostIsConfirmed(t *testing.T) {
	s, begun := playAnotherHost(t)
	p := s.Presenter
	p.Act(presenter.ActionAllowHost + "mail.example.com")
	if r := <-begun; !slices.Equal(r.o.AllowHosts, []string{"mail.example.com"}) {
		t.Errorf("hosts %v", r.o.AllowHosts)
	}
}

// A test that runs beside a question leaves its button alive.
func TestAQuestionOutlivesATest(t *testing.T) {
	s, begun := playAnotherHost(t)
	p := s.Presenter
	s.Tests = scripted.Tests(scripted.AllGood(), nil)
	p.Test()
	until(t, s, func(st presenter.State) bool { return !st.Test.Running })
	if f := p.State().Auth.Finding; f == nil || len(f.Actions) != 1 {
		t.Fatalf("the question is gone: %+v", f)
	}
	p.Act(presenter.ActionAllowHost + "mail.example.com")
	if r := <-begun; !slices.Equal(r.o.AllowHosts, []string{"mail.example.com"}) {
		t.Errorf("hosts %v", r.o.AllowHosts)
	}
}

// A request and a test may each ask for a host: who agrees to one of them does not
// let the token go to the other.
func TestTheHostThatIsShownIsAllowed(t *testing.T) {
	s, begun := playAnotherHost(t)
	p := s.Presenter
	s.Engine.OnHosts = func(mailbox.Definition, []string) error {
		return diagnosis.New(diagnosis.CauseHostNotAllowed, "", i18n.Args{"host": "other.example.com"})
	}
	p.Test()
	until(t, s, func(st presenter.State) bool { return !st.Test.Running })
	st := p.State()
	p.Act(st.Auth.Finding.Actions[0].ID)
	if r := <-begun; !slices.Equal(r.o.AllowHosts, []string{"mail.example.com"}) {
		t.Errorf("hosts %v", r.o.AllowHosts)
	}
}
