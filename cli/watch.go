package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// watch tests a mailbox until it works, the time is over or waiting cannot
// help. With --json every attempt is a line; the last one is left to the caller.
func (p *program) watch(ctx context.Context, d mailbox.Definition, f testFlags) (*mailtest.Report, func() any, error) {
	w := mailtest.Watching{Test: p.testConfig(ctx, d, f), For: f.watch, Run: p.tester(f, mailtest.Run), Pause: p.WatchPause}
	var last mailtest.Watched
	var attempt *mailtest.Report
	live := newLiveTest(p, d, f.json)
	for a := range mailtest.Watch(ctx, w) {
		switch {
		case a.State == mailtest.Trying && a.Event == nil:
			attempt, live.drawn = mailtest.NewReport(d, time.Now()), 0
			p.tellAttempt(f, a)
			continue
		case a.State == mailtest.Trying:
			attempt.Add(*a.Event)
			live.show(attempt)
			continue
		case f.json && a.State == mailtest.Waiting:
			if err := p.printJSON(a.JSON(p.texts)); err != nil {
				return nil, nil, err
			}
		}
		last = a
		if !f.json {
			live.draw(attempt)
			p.tellWatched(a)
		}
	}
	return last.Report, func() any { return last.JSON(p.texts) }, ctx.Err()
}

func (p *program) tellAttempt(f testFlags, a mailtest.Watched) {
	if f.json {
		return
	}
	names := make([]string, len(a.Protocols))
	for i, protocol := range a.Protocols {
		names[i] = protocol.Title()
	}
	fmt.Fprintln(p.Stdout, p.texts.Text("cli.watch.attempt", i18n.Args{
		"attempt": strconv.Itoa(a.Attempt), "time": p.clock(time.Now()), "protocols": strings.Join(names, ", "),
	}))
}

// tellWatched says how an attempt ended: why something does not work yet, and
// what comes next.
func (p *program) tellWatched(a mailtest.Watched) {
	if a.State == mailtest.Waiting {
		for _, diag := range a.Report.Diagnoses() {
			fmt.Fprintf(p.Stdout, "  %s\n", diag.Render(p.texts).Title)
		}
		fmt.Fprintf(p.Stdout, "%s\n\n", p.texts.Text("cli.watch.next", i18n.Args{"time": p.clock(a.Next)}))
		return
	}
	fmt.Fprintln(p.Stdout, p.texts.Text("cli.watch."+string(a.State)))
}

func (p *program) clock(at time.Time) string {
	return at.Local().Format(p.texts.Text("cli.watch.clock"))
}

// agreed asks, before anything else is done, whether a message may be sent.
func (p *program) agreed(ctx context.Context, d mailbox.Definition, f testFlags) error {
	if !mailtest.CanRoundTrip(d) {
		return usage("cli.error.round-trip", i18n.Args{"mailbox": d.Name})
	}
	if f.yes {
		return nil
	}
	in := p.terminal()
	if f.json || in == nil {
		return usage("cli.error.round-trip-yes")
	}
	from, to := mailtest.RoundTripRoute(d)
	fmt.Fprint(p.Stderr, p.texts.Text("cli.round-trip.ask", i18n.Args{"from": from, "to": to})+" ")
	var answer string
	err := interruptible(ctx, func() (err error) { answer, err = bufio.NewReader(in).ReadString('\n'); return err })
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if !strings.HasPrefix(strings.ToLower(strings.TrimSpace(answer)), p.texts.Text("cli.round-trip.yes")) {
		p.tell(p.texts.Text("cli.round-trip.declined"))
		return exitError(exitCancelled)
	}
	return nil
}

// roundTrip sends a message to a mailbox that works, and adds to the report
// what came of it.
func (p *program) roundTrip(ctx context.Context, d mailbox.Definition, f testFlags, report *mailtest.Report) error {
	if !report.OK() {
		p.tell(p.texts.Text("cli.round-trip.left-out"))
		return nil
	}
	s := styleOf(p.Stdout)
	if !f.json {
		fmt.Fprintf(p.Stdout, "\n%s\n", s.paint(bold, p.texts.Text("cli.round-trip.title")))
	}
	left := false // the message may lie in the mailbox
	for e := range p.tester(f, mailtest.RoundTrip)(ctx, p.testConfig(ctx, d, f)) {
		report.Add(e)
		left = leaves(left, e)
		switch {
		case f.json, e.State == mailtest.Running && !s.on:
		case e.State == mailtest.Running:
			fmt.Fprintf(p.Stdout, "  %s %s", s.mark(e.State), e.Sentence(p.texts))
		case s.on:
			fmt.Fprintf(p.Stdout, "\r\x1b[K  %s %s\n", s.mark(e.State), e.Sentence(p.texts))
		default:
			fmt.Fprintf(p.Stdout, "  %s %s\n", s.mark(e.State), e.Sentence(p.texts))
		}
	}
	if ctx.Err() != nil && left {
		p.note("cli.round-trip.left", i18n.Args{"mailbox": d.Address()})
	}
	return ctx.Err()
}

// leaves reports whether the message may lie in the mailbox after an event: it does
// until it was removed.
func leaves(before bool, e mailtest.Event) bool {
	switch {
	case e.Step == mailtest.StepSend && e.State != mailtest.Skipped:
		return true
	case e.Step == mailtest.StepCleanUp && (e.State == mailtest.Passed || e.State == mailtest.Warned):
		return false
	}
	return before
}
