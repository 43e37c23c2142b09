//go:build hostile

package hostile

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// tripSteps are what a round trip asks, and the step of it that fails then.
var tripSteps = []step{
	{mailtest.IMAP, "greeting", token, mailtest.StepPrepare, nil, false},
	{mailtest.IMAP, "sign-in", token, mailtest.StepPrepare, nil, false},
	{mailtest.IMAP, "verdict", token, mailtest.StepPrepare, nil, false},
	{mailtest.IMAP, "can", token, mailtest.StepPrepare, nil, false},
	{mailtest.IMAP, "select", token, mailtest.StepPrepare, nil, false},
	{mailtest.IMAP, "look", token, mailtest.StepIMAPArrival, nil, false},
	{mailtest.IMAP, "idle", token, mailtest.StepIMAPArrival, nil, true},
	{mailtest.IMAP, "done", token, mailtest.StepIMAPArrival, nil, true},
	{mailtest.IMAP, "news", bare, mailtest.StepIMAPArrival, nil, false},
	{mailtest.IMAP, "mark", token, mailtest.StepCleanUp, nil, false},
	{mailtest.IMAP, "marked", bare, mailtest.StepCleanUp, nil, false},
	{mailtest.IMAP, "remove", token, mailtest.StepCleanUp, nil, false},
	{mailtest.IMAP, "folders", token, mailtest.StepCleanUp, nil, false},
	{mailtest.IMAP, "sent", token, mailtest.StepCleanUp, nil, false},

	{mailtest.POP3, "greeting", token, mailtest.StepPrepare, nil, false},
	{mailtest.POP3, "verdict", token, mailtest.StepPrepare, nil, false},
	{mailtest.POP3, "mailbox", token, mailtest.StepPrepare, nil, false},
	{mailtest.POP3, "list", token, mailtest.StepPrepare, nil, false},
	{mailtest.POP3, "look", token, mailtest.StepPOP3Arrival, nil, false},
	{mailtest.POP3, "mark", token, mailtest.StepCleanUp, nil, false},
	{mailtest.POP3, "quit", token, mailtest.StepCleanUp, nil, false}, // only then the letter goes (RFC 1939, section 6)
}

// sendSteps are those of whoever sends, be it a round trip or a notice.
var sendSteps = []step{
	{mailtest.SMTP, "greeting", token, mailtest.StepSend, nil, false},
	{mailtest.SMTP, "offers", token, mailtest.StepSend, nil, false},
	{mailtest.SMTP, "sign-in", token, mailtest.StepSend, nil, false},
	{mailtest.SMTP, "verdict", token, mailtest.StepSend, nil, false},
	{mailtest.SMTP, "mailbox", token, mailtest.StepSend, nil, false},
	{mailtest.SMTP, "recipient", token, mailtest.StepSend, nil, false},
	{mailtest.SMTP, "data", token, mailtest.StepSend, nil, false},
	{mailtest.SMTP, "text", token, mailtest.StepSend, nil, false},
	{mailtest.SMTP, "quit", token, mailtest.StepQuit, nil, false},
}

func TestHostileRoundTrip(t *testing.T) {
	for _, s := range slices.Concat(tripSteps, sendSteps) {
		total.add("round trip, "+string(s.protocol), sendCells(s, trip))
	}
	total.run(t)
}

func TestHostileNotice(t *testing.T) {
	for _, s := range sendSteps {
		total.add("notice by mail", sendCells(s, notice))
	}
	total.run(t)
}

// sendCells are those of a step. Each is run with the short limit first, as in
// mail: much that is wrong here shows in that nothing more comes.
func sendCells(s step, run func(step, way, time.Duration) error) (all []cell) {
	for _, w := range ways {
		if w.fitsIn(s) {
			all = append(all, cell{name: s.name + map[mode]string{bare: " at an old server"}[s.mode] + ", " + w.name, waits: w.waitsAt(s) || w.stays || s.at == mailtest.StepIMAPArrival, run: func() error {
				if run(s, w, patience) == nil {
					return nil
				}
				return run(s, w, usual)
			}})
		}
	}
	return all
}

// besides are the servers that a mailbox lacks whose server for the protocol
// misbehaves: by POP3 the letter is removed only where there is no IMAP.
var besides = map[mailtest.Protocol][]mailtest.Protocol{mailtest.POP3: {mailtest.IMAP}, mailtest.SMTP: {mailtest.POP3}}

func trip(s step, w way, limit time.Duration) error {
	c := mailCell{step: s, way: w, security: mailbox.SecurityNone, limit: limit, without: besides[s.protocol]}
	c.engine = func(ctx context.Context, cfg mailtest.Config) iter.Seq[mailtest.Event] {
		cfg.Arrival = limit
		return mailtest.RoundTrip(ctx, cfg)
	}
	return c.run(c.traveled)
}

// then is what has to come of the cell.
func (c *mailCell) then() outcome {
	switch {
	case c.step.at == mailtest.StepQuit:
		return harmless
	case c.step.optional && c.way.then == refused,
		c.step.name == "remove" && (c.way.then == breaks || c.way.name == "shuts down"): // asked once more, the server says that it is gone
		return open
	}
	return c.way.then
}

// traveled compares what came of a round trip with what the table says, and with
// what the servers have seen.
func (c *mailCell) traveled() error {
	state := map[mailtest.Step]mailtest.State{}
	var first *mailtest.Event
	for _, s := range c.report.Result(mailtest.RoundTripTest).Steps {
		state[s.Step] = s.State
		d := s.Diagnosis
		switch {
		case s.State == mailtest.Running:
			return fmt.Errorf("%s never ended", s.Step)
		case s.State == mailtest.Failed && d == nil:
			return fmt.Errorf("%s failed without a diagnosis", s.Step)
		case d != nil && (d.Cause == "" || d.Cause == diagnosis.CauseUnknown && (c.way.then == breaks || d.ServerText == "")):
			return fmt.Errorf("%s: cause %q, %q", s.Step, d.Cause, d.ServerText)
		}
		if d != nil && first == nil {
			first = &s
		}
	}
	lost := c.step.name == "text" && c.way.then == breaks // the verdict is
	header, left := c.letters.lies()
	switch then := c.then(); {
	case first != nil && then == harmless:
		return fmt.Errorf("%s is %s: %s: %s", first.Step, first.State, first.Diagnosis.Cause, first.Diagnosis.ServerText)
	case first == nil && (then == breaks || then == refused):
		return errors.New("it is good")
	case first != nil && (first.Step != c.step.at && then != open || before(first.Step, c.step.at)) && !c.way.early:
		return fmt.Errorf("%s failed, not %s: %s: %s", first.Step, c.step.at, first.Diagnosis.Cause, first.Diagnosis.ServerText)
	case state[mailtest.StepPrepare] == mailtest.Failed && header != "":
		return errors.New("it was sent though the mailbox could not be opened")
	case state[mailtest.StepSend] == mailtest.Failed && header != "" && !c.way.ahead:
		return errors.New("it was sent, and told not to be")
	case state[mailtest.StepSend] == mailtest.Passed && header == "" && !c.way.ahead:
		return errors.New("it was not sent, and told to be")
	case lost && (state[mailtest.StepSend] != mailtest.Warned || state[mailtest.StepCleanUp] != mailtest.Passed):
		return fmt.Errorf("sending is %s and cleaning up %s where the verdict is lost", state[mailtest.StepSend], state[mailtest.StepCleanUp])
	case state[mailtest.StepCleanUp] == mailtest.Passed && left && !c.way.ahead:
		return errors.New("the message is there, and told to be removed")
	case c.step.protocol == mailtest.IMAP && header != "" && state[mailtest.StepPOP3Arrival] != mailtest.Passed && state[mailtest.StepIMAPArrival] != mailtest.Warned:
		return fmt.Errorf("POP3 does not see the message: %s", state[mailtest.StepPOP3Arrival])
	}
	return nil
}

func before(a, b mailtest.Step) bool {
	all := []mailtest.Step{mailtest.StepPrepare, mailtest.StepSend, mailtest.StepIMAPArrival, mailtest.StepPOP3Arrival, mailtest.StepCleanUp, mailtest.StepQuit}
	return slices.Index(all, a) < slices.Index(all, b)
}

// notice sends a mail as the monitor does. Its error is a cause that has a name,
// and tells whether the mail may arrive all the same.
func notice(s step, w way, limit time.Duration) error {
	c := mailCell{step: s, way: w, security: mailbox.SecurityNone, limit: limit}
	var err error
	c.engine = func(ctx context.Context, cfg mailtest.Config) iter.Seq[mailtest.Event] {
		return func(func(mailtest.Event) bool) {
			if err = mailtest.Send(ctx, cfg, mailtest.Message{To: user, Subject: "News", Text: "of a mailbox\n"}); err != nil {
				fmt.Fprintln(&c.events, err)
			}
		}
	}
	return c.run(func() error {
		header, _ := c.letters.lies()
		d, named := errors.AsType[diagnosis.Diagnosis](err)
		doubt := errors.Is(err, mailtest.ErrDoubt)
		switch then := c.then(); {
		case err != nil && (!named || d.Cause == "" || d.Cause == diagnosis.CauseUnknown && (then == breaks || d.ServerText == "")):
			return fmt.Errorf("cause %q, %q: %w", d.Cause, d.ServerText, err)
		case err != nil && then == harmless:
			return fmt.Errorf("it failed: %w", err)
		case err == nil && (then == breaks || then == refused):
			return errors.New("it is good")
		case err == nil && header == "" && !c.way.ahead:
			return errors.New("it was not sent, and told to be")
		case err != nil && header != "" && !doubt && !c.way.ahead:
			return fmt.Errorf("it was sent, and told not to be: %w", err)
		}
		return nil
	})
}
