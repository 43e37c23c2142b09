package presenter_test

import (
	"context"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"mailgrant/app/assistant"
	"mailgrant/app/authorization"
	"mailgrant/app/history"
	"mailgrant/app/products"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// A result is of what was tested. After an edit it is called out of date, and
// never that of a server nobody asked.
func TestAResultAfterAnEdit(t *testing.T) {
	s := playValid(t)
	tested(t, s, scripted.AllGood())
	s.Presenter.Edit(presenter.HostOf(mailbox.IMAP), "imap.never-tested.example")
	st := s.Presenter.State().Test
	imap := st.Protocols[0]
	if imap.Where != "outlook.office365.com:993" {
		t.Errorf("%s is shown with the result of another server: %s", imap.Where, imap.Result)
	}
	if imap.Mark == presenter.MarkGood || imap.Result != "out of date" || st.Summary.Mark != presenter.MarkWarning || !strings.Contains(st.Summary.Text, "out of date") {
		t.Errorf("IMAP %v, %q; %v, %q", imap.Mark, imap.Result, st.Summary.Mark, st.Summary.Text)
	}
	if !st.Primary || !st.CanTest || !st.CanReport || st.CanRoundTrip || st.CanWatch {
		t.Errorf("what to do next: %+v", st)
	}
	s.Presenter.Edit(presenter.HostOf(mailbox.IMAP), "outlook.office365.com")
	if st := s.Presenter.State().Test; st.Summary.Mark != presenter.MarkGood || st.Protocols[0].Result != "works · 412 ms" {
		t.Errorf("with the value back: %+v, %+v", st.Summary, st.Protocols[0])
	}
}

// A cause that was found with other values is told in grey, and so is the way of
// a message.
func TestNothingOfAnOldResultHasAColour(t *testing.T) {
	s := playValid(t)
	tested(t, s, scripted.AllGood())
	s.Trips = scripted.Tests(scripted.Trip(mailtest.StepSend), nil)
	s.Presenter.RoundTrip()
	until(t, s, func(st presenter.State) bool { return st.Test.CanTest })
	s.Presenter.Edit(presenter.FieldUser, "else@contoso.com")
	trip := s.Presenter.State().Test.RoundTrip
	for _, step := range append(trip.Steps, presenter.Line{Mark: trip.Finding.Mark, Text: trip.Finding.Title}) {
		if step.Mark != presenter.MarkSkipped {
			t.Errorf("%s: %v", step.Text, step.Mark)
		}
	}
	s.Presenter.Edit(presenter.FieldUser, "helpdesk@contoso.com")
	tested(t, s, scripted.OneBad())
	s.Presenter.Edit(presenter.FieldUser, "else@contoso.com")
	if f := s.Presenter.State().Test.Protocols[2].Finding; f.Mark != presenter.MarkSkipped {
		t.Errorf("%s: %v", f.Title, f.Mark)
	}
}

// What follows from other fields makes a result as old as what is typed, and a
// server that is left out, or added, changes nothing about what was tested.
func TestWhatMakesAResultOld(t *testing.T) {
	for field, value := range map[presenter.Field]string{
		presenter.FieldSender: "desk@contoso.com", presenter.FieldUser: "else@contoso.com", presenter.SecurityOf(mailbox.SMTP): mailbox.SecurityTLS,
		presenter.HostOf(mailbox.POP3): "", presenter.PortOf(mailbox.IMAP): "99300", presenter.FieldClientID: "2b4e28ba-2fa1-4d2b-883f-0016d3cca427",
		presenter.FieldAuthentication: mailbox.AuthPassword,
	} {
		t.Run(string(field), func(t *testing.T) {
			s := playValid(t)
			before := tested(t, s, scripted.AllGood())
			s.Presenter.Edit(field, value)
			st := s.Presenter.State().Test
			if st.Summary.Mark != presenter.MarkWarning || len(st.Protocols) != 3 {
				t.Fatalf("%+v, %d protocols", st.Summary, len(st.Protocols))
			}
			for i, p := range st.Protocols {
				if p.Mark == presenter.MarkGood || p.Where != before.Protocols[i].Where || p.Safety != before.Protocols[i].Safety {
					t.Errorf("%s: %v, %s %s", p.Name, p.Mark, p.Where, p.Safety)
				}
			}
		})
	}
}

// The name of a mailbox, and how one signs in at the browser, are no part of
// what is tested.
func TestWhatLeavesAResultAsItIs(t *testing.T) {
	s := playValid(t)
	tested(t, s, scripted.AllGood())
	if wrong := s.Presenter.Rename("Another name"); wrong != "" {
		t.Fatal(wrong)
	}
	s.Presenter.Choose(presenter.FieldSignIn, mailbox.SignInDeviceCode)
	s.Presenter.Choose(presenter.FieldPrompt, mailbox.PromptSelectAccount)
	if st := s.Presenter.State().Test; st.Summary.Mark != presenter.MarkGood || st.Next == nil || !strings.HasPrefix(st.Protocols[0].Result, "works") {
		t.Errorf("%+v", st)
	}
}

// In practice a result is of the faults that were switched on; nothing of an old
// one stays green.
func TestAResultAfterAFaultWasSwitched(t *testing.T) {
	s := play(t, func(s *scripted.Stage) {
		s.Practice, s.Past = &scripted.Practice{}, worked
		s.Engine.Store(scripted.Valid(scripted.Clock), nil)
	}, scripted.Helpdesk())
	until(t, s, func(st presenter.State) bool {
		return st.Test.History != nil && st.Auth.Status.Mark == presenter.MarkGood
	})
	tested(t, s, scripted.AllGood())
	s.Presenter.SetFault("imap-off", true)
	st := s.Presenter.State().Test
	if st.Summary.Mark != presenter.MarkWarning || !strings.Contains(st.Summary.Text, "faults were switched") || !st.Primary || st.Next != nil {
		t.Errorf("%+v, next %+v", st.Summary, st.Next)
	}
	if h := st.History.Line; h.Mark != presenter.MarkSkipped || !strings.HasPrefix(h.Text, "At the last test, on ") || !strings.HasSuffix(h.Text, "everything worked.") {
		t.Errorf("%+v", h)
	}
	for _, p := range st.Protocols {
		for _, step := range append(p.Steps, presenter.Line{Mark: p.Mark, Text: p.Name}) {
			if step.Mark == presenter.MarkGood {
				t.Errorf("%s: %s is green", p.Name, step.Text)
			}
		}
	}
	s.Presenter.SetFault("imap-off", false)
	if st := s.Presenter.State().Test; st.Summary.Mark != presenter.MarkGood || st.History.Line.Mark != presenter.MarkGood {
		t.Errorf("with the fault off again: %+v, %+v", st.Summary, st.History.Line)
	}
}

// worked is one earlier test.
func worked(string) []history.Entry {
	good := map[mailtest.Protocol]history.Result{mailbox.IMAP: {State: mailtest.Passed}}
	return []history.Entry{{At: scripted.Clock.Add(-time.Minute), Results: good}}
}

// A test of one protocol on the command line leaves what another one failed with.
func TestTheHistoryAfterATestOfOneProtocol(t *testing.T) {
	s := play(t, func(s *scripted.Stage) {
		s.Past = func(name string) []history.Entry {
			failed := history.Entry{At: scripted.Clock.Add(-time.Hour), Cause: diagnosis.CauseDNSNotResolved, Results: map[mailtest.Protocol]history.Result{
				mailbox.SMTP: {State: mailtest.Failed, Cause: diagnosis.CauseDNSNotResolved},
			}}
			return append([]history.Entry{failed}, worked(name)...)
		}
		s.Engine.Store(scripted.Valid(scripted.Clock), nil)
	}, scripted.Helpdesk())
	until(t, s, func(st presenter.State) bool { return st.Test.History != nil })
	if h := s.Presenter.State().Test.History; h.Line.Mark == presenter.MarkGood || slices.Contains(h.Results, true) {
		t.Errorf("%+v", h)
	}
}

// What worked with an earlier authorization says nothing of the one that is
// stored now; and one test has no span and no bars.
func TestTheHistoryOfAnEarlierAuthorization(t *testing.T) {
	for name, c := range map[string]struct {
		issued time.Duration
		mark   presenter.Mark
	}{"earlier": {-time.Second, presenter.MarkSkipped}, "the same": {-time.Hour, presenter.MarkGood}, "the same second": {-time.Minute + time.Millisecond, presenter.MarkGood}} {
		valid := scripted.Valid(scripted.Clock)
		valid.Issued = scripted.Clock.Add(c.issued)
		s := play(t, func(s *scripted.Stage) { s.Past = worked; s.Engine.Store(valid, nil) }, scripted.Helpdesk())
		until(t, s, func(st presenter.State) bool { return st.Test.History != nil })
		if h := s.Presenter.State().Test.History; h.Line.Mark != c.mark || h.Span != "" || len(h.Results) != 0 {
			t.Errorf("%s: %+v", name, h)
		}
	}
}

// A test that worked says nothing of an authorization that was refused since. Its
// refusal is told until a renewal works, whoever renews.
func TestAnAuthorizationThatIsRefused(t *testing.T) {
	valid := scripted.Valid(scripted.Clock)
	s := play(t, func(s *scripted.Stage) { s.Past = worked; s.Engine.Store(valid, nil) }, scripted.Helpdesk())
	until(t, s, func(st presenter.State) bool { return st.Auth.Status.Mark == presenter.MarkGood })
	tested(t, s, scripted.AllGood())
	refused := scripted.Refused(scripted.Clock)
	s.Engine.OnRefresh = func(context.Context, mailbox.Definition) (authorization.Status, error) {
		s.Engine.Store(refused, nil)
		return authorization.Status{}, *refused.Diagnosis
	}
	s.Presenter.Renew()
	until(t, s, func(st presenter.State) bool { return st.Auth.Busy == "" })
	st := s.Presenter.State()
	if st.Auth.Finding == nil || st.Auth.Status.Mark != presenter.MarkBad || slices.ContainsFunc(st.Auth.Facts, func(f presenter.Fact) bool { return f.Name == "Ends if unused by" }) {
		t.Errorf("%+v", st.Auth)
	}
	if st.Test.Summary.Mark != presenter.MarkWarning || !strings.Contains(st.Test.Summary.Text, "the authorization changed") || st.Test.Next != nil || st.Test.History.Line.Mark != presenter.MarkSkipped {
		t.Errorf("%+v, next %+v, %+v", st.Test.Summary, st.Test.Next, st.Test.History)
	}
	valid.Renewed = valid.Renewed.Add(time.Hour)
	s.Engine.Store(valid, nil) // the test renews it
	tested(t, s, scripted.AllGood())
	if st := s.Presenter.State(); st.Auth.Finding != nil || st.Auth.Status.Mark != presenter.MarkGood || st.Test.Summary.Mark != presenter.MarkGood {
		t.Errorf("renewed: %+v, %+v", st.Auth.Finding, st.Test.Summary)
	}
}

// After a start the earlier tests are no proof of an authorization that is gone.
func TestTheHistoryOfARefusedAuthorization(t *testing.T) {
	s := play(t, func(s *scripted.Stage) {
		s.Past = worked
		s.Engine.Store(scripted.Refused(scripted.Clock.Add(-time.Hour)), nil)
	}, scripted.Helpdesk())
	until(t, s, func(st presenter.State) bool { return st.Test.History != nil })
	if h := s.Presenter.State().Test.History; h.Line.Mark != presenter.MarkSkipped {
		t.Errorf("%+v", h.Line)
	}
}

// Where a test tells what to mend, it can be repeated, unless what is offered
// tests by itself.
func TestATestIsRepeatedWhereItTellsWhatToMend(t *testing.T) {
	s := playValid(t)
	tests := 0
	for _, p := range tested(t, s, scripted.OneBad()).Protocols {
		if p.Finding == nil {
			continue
		}
		if a := p.Finding.Actions; len(a) != 1 || a[0].ID != presenter.ActionTest || a[0].Primary {
			t.Fatalf("%s offers %+v", p.Name, a)
		}
		s.Tests = scripted.Tests(scripted.AllGood(), nil)
		s.Presenter.Act(presenter.ActionTest)
		until(t, s, func(st presenter.State) bool { return st.Test.Summary.Mark == presenter.MarkGood })
		tests++
	}
	if tests != 1 {
		t.Errorf("%d times", tests)
	}
}

// An authorization that does not fit the values any more is not gone.
func TestTheAuthorizationOfOtherValues(t *testing.T) {
	s := playValid(t)
	was := s.Presenter.State().Form.Form[presenter.FieldClientID]
	s.Engine.Store(authorization.Status{State: authorization.StateNone}, nil)
	s.Presenter.Edit(presenter.FieldClientID, "2b4e28ba-2fa1-4d2b-883f-0016d3cca427")
	s.Presenter.Leave(presenter.FieldClientID)
	until(t, s, func(st presenter.State) bool { return strings.Contains(st.Auth.Hint, was) })
	if hint := s.Presenter.State().Auth.Hint; !strings.Contains(hint, "stays stored") || !strings.Contains(hint, "helpdesk@contoso.com") {
		t.Errorf("%q", hint)
	}
	s.Presenter.Forget()
	until(t, s, func(st presenter.State) bool { return !strings.Contains(st.Auth.Hint, was) })
}

const otherClient = "2b4e28ba-2fa1-4d2b-883f-0016d3cca427"

// onlyOwn stores an authorization for all applications but another one.
func onlyOwn(s *scripted.Stage) {
	s.Engine.OnStatus = func(d mailbox.Definition) (authorization.Status, error) {
		if d.OAuth.ClientID == otherClient {
			return authorization.Status{State: authorization.StateNone}, nil
		}
		return scripted.Valid(scripted.Clock), nil
	}
}

// A preflight saves what is being typed, as leaving the field does.
func TestTheAuthorizationFollowsEverySave(t *testing.T) {
	s := play(t, func(s *scripted.Stage) {
		onlyOwn(s)
		s.Preflight = scripted.Preflights(scripted.PreflightGood())
	}, scripted.Helpdesk())
	until(t, s, func(st presenter.State) bool { return st.Auth.Status.Mark == presenter.MarkGood })
	s.Presenter.Edit(presenter.FieldClientID, otherClient)
	s.Presenter.Preflight()
	s.Presenter.Leave(presenter.FieldClientID)
	until(t, s, func(st presenter.State) bool { return !st.Assistant.Checking })
	s.Saved()
	until(t, s, func(st presenter.State) bool { return st.Auth.Status.Mark == presenter.MarkPending })
}

// What a sign-in has stored for values that were changed while it ran is not shown
// as that of the new ones.
func TestWhatRanForOtherValuesTellsNothingOfThese(t *testing.T) {
	s := play(t, onlyOwn, scripted.Helpdesk())
	until(t, s, func(st presenter.State) bool { return st.Auth.Status.Mark == presenter.MarkGood })
	begun := steer(s)
	s.Presenter.Request()
	r := <-begun
	s.Presenter.Edit(presenter.FieldClientID, otherClient)
	s.Presenter.Leave(presenter.FieldClientID)
	until(t, s, func(st presenter.State) bool { return st.Auth.Status.Mark == presenter.MarkPending && settled(st) })
	r.done <- nil
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting == nil })
	s.Settle()
	if l := s.Presenter.State().Auth.Status; l.Mark != presenter.MarkPending {
		t.Errorf("%+v", l)
	}
}

// So it is where the fault is switched while the check or the test runs.
func TestACheckIsOfTheFaultsItBeganWith(t *testing.T) {
	answer := make(chan struct{})
	s := play(t, func(s *scripted.Stage) {
		s.Practice = &scripted.Practice{}
		s.Notes.Product = presenter.Product{ID: "zammad", Host: "desk.contoso.com"}
		s.CheckProduct = func(ctx context.Context, d mailbox.Definition, c products.Card) (assistant.ProductCheck, error) {
			<-answer
			return scripted.ProductChecks(ctx, d, c)
		}
	}, scripted.Helpdesk())
	s.Presenter.CheckProduct()
	s.Presenter.SetFault("imap-off", true)
	close(answer)
	until(t, s, func(st presenter.State) bool { return !st.Product.Checking })
	if v := s.Presenter.State().Product.Verdict; v.Mark != presenter.MarkWarning {
		t.Errorf("%+v", v)
	}
}

func TestATestOfAllIsOfTheFaultsItBeganWith(t *testing.T) {
	s := playOverview(t, func(s *scripted.Stage) { s.Practice = &scripted.Practice{} }, named("A"), named("B"))
	begun, end := make(chan struct{}, 2), make(chan struct{})
	s.Tests = func(ctx context.Context, c mailtest.Config) iter.Seq[mailtest.Event] {
		begun <- struct{}{}
		<-end
		return scripted.Tests(scripted.AllGood(), nil)(ctx, c)
	}
	s.Presenter.TestAll()
	<-begun
	<-begun
	s.Presenter.SetFault("imap-off", true)
	close(end)
	until(t, s, func(st presenter.State) bool { return st.Overview != nil && !st.Overview.Running })
	s.Presenter.Select(0)
	if st := s.Presenter.State().Test; st.Summary.Mark != presenter.MarkWarning {
		t.Errorf("%+v", st.Summary)
	}
}
