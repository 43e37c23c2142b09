package mailtest_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"mailgrant/app/practice"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/tests/practicetest"
)

// roundTrip sends as helpdesk on a practice tenant.
func roundTrip(t *testing.T, tenant *practice.Tenant, change func(*mailtest.Config)) *mailtest.Report {
	t.Helper()
	cfg := mailtest.Config{
		Mailbox: tenant.Definition(), Credential: with(token(t, tenant, practice.Helpdesk.UPN), practice.Helpdesk.UPN),
		Timeout: 20 * time.Second,
	}
	if change != nil {
		change(&cfg)
	}
	report := mailtest.NewReport(cfg.Mailbox, time.Now())
	for e := range mailtest.RoundTrip(t.Context(), cfg) {
		report.Add(e)
	}
	return report
}

func fact(t *testing.T, r *mailtest.Report, s mailtest.Step, name string) any {
	t.Helper()
	return step(t, r, mailtest.RoundTripTest, s).Facts[name]
}

func TestRoundTrip(t *testing.T) {
	tenant := startTenant(t)
	before := tenant.Messages(practice.Helpdesk.Address)
	r := roundTrip(t, tenant, nil)
	const want = "prepare passed, send passed, imap-arrival passed, pop3-arrival passed, clean-up passed"
	if got := states(r, mailtest.RoundTripTest); got != want || !r.OK() {
		t.Errorf("%s\nwant %s\n%v", got, want, r.Diagnoses())
	}
	if got := fact(t, r, mailtest.StepCleanUp, mailtest.FactRemoved); !slices.Equal(got.([]string), []string{"INBOX", "Sent Items"}) {
		t.Errorf("removed from %v", got)
	}
	if after := tenant.Messages(practice.Helpdesk.Address); !slices.Equal(before, after) {
		t.Errorf("the mailbox had\n%q\nand has\n%q", before, after)
	}
	if got := fact(t, r, mailtest.StepSend, mailtest.FactMessageID).(string); !strings.HasPrefix(got, "<mailgrant-") || !strings.HasSuffix(got, "@contoso.test>") {
		t.Errorf("Message-ID %s", got)
	}
}

// Somebody else's message with the same subject, in both folders, stays.
func TestRoundTripRemovesNothingElse(t *testing.T) {
	tenant := startTenant(t)
	for _, folder := range []string{"INBOX", "Sent Items"} {
		for range 3 {
			if err := tenant.Deliver(practice.Helpdesk.Address, folder, "Subject: Mailgrant test\r\nMessage-ID: <mailgrant-other@contoso.test>\r\n\r\nMine.\r\n"); err != nil {
				t.Fatal(err)
			}
		}
	}
	before := tenant.Messages(practice.Helpdesk.Address)
	if r := roundTrip(t, tenant, nil); !r.OK() {
		t.Errorf("%s: %v", states(r, mailtest.RoundTripTest), r.Diagnoses())
	}
	if after := tenant.Messages(practice.Helpdesk.Address); !slices.Equal(before, after) {
		t.Errorf("the mailbox had\n%q\nand has\n%q", before, after)
	}
}

func TestRoundTripByOneProtocol(t *testing.T) {
	tenant := startTenant(t)
	for name, c := range map[string]struct {
		change  func(*mailbox.Definition)
		want    string
		removed []string
	}{
		"IMAP": {
			func(d *mailbox.Definition) { d.SetServer(mailtest.POP3, nil) },
			"prepare passed, send passed, imap-arrival passed, clean-up passed",
			[]string{"INBOX", "Sent Items"},
		},
		"POP3": {
			func(d *mailbox.Definition) { d.SetServer(mailtest.IMAP, nil) },
			"prepare passed, send passed, pop3-arrival passed, clean-up passed",
			[]string{"INBOX"},
		},
	} {
		before := tenant.Messages(practice.Helpdesk.Address)
		r := roundTrip(t, tenant, func(cfg *mailtest.Config) { c.change(&cfg.Mailbox) })
		if got := states(r, mailtest.RoundTripTest); got != c.want {
			t.Errorf("%s: %s: %v", name, got, r.Diagnoses())
			continue
		}
		if got := fact(t, r, mailtest.StepCleanUp, mailtest.FactRemoved); !slices.Equal(got.([]string), c.removed) {
			t.Errorf("%s: removed from %v", name, got)
		}
		if after := tenant.Messages(practice.Helpdesk.Address); name == "IMAP" && !slices.Equal(before, after) {
			t.Errorf("%s: the mailbox had\n%q\nand has\n%q", name, before, after)
		}
	}
}

// The delegate sends for the shared mailbox: the copy lies in the delegate's.
func TestRoundTripOfASharedMailbox(t *testing.T) {
	tenant := startTenant(t)
	own, shared := tenant.Messages(practice.Helpdesk.Address), tenant.Messages(practice.Info.Address)
	r := roundTrip(t, tenant, func(cfg *mailtest.Config) {
		cfg.Mailbox.SharedMailbox, cfg.Mailbox.Sender = practice.Info.Address, practice.Info.Address
	})
	if !r.OK() {
		t.Errorf("%s: %v", states(r, mailtest.RoundTripTest), r.Diagnoses())
	}
	if !slices.Equal(own, tenant.Messages(practice.Helpdesk.Address)) || !slices.Equal(shared, tenant.Messages(practice.Info.Address)) {
		t.Errorf("something was left behind:\n%q\n%q", tenant.Messages(practice.Helpdesk.Address), tenant.Messages(practice.Info.Address))
	}
	said, _ := fact(t, r, mailtest.StepCleanUp, mailtest.FactTranscript).([]string)
	if n := strings.Count(strings.Join(said, "\n"), "UID EXPUNGE completed"); n != 2 {
		t.Errorf("of 2 removals %d are told:\n%s", n, strings.Join(said, "\n"))
	}
}

func TestRoundTripEndsWithItsCause(t *testing.T) {
	for name, c := range map[string]struct {
		fault  string
		change func(*mailtest.Config)
		want   string
		cause  diagnosis.Cause
	}{
		"IMAP off: nothing is sent": {
			fault: practice.FaultIMAPOff, cause: diagnosis.CauseEXOProtocolDisabledMailbox,
			want: "prepare failed, send skipped, imap-arrival skipped, pop3-arrival skipped, clean-up skipped",
		},
		"POP off: nothing is sent": {
			fault: practice.FaultPOP3Off, cause: diagnosis.CauseEXOProtocolDisabledMailbox,
			want: "prepare failed, send skipped, imap-arrival skipped, pop3-arrival skipped, clean-up skipped",
		},
		"SMTP off": {
			fault: practice.FaultSMTPOffMailbox, cause: diagnosis.CauseEXOSMTPAuthDisabledMailbox,
			want: "prepare passed, send failed, imap-arrival skipped, pop3-arrival skipped, clean-up skipped",
		},
		"refused after the text: not allowed to send as": {
			change: func(cfg *mailtest.Config) { cfg.Mailbox.Sender = practice.Alias.Address }, cause: "send-as-denied",
			want: "prepare passed, send failed, imap-arrival skipped, pop3-arrival skipped, clean-up skipped",
		},
		"refused after the text: the recipient does not want it": {
			fault: practice.FaultRecipientRefuses, cause: "recipient-refuses-sender",
			want: "prepare passed, send failed, imap-arrival skipped, pop3-arrival skipped, clean-up skipped",
		},
		"taken, but never delivered": {
			fault: practice.FaultMailLost, cause: "message-not-arrived",
			want: "prepare passed, send passed, imap-arrival failed, pop3-arrival failed, clean-up skipped",
		},
		"no authorization": {
			change: func(cfg *mailtest.Config) { cfg.Credential = nil }, cause: diagnosis.CauseAuthorizationMissing,
			want: "prepare failed, send skipped, imap-arrival skipped, pop3-arrival skipped, clean-up skipped",
		},
	} {
		t.Run(name, func(t *testing.T) {
			tenant := startTenant(t)
			if err := tenant.SetFaults(strings.Fields(c.fault)); err != nil {
				t.Fatal(err)
			}
			r := roundTrip(t, tenant, func(cfg *mailtest.Config) {
				cfg.Arrival = 300 * time.Millisecond
				if c.change != nil {
					c.change(cfg)
				}
			})
			if got := states(r, mailtest.RoundTripTest); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
			all := r.Diagnoses()
			if len(all) == 0 || all[0].Cause != c.cause {
				t.Fatalf("%v, want %s", all, c.cause)
			}
			if (c.fault == practice.FaultRecipientRefuses || c.fault == practice.FaultMailLost) && all[0].Certainty != diagnosis.Certain {
				t.Errorf("%s is only %s", c.cause, all[0].Certainty)
			}
		})
	}
}

// A server that does not answer in time ends the round trip before anything is
// sent.
func TestRoundTripAtASilentServer(t *testing.T) {
	tenant := practicetest.Start(t, practice.Options{SlowBy: time.Minute, Faults: []string{practice.FaultSlow}})
	r := roundTrip(t, tenant, func(cfg *mailtest.Config) { cfg.Timeout = 300 * time.Millisecond })
	if got := states(r, mailtest.RoundTripTest); !strings.HasPrefix(got, "prepare failed, send skipped") {
		t.Error(got)
	}
	if all := r.Diagnoses(); len(all) != 1 || all[0].Cause != diagnosis.CauseServerTimeout {
		t.Errorf("%v", all)
	}
}

// A rule has moved the message: it is found where it lies, and removed there.
// POP3, which shows the inbox alone, does not call it lost.
func TestRoundTripFindsWhatARuleHasMoved(t *testing.T) {
	tenant := startTenant(t, practice.FaultMailMoved)
	before := tenant.Messages(practice.Helpdesk.Address)
	r := roundTrip(t, tenant, func(cfg *mailtest.Config) { cfg.Arrival = 300 * time.Millisecond })
	if got := states(r, mailtest.RoundTripTest); got != "prepare passed, send passed, imap-arrival warned, pop3-arrival warned, clean-up passed" || !r.OK() || len(r.Diagnoses()) != 1 || r.Diagnoses()[0].Cause != "message-moved" {
		t.Errorf("%s: %v", got, r.Diagnoses())
	}
	for _, step := range []mailtest.Step{mailtest.StepIMAPArrival, mailtest.StepPOP3Arrival} {
		if got := fact(t, r, step, mailtest.FactFolder); got != "Deleted Items" {
			t.Errorf("%s: found in %v", step, got)
		}
	}
	if after := tenant.Messages(practice.Helpdesk.Address); !slices.Equal(before, after) {
		t.Errorf("the mailbox had\n%q\nand has\n%q", before, after)
	}
}

func TestRoundTripIsCancelled(t *testing.T) {
	tenant := startTenant(t, practice.FaultMailLost)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last mailtest.Event
	cfg := mailtest.Config{Mailbox: tenant.Definition(), Credential: with(token(t, tenant, practice.Helpdesk.UPN), practice.Helpdesk.UPN)}
	for e := range mailtest.RoundTrip(ctx, cfg) {
		if last = e; e.Step == mailtest.StepIMAPArrival {
			cancel()
		}
	}
	if last.Step != mailtest.StepCleanUp || last.State != mailtest.Skipped {
		t.Errorf("%+v", last)
	}
	for e := range mailtest.RoundTrip(t.Context(), cfg) {
		if e.Step == mailtest.StepSend && e.State == mailtest.Running {
			break // and nothing is left running: the leak test looks
		}
	}
}

func TestRoundTripSentences(t *testing.T) {
	tenant := startTenant(t)
	r := roundTrip(t, tenant, nil)
	for _, lang := range i18n.Languages {
		texts := i18n.For(lang)
		for _, e := range r.Result(mailtest.RoundTripTest).Steps {
			for _, state := range []mailtest.State{mailtest.Running, mailtest.Passed, mailtest.Warned, mailtest.Failed, mailtest.Skipped} {
				e.State = state
				e.Facts = map[string]any{"from": "a@b.test", "to": "a@b.test", "folder": "Junk", "removed": []string{"INBOX"}, "left": []string{"INBOX", "Sent"}}
				if text := e.Sentence(texts); text == "" || strings.ContainsAny(text, "⟨{}") {
					t.Errorf("%s %s %s: %q", lang, e.Step, state, text)
				}
			}
		}
	}
}
