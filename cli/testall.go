package cli

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"mailgrant/app/assistant"
	"mailgrant/app/history"
	"mailgrant/app/report"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// testAll tests every saved mailbox; one that cannot be tested holds up none of
// the others.
func (p *program) testAll(ctx context.Context, f testFlags, args []string) error {
	every := func(mailbox.Definition) bool { return true }
	var mu sync.Mutex
	var kept []report.Subject
	places := mailtest.NewPlaces(f.perHost)
	done := p.all(ctx, f.selection, args, every, func(ctx context.Context, d mailbox.Definition) shown {
		err := f.fits(d)
		if err == nil {
			err = p.m().CheckHosts(d, f.hosts)
		}
		if err != nil {
			e := p.endingOf(err)
			return shown{status: e.status, line: e.line}
		}
		cfg := p.testConfig(ctx, d, f)
		cfg.Experiments = nil // one mailbox after the other can be asked for its reasons
		test := mailtest.Collect(d, p.tester(f, places.Run)(ctx, cfg))
		if ctx.Err() != nil {
			return shown{}
		}
		if f.report.file != "" {
			subject := p.subject(ctx, d, test)
			mu.Lock()
			kept = append(kept, subject)
			mu.Unlock()
		}
		o := shown{line: p.reportLine(test), json: func() any { return test.JSON(p.texts) }}
		o.status, o.why = p.statusOfTest(d, test)
		return o
	})
	if ctx.Err() != nil || len(kept) == 0 {
		return done
	}
	if err := p.writeReport(f.report, kept...); err != nil {
		return err
	}
	return done
}

// checkPerHost refuses fewer connections to a host than one test needs.
func (f testFlags) checkPerHost() error {
	if f.perHost < mailtest.MinPerHost {
		return usage("cli.error.per-host", i18n.Args{"value": fmt.Sprint(f.perHost), "least": fmt.Sprint(mailtest.MinPerHost)})
	}
	return nil
}

// reportLine is a report in one line: the protocols, and the first cause.
func (p *program) reportLine(r *mailtest.Report) string {
	s := styleOf(p.Stdout)
	var protocols []string
	for _, protocol := range r.Tested() {
		protocols = append(protocols, protocol.Title()+" "+s.mark(r.Result(protocol).State))
	}
	line := fmt.Sprintf("%s  %5d ms", strings.Join(protocols, "  "), r.Duration().Milliseconds())
	if found := history.Of(r).Title(p.texts); found != "" {
		line += "  " + found
	} else if opened := assistant.Opened(r, p.texts); opened != "" {
		line += "  " + opened
	}
	return line
}
