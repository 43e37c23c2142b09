package scripted

import (
	"context"
	"slices"

	"mailgrant/app/assistant"
	"mailgrant/app/products"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/oauth"
	"mailgrant/ui/presenter"
)

// Preflights is a presenter.Preflighter that always finds the same.
func Preflights(pre assistant.Preflight) presenter.Preflighter {
	return func(context.Context, mailbox.Definition) (assistant.Preflight, error) { return pre, nil }
}

// PreflightGood is a preflight in which all is right.
func PreflightGood() assistant.Preflight {
	pass := func(id, field string, facts i18n.Args) oauth.Check {
		return oauth.Check{ID: id, Field: field, State: oauth.CheckPassed, Facts: facts}
	}
	pre := assistant.Preflight{
		Ports: mailtest.NewReport(Helpdesk(), Clock),
		Tenant: &oauth.Tenant{
			ID: Account.TenantID, Name: "Contoso", Cloud: "microsoftonline.com", Known: true,
		},
		Checks: []oauth.Check{
			pass(oauth.CheckService, "oauth.authority", i18n.Args{"host": "login.microsoftonline.com"}),
			pass(oauth.CheckClock, "", i18n.Args{"offset": "0s"}),
			pass(oauth.CheckTenant, "oauth.tenant", nil),
			pass(oauth.CheckAccountType, "oauth.account_type", nil),
			pass(oauth.CheckClient, "oauth.client_id", nil),
			pass(oauth.CheckPublicClient, "oauth.client_id", nil),
			{ID: oauth.CheckRedirect, Field: "oauth.redirect", State: oauth.CheckUnknown},
		},
	}
	for _, p := range mailbox.Protocols() {
		for _, e := range Fails(p, mailtest.StepAuthenticate, diagnosis.Diagnosis{}, Clock) {
			if e.Step == mailtest.StepAuthenticate && e.State == mailtest.Failed {
				e.State, e.Diagnosis = mailtest.Skipped, nil
			}
			pre.Ports.Add(e)
		}
	}
	return pre
}

// PreflightBad is one in which the application is not known and a firewall
// blocks POP3.
func PreflightBad() assistant.Preflight {
	pre := PreflightGood()
	unknown := diagnosis.Explain(diagnosis.Input{
		Phase: diagnosis.PhaseDevice, Provider: diagnosis.Microsoft,
		Text:     "AADSTS700016: Application with identifier '1b4e28ba-2fa1-4d2b-883f-0016d3cca427' was not found in the directory 'Contoso'.",
		Evidence: diagnosis.Evidence{ClientID: Helpdesk().OAuth.ClientID, Tenant: Helpdesk().OAuth.Tenant},
	})
	pre.Checks[4].State, pre.Checks[4].Diagnosis = oauth.CheckFailed, &unknown
	pre.Checks[5].State, pre.Checks[6].State = oauth.CheckUnknown, oauth.CheckUnknown
	blocked := diagnosis.New(diagnosis.CausePortBlocked, diagnosis.PhaseNetwork, i18n.Args{"host": "outlook.office365.com", "port": "995"})
	for _, e := range Fails(mailtest.POP3, mailtest.StepConnect, blocked, Clock) {
		pre.Ports.Add(e)
	}
	return pre
}

// ProductFits is a presenter.ProductChecker for a product that lacks nothing.
func ProductFits(_ context.Context, _ mailbox.Definition, card products.Card) (assistant.ProductCheck, error) {
	pre := PreflightGood()
	return assistant.ProductCheck{Card: card, Client: Helpdesk().OAuth.ClientID, Asked: pre.Checks[:5], Granted: Scopes, Ports: pre.Ports}, nil
}

// ProductNarrow is a presenter.ProductChecker for a product that signs in for
// any organization, where the registration admits one.
func ProductNarrow(ctx context.Context, d mailbox.Definition, card products.Card) (assistant.ProductCheck, error) {
	c, err := ProductFits(ctx, d, card)
	narrow := diagnosis.New("tenant-specific-endpoint-needed", diagnosis.PhaseDevice, nil)
	c.Asked = slices.Clone(c.Asked)
	c.Authority, c.Asked[3] = "organizations", oauth.Check{ID: oauth.CheckAccountType, Field: "oauth.account_type", State: oauth.CheckFailed, Diagnosis: &narrow}
	return c, err
}

// ProductChecks is a presenter.ProductChecker for a product whose redirect
// address is not registered.
func ProductChecks(ctx context.Context, d mailbox.Definition, card products.Card) (assistant.ProductCheck, error) {
	c, err := ProductFits(ctx, d, card)
	c.Asked, c.NoSecret, c.Granted = nil, card.Registration.Secret == "yes", card.Registration.Scopes[:1]
	for _, address := range card.Registration.Redirects {
		refused := diagnosis.New(diagnosis.CauseRedirectURIMismatch, diagnosis.PhaseAuthorize, i18n.Args{"client": c.Client})
		c.Redirects = append(c.Redirects, assistant.RedirectCheck{Address: address, Check: oauth.Check{ID: oauth.CheckRedirect, State: oauth.CheckFailed, Diagnosis: &refused}})
	}
	return c, err
}

// ProductLacks is a presenter.ProductChecker for a product of which one
// permission is not granted.
func ProductLacks(ctx context.Context, d mailbox.Definition, card products.Card) (assistant.ProductCheck, error) {
	c, err := ProductFits(ctx, d, card)
	c.Granted, c.Missing = []string{Scopes[0], Scopes[2]}, Scopes[1:2]
	return c, err
}

// productChecked is a product of which all is asked.
var productChecked = acts(known, press((*presenter.Presenter).CheckProduct), until(func(st presenter.State) bool { return len(st.Product.Checked) > 0 }))

// preflighted runs a preflight in the assistant.
var preflighted = acts(known, press((*presenter.Presenter).Preflight), until(func(st presenter.State) bool { return len(st.Assistant.Checked) > 0 }))

func assisted(pre assistant.Preflight) func(*Stage) {
	return func(s *Stage) { s.Notes.Panels.Assistant, s.Preflight = true, Preflights(pre) }
}

func assistantScenes() []Scene {
	good := assisted(PreflightGood())
	return []Scene{
		{Name: "assistant", Set: sets(empty, good), Do: draft},
		{Name: "assistant-preflight", Set: good, Do: preflighted},
		{Name: "assistant-preflight-bad", Set: assisted(PreflightBad()), Do: preflighted},
		{Name: "assistant-one-bad", Set: sets(good, valid), Do: tested(OneBad)},
		{Name: "assistant-finished", Set: sets(good, valid), Do: tested(AllGood)},
		{Name: "assistant-done", Set: sets(good, valid, product("acmp", "")), Do: tested(AllGood)},
		{Name: "assistant-application", Set: sets(good, application), Do: known},
	}
}
