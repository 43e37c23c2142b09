package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"mailgrant/app/assistant"
	"mailgrant/app/authorization"
	"mailgrant/app/history"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

type testFlags struct {
	selection
	only    []string
	timeout time.Duration
	hosts   []string
	perHost int // connections at once, with --all
	report  reportFlags
	watch   time.Duration
	trip    bool // a message is sent and received
	yes     bool
	tour    bool // in practice: the mailbox is gone afterwards
}

func (p *program) testCommand() *command {
	var f testFlags
	var c *command
	c = p.command("test [MAILBOX]", 0, 1, func(ctx context.Context, args []string) error {
		if err := cmp.Or(f.report.check(p), f.checkMore(c.flags.Changed("watch"))); err != nil {
			return err
		}
		if f.several() {
			return p.testAll(ctx, f, args)
		}
		d, err := p.mailbox(f.selection, args)
		if err != nil {
			return err
		}
		return p.testOne(ctx, d, f)
	})
	f.flags(p, c, "file", "json", "all")
	c.flags.StringSliceVar(&f.only, "only", nil, p.texts.Text("cli.flag.only"))
	c.flags.DurationVar(&f.timeout, "timeout", mailtest.DefaultTimeout, p.texts.Text("cli.flag.test-timeout"))
	c.flags.IntVar(&f.perHost, "per-host", mailtest.PerHost, p.texts.Text("cli.flag.per-host"))
	c.flags.DurationVar(&f.watch, "watch", 0, p.texts.Text("cli.flag.watch"))
	c.flags.BoolVar(&f.trip, "round-trip", false, p.texts.Text("cli.flag.round-trip"))
	c.flags.BoolVar(&f.yes, "yes", false, p.texts.Text("cli.flag.yes"))
	p.hostsFlag(c, &f.hosts)
	f.report.flags(p, c)
	needs(c, "yes", "round-trip")
	return c
}

// checkMore looks at the options that make more of a test.
func (f testFlags) checkMore(watch bool) error {
	switch {
	case f.several() && f.watch != 0:
		return usage("cli.error.one-mailbox", i18n.Args{"flag": "--watch"})
	case f.several() && f.trip:
		return usage("cli.error.one-mailbox", i18n.Args{"flag": "--round-trip"})
	case watch && f.watch <= 0:
		return usage("cli.error.flag-invalid", i18n.Args{"flag": "--watch", "value": f.watch.String()})
	}
	return cmp.Or(choices("--only", f.only, mailbox.Protocols()), positive("--timeout", f.timeout), f.checkPerHost())
}

// fits refuses a mailbox that has no server to be tested.
func (f testFlags) fits(d mailbox.Definition) error {
	for _, name := range f.only {
		if d.Server(mailbox.Protocol(name)) == nil {
			return usage("cli.error.only", i18n.Args{"flag": "--only", "protocol": mailbox.Protocol(name).Title(), "mailbox": d.Name})
		}
	}
	return nil
}

// testOne tests a mailbox and ends with 0, 1 (a problem) or 5 (no usable
// authorization).
func (p *program) testOne(ctx context.Context, d mailbox.Definition, f testFlags) error {
	if err := cmp.Or(f.fits(d), p.m().CheckHosts(d, f.hosts)); err != nil {
		return err
	}
	if f.trip {
		if err := p.agreed(ctx, d, f); err != nil {
			return err
		}
	}
	found, line, err := p.tested(ctx, d, f)
	if err != nil {
		return err
	}
	if f.trip {
		if err := p.roundTrip(ctx, d, f, found); err != nil {
			return err
		}
	}
	if f.json {
		_ = p.printJSON(line()) // output remembers what could not be written
	} else {
		told := found.JSON(p.texts)
		for _, diag := range told.Diagnoses {
			if by := told.FailedBy(diag.Cause); len(told.Diagnoses) > 1 && !strings.Contains(diag.Title, by) {
				diag.Title = by + ": " + diag.Title
			}
			p.showRendered(p.Stdout, diag)
		}
		if opened := assistant.Opened(found, p.texts); opened != "" {
			fmt.Fprintf(p.Stdout, "\n%s\n", wrap(opened, textWidth, ""))
		}
		p.showNext(found, d, f)
	}
	if f.report.file != "" {
		if err := p.writeReport(f.report, p.subject(ctx, d, found)); err != nil {
			return err
		}
	}
	status, why := p.statusOfTest(d, found)
	if why != "" {
		fmt.Fprintln(p.Stderr, why)
	}
	return exit(status)
}

// showNext says what comes when everything works.
func (p *program) showNext(r *mailtest.Report, d mailbox.Definition, f testFlags) {
	next := assistant.NextStep(r, nil, nil, p.texts)
	if next == "" {
		return
	}
	fmt.Fprintf(p.Stdout, "\n%s\n", next)
	which := "--mailbox " + shellWord(d.Name)
	switch {
	case f.tour:
		return
	case f.file != "":
		which = "--file " + shellWord(f.file)
	}
	fmt.Fprintln(p.Stdout, styleOf(p.Stdout).paint(dim, p.texts.Text("cli.test.next", i18n.Args{"mailbox": which})))
}

// shellWord quotes a word that a shell would take for several.
func shellWord(word string) string {
	if strings.ContainsAny(word, " \t&;()") {
		return `"` + word + `"`
	}
	return word
}

// tested tests once, or until it works. line is the last line of JSON, to be
// asked for when everything is known.
func (p *program) tested(ctx context.Context, d mailbox.Definition, f testFlags) (report *mailtest.Report, line func() any, err error) {
	if f.watch > 0 {
		return p.watch(ctx, d, f)
	}
	report = mailtest.NewReport(d, time.Now())
	live := newLiveTest(p, d, f.json)
	for event := range p.tester(f, mailtest.Run)(ctx, p.testConfig(ctx, d, f)) {
		report.Add(event)
		live.show(report)
	}
	if !f.json && ctx.Err() == nil {
		live.draw(report)
	}
	return report, func() any { return report.JSON(p.texts) }, ctx.Err()
}

// tester keeps the results of saved mailboxes; a definition file has none.
func (p *program) tester(f testFlags, run history.Tester) history.Tester {
	if f.file != "" {
		return run
	}
	return p.m().History.Recording(run, p.log)
}

// testConfig is what the flags mean for one mailbox.
func (p *program) testConfig(ctx context.Context, d mailbox.Definition, f testFlags) mailtest.Config {
	return mailtest.Config{
		Mailbox: d, Credential: p.m().Credential(d, f.hosts), Only: typed[mailtest.Protocol](f.only), Timeout: f.timeout, Log: p.log,
		Evidence: authorization.Evidence(ctx, d), Experiments: p.m().Experiments(d, f.hosts),
	}
}

// liveTest shows a running test: on a terminal a block that is drawn again
// with every event, elsewhere one block at the end.
type liveTest struct {
	p     *program
	s     style
	quiet bool
	drawn int // lines on the screen that the next drawing replaces
}

func newLiveTest(p *program, d mailbox.Definition, quiet bool) *liveTest {
	l := &liveTest{p: p, s: styleOf(p.Stdout), quiet: quiet}
	if !quiet {
		fmt.Fprintf(p.Stdout, "%s  %s\n\n", l.s.paint(bold, d.Name), l.s.paint(dim, d.Address()))
	}
	return l
}

// show draws again where that replaces what was drawn before.
func (l *liveTest) show(r *mailtest.Report) {
	if !l.quiet && l.s.on {
		l.draw(r)
	}
}

func (l *liveTest) draw(r *mailtest.Report) {
	var b strings.Builder
	if l.drawn > 0 {
		fmt.Fprintf(&b, "\x1b[%dA\x1b[J", l.drawn)
	}
	l.drawn = 0
	for _, protocol := range r.Tested() {
		for _, line := range l.protocol(r, protocol) {
			b.WriteString(line + "\n")
			l.drawn += l.s.rows(line)
		}
	}
	fmt.Fprint(l.p.Stdout, b.String())
}

// protocol is two lines: where and how long, and the steps.
func (l *liveTest) protocol(r *mailtest.Report, protocol mailtest.Protocol) []string {
	res := r.Result(protocol)
	took := ""
	if res.Done {
		took = fmt.Sprintf("%d ms", res.Duration.Milliseconds())
	}
	head := fmt.Sprintf("%s %-5s %-42s %-9s %8s", l.s.mark(res.State), protocol.Title(),
		fmt.Sprintf("%s:%d", res.Server.Host, res.Server.Port), l.p.texts.Text("cli.security."+res.Server.Security), took)
	var steps []string
	for _, step := range res.Steps {
		if step.Step == mailtest.StepQuit || (step.State == mailtest.Skipped && step.Diagnosis == nil) {
			continue
		}
		steps = append(steps, l.s.mark(step.State)+" "+l.p.texts.Text("cli.step."+string(step.Step)))
	}
	lines := []string{strings.TrimRight(head, " "), "  " + strings.Join(steps, "  ")}
	for _, e := range r.Experiments() {
		if e.Protocol == protocol && e.State != mailtest.Skipped {
			text := e.Experiment.Words(l.p.texts, protocol, res.Server)
			if e.Experiment.Result != "" {
				text = l.p.texts.Text("cli.tried", i18n.Args{"text": text})
			}
			lines = append(lines, strings.Split(l.s.mark(e.State)+" "+wrap(text, 90, "    "), "\n")...)
			lines[len(lines)-1] = strings.TrimRight(lines[len(lines)-1], " ")
		}
	}
	return lines
}
