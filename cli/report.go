package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"mailgrant/app/authorization"
	"mailgrant/app/history"
	"mailgrant/app/overview"
	"mailgrant/app/report"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/store"
	"mailgrant/mailtest"
)

// reportFlags ask for a file with what a test found.
type reportFlags struct {
	file  string
	langs []string
	hide  bool
}

func (f *reportFlags) flags(p *program, c *cobra.Command) {
	c.Flags().StringVar(&f.file, "report", "", p.texts.Text("cli.flag.report"))
	c.Flags().StringSliceVar(&f.langs, "report-lang", nil, p.texts.Text("cli.flag.report-lang"))
	c.Flags().BoolVar(&f.hide, "hide-addresses", false, p.texts.Text("cli.flag.hide-addresses"))
}

// check finds out before a test what would keep its report from being written.
func (f reportFlags) check() error {
	if f.file == "" {
		return nil
	}
	if _, ok := report.FormatOf(f.file); !ok {
		var endings []string
		for _, format := range report.Formats {
			endings = append(endings, "."+string(format))
		}
		return usage("cli.error.report-ending", i18n.Args{"file": f.file, "allowed": strings.Join(endings, ", ")})
	}
	for _, lang := range f.langs {
		if !slices.Contains(i18n.Languages, i18n.Language(lang)) {
			return choice("--report-lang", lang, i18n.Languages)
		}
	}
	if _, err := os.Stat(filepath.Dir(f.file)); err != nil {
		return usage("cli.error.write", i18n.Args{"file": f.file, "reason": reason(err)})
	}
	return nil
}

// writeReport writes what was found, replacing an older report.
func (p *program) writeReport(f reportFlags, lives map[string]report.Life, tests ...*mailtest.Report) error {
	languages := []i18n.Language{p.texts.Language()}
	if len(f.langs) > 0 {
		languages = nil
	}
	for _, lang := range f.langs {
		languages = append(languages, i18n.Language(lang))
	}
	format, _ := report.FormatOf(f.file)
	data, err := report.Write(format, report.Options{
		Version: p.app.Version, Made: time.Now(), Languages: languages, HideAddresses: f.hide, Lives: lives,
	}, tests...)
	if err != nil {
		return err
	}
	// Not wrong use any more: the results are on standard output already.
	if err := store.WriteFile(f.file, data); err != nil {
		return fmt.Errorf("%s: %w", f.file, err)
	}
	p.tell(p.texts.Text("cli.report.written", i18n.Args{"file": f.file}))
	return nil
}

// gathered keeps the tests of --all for a report, in the order of their names.
type gathered struct {
	mu    sync.Mutex
	tests []*mailtest.Report
	lives map[string]report.Life // of their authorizations
}

func (g *gathered) add(test *mailtest.Report, life report.Life) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tests = append(g.tests, test)
	if g.lives == nil {
		g.lives = map[string]report.Life{}
	}
	g.lives[test.Mailbox] = life
}

// lifeOf is how long a mailbox's authorization lasts.
func (p *program) lifeOf(m *authorization.Manager, d mailbox.Definition) report.Life {
	return report.LifeOf(overview.RowAfter(m, p.texts, d, history.Entry{}))
}

func (g *gathered) sorted() []*mailtest.Report {
	g.mu.Lock()
	defer g.mu.Unlock()
	slices.SortFunc(g.tests, func(a, b *mailtest.Report) int { return strings.Compare(a.Mailbox, b.Mailbox) })
	return g.tests
}
