package scripted

import (
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/mailtest"
	"mailgrant/ui/presenter"
)

// Trip are the events of a round trip, which may fail at a step.
func Trip(fails mailtest.Step) []mailtest.Event {
	d := diagnosis.Explain(diagnosis.Input{
		Phase: diagnosis.PhaseSMTP, Step: string(fails), Provider: diagnosis.Microsoft,
		Text: "554 5.2.252 SendAsDenied; helpdesk@contoso.com not allowed to send as info@contoso.com",
		Evidence: diagnosis.Evidence{
			User: Account.User, Sender: Account.User, Host: "smtp.office365.com", Port: 587, SASLUser: Account.User, Account: Account.User,
		},
	})
	d.Step = string(fails)
	facts := map[string]any{mailtest.FactFrom: Account.User, mailtest.FactTo: Account.User, mailtest.FactRemoved: []string{"INBOX", "Sent Items"}}
	var steps []step
	for _, s := range []mailtest.Step{mailtest.StepPrepare, mailtest.StepSend, mailtest.StepIMAPArrival, mailtest.StepPOP3Arrival, mailtest.StepCleanUp} {
		steps = append(steps, step{s, 1200 * time.Millisecond, facts})
	}
	return played(mailtest.RoundTripTest, steps, fails, d, Clock)
}

// tripped is a good test with a round trip after it.
func tripped(fails mailtest.Step) act {
	return acts(tested(AllGood), func(s *Stage) error {
		s.Trips = Tests(Trip(fails), nil)
		return nil
	}, press((*presenter.Presenter).RoundTrip), until(func(st presenter.State) bool { return st.Test.CanTest && st.Test.RoundTrip != nil }))
}
