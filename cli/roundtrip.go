package cli

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

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
	answer, err := interruptible(ctx, func() (string, error) { return bufio.NewReader(in).ReadString('\n') })
	if err != nil {
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
	for e := range p.tester(f, mailtest.RoundTrip)(ctx, p.testConfig(ctx, d, f)) {
		report.Add(e)
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
	return ctx.Err()
}
