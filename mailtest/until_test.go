package mailtest_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"mailgrant/app/practice"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// round is what the protocols say in one attempt: how far each comes and why
// no further. A protocol that is not named works.
type round map[mailtest.Protocol]stop

type stop struct {
	step  mailtest.Step
	cause diagnosis.Cause
}

// player plays rounds, the last one again and again, and notes what it was
// asked to test and when.
type player struct {
	rounds []round
	began  time.Time
	asked  []string
	seen   []map[diagnosis.Phase]bool
}

func (p *player) run(_ context.Context, cfg mailtest.Config) iter.Seq[mailtest.Event] {
	now := p.rounds[min(len(p.asked), len(p.rounds)-1)]
	protocols := cfg.Only
	if len(protocols) == 0 {
		protocols = mailbox.Protocols()
	}
	p.asked = append(p.asked, fmt.Sprintf("%v%v", time.Since(p.began), protocols))
	p.seen = append(p.seen, cfg.Evidence.SignedIn)
	return func(yield func(mailtest.Event) bool) {
		for _, protocol := range protocols {
			state := mailtest.Passed
			for _, s := range []mailtest.Step{mailtest.StepResolve, mailtest.StepConnect, mailtest.StepTLS, mailtest.StepGreeting, mailtest.StepAuthenticate, mailtest.StepMailbox, mailtest.StepQuit} {
				e := mailtest.Event{Protocol: protocol, Step: s, State: state, Start: time.Now()}
				if end, stops := now[protocol]; stops && end.step == s {
					d := diagnosis.New(end.cause, diagnosis.Phase(protocol), nil)
					e.State, e.Diagnosis = mailtest.Failed, &d
					if end.cause == diagnosis.CauseAuthorizationMissing || end.cause == diagnosis.CausePortBlocked && s == mailtest.StepAuthenticate {
						e.State = mailtest.Skipped // there was no credential
					}
					state = mailtest.Skipped
				}
				if !yield(e) {
					return
				}
			}
		}
	}
}

// watching plays rounds in a bubble of its own time and returns what the watch
// said, without the events.
func watching(t *testing.T, w mailtest.Watching, rounds ...round) (p *player, said []mailtest.Watched) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p = &player{rounds: rounds, began: time.Now()}
		server := &mailbox.Server{Host: "mail.test", Port: 993, Security: "tls"}
		w.Test.Mailbox = mailbox.Definition{Name: "Helpdesk", Servers: mailbox.NewServers(mailbox.Given{mailbox.IMAP: server, mailbox.POP3: server, mailbox.SMTP: server})}
		w.Run = p.run
		for a := range mailtest.Watch(t.Context(), w) {
			if a.Event == nil {
				said = append(said, a)
			}
			if len(said) > 100 {
				t.Error("it does not end")
				break
			}
		}
	})
	return p, said
}

var (
	popOff   = stop{mailtest.StepAuthenticate, diagnosis.CauseEXOProtocolDisabledMailbox}
	smtpOff  = stop{mailtest.StepAuthenticate, diagnosis.CauseEXOSMTPAuthDisabledMailbox}
	noDNS    = stop{mailtest.StepResolve, diagnosis.CauseDNSNotResolved}
	blocked  = stop{mailtest.StepConnect, diagnosis.CausePortBlocked}
	captured = stop{mailtest.StepTLS, diagnosis.CauseTLSInterceptionUntrustedCA}
	unknown  = stop{mailtest.StepAuthenticate, diagnosis.CauseUnknown}
)

func everything(s stop) round { return round{mailtest.IMAP: s, mailtest.POP3: s, mailtest.SMTP: s} }

func TestWatchRepeatsOnlyWhatFailed(t *testing.T) {
	p, said := watching(t, mailtest.Watching{},
		round{mailtest.POP3: popOff, mailtest.SMTP: smtpOff}, round{mailtest.POP3: popOff, mailtest.SMTP: smtpOff}, round{mailtest.POP3: popOff},
		round{mailtest.POP3: popOff}, round{mailtest.POP3: popOff}, round{mailtest.POP3: popOff}, round{mailtest.POP3: popOff}, round{})
	want := []string{
		"0s[imap pop3 smtp]", "1m0s[pop3 smtp]", "3m0s[pop3 smtp]", "6m0s[pop3]", "10m0s[pop3]", "15m0s[pop3]", "20m0s[pop3]", "25m0s[pop3]",
	}
	if !slices.Equal(p.asked, want) {
		t.Errorf("asked %q\nwant %q", p.asked, want)
	}
	if !p.seen[1][diagnosis.PhaseIMAP] || p.seen[1][diagnosis.PhasePOP3] || !p.seen[3][diagnosis.PhaseSMTP] {
		t.Errorf("what works is no evidence: %v", p.seen)
	}
	last := said[len(said)-1]
	if last.State != mailtest.Works || !last.Report.OK() || len(last.Report.Tested()) != 3 || last.Attempt != 8 {
		t.Errorf("%+v", last)
	}
	first := said[1]
	if first.State != mailtest.Waiting || first.Report.OK() || first.Report.Result(mailtest.POP3).State != mailtest.Failed || !first.Next.Equal(p.began.Add(time.Minute)) {
		t.Errorf("a later attempt changed the first one's report: %+v", first)
	}
	if two := said[2]; two.State != mailtest.Trying || !slices.Equal(two.Protocols, []mailtest.Protocol{mailtest.POP3, mailtest.SMTP}) {
		t.Errorf("%+v", two)
	}
}

func TestWatchEnds(t *testing.T) {
	wrong := stop{mailtest.StepAuthenticate, diagnosis.CauseTokenUserMismatch}
	none := stop{mailtest.StepAuthenticate, diagnosis.CauseAuthorizationMissing}
	noWay := stop{mailtest.StepAuthenticate, diagnosis.CausePortBlocked}
	for name, c := range map[string]struct {
		length time.Duration
		rounds []round
		state  mailtest.WatchState
		cause  diagnosis.Cause
		asked  int
	}{
		"works at once":                      {rounds: []round{{}}, state: mailtest.Works, asked: 1},
		"somebody else's token":              {rounds: []round{{mailtest.IMAP: wrong, mailtest.POP3: popOff}}, state: mailtest.Hopeless, cause: diagnosis.CauseTokenUserMismatch, asked: 1},
		"no authorization":                   {rounds: []round{everything(none)}, state: mailtest.Hopeless, cause: diagnosis.CauseAuthorizationMissing, asked: 1},
		"authorization goes":                 {rounds: []round{{mailtest.POP3: popOff}, everything(none)}, state: mailtest.Hopeless, cause: diagnosis.CauseAuthorizationMissing, asked: 2},
		"blocked from the beginning":         {rounds: []round{everything(blocked)}, state: mailtest.Hopeless, cause: diagnosis.CausePortBlocked, asked: 1},
		"blocked for a while":                {rounds: []round{{mailtest.POP3: popOff}, everything(blocked), everything(captured), everything(noDNS), {}}, state: mailtest.Works, asked: 5},
		"sign-in service away":               {rounds: []round{{mailtest.POP3: popOff}, everything(noWay), {}}, state: mailtest.Works, asked: 3},
		"without a name service":             {rounds: []round{everything(noDNS), everything(noDNS), {}}, state: mailtest.Works, asked: 3},
		"unknown may pass":                   {rounds: []round{{mailtest.IMAP: unknown}, {}}, state: mailtest.Works, asked: 2},
		"hopeless after it came further":     {rounds: []round{everything(noDNS), everything(wrong)}, state: mailtest.Hopeless, cause: diagnosis.CauseTokenUserMismatch, asked: 2},
		"time over, with one try at the end": {length: 4 * time.Minute, rounds: []round{{mailtest.POP3: popOff}}, state: mailtest.TimeOver, asked: 4},
	} {
		t.Run(name, func(t *testing.T) {
			p, said := watching(t, mailtest.Watching{For: c.length}, c.rounds...)
			last := said[len(said)-1]
			if last.State != c.state || len(p.asked) != c.asked {
				t.Errorf("%s after %q, want %s after %d", last.State, p.asked, c.state, c.asked)
			}
			if (last.Cause == nil) != (c.cause == "") || last.Cause != nil && last.Cause.Cause != c.cause {
				t.Errorf("cause %v, want %q", last.Cause, c.cause)
			}
		})
	}
}

// The clock of the wall runs on while the machine sleeps, that of the pauses
// does not.
func TestWatchAfterSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &player{rounds: []round{{mailtest.POP3: popOff}}, began: time.Now()}
		server := &mailbox.Server{Host: "mail.test", Port: 995, Security: "tls"}
		var asleep atomic.Int64
		w := mailtest.Watching{Run: p.run, Test: mailtest.Config{Mailbox: mailbox.Definition{Servers: mailbox.NewServers(mailbox.Given{mailbox.POP3: server})}}, For: 10 * time.Hour, Clock: func() time.Time {
			return time.Now().Add(time.Duration(asleep.Load()))
		}}
		attempts := 0
		for a := range mailtest.Watch(t.Context(), w) {
			if a.State != mailtest.Waiting {
				continue
			}
			switch attempts++; attempts {
			case 2: // in its pause of two minutes
				time.AfterFunc(18*time.Second, func() { asleep.Store(int64(time.Hour)) })
			case 4:
				p.rounds = []round{{}}
			}
		}
		want := []string{"0s", "1m0s", "1m20s", "2m20s", "4m20s"}
		for i, asked := range p.asked {
			if !strings.HasPrefix(asked, want[i]+"[") {
				t.Errorf("attempts at %q, want %q", p.asked, want)
				break
			}
		}
	})
}

func TestWatchTriesAtOnceWhenAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := make(chan struct{})
		p := &player{rounds: []round{{mailtest.POP3: popOff}, {mailtest.POP3: popOff}, {}}, began: time.Now()}
		w := mailtest.Watching{Run: p.run, Now: now, Test: mailtest.Config{Mailbox: mailbox.Definition{Servers: mailbox.NewServers(mailbox.Given{mailbox.POP3: &mailbox.Server{Host: "mail.test"}})}}}
		time.AfterFunc(20*time.Second, func() { now <- struct{}{} })
		for range mailtest.Watch(t.Context(), w) {
			continue
		}
		want := []string{"0s[", "20s[", "2m20s["}
		for i, asked := range p.asked {
			if !strings.HasPrefix(asked, want[i]) {
				t.Errorf("attempts at %q, want %q", p.asked, want)
			}
		}
	})
}

func TestWatchIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		p := &player{rounds: []round{{mailtest.POP3: popOff}}, began: time.Now()}
		server := &mailbox.Server{Host: "mail.test", Port: 995, Security: "tls"}
		time.AfterFunc(30*time.Second, cancel)
		for a := range mailtest.Watch(ctx, mailtest.Watching{Run: p.run, Test: mailtest.Config{Mailbox: mailbox.Definition{Servers: mailbox.NewServers(mailbox.Given{mailbox.POP3: server})}}}) {
			if a.State != mailtest.Trying && a.State != mailtest.Waiting {
				t.Errorf("%+v", a)
			}
		}
		if len(p.asked) != 1 || time.Since(p.began) != 30*time.Second {
			t.Errorf("asked %q, ended after %v", p.asked, time.Since(p.began))
		}
	})
}

// With real servers: a switch that is off is found, and found to be on.
func TestWatchThePracticeTenant(t *testing.T) {
	tenant := startTenant(t, practice.FaultPOP3Off)
	var states []string
	var certain diagnosis.Certainty
	w := mailtest.Watching{
		Test:  mailtest.Config{Mailbox: tenant.Definition(), Credential: with(token(t, tenant, practice.Helpdesk.UPN), practice.Helpdesk.UPN)},
		Pause: func(int) time.Duration { return time.Millisecond },
	}
	for a := range mailtest.Watch(t.Context(), w) {
		if a.Event != nil {
			continue
		}
		states = append(states, fmt.Sprintf("%s%v", a.State, a.Protocols))
		if a.State == mailtest.Waiting {
			d := a.Report.Diagnoses()[0]
			if d.Cause != diagnosis.CauseEXOProtocolDisabledMailbox {
				t.Errorf("attempt %d: %v", a.Attempt, d.Causes)
			}
			if a.Attempt == 1 {
				certain = d.Certainty
			} else if d.Certainty != certain {
				t.Errorf("attempt %d is %s, the first was %s", a.Attempt, d.Certainty, certain)
			}
			if a.Attempt == 2 {
				_ = tenant.SetFaults(nil)
			}
		}
	}
	if want := []string{"trying[imap pop3 smtp]", "waiting[]", "trying[pop3]", "waiting[]", "trying[pop3]", "works[]"}; !slices.Equal(states, want) {
		t.Errorf("%q, want %q", states, want)
	}
}
