package scripted

import (
	"slices"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/ui/presenter"
)

// Tries are the events of an experiment, which may propose another server.
func Tries(p mailtest.Protocol, id diagnosis.Experiment, result string, instead *mailbox.Server) []mailtest.Event {
	e := mailtest.Event{Protocol: p, State: mailtest.Running, Start: Clock, Experiment: &mailtest.Experiment{ID: id}}
	done := e
	done.State, done.Duration = mailtest.Passed, 180*time.Millisecond
	done.Experiment = &mailtest.Experiment{ID: id, Result: result, Change: instead}
	return []mailtest.Event{e, done}
}

// WrongPort is a test in which IMAP and POP3 have the port of the one
// encryption and the other encryption.
func WrongPort() []mailtest.Event {
	failed := func(p mailtest.Protocol, port int) []mailtest.Event {
		d := diagnosis.Explain(diagnosis.Input{
			Phase: diagnosis.Phase(p), Step: string(mailtest.StepGreeting), Provider: diagnosis.Microsoft, Text: "tls: first record does not look like a TLS handshake",
			Evidence: diagnosis.Evidence{Host: "outlook.office365.com", Port: port, Security: mailbox.SecuritySTARTTLS, Tried: map[diagnosis.Experiment]string{diagnosis.SpeakPort: "tls"}},
		})
		return Fails(p, mailtest.StepGreeting, d, Clock)
	}
	instead := func(port int) *mailbox.Server {
		return &mailbox.Server{Host: "outlook.office365.com", Port: port, Security: mailbox.SecurityTLS}
	}
	return slices.Concat(failed(mailtest.IMAP, 143), failed(mailtest.POP3, 110), Good(mailtest.SMTP, Clock),
		Tries(mailtest.IMAP, diagnosis.SpeakPort, "tls", nil), Tries(mailtest.IMAP, diagnosis.UsualPorts, "answer", instead(993)),
		Tries(mailtest.POP3, diagnosis.UsualPorts, "answer", instead(995)))
}

// WrongName is a test whose IMAP and POP3 server is mistyped.
func WrongName() []mailtest.Event {
	var all []mailtest.Event
	for _, p := range []mailtest.Protocol{mailtest.IMAP, mailtest.POP3} {
		d := diagnosis.Explain(diagnosis.Input{
			Phase: diagnosis.Phase(p), Step: string(mailtest.StepResolve), Provider: diagnosis.Microsoft, Text: "lookup " + mistyped + ": no such host",
			Evidence: diagnosis.Evidence{Host: mistyped, Tried: map[diagnosis.Experiment]string{diagnosis.NameVariants: "found"}},
		})
		all = append(all, Fails(p, mailtest.StepResolve, d, Clock)...)
	}
	preset := mailbox.OAuth{Provider: mailbox.ProviderMicrosoft}.Presets()
	return slices.Concat(all, Good(mailtest.SMTP, Clock),
		Tries(mailtest.IMAP, diagnosis.NameVariants, "found", preset.Of(mailbox.IMAP)), Tries(mailtest.POP3, diagnosis.NameVariants, "found", preset.Of(mailbox.POP3)))
}

const mistyped = "outlook.ofice365.com"

// mistype is a mailbox with a server whose name is wrong.
func mistype(s *Stage) {
	d := Helpdesk()
	d.Server(mailbox.IMAP).Host, d.Server(mailbox.POP3).Host = mistyped, mistyped
	_ = s.Book.Put(d)
	s.Engine.Store(Valid(Clock), nil)
}

// wrongClock is why a sign-in fails because of this machine's clock.
func wrongClock() error {
	return diagnosis.New(diagnosis.CauseClockSkew, diagnosis.PhaseToken, i18n.Args{"host": "login.microsoftonline.com"}).
		ProvedBy(diagnosis.Clock, "wrong")
}

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
