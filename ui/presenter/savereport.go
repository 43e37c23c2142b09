package presenter

import (
	"strings"

	"mailgrant/app/report"
	"mailgrant/internal/i18n"
)

// ReportChoice is how a report is to be written.
type ReportChoice struct {
	HideAddresses  bool
	SecondLanguage bool // the other language after the window's own
}

// ReportName proposes a file name for the report on the selected mailbox.
func (p *Presenter) ReportName() string {
	e := p.selected
	if e == nil || e.tested == nil {
		return ""
	}
	name := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`<>:"/\|?*`, r) { // Windows takes none of them in a file's name
			return '-'
		}
		return r
	}, e.tested.Mailbox)
	return name + " " + e.tested.at.Format("2006-01-02 1504") + "." + string(report.HTML)
}

// Report writes what the last test found, in the format that the file's name
// ends in; false: there is no such format, or no test.
func (p *Presenter) Report(file string, c ReportChoice) ([]byte, bool) {
	format, known := report.FormatOf(file)
	e := p.selected
	if !known || e == nil || e.tested == nil {
		return nil, false
	}
	languages := []i18n.Language{p.c.Texts.Language()}
	for _, l := range i18n.Languages {
		if c.SecondLanguage && l != languages[0] {
			languages = append(languages, l)
		}
	}
	data, err := report.Write(format, report.Options{
		Version: p.c.Version, Made: p.c.Now(), Languages: languages, HideAddresses: c.HideAddresses,
	}, e.tested.Report)
	if err != nil {
		p.c.Log.Error("ui: the report cannot be written", "error", err)
		return nil, false
	}
	return data, true
}
