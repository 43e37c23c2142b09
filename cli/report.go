package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"mailgrant/app/history"
	"mailgrant/app/overview"
	"mailgrant/app/report"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/store"
	"mailgrant/mailtest"
	"mailgrant/oauth"
)

type reportFlags struct {
	file  string
	langs []string
	hide  bool
}

func (f *reportFlags) flags(p *program, c *command) {
	c.flags.StringVar(&f.file, "report", "", p.texts.Text("cli.flag.report"))
	c.flags.StringSliceVar(&f.langs, "report-lang", nil, p.texts.Text("cli.flag.report-lang"))
	c.flags.BoolVar(&f.hide, "hide-addresses", false, p.texts.Text("cli.flag.hide-addresses"))
	needs(c, "report-lang", "report")
	needs(c, "hide-addresses", "report")
}

// check finds out before a test what would keep its report from being written.
func (f reportFlags) check(p *program) error {
	if f.file == "" {
		return nil
	}
	if _, ok := report.FormatOf(f.file); !ok {
		return usage("cli.error.report-ending", i18n.Args{"file": f.file, "allowed": "." + strings.Join(words(report.Formats), ", .")})
	}
	return cmp.Or(choices("--report-lang", f.langs, i18n.Languages), p.mayBeWritten(f.file))
}

// mayBeWritten refuses a file without a folder; "" is none.
func (p *program) mayBeWritten(file string) error {
	if err := store.CheckPath(file); err != nil {
		return p.unwritten(file, err)
	}
	return nil
}

// writeReport writes what was found, replacing an older report.
func (p *program) writeReport(f reportFlags, tests ...report.Subject) error {
	languages := typed[i18n.Language](f.langs)
	if len(languages) == 0 {
		languages = []i18n.Language{p.texts.Language()}
	}
	format, _ := report.FormatOf(f.file)
	data, err := report.Write(format, report.Options{
		Version: p.app.Version, Made: time.Now(), Languages: languages, HideAddresses: f.hide,
	}, tests...)
	if err != nil {
		return err
	}
	// Not wrong use any more: the results are on standard output already.
	if err := store.WriteNamed(f.file, data); err != nil {
		return fmt.Errorf("%s: %w", f.file, err)
	}
	p.tell(p.texts.Text("cli.report.written", i18n.Args{"file": f.file}))
	return nil
}

func (p *program) subject(ctx context.Context, d mailbox.Definition, test *mailtest.Report) report.Subject {
	s := report.Subject{Report: test, Life: overview.RowAfter(p.m(), p.texts, d, history.Entry{})}
	if d.OAuth != nil {
		s.Proxy = oauth.ProxyFor(ctx, oauth.Authority(*d.OAuth))
	}
	return s
}
