package presenter_test

import (
	"context"
	"strings"
	"testing"

	"mailgrant/app/assistant"
	"mailgrant/app/authorization"
	"mailgrant/app/practice"
	"mailgrant/app/products"
	"mailgrant/internal/mailbox"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// playACMP is a mailbox with an authorization for which ACMP is chosen.
func playACMP(t *testing.T, check presenter.ProductChecker) *scripted.Stage {
	t.Helper()
	s := play(t, func(s *scripted.Stage) {
		s.Practice = &scripted.Practice{}
		s.Engine.Store(scripted.Valid(s.Now), nil)
		s.CheckProduct, s.Preflight = check, scripted.Preflights(scripted.PreflightGood())
		s.Notes.Product, s.Notes.Panels.Assistant = presenter.Product{ID: "acmp"}, true
	}, scripted.Helpdesk())
	until(t, s, func(st presenter.State) bool { return len(st.Auth.Facts) > 0 })
	return s
}

// greens tests with success, and waits for what follows.
func greens(t *testing.T, s *scripted.Stage) presenter.State {
	t.Helper()
	tested(t, s, scripted.AllGood())
	until(t, s, func(st presenter.State) bool { return !st.Product.Checking && st.Test.CanTest })
	return s.Presenter.State()
}

// item is one of the assistant's.
func item(st presenter.State, id string) (i presenter.AssistantItem) {
	for _, i := range st.Assistant.Items {
		if i.ID == id {
			return i
		}
	}
	return i
}

// After the greens the chosen product is checked by itself. What is red leads
// on instead of the values, and nothing is finished.
func TestARedCheckLeadsTheWindow(t *testing.T) {
	s := playACMP(t, scripted.ProductNarrow)
	s.Presenter.Preflight()
	until(t, s, func(st presenter.State) bool { return len(st.Assistant.Checked) > 0 })
	st := greens(t, s)
	const cause = "The app registration allows only one organization, but Aagon ACMP signs in at /organizations"
	if next := st.Test.Next; next == nil || next.Mark != presenter.MarkBad || next.Text != "Aagon ACMP could not sign in yet: "+cause+"." || next.Action.ID != presenter.ActionProduct || next.Action.Text != "Show what is missing" {
		t.Errorf("next: %+v", next)
	}
	if v := st.Product.Verdict; v.Mark != presenter.MarkBad || v.Text != "Not suitable yet for Aagon ACMP: 7 of 8 points are met." {
		t.Errorf("verdict: %+v", v)
	}
	if st.Assistant.Summary.Text != "4 of 6 steps done" || st.Assistant.Summary.Mark == presenter.MarkGood {
		t.Errorf("summary: %+v", st.Assistant.Summary)
	}
	if lines := st.Form.Checks[presenter.FieldAccountType]; len(lines) != 1 || lines[0].Mark != presenter.MarkBad || lines[0].Text != cause {
		t.Errorf("at the account type: %+v", lines)
	}
	// The practice sentence stands in both cards, and in what is copied.
	problem := item(st, assistant.ItemRegistration).Problem
	if problem == nil || !strings.Contains(problem.Practice, practice.MultitenantClientID) || problem.Practice != st.Product.Found[0].Practice {
		t.Fatalf("in the assistant: %+v", problem)
	}
	for name, text := range map[string]string{"finding": problem.Text(s.Texts), "card": st.Product.Text(s.Texts)} {
		if !strings.Contains(text, problem.Practice) {
			t.Errorf("copied from the %s: %s", name, text)
		}
	}
	if text := st.Product.Text(s.Texts); !strings.Contains(text, st.Product.Verdict.Text) || !strings.Contains(text, "- IMAP works (tested ") || !strings.Contains(text, cause) {
		t.Errorf("copied: %s", text)
	}
}

func TestAGreenCheckFinishes(t *testing.T) {
	s := playACMP(t, scripted.ProductFits)
	st := greens(t, s)
	if !strings.HasPrefix(st.Assistant.Summary.Text, "Finished: ") || st.Test.Next.Text != "Next: enter the values in Aagon ACMP." || st.Product.Verdict != (presenter.Line{Mark: presenter.MarkGood, Text: "Suitable: Aagon ACMP can sign in with these values."}) {
		t.Errorf("%+v %+v %+v", st.Assistant.Summary, st.Test.Next, st.Product.Verdict)
	}
	if proof := item(st, assistant.ItemRegistration).Proof; !strings.HasPrefix(proof, "proved for Mailgrant and for Aagon ACMP") {
		t.Error(proof)
	}
	// Values that change put the check out of date, with what follows from it.
	s.Presenter.Edit(presenter.FieldClientID, "00000000-1111-2222-3333-444444444444")
	st = s.Presenter.State()
	if st.Test.Next != nil || strings.HasPrefix(st.Assistant.Summary.Text, "Finished") || st.Product.Verdict.Mark != presenter.MarkWarning || !strings.HasPrefix(st.Product.Verdict.Text, "Out of date: values or permissions have changed") {
		t.Errorf("%+v %+v %+v", st.Test.Next, st.Assistant.Summary, st.Product.Verdict)
	}
	s.Presenter.Edit(presenter.FieldClientID, scripted.Helpdesk().OAuth.ClientID)
	if st = s.Presenter.State(); st.Product.Verdict.Mark != presenter.MarkGood {
		t.Errorf("the same values again: %+v", st.Product.Verdict)
	}
	// The way to sign in does not matter to the product, a fault in practice does.
	s.Presenter.Edit(presenter.FieldSignIn, mailbox.SignInDeviceCode)
	if st = s.Presenter.State(); st.Product.Verdict.Mark != presenter.MarkGood {
		t.Errorf("another way to sign in: %+v", st.Product.Verdict)
	}
	s.Presenter.SetFault(practice.FaultMissingScope, true)
	if st = s.Presenter.State(); st.Product.Verdict.Mark != presenter.MarkWarning {
		t.Errorf("with a fault: %+v", st.Product.Verdict)
	}
	s.Presenter.SetFault(practice.FaultMissingScope, false)
	// So does another secret: the check is made once more.
	s.Presenter.SetSecret(authorization.ClientSecret, "a-secret-that-is-new", func() { t.Error("not stored") })
	until(t, s, func(st presenter.State) bool { return st.Form.Secrets[authorization.ClientSecret] })
	if st = s.Presenter.State(); !st.Product.Checking {
		t.Errorf("after another secret: %+v", st.Product.Verdict)
	}
	until(t, s, func(st presenter.State) bool { return !st.Product.Checking })
	// Another product has no check yet: it is made at once.
	s.Presenter.ChooseProduct("znuny")
	if st = s.Presenter.State(); !st.Product.Checking || st.Product.Verdict.Text != "" || strings.HasPrefix(st.Assistant.Summary.Text, "Finished") {
		t.Errorf("%+v %+v", st.Product, st.Assistant.Summary)
	}
}

// A check that could not be made is offered: nothing is claimed without it, and
// it is not tried again and again.
func TestACheckThatIsNotMadeIsOffered(t *testing.T) {
	asked := 0
	s := playACMP(t, func(context.Context, mailbox.Definition, products.Card) (assistant.ProductCheck, error) {
		asked++
		return assistant.ProductCheck{}, context.DeadlineExceeded
	})
	st := greens(t, s)
	if next := st.Test.Next; asked != 1 || next == nil || next.Text != "Next: check suitability for Aagon ACMP." || next.Action.ID != presenter.ActionCheckProduct || !next.Action.Primary {
		t.Errorf("asked %d times, next %+v", asked, next)
	}
	fit := item(st, assistant.ItemSuitability)
	if st.Assistant.Summary.Text != "5 of 6 steps done" || st.Assistant.Next != assistant.ItemSuitability || len(fit.Actions) != 1 || fit.Actions[0].ID != presenter.ActionCheckProduct {
		t.Errorf("%+v %+v", st.Assistant.Summary, fit)
	}
	if proof := item(st, assistant.ItemRegistration).Proof; !strings.HasPrefix(proof, "proved for Mailgrant's own sign-in; whether Aagon ACMP") {
		t.Error(proof)
	}
	s.Presenter.Act(presenter.ActionCheckProduct)
	until(t, s, func(st presenter.State) bool { return !st.Product.Checking })
	if asked != 2 {
		t.Errorf("asked %d times", asked)
	}
}

// Who has mended the registration may press either button: a new test checks
// the product once more.
func TestANewTestChecksTheProductAfresh(t *testing.T) {
	mended := false
	s := playACMP(t, func(ctx context.Context, d mailbox.Definition, card products.Card) (assistant.ProductCheck, error) {
		if mended {
			return scripted.ProductFits(ctx, d, card)
		}
		return scripted.ProductNarrow(ctx, d, card)
	})
	if st := greens(t, s); st.Product.Verdict.Mark != presenter.MarkBad {
		t.Fatalf("%+v", st.Product.Verdict)
	}
	mended = true
	if st := greens(t, s); st.Product.Verdict.Mark != presenter.MarkGood || !strings.HasPrefix(st.Assistant.Summary.Text, "Finished: ") {
		t.Errorf("%+v %+v", st.Product.Verdict, st.Assistant.Summary)
	}
}
