package ui

import (
	"os"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"mailgrant/app/table"
	"mailgrant/ui/presenter"
)

// takeoverPage shows what taking files over would do, before it is done.
type takeoverPage struct {
	v                *View
	files            *text
	busy, sum, wrong *status
	rows             *lineRows
	add, cancel, do  *button
	object           *fyne.Container
}

func (v *View) newTakeoverPage() *takeoverPage {
	t := &takeoverPage{v: v, files: newText(style{dim: true, pick: true}, ""), busy: newStatus(style{}), sum: newStatus(style{}), wrong: newStatus(style{pick: true})}
	t.rows = newOutcomes(v.keys, v.t("takeover.what"), v.t("takeover.mailbox"), v.t("takeover.more"))
	t.add = newButton(v.keys, v.t("takeover.add"), nil, v.showImport)
	t.cancel = newButton(v.keys, v.t("ui.dialog.cancel"), nil, func() { v.do.Cancel() })
	t.do = newButton(v.keys, "", nil, func() { v.do.TakeOver() })
	title := newText(style{size: sizeHead, bold: true}, v.t("takeover.title"))
	top := newColumn(gap, newRow(8, 0, title.object, t.add, t.cancel, t.do), t.files.object, t.busy.object, t.sum.object, t.wrong.object)
	t.object = newPage(top, t.rows.object)
	return t
}

// newPage is a page with a list that takes what room there is.
func newPage(top, list fyne.CanvasObject) *fyne.Container {
	const line = 2 // what a scroll would cut off of lines at its edge
	scroll := container.NewVScroll(newPadded(line, line, line, line, top))
	page := newPadded(gapCard-line, gapCard-line, gapCard, gapCard-line, container.New(pageLayout{}, scroll, newPadded(0, line, 0, line, list)))
	page.Hide()
	return page
}

// pageLayout gives the top its height and the list the rest. Where no two rows
// of the list have room, the top has all of it, and scrolls.
type pageLayout struct{ column }

// leastList is the height of a list with its heads and two rows.
const leastList = 96

func (pageLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	top := o[0].(*container.Scroll)
	h := heightAt(top.Content, size.Width)
	rest := size.Height - h - gap
	show(o[1], rest >= leastList)
	if rest < leastList {
		h = size.Height
	}
	top.Resize(fyne.NewSize(size.Width, h))
	put(o[1], 0, h+gap, size.Width, fyne.Max(0, rest))
}

func (t *takeoverPage) set(s *presenter.TakeoverState) {
	appeared := show(t.object, s != nil)
	if s == nil {
		return
	}
	t.files.set(s.Files)
	t.busy.set(presenter.Line{Mark: presenter.MarkRunning, Text: s.Busy})
	t.sum.set(s.Sum)
	t.wrong.set(presenter.Line{Mark: presenter.MarkBad, Text: s.Wrong})
	t.rows.set(s.Rows)
	t.do.setWords(s.Do)
	t.do.setPrimary(s.CanDo)
	enable(t.do, s.CanDo)
	enable(t.add, s.CanAdd)
	enable(t.cancel, s.CanAdd)
	if appeared {
		t.v.focus(t.cancel)
	}
}

func (v *View) showImport() {
	v.showFiles(v.t("ui.import.title"), v.t("ui.import.do"), "", mailboxFiles, func(path string) work {
		return work{beside: func() error {
			_, err := os.Stat(path)
			return err
		}, then: func() { v.do.ImportFiles(path) }}
	}, newText(style{size: sizeSmall, dim: true}, table.Columns(v.texts)).object)
}

func (v *View) showExport() {
	if name, export, ok := v.do.Export(); ok {
		v.exporting("ui.export.title", name, export)
	}
}

func (v *View) showExportAll() {
	v.exporting("ui.export."+v.exported()+"-title", "mailboxes.csv", v.do.ExportAll)
}

// exported is whether all mailboxes are exported, or those that the overview
// shows, as the texts for it are called.
func (v *View) exported() string {
	if o := v.state.Overview; o != nil && o.Filtered {
		return "shown"
	}
	return "all"
}

// exporting writes mailboxes as a table or as JSON.
func (v *View) exporting(title, name string, export func(file string) (read func() ([]byte, error))) {
	v.showFiles(v.t(title), v.t("ui.export.do"), name, mailboxFiles, func(path string) work {
		if read := export(path); read != nil {
			return v.writing(path, read)
		}
		return failing(v.t("ui.report.ending", "endings", strings.Join(mailboxFiles, ", ")))
	})
}

// mailboxFiles are the ends of the names of files that hold mailboxes.
var mailboxFiles = []string{".csv", ".json"}
