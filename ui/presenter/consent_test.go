package presenter_test

import (
	"context"
	"strings"
	"testing"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

func TestConsentGivesNoTokenAndIsTold(t *testing.T) {
	s := playHelpdesk(t)
	if !s.Presenter.State().Auth.CanConsent {
		t.Fatal("consent is not offered for Microsoft")
	}
	s.Presenter.Consent()
	if w := s.Presenter.State().Auth.Waiting; w == nil || !w.Consent || w.Account != "" {
		t.Fatalf("waiting: %+v", w)
	}
	until(t, s, func(st presenter.State) bool { return st.Notice != nil && st.Auth.Waiting == nil })
	if notice := s.Presenter.State().Notice; notice.Bad || !strings.Contains(notice.Text, "8f3a2c61") {
		t.Errorf("notice: %+v", notice)
	}
	if st := s.Presenter.State().Auth.Status; st.Mark != presenter.MarkPending {
		t.Errorf("an authorization appeared: %+v", st)
	}
}

func TestARefusedConsentIsExplained(t *testing.T) {
	s := playHelpdesk(t)
	s.Engine.OnConsent = func(context.Context, authorization.Options) (oauth.ConsentResult, error) {
		return oauth.ConsentResult{}, diagnosis.New("user-declined-consent", diagnosis.PhaseAuthorize, nil)
	}
	s.Presenter.Consent()
	until(t, s, func(st presenter.State) bool { return st.Auth.Finding != nil })
	if f := s.Presenter.State().Auth.Finding; f.Title != diagnosis.New("user-declined-consent", "", nil).Render(s.Texts).Title {
		t.Errorf("finding: %+v", f)
	}
}

// Where a consent lacks, an administrator gives it from there.
func TestALackingConsentIsOffered(t *testing.T) {
	for _, cause := range []diagnosis.Cause{diagnosis.CauseConsentMissing, diagnosis.CauseAdminConsentRequired} {
		s := playHelpdesk(t)
		signInFails(t, s, diagnosis.New(cause, diagnosis.PhaseAuthorize, nil))
		a := s.Presenter.State().Auth
		if len(a.Finding.Actions) != 1 || a.Finding.Actions[0].ID != presenter.ActionConsent || !a.Primary {
			t.Fatalf("%s: %+v", cause, a)
		}
		s.Presenter.Act(presenter.ActionConsent)
		if w := s.Presenter.State().Auth.Waiting; w == nil || !w.Consent {
			t.Errorf("%s: waiting: %+v", cause, w)
		}
	}
	d := scripted.Helpdesk()
	d.OAuth.AccountType, d.OAuth.Tenant = mailbox.AccountConsumers, ""
	s := play(t, nil, d)
	signInFails(t, s, diagnosis.New(diagnosis.CauseConsentMissing, diagnosis.PhaseAuthorize, nil))
	if f := s.Presenter.State().Auth.Finding; len(f.Actions) != 0 {
		t.Errorf("nobody administers a personal account: %+v", f.Actions)
	}
}

func TestTheLifeOfAnAuthorizationIsTold(t *testing.T) {
	s := playValid(t)
	facts := map[string]string{}
	for _, f := range s.Presenter.State().Auth.Life {
		facts[f.Name] = f.Value
	}
	for _, name := range []string{"account", "granted", "issued", "renewed", "ends", "access"} {
		if facts[s.Texts.Text("ui.auth.fact."+name)] == "" {
			t.Errorf("no %s in %v", name, facts)
		}
	}
}

// A consent stores nothing, however late it is cancelled.
func TestAConsentThatIsCancelledLate(t *testing.T) {
	s := playHelpdesk(t)
	asked := make(chan struct{})
	s.Engine.OnConsent = func(ctx context.Context, o authorization.Options) (oauth.ConsentResult, error) {
		o.OnEvent(oauth.AnswerTaken{})
		close(asked)
		<-ctx.Done()
		return oauth.ConsentResult{}, ctx.Err()
	}
	s.Presenter.Consent()
	<-asked
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting.Checking })
	s.Presenter.Cancel()
	if n := s.Presenter.State().Notice; n == nil || !strings.Contains(n.Text, "Nothing was stored") {
		t.Errorf("told %+v", n)
	}
}
