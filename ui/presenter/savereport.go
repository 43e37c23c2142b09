package presenter

import (
	"strings"

	"mailgrant/app/history"
	"mailgrant/app/report"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// ReportChoice is how a report is to be written.
type ReportChoice struct {
	HideAddresses  bool
	SecondLanguage bool // the other language after the window's own
}

// ReportName proposes a file name for the report on the selected mailbox, or on
// all that were tested.
func (p *Presenter) ReportName() string {
	tests := p.reported()
	if len(tests) == 0 {
		return ""
	}
	name, at := p.text("ui.overview.report"), p.c.Now()
	if len(tests) == 1 {
		name, at = tests[0].Report.Mailbox, tests[0].Report.Started
	}
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`<>:"/\|?*`, r) { // Windows takes none of them in a file's name
			return '-'
		}
		return r
	}, name)
	return name + " " + at.Format("2006-01-02 1504") + "." + string(report.HTML)
}

// reported are the tests that a report is about: that of the selected mailbox,
// or of all that the overview shows.
func (p *Presenter) reported() (tests []report.Subject) {
	all := []*entry{p.selected}
	if p.overviewShown() {
		all = p.shownEntries()
	}
	for _, e := range all {
		if e == nil || e.tested == nil {
			continue
		}
		s := report.Subject{Report: e.tested.Clone(), Life: e.Row(p.c.Texts, e.tested.of, history.Entry{})}
		if pre := e.found.preflight; pre != nil {
			s.Proxy = pre.Proxy
		}
		tests = append(tests, s)
	}
	return tests
}

// Report returns what writes, beside the window, what the last test found, in the
// format that the file's name ends in; nil: there is no such format, or no test.
func (p *Presenter) Report(file string, c ReportChoice) (write func() ([]byte, error)) {
	format, known := report.FormatOf(file)
	tests := p.reported()
	if !known || len(tests) == 0 {
		return nil
	}
	languages := []i18n.Language{p.c.Texts.Language()}
	for _, l := range i18n.Languages {
		if c.SecondLanguage && l != languages[0] {
			languages = append(languages, l)
		}
	}
	var of mailbox.Definition // a report of several tells of no product
	if p.selected != nil {
		of, _ = p.selected.form.read()
	}
	o := report.Options{
		Version: p.c.Version, Made: p.c.Now(), Languages: languages, HideAddresses: c.HideAddresses,
		Product: p.productCard(of, p.productOf(p.selected)), Checked: p.checkedIn(p.selected),
	}
	return func() ([]byte, error) { return report.Write(format, o, tests...) }
}
