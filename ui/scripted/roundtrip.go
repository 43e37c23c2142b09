package scripted

import (
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/mailtest"
	"mailgrant/ui/presenter"
)

// Trip are the events of a round trip, which may fail at a step.
func Trip(fails mailtest.Step) []mailtest.Event {
	var all []mailtest.Event
	failed := false
	for i, step := range []mailtest.Step{mailtest.StepPrepare, mailtest.StepSend, mailtest.StepIMAPArrival, mailtest.StepPOP3Arrival, mailtest.StepCleanUp} {
		e := mailtest.Event{Protocol: mailtest.RoundTripTest, Step: step, State: mailtest.Running, Start: Clock.Add(time.Duration(i) * time.Second)}
		if failed {
			e.State = mailtest.Skipped
			all = append(all, e)
			continue
		}
		all = append(all, e)
		e.State, e.Duration = mailtest.Passed, 1200*time.Millisecond
		e.Facts = map[string]any{mailtest.FactFrom: Account.User, mailtest.FactTo: Account.User, mailtest.FactRemoved: []string{"INBOX", "Sent Items"}}
		if failed = step == fails; failed {
			d := diagnosis.Explain(diagnosis.Input{
				Phase: diagnosis.PhaseSMTP, Step: string(step), Provider: diagnosis.Microsoft,
				Text: "554 5.2.252 SendAsDenied; helpdesk@contoso.com not allowed to send as info@contoso.com",
				Evidence: diagnosis.Evidence{
					User: Account.User, Sender: Account.User, Host: "smtp.office365.com", Port: 587, SASLUser: Account.User, Account: Account.User,
				},
			})
			d.Step = string(step)
			e.State, e.Diagnosis = mailtest.Failed, &d
		}
		all = append(all, e)
	}
	return all
}

// tripped is a good test with a round trip after it.
func tripped(s *Stage, trip []mailtest.Event) error {
	if err := tested(s, AllGood()); err != nil {
		return err
	}
	s.Trips = Tests(trip, nil)
	s.Presenter.RoundTrip()
	return s.Until(func(st presenter.State) bool { return st.Test.CanTest && st.Test.RoundTrip != nil })
}
