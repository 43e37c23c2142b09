package presenter_test

import (
	"context"
	"encoding/pem"
	"errors"
	"slices"
	"strings"
	"testing"

	"mailgrant/app/assistant"
	"mailgrant/app/authorization"
	"mailgrant/app/history"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/oauth"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// ticks are the items of the assistant with their marks.
func ticks(s *scripted.Stage) string {
	var all []string
	for _, i := range s.Presenter.State().Assistant.Items {
		all = append(all, i.ID+map[presenter.Mark]string{presenter.MarkGood: "+", presenter.MarkWarning: "!", presenter.MarkPending: "?", presenter.MarkOutside: ">"}[i.Mark])
	}
	return strings.Join(all, " ")
}

func assist(t *testing.T, pre assistant.Preflight, set func(*scripted.Stage)) *scripted.Stage {
	t.Helper()
	s := play(t, func(s *scripted.Stage) {
		s.Preflight = scripted.Preflights(pre)
		if set != nil {
			set(s)
		}
	}, scripted.Helpdesk())
	until(t, s, func(st presenter.State) bool { return st.Auth.Status.Mark == presenter.MarkGood || st.Auth.Hint != "" })
	s.Presenter.ShowAssistant(true)
	return s
}

func checkedNow(st presenter.State) bool {
	return len(st.Assistant.Checked) > 0 && !st.Assistant.Checking
}

func TestTheAssistantTicksByProofAndUnticksByChange(t *testing.T) {
	s := assist(t, scripted.PreflightGood(), nil)
	if !s.Notes.Panels.Assistant {
		t.Error("it is not remembered")
	}
	if got := ticks(s); got != "tenant? registration? permissions? mail-apps? test? product>" {
		t.Errorf("before: %s", got)
	}
	s.Presenter.Preflight()
	if st := s.Presenter.State().Assistant; !st.Checking || st.CanPreflight {
		t.Errorf("%+v", st)
	}
	until(t, s, checkedNow)
	st := s.Presenter.State()
	if got := ticks(s); got != "tenant+ registration? permissions? mail-apps? test? product>" {
		t.Errorf("after the preflight: %s", got)
	}
	if lines := st.Form.Checks[presenter.FieldClientID]; len(lines) != 2 || lines[0].Mark != presenter.MarkGood {
		t.Errorf("at the application ID: %+v", lines)
	}
	if lines := st.Form.Checks[presenter.HostOf(mailbox.POP3)]; len(lines) != 1 || lines[0].Text != "POP3 answers: outlook.office365.com:995" {
		t.Errorf("at POP3: %+v", lines)
	}
	// Another value is not proved by what was said about the old one.
	s.Presenter.Edit(presenter.HostOf(mailbox.POP3), "pop.example.com")
	st = s.Presenter.State()
	if len(st.Form.Checks[presenter.HostOf(mailbox.POP3)]) != 0 || len(st.Form.Checks[presenter.HostOf(mailbox.IMAP)]) == 0 {
		t.Errorf("after a change of POP3: %+v", st.Form.Checks)
	}
	s.Presenter.Edit(presenter.FieldTenant, "fabrikam.com")
	st = s.Presenter.State()
	if got := ticks(s); !strings.HasPrefix(got, "tenant?") || len(st.Form.Checks[presenter.FieldClientID]) != 0 || len(st.Form.Checks[presenter.HostOf(mailbox.IMAP)]) == 0 {
		t.Errorf("after a change of the tenant: %s %+v", got, st.Form.Checks)
	}
}

// What is asked while a value is being changed says nothing about the new one.
func TestAnAnswerAboutAnotherValueIsDropped(t *testing.T) {
	asked, answer := make(chan struct{}), make(chan struct{})
	good := scripted.Preflights(scripted.PreflightGood())
	s := assist(t, assistant.Preflight{}, func(s *scripted.Stage) {
		s.Preflight = func(ctx context.Context, d mailbox.Definition) (assistant.Preflight, error) {
			close(asked)
			<-answer
			return good(ctx, d)
		}
		s.Engine.OnConsent = func(context.Context, authorization.Options) (oauth.ConsentResult, error) {
			<-answer
			return oauth.ConsentResult{TenantID: scripted.Account.TenantID, Granted: scripted.Scopes}, nil
		}
	})
	s.Presenter.Preflight()
	<-asked
	s.Presenter.Edit(presenter.HostOf(mailbox.POP3), "pop.example.com")
	close(answer)
	until(t, s, func(st presenter.State) bool { return !st.Assistant.Checking })
	if checks := s.State.Form.Checks; len(checks[presenter.HostOf(mailbox.POP3)]) != 0 || len(checks[presenter.HostOf(mailbox.IMAP)]) == 0 || !strings.HasPrefix(ticks(s), "tenant+") {
		t.Errorf("another server: %s %+v", ticks(s), checks)
	}
	answer = make(chan struct{})
	s.Presenter.Consent()
	s.Presenter.Edit(presenter.FieldClientID, "00000000-1111-2222-3333-444444444444")
	close(answer)
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting == nil })
	if got := ticks(s); !strings.Contains(got, "permissions?") {
		t.Errorf("another application: %s", got)
	}
}

func TestAFailedPreflightStandsAtItsField(t *testing.T) {
	s := assist(t, scripted.PreflightBad(), nil)
	s.Presenter.Preflight()
	until(t, s, checkedNow)
	st := s.Presenter.State()
	if lines := st.Form.Checks[presenter.FieldClientID]; len(lines) != 1 || lines[0].Mark != presenter.MarkBad {
		t.Errorf("at the application ID: %+v", lines)
	}
	if lines := st.Form.Checks[presenter.Field("pop3.port")]; len(lines) != 1 || lines[0].Mark != presenter.MarkBad {
		t.Errorf("at POP3's port: %+v", lines)
	}
	registration := st.Assistant.Items[1]
	if registration.Mark != presenter.MarkWarning || registration.Problem == nil || !strings.Contains(registration.Problem.Words, "AADSTS700016") || st.Assistant.Next != assistant.ItemRegistration {
		t.Errorf("%+v", registration)
	}
	// What no item tells is told in the assistant; what one tells is not.
	if len(st.Assistant.Problems) != 1 || st.Assistant.Problems[0].Title != "No connection: the port is closed or blocked" {
		t.Errorf("%+v", st.Assistant.Problems)
	}
}

// What was proved before the window was closed stays so.
func TestTestsOfEarlierTick(t *testing.T) {
	s := assist(t, scripted.PreflightGood(), func(s *scripted.Stage) {
		s.Engine.Store(scripted.Valid(scripted.Clock), nil)
		s.Past = func(string) []history.Entry {
			all := worked("")
			for _, p := range mailbox.Protocols() {
				all[0].Results[p] = history.Result{State: mailtest.Passed}
			}
			all[0].At = scripted.Clock
			return all
		}
	})
	if got := ticks(s); got != "tenant+ registration+ permissions+ mail-apps+ test+ product>" {
		t.Errorf("after a restart: %s", got)
	}
}

func TestTestsAndConsentTick(t *testing.T) {
	s := assist(t, scripted.PreflightGood(), func(s *scripted.Stage) { s.Engine.Store(scripted.Valid(scripted.Clock), nil) })
	tested(t, s, scripted.OneBad())
	if got := ticks(s); got != "tenant+ registration+ permissions+ mail-apps! test! product>" {
		t.Errorf("one bad: %s", got)
	}
	tested(t, s, scripted.AllGood())
	if got := ticks(s); got != "tenant+ registration+ permissions+ mail-apps+ test+ product>" || s.Presenter.State().Assistant.Next != assistant.ItemProduct {
		t.Errorf("all good: %s", got)
	}
	s.Presenter.Edit(presenter.HostOf(mailbox.SMTP), "smtp.example.com")
	if got := ticks(s); got != "tenant+ registration+ permissions+ mail-apps? test? product>" {
		t.Errorf("tested with another server: %s", got)
	}
	// The product changes what is to be done.
	s.Presenter.ChooseProduct("zammad")
	items := s.Presenter.State().Assistant.Items
	if last := items[len(items)-1]; last.ID != assistant.ItemProduct || last.Mark != presenter.MarkOutside || !strings.Contains(last.Title, "Zammad") {
		t.Errorf("%+v", last)
	}
	redirects := 0
	for _, v := range items[1].Values {
		if strings.Contains(v.Name, "Zammad") {
			redirects++
		}
	}
	if redirects == 0 {
		t.Errorf("the registration knows nothing of the product: %+v", items[1].Values)
	}
}

func TestConsentTicksThePermissions(t *testing.T) {
	s := assist(t, scripted.PreflightGood(), nil)
	permissions := func() presenter.AssistantItem { return s.Presenter.State().Assistant.Items[2] }
	if a := permissions().Actions; len(a) != 1 || a[0].ID != presenter.ActionConsent {
		t.Fatalf("%+v", a)
	}
	s.Engine.OnConsent = func(context.Context, authorization.Options) (oauth.ConsentResult, error) {
		return oauth.ConsentResult{TenantID: scripted.Account.TenantID, Granted: scripted.Scopes}, nil
	}
	s.Presenter.Act(presenter.ActionConsent)
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting == nil })
	if i := permissions(); i.Mark != presenter.MarkGood {
		t.Errorf("%+v", i)
	}
	s.Presenter.Edit(presenter.FieldClientID, "00000000-1111-2222-3333-444444444444")
	if i := permissions(); i.Mark != presenter.MarkPending {
		t.Errorf("another application: %+v", i)
	}
}

// Before anything is registered the preflight still finds the tenant and the
// ports, and says nothing about an application that does not exist yet.
func TestThePreflightNeedsNoRegistration(t *testing.T) {
	d := scripted.Helpdesk()
	d.OAuth.ClientID = ""
	var asked mailbox.Definition
	s := scripted.NewStage("en")
	s.Notes.Drafts = []presenter.Draft{{Form: presenter.FormOf(d)}}
	s.Preflight = func(_ context.Context, d mailbox.Definition) (assistant.Preflight, error) {
		asked = d
		return scripted.PreflightBad(), nil
	}
	s.Play()
	t.Cleanup(s.Presenter.Close)
	s.Presenter.ShowAssistant(true)
	s.Presenter.Preflight()
	until(t, s, checkedNow)
	st := s.Presenter.State()
	if asked.Sender != d.Sender || len(st.Form.Checks[presenter.FieldClientID]) != 0 || st.Assistant.Items[0].Mark != presenter.MarkGood {
		t.Errorf("%+v %+v", asked, st.Assistant.Items[0])
	}
	s.Presenter.Edit(presenter.PortOf(mailbox.IMAP), "99999")
	s.Presenter.Preflight()
	if st := s.Presenter.State(); st.Assistant.Checking || st.Form.Errors[presenter.PortOf(mailbox.IMAP)] == "" || st.Notice == nil {
		t.Errorf("with a wrong port: %+v", st.Notice)
	}
}

func TestANoticeEndsWithWhatItTells(t *testing.T) {
	s := assist(t, assistant.Preflight{}, nil)
	s.Presenter.Edit(presenter.PortOf(mailbox.IMAP), "99999")
	s.Presenter.Preflight()
	s.Presenter.Leave(presenter.PortOf(mailbox.IMAP))
	if st := s.Presenter.State(); st.Notice == nil {
		t.Error("the notice is gone while the port is wrong")
	}
	s.Presenter.Edit(presenter.PortOf(mailbox.IMAP), "993")
	s.Presenter.Leave(presenter.PortOf(mailbox.IMAP))
	if st := s.Presenter.State(); st.Notice != nil {
		t.Errorf("with the right port the window still tells: %+v", st.Notice)
	}
}

func TestAPreflightThatCannotBegin(t *testing.T) {
	s := assist(t, assistant.Preflight{}, func(s *scripted.Stage) {
		s.Preflight = func(context.Context, mailbox.Definition) (assistant.Preflight, error) {
			return assistant.Preflight{}, errors.New("the key is locked")
		}
	})
	s.Presenter.Preflight()
	until(t, s, func(st presenter.State) bool { return st.Auth.Finding != nil })
	if f := s.Presenter.State().Auth.Finding; !strings.Contains(f.Words, "the key is locked") {
		t.Errorf("%+v", f)
	}
}

func TestDiscoveryTicksTheTenant(t *testing.T) {
	s := play(t, func(s *scripted.Stage) { s.Book = &scripted.Book{} })
	s.Presenter.Create("helpdesk@contoso.com")
	until(t, s, func(st presenter.State) bool { return !st.Form.Searching })
	s.Presenter.ShowAssistant(true)
	if got := ticks(s); got != "tenant+ registration? permissions? mail-apps? test? product>" {
		t.Error(got)
	}
}

func TestACertificateIsMadeAndItsKeySealed(t *testing.T) {
	s := assist(t, scripted.PreflightGood(), func(s *scripted.Stage) {
		d := scripted.Helpdesk()
		d.OAuth.AccountType = mailbox.AccountApplication
		_ = s.Book.Put(d)
	})
	i := s.Presenter.State().Assistant.Items[2]
	if i.ID != assistant.ItemCertificate || len(i.Actions) != 1 || i.Actions[0].ID != presenter.ActionCertificate || strings.Contains(strings.Join(i.Path, " "), "--new-certificate") {
		t.Fatalf("%+v", i)
	}
	s.Presenter.NewCertificate("full.cer", func([]byte) error { return errors.New("disk full") })
	until(t, s, func(st presenter.State) bool { return st.Notice != nil && st.Notice.Bad })
	if s.Engine.Secret(authorization.ClientSecret) != "" {
		t.Error("sealed though its public part was lost")
	}
	var public []byte
	s.Presenter.NewCertificate("mailgrant.cer", func(data []byte) error { public = data; return nil })
	until(t, s, func(st presenter.State) bool {
		return st.Notice != nil && strings.Contains(st.Notice.Text, "mailgrant.cer")
	})
	if block, rest := pem.Decode(public); block == nil || block.Type != "CERTIFICATE" || len(rest) > 0 {
		t.Errorf("not a certificate alone: %s", public)
	}
	if sealed := s.Engine.Secret(authorization.ClientSecret); !strings.Contains(sealed, "PRIVATE KEY") || strings.Contains(string(public), "PRIVATE") {
		t.Error("the key is not where it belongs")
	}
}

// What was found out about a client secret goes with it.
func TestAnotherSecretIsNotTheOneThatWasChecked(t *testing.T) {
	pre := scripted.PreflightGood()
	expired := diagnosis.New("client-secret-expired", diagnosis.PhaseToken, nil)
	pre.Checks = append(pre.Checks, oauth.Check{ID: oauth.CheckSecret, Field: "oauth.client_id", State: oauth.CheckFailed, Diagnosis: &expired})
	s := assist(t, pre, nil)
	s.Presenter.Preflight()
	until(t, s, checkedNow)
	bad := func(l presenter.Line) bool { return l.Mark == presenter.MarkBad }
	if !slices.ContainsFunc(s.Presenter.State().Form.Checks[presenter.FieldClientID], bad) {
		t.Fatal("it has not ended")
	}
	s.Presenter.SetSecret(authorization.ClientSecret, "a-secret-that-is-new", func() { t.Error("not stored") })
	until(t, s, func(st presenter.State) bool { return st.Form.Secrets[authorization.ClientSecret] })
	if lines := s.Presenter.State().Form.Checks[presenter.FieldClientID]; slices.ContainsFunc(lines, bad) || len(lines) == 0 {
		t.Errorf("%+v", lines)
	}
}

// What was found out for one user is not told of another.
func TestAnotherUserIsNotTheOneThatWasChecked(t *testing.T) {
	s := assist(t, scripted.PreflightGood(), nil)
	s.Presenter.Preflight()
	until(t, s, checkedNow)
	begun := signInFails(t, s, scripted.Somebody())
	s.Presenter.Act(presenter.ActionUseAccount)
	<-begun
	if got := ticks(s); !strings.HasPrefix(got, "tenant?") {
		t.Error(got)
	}
}
