package assistant

import (
	"strings"
	"testing"
	"time"

	"mailgrant/app/history"
	"mailgrant/app/practice"
	"mailgrant/app/products"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/oauth"
)

func TestAfterTheTestComesTheProduct(t *testing.T) {
	r := newRig(t)
	r.signIn(t)
	good := r.test(t)
	if got := NextStep(good, nil, nil, english); got != "IMAP, POP3 and SMTP work. Next: enter the values in your product." {
		t.Error(got)
	}
	// A product is checked first; what is red there comes before its values.
	for state, want := range map[oauth.CheckState]string{
		"":                "Eignung für Aagon ACMP prüfen.",
		oauth.CheckFailed: "Aagon ACMP könnte sich noch nicht anmelden: nur eine Organisation.",
		oauth.CheckPassed: "Als Nächstes: die Werte in Aagon ACMP eintragen.",
	} {
		var checked []CheckResult
		if state != "" {
			checked = []CheckResult{{ID: oauth.CheckClient, State: oauth.CheckPassed}, {ID: oauth.CheckAccountType, State: state, Text: "nur eine Organisation"}}
		}
		if got := NextStep(good, cardOf(r, "acmp"), checked, i18n.For(i18n.German)); !strings.HasPrefix(got, "IMAP, POP3 und SMTP funktionieren. ") || !strings.HasSuffix(got, want) {
			t.Errorf("%q: %s", state, got)
		}
	}
	// Not while something was left out, is red, or did not run at all.
	part := mailtest.NewReport(r.d, time.Now())
	for e := range mailtest.Run(t.Context(), mailtest.Config{Mailbox: r.d, Credential: r.Credential(r.d, nil), Only: []mailtest.Protocol{mailtest.IMAP}}) {
		part.Add(e)
	}
	if err := r.tenant.SetFaults([]string{practice.FaultPOP3Off}); err != nil {
		t.Fatal(err)
	}
	for name, report := range map[string]*mailtest.Report{"one protocol": part, "a fault": r.test(t), "no test": mailtest.NewReport(r.d, time.Now())} {
		if got := NextStep(report, nil, nil, english); got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
	one := r.d.Clone()
	one.SetServer(mailbox.POP3, nil)
	one.SetServer(mailbox.SMTP, nil)
	r.d = one
	if got := NextStep(r.test(t), nil, nil, english); !strings.HasPrefix(got, "IMAP works. Next: ") {
		t.Error(got)
	}
}

// What only the product can prove never keeps the assistant from its end.
func TestTheAssistantFinishes(t *testing.T) {
	r := newRig(t)
	r.signIn(t)
	f := r.look(t)
	for id, want := range map[string]string{
		"": "in your product,", "other": "in your product,", "redmine": "but Redmine cannot do OAuth2", "matrix42": "does not use IMAP, POP3 or SMTP",
	} {
		f.Product = cardOf(r, id)
		items := Checklist(f, english)
		if last := items[len(items)-1]; last.ID != ItemProduct || !last.Outside || last.State != Unknown {
			t.Errorf("%+v", last)
		}
		text, finished := Summary(items, f.Product, english)
		if !finished || strings.HasPrefix(text, "Finished: ") != Usable(f.Product) || !strings.Contains(text, want) {
			t.Errorf("%v: %s", finished, text)
		}
	}
	f.Tests, f.Product = nil, nil
	if text, finished := Summary(Checklist(f, english), nil, english); finished || text != "3 of 5 steps done" {
		t.Errorf("%v: %s", finished, text)
	}
}

// cardOf is a product's card for the rig's mailbox; nil: there is no such.
func cardOf(r *rig, id string) *products.Card {
	profile, known := products.Get(id)
	if !known {
		return nil
	}
	card := profile.For(r.d, "", english)
	return &card
}

// A product that cannot use the mailbox with a token is told so: by the check,
// which is red, and by the last item, which names the ways that are left. With
// a password it is one like any other.
func TestAProductThatCannotHaveAToken(t *testing.T) {
	r := newRig(t)
	wantResult(t, checkProduct(t, r, "redmine", ""), "oauth failed Redmine cannot do OAuth2 over IMAP, POP3")
	wantResult(t, checkProduct(t, r, "matrix42", ""), "oauth unknown Matrix42 Service Desk does not speak IMAP, POP3 or SMTP here.")
	card := cardOf(r, "redmine")
	last := func() Item {
		items := Checklist(Facts{Mailbox: r.d, Product: card}, english)
		return items[len(items)-1]
	}
	if i := last(); i.Title != "Choose a way for Redmine" || len(i.Path) != 1+len(card.Ways) {
		t.Errorf("%+v", i)
	}
	r.d.Authentication, r.d.OAuth = mailbox.AuthPassword, nil
	card = cardOf(r, "redmine")
	if i := last(); i.Title != "Enter the values in Redmine" || strings.Contains(i.Why+strings.Join(i.Path, ""), "token") {
		t.Errorf("%+v", i)
	}
	for _, f := range checkProduct(t, r, "redmine", "") {
		if strings.HasPrefix(f, "oauth") {
			t.Errorf("with a password: %s", f)
		}
	}
}

func TestLastTestsComeFromTheHistory(t *testing.T) {
	r := newRig(t)
	old, late := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	past := []history.Entry{
		{At: old, Results: map[mailtest.Protocol]history.Result{
			mailtest.IMAP: {State: mailtest.Passed}, mailtest.POP3: {State: mailtest.Failed, Cause: diagnosis.CauseEXOProtocolDisabledMailbox},
			mailtest.SMTP: {State: mailtest.Failed, Cause: "of-a-later-version"},
		}},
		{At: late, Results: map[mailtest.Protocol]history.Result{mailtest.IMAP: {State: mailtest.Skipped, Cause: diagnosis.CauseAuthorizationMissing}}},
	}
	got := TestsKept(r.d, past)
	if _, known := got[mailtest.IMAP]; known {
		t.Error("a test that could not sign in is a result")
	}
	pop := got[mailtest.POP3]
	if pop.At != old || pop.Problem == nil || pop.Problem.Certainty != diagnosis.Likely || !strings.Contains(pop.Problem.Command, practice.Helpdesk.Address) {
		t.Errorf("%+v", pop)
	}
	if smtp := got[mailtest.SMTP]; smtp.Problem == nil || smtp.Problem.Cause != diagnosis.CauseUnknown {
		t.Errorf("%+v", smtp)
	}
	server := *r.d.Server(mailbox.POP3)
	answers := CheckResult{ID: "pop3", State: oauth.CheckPassed, Text: "answers"}
	for name, c := range map[string]struct {
		tests LastTests
		state oauth.CheckState
		text  string
	}{
		"not kept": {nil, oauth.CheckPassed, "POP3 answers: "},
		"never":    {LastTests{}, oauth.CheckPassed, "POP3 answers, but the sign-in has not been tested yet"},
		"works":    {LastTests{mailtest.POP3: {At: old}}, oauth.CheckPassed, "POP3 works (tested "},
		"failed":   {got, oauth.CheckFailed, "The protocol POP3 is switched off for the mailbox (tested "},
	} {
		if f := c.tests.tested(answers, mailtest.POP3, server, english); f.State != c.state || !strings.HasPrefix(f.Text, c.text) {
			t.Errorf("%s: %+v", name, f)
		}
	}
	// A server that does not answer now is told as that.
	silent := CheckResult{ID: "pop3", State: oauth.CheckUnknown, Text: "no answer"}
	if f := got.tested(silent, mailtest.POP3, server, english); f.Text != "no answer" {
		t.Errorf("%+v", f)
	}
}

// Nothing is finished for a product before its check has found nothing wrong,
// and the registration says for whom it is proved.
func TestAProductKeepsTheAssistantFromItsEnd(t *testing.T) {
	r := newRig(t)
	r.signIn(t)
	look := func() (registration, suitability Item, text string, finished bool) {
		f := r.look(t)
		f.Product = cardOf(r, "acmp")
		c, err := CheckProduct(t.Context(), r.Manager, r.d, *f.Product)
		if err != nil {
			t.Fatal(err)
		}
		for _, checked := range [][]CheckResult{nil, c.Results(f.Tests, english)} {
			f.Checked = checked
			items := Checklist(f, english)
			registration, suitability = items[1], items[5]
			if text, finished = Summary(items, f.Product, english); checked == nil && (finished || suitability.State != Unknown || suitability.Outside || !strings.Contains(registration.Proof, "proved for Mailgrant's own sign-in; whether Aagon ACMP can")) {
				t.Errorf("before the check: %s %+v %+v", text, registration, suitability)
			}
		}
		return registration, suitability, text, finished
	}
	reg, fit, text, finished := look()
	if finished || text != "4 of 6 steps done" || reg.State != ToDo || fit.State != ToDo || fit.Problem != nil || !strings.HasPrefix(fit.Proof, "Not suitable yet for Aagon ACMP: ") {
		t.Errorf("for one organization: %s %+v %+v", text, reg, fit)
	}
	r.d.OAuth.ClientID = practice.MultitenantClientID
	r.signIn(t)
	reg, fit, text, finished = look()
	if !finished || !strings.HasPrefix(text, "Finished: ") || reg.Proof != "proved for Mailgrant and for Aagon ACMP: the sign-in service accepts both" || fit.State != Done || fit.Proof != "Suitable: Aagon ACMP can sign in with these values." {
		t.Errorf("for any organization: %s %+v %+v", text, reg, fit)
	}
}

func TestTheVerdictOfACheck(t *testing.T) {
	acmp := products.Card{Name: "Aagon ACMP"}
	now := time.Now()
	good, open := CheckResult{ID: "imap", State: oauth.CheckPassed, Tested: &now}, CheckResult{ID: "imap", State: oauth.CheckPassed}
	bad, never := CheckResult{ID: oauth.CheckClient, State: oauth.CheckFailed}, CheckResult{ID: checkFlow, State: oauth.CheckFailed}
	for want, all := range map[string][]CheckResult{
		"passed Suitable: Aagon ACMP can sign in with these values.":                                     {good},
		"unknown No obstacle found for Aagon ACMP: 1 of 2 points are proved, the others are still open.": {good, open},
		"failed Not suitable yet for Aagon ACMP: 1 of 3 points are met.":                                 {good, open, bad},
		"failed Not suitable: Aagon ACMP cannot use this mailbox that way.":                              {good, bad, never},
	} {
		if text, state := Suitable(all, acmp, english); string(state)+" "+text != want {
			t.Errorf("%s %s; want %s", state, text, want)
		}
	}
}

// What a test that works leaves open: whether an account may send as the shared
// mailbox that it opens, until a message was sent; and a message that went
// elsewhere leads to no product.
func TestWhatATestLeavesOpen(t *testing.T) {
	d := mailbox.Definition{Sender: "info@contoso.test", User: "anna@contoso.test", SharedMailbox: "info@contoso.test", OAuth: &mailbox.OAuth{Provider: mailbox.ProviderMicrosoft, Cloud: mailbox.CloudGlobal}}
	d.SetServer(mailbox.SMTP, &mailbox.Server{Host: "smtp.test", Port: 587, Security: mailbox.SecuritySTARTTLS})
	other := d.Clone()
	other.OAuth = &mailbox.OAuth{Provider: mailbox.ProviderCustom}
	works := mailtest.Event{Protocol: mailbox.SMTP, Step: mailtest.StepQuit, State: mailtest.Passed}
	elsewhere := mailtest.NewReport(other, time.Time{})
	elsewhere.Add(works)
	if got := Opened(elsewhere, english); got != "" {
		t.Errorf("of a server that is not Exchange: %q", got)
	}
	r := mailtest.NewReport(d, time.Time{})
	r.Add(works)
	if got := Opened(r, english); !strings.Contains(got, "anna@contoso.test may send as info@contoso.test") || NextStep(r, nil, nil, english) == "" {
		t.Errorf("%q", got)
	}
	r.Add(mailtest.Event{Protocol: mailtest.RoundTripTest, Step: mailtest.StepSend, State: mailtest.Passed})
	if got := Opened(r, english); got != "" {
		t.Errorf("after a message was sent: %q", got)
	}
	moved := diagnosis.New("message-moved", diagnosis.PhaseSMTP, nil)
	r.Add(mailtest.Event{Protocol: mailtest.RoundTripTest, Step: mailtest.StepIMAPArrival, State: mailtest.Warned, Diagnosis: &moved})
	if got := NextStep(r, nil, nil, english); got != "" {
		t.Errorf("after the message went elsewhere: %q", got)
	}
}
