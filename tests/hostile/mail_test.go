//go:build hostile

package hostile

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mailgrant/app/report"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
)

const user = "helpdesk@contoso.test"

func TestHostileMail(t *testing.T) {
	for _, protocol := range mailbox.Protocols() {
		for _, security := range []string{mailbox.SecurityTLS, mailbox.SecuritySTARTTLS, mailbox.SecurityNone} {
			group := fmt.Sprintf("%s, %s", protocol, security)
			total.add(group, mailCells(protocol, security, steps, ways))
			total.add(group, mailCells(protocol, security, handshakes, shakes))
		}
	}
	total.run(t)
}

// mailCells are the cells of a protocol.
func mailCells(protocol mailtest.Protocol, security string, steps []step, ways []way) []cell {
	var all []cell
	for _, s := range steps {
		if s.protocol != protocol || !slices.Contains(s.securities(), security) {
			continue
		}
		for _, w := range ways {
			if !w.fitsIn(s) {
				continue
			}
			name := fmt.Sprintf("%s%s, %s", s.name, map[mode]string{atOnce: " at once", plain: " by password", command: " by command"}[s.mode], w.name)
			all = append(all, cell{name: name, waits: w.waitsAt(s) || w.stays, run: func() error { return mail(s, w, security) }})
		}
	}
	return all
}

// mail runs a cell. The limit is short where the peer never ends, and holds for
// everything in the cell: on a busy machine it may be too short for the rest. So
// a cell that waits and did not hold is run again with the usual limit.
func mail(s step, w way, security string) error {
	run := func(limit time.Duration) error {
		c := mailCell{step: s, way: w, security: security, limit: limit, engine: mailtest.Run}
		return c.run(func() error { return errors.Join(c.outcome(), c.others()) })
	}
	if !w.waitsAt(s) || run(patience) != nil {
		return run(usual)
	}
	return nil
}

// mailCell is a test in which one protocol's server misbehaves.
type mailCell struct {
	step     step
	way      way
	security string
	limit    time.Duration
	without  []mailtest.Protocol // that the mailbox has no server for
	engine   func(context.Context, mailtest.Config) iter.Seq[mailtest.Event]
	letters  letters
	hosts    map[mailtest.Protocol]*host
	log      bytes.Buffer
	events   bytes.Buffer
	report   *mailtest.Report
}

// run runs the engine; judge tells what is wrong with what came of it.
func (c *mailCell) run(judge func() error) error {
	if err := c.start(); err != nil {
		return err
	}
	cfg := c.config()
	began := time.Now()
	c.report = mailtest.NewReport(cfg.Mailbox, began)
	for e := range c.engine(context.Background(), cfg) {
		fmt.Fprintf(&c.events, "%+v\n", e)
		if e.Diagnosis != nil {
			fmt.Fprintf(&c.events, "%+v\n%s\n", *e.Diagnosis, e.Diagnosis.Error())
		}
		c.report.Add(e)
	}
	took := time.Since(began)
	wrong := []error{judge(), c.outputs()}
	if took > cfg.Timeout+generous {
		wrong = append(wrong, fmt.Errorf("it took %s", took))
	}
	for _, h := range c.hosts {
		for _, leak := range h.stop() {
			wrong = append(wrong, errors.New(leak))
		}
	}
	return errors.Join(wrong...)
}

// start starts the server that misbehaves and two that do not.
func (c *mailCell) start() error {
	c.hosts = map[mailtest.Protocol]*host{}
	for _, p := range mailbox.Protocols() {
		template := peer{protocol: p, security: c.security, mode: c.step.mode, letters: &c.letters}
		if p == c.step.protocol {
			template.step, template.way = c.step.name, c.way
		}
		h, err := start(template)
		if err != nil {
			return err
		}
		c.hosts[p] = h
	}
	return nil
}

func (c *mailCell) config() mailtest.Config {
	d := mailbox.Definition{
		Name: "Hostile", Sender: user, User: user, Authentication: mailbox.AuthOAuth2, TrustedCA: root.PEM(),
		OAuth: &mailbox.OAuth{Provider: mailbox.ProviderCustom, Issuer: "http://localhost:9", ClientID: "client"},
	}
	if c.step.mode == plain || c.step.mode == command {
		d.Authentication = mailbox.AuthPassword
	}
	server := func(p mailtest.Protocol) *mailbox.Server {
		return &mailbox.Server{Host: "localhost", Port: c.hosts[p].port(), Security: c.security}
	}
	for _, p := range mailbox.Protocols() {
		if !slices.Contains(c.without, p) {
			d.SetServer(p, server(p))
		}
	}
	return mailtest.Config{
		Mailbox: d.Normalize(), Timeout: c.limit,
		Log: slog.New(slog.NewJSONHandler(&c.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Resolve: func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		},
		Credential: func(context.Context, string) (mailtest.Credential, error) {
			return mailtest.Credential{Token: redact.NewSecret(canaryToken), Password: redact.NewSecret(canaryPassword), Account: user}, nil
		},
	}
}

// outcome compares what was found with what the table says.
func (c *mailCell) outcome() error {
	steps := c.report.Result(c.step.protocol).Steps
	if len(steps) != 7 {
		return fmt.Errorf("it has %d steps", len(steps))
	}
	var failed []mailtest.Event
	for _, s := range steps {
		switch {
		case s.State == mailtest.Running:
			return fmt.Errorf("%s never ended", s.Step)
		case s.State == mailtest.Failed && s.Diagnosis == nil:
			return fmt.Errorf("%s failed without a diagnosis", s.Step)
		case s.Diagnosis != nil:
			failed = append(failed, s)
		case len(failed) > 0 && s.State != mailtest.Skipped && s.Step != mailtest.StepQuit:
			return fmt.Errorf("%s is %s after a failure", s.Step, s.State)
		}
	}
	if len(failed) > 1 || len(c.report.Diagnoses()) != len(failed) {
		return fmt.Errorf("%d failures, %d diagnoses", len(failed), len(c.report.Diagnoses()))
	}
	then := c.way.then
	switch {
	case c.step.at == mailtest.StepQuit:
		then = harmless
	case c.step.optional && then == refused:
		then = open
	}
	if len(failed) == 0 {
		if then == breaks || then == refused {
			return errors.New("it is good")
		}
		return nil
	}
	f := failed[0]
	d := f.Diagnosis
	switch early := c.way.early && f.Step == mailtest.StepConnect; {
	case then == harmless:
		return fmt.Errorf("%s failed: %s: %s", f.Step, d.Cause, d.ServerText)
	case d.Cause == "" || d.Cause == diagnosis.CauseUnknown && (then == breaks || d.ServerText == ""):
		return fmt.Errorf("%s: cause %q, %q", f.Step, d.Cause, d.ServerText)
	case then == open && order(f.Step, c.security) < order(c.step.at, c.security) && !early,
		then != open && f.Step != c.step.at && !early:
		return fmt.Errorf("%s failed, not %s: %s: %s", f.Step, c.step.at, d.Cause, d.ServerText)
	}
	return nil
}

func order(s mailtest.Step, security string) int {
	all := []mailtest.Step{mailtest.StepTLS, mailtest.StepGreeting, mailtest.StepAuthenticate, mailtest.StepMailbox, mailtest.StepQuit}
	if security == mailbox.SecuritySTARTTLS {
		all[0], all[1] = all[1], all[0]
	}
	return slices.Index(all, s)
}

// others demands that the other protocols are undisturbed.
func (c *mailCell) others() error {
	var wrong []error
	for _, p := range mailbox.Protocols() {
		if r := c.report.Result(p); p != c.step.protocol && r.State != mailtest.Passed {
			wrong = append(wrong, fmt.Errorf("%s is %s", p, r.State))
		}
	}
	return errors.Join(wrong...)
}

// written counts reports: the formats take turns, for each takes longer than
// the test itself. What has something to hide is written in all.
var written atomic.Int64

// outputs demands that nothing that is kept or shown holds a secret, and that
// what is shown holds nothing that misleads.
func (c *mailCell) outputs() error {
	if what := secretIn(c.log.String() + c.events.String()); what != "" {
		return fmt.Errorf("the log or an event holds %s", what)
	}
	turn := int(written.Add(1))
	formats := report.Formats
	if !strings.Contains(c.way.name, "secret") && !strings.Contains(c.way.name, "characters") {
		formats = formats[turn%len(formats):][:1]
	}
	o := report.Options{Version: "1", Made: time.Now(), Languages: i18n.Languages}
	for _, f := range formats {
		data, err := report.Write(f, o, report.Subject{Report: c.report})
		if err != nil {
			return err
		}
		if f == report.CSV { // its lines end as the format wants
			data = []byte(strings.ReplaceAll(string(data), "\r\n", "\n"))
		}
		if what := unfit(strings.TrimPrefix(string(data), "\ufeff")); what != "" {
			return fmt.Errorf("the report as %s: %s", f, what)
		}
	}
	data, err := json.Marshal(c.report.JSON(i18n.For(i18n.Languages[turn%len(i18n.Languages)])))
	if err != nil {
		return err
	}
	if what := unfit(string(data)); what != "" {
		return fmt.Errorf("--json: %s", what)
	}
	return nil
}
