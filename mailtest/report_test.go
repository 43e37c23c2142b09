package mailtest_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// fold makes a report of one protocol's steps.
func fold(p mailtest.Protocol, steps ...mailtest.Event) *mailtest.Report {
	r := mailtest.NewReport(mailbox.Definition{Name: "Helpdesk", Servers: mailbox.NewServers(mailbox.Given{mailbox.IMAP: &mailbox.Server{Host: "mail.test", Port: 993, Security: "tls"}})}, year2000)
	add(r, p, steps...)
	return r
}

func add(r *mailtest.Report, p mailtest.Protocol, steps ...mailtest.Event) {
	at := year2000
	for _, e := range steps {
		e.Protocol, e.Start = p, at
		e.Duration = 10 * time.Millisecond
		at = at.Add(e.Duration)
		r.Add(e)
	}
}

func found(c diagnosis.Cause) *diagnosis.Diagnosis {
	d := diagnosis.New(c, diagnosis.PhaseIMAP, nil)
	return &d
}

func TestReportStates(t *testing.T) {
	const passed, warned, failed, skipped, running = mailtest.Passed, mailtest.Warned, mailtest.Failed, mailtest.Skipped, mailtest.Running
	type ev = mailtest.Event
	quit := ev{Step: mailtest.StepQuit, State: passed}
	for name, c := range map[string]struct {
		steps []ev
		state mailtest.State
		ok    bool
		none  bool // there was nothing to sign in with
	}{
		"passed":       {[]ev{{Step: mailtest.StepConnect, State: passed}, quit}, passed, true, false},
		"warned":       {[]ev{{Step: mailtest.StepConnect, State: passed}, {Step: mailtest.StepAuthenticate, State: warned, Diagnosis: found(diagnosis.CauseUPNDiffersFromAddress)}, quit}, warned, true, false},
		"failed":       {[]ev{{Step: mailtest.StepConnect, State: failed, Diagnosis: found(diagnosis.CausePortBlocked)}, {Step: mailtest.StepTLS, State: skipped}, {Step: mailtest.StepQuit, State: skipped}}, failed, false, false},
		"no tls asked": {[]ev{{Step: mailtest.StepTLS, State: skipped}, quit}, passed, true, false},
		"no credential": {[]ev{
			{Step: mailtest.StepAuthenticate, State: skipped, Diagnosis: found(diagnosis.CauseAuthorizationMissing)},
			{Step: mailtest.StepMailbox, State: skipped},
			quit,
		}, skipped, false, true},
		"not through":      {[]ev{{Step: mailtest.StepConnect, State: passed}}, running, false, false},
		"failed and going": {[]ev{{Step: mailtest.StepConnect, State: failed, Diagnosis: found(diagnosis.CausePortBlocked)}}, failed, false, false},
		"step running":     {[]ev{{Step: mailtest.StepConnect, State: running}}, running, false, false},
		"goodbye running":  {[]ev{{Step: mailtest.StepConnect, State: passed}, {Step: mailtest.StepQuit, State: running}}, running, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := fold(mailtest.IMAP, c.steps...)
			if got := r.Result(mailtest.IMAP).State; got != c.state {
				t.Errorf("state %s, want %s", got, c.state)
			}
			if r.OK() != c.ok || r.NoAuthorization() != c.none {
				t.Errorf("ok %v, nothing to sign in with: %v", r.OK(), r.NoAuthorization())
			}
		})
	}
}

func TestReportEmpty(t *testing.T) {
	r := mailtest.NewReport(mailbox.Definition{}, year2000)
	if r.OK() || r.NoAuthorization() || r.Duration() != 0 || len(r.Tested()) != 0 || len(r.Diagnoses()) != 0 || len(r.Result(mailtest.IMAP).Steps) != 0 {
		t.Error("nothing is something")
	}
}

// A later event replaces an earlier one of the same step, where it stands.
func TestReportReplaces(t *testing.T) {
	r := fold(
		mailtest.IMAP,
		mailtest.Event{Step: mailtest.StepConnect, State: mailtest.Running},
		mailtest.Event{Step: mailtest.StepConnect, State: mailtest.Passed},
		mailtest.Event{Step: mailtest.StepAuthenticate, State: mailtest.Failed, Diagnosis: found(diagnosis.CauseUnknown)},
		mailtest.Event{Step: mailtest.StepQuit, State: mailtest.Passed},
		mailtest.Event{Step: mailtest.StepAuthenticate, State: mailtest.Failed, Diagnosis: found("token-expired")},
	)
	if states(r, mailtest.IMAP) != "connect passed, authenticate failed, quit passed" {
		t.Error(states(r, mailtest.IMAP))
	}
	if all := r.Diagnoses(); len(all) != 1 || all[0].Cause != "token-expired" {
		t.Errorf("diagnoses %v", all)
	}
}

// A result that was handed out does not change.
func TestResultIsACopy(t *testing.T) {
	r := fold(mailtest.IMAP, mailtest.Event{Step: mailtest.StepConnect, State: mailtest.Running})
	early := r.Result(mailtest.IMAP)
	add(r, mailtest.IMAP, mailtest.Event{Step: mailtest.StepConnect, State: mailtest.Passed})
	if early.Steps[0].State != mailtest.Running {
		t.Error("it changed")
	}
}

// The shape of the JSON is a contract with scripts.
func TestReportJSON(t *testing.T) {
	r := fold(
		mailtest.IMAP,
		mailtest.Event{Step: mailtest.StepResolve, State: mailtest.Passed, Facts: map[string]any{mailtest.FactAddresses: []string{"192.0.2.1"}}},
		mailtest.Event{Step: mailtest.StepConnect, State: mailtest.Failed, Diagnosis: found(diagnosis.CausePortBlocked)},
		mailtest.Event{Step: mailtest.StepQuit, State: mailtest.Skipped},
	)
	data, err := json.Marshal(r.JSON(i18n.For(i18n.English)))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Mailbox    string
		OK         *bool
		Started    time.Time
		DurationMS *int `json:"duration_ms"`
		Protocols  map[string]struct {
			OK         *bool
			Host       string
			Port       int
			Security   string
			DurationMS *int `json:"duration_ms"`
			Steps      []map[string]any
		}
		Diagnoses []map[string]any
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	imap := got.Protocols["imap"]
	switch {
	case got.Mailbox != "Helpdesk", got.OK == nil, *got.OK, !got.Started.Equal(year2000), got.DurationMS == nil, *got.DurationMS != 30:
		t.Errorf("head: %s", data)
	case len(got.Protocols) != 1, imap.OK == nil, *imap.OK, imap.Host != "mail.test", imap.Port != 993, imap.Security != "tls", *imap.DurationMS != 30:
		t.Errorf("protocol: %s", data)
	case len(imap.Steps) != 3, imap.Steps[0]["step"] != "resolve", imap.Steps[0]["state"] != "passed", imap.Steps[0]["duration_ms"] != 10.0:
		t.Errorf("step: %s", data)
	case imap.Steps[1]["cause"] != "port-blocked", imap.Steps[0]["cause"] != nil, imap.Steps[2]["facts"] == nil:
		t.Errorf("cause: %s", data)
	case len(got.Diagnoses) != 1, got.Diagnoses[0]["cause"] != "port-blocked":
		t.Errorf("diagnoses: %s", data)
	}
}

// The order of the protocols is always the same, whichever comes first.
func TestReportOrder(t *testing.T) {
	r := fold(mailtest.SMTP, mailtest.Event{Step: mailtest.StepQuit, State: mailtest.Passed})
	add(r, mailtest.IMAP, mailtest.Event{Step: mailtest.StepQuit, State: mailtest.Passed})
	if got := r.Tested(); !slices.Equal(got, []mailtest.Protocol{mailtest.IMAP, mailtest.SMTP}) {
		t.Errorf("order %v", got)
	}
}

// What is a consequence of another protocol's failure has its cause, wherever
// that is read: not the one that its own words left open before.
func TestAConsequenceHasTheCauseOfItsRoot(t *testing.T) {
	const root = "exo-mailbox-permission-missing"
	open := found(diagnosis.CauseEXOProtocolDisabledMailbox)
	open.Causes = append(open.Causes, root)
	r := fold(mailtest.IMAP, mailtest.Event{Step: mailtest.StepMailbox, State: mailtest.Failed, Diagnosis: found(root)})
	add(r, mailtest.POP3, mailtest.Event{Step: mailtest.StepAuthenticate, State: mailtest.Failed, Diagnosis: open})
	add(r, mailtest.SMTP, mailtest.Event{Step: mailtest.StepConnect, State: mailtest.Failed, Diagnosis: found(diagnosis.CausePortBlocked)})
	told := r.JSON(i18n.For(i18n.English))
	if got := r.Result(mailtest.POP3).Steps[0].Diagnosis.Cause; got != root || told.Protocols[mailtest.POP3].Steps[0].Cause != root {
		t.Errorf("%s, in JSON %s", got, told.Protocols[mailtest.POP3].Steps[0].Cause)
	}
	if by := told.FailedBy(root); by != "IMAP, POP3" || len(told.Diagnoses) != 2 {
		t.Errorf("%s by %q; %d causes", root, by, len(told.Diagnoses))
	}
}
