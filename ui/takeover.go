package ui

import (
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"mailgrant/app/table"
	"mailgrant/ui/presenter"
)

// newTakeoverPage shows what taking files over would do, before it is done.
func (v *View) newTakeoverPage() *part[presenter.TakeoverState] {
	files, busy, sum, wrong := newText(style{dim: true, pick: true}, ""), newStatus(style{}), newStatus(style{}), newStatus(style{pick: true})
	rows := newOutcomes(v.keys, v.t("takeover.what"), v.t("takeover.mailbox"), v.t("takeover.more"))
	add := newButton(v.keys, v.t("takeover.add"), nil, v.showImport)
	again := newButton(v.keys, v.t("takeover.again"), nil, func() { v.do.ReadAgain() })
	cancel := newButton(v.keys, v.t("ui.dialog.cancel"), nil, func() { v.do.Cancel() })
	do := newButton(v.keys, "", nil, func() { v.do.TakeOver() })
	title := newText(style{size: sizeHead, bold: true}, v.t("takeover.title"))
	top := newColumn(gap, newRow(8, 0, title.object, add, again, cancel, do), files.object, busy.object, sum.object, wrong.object)
	t := newPart(newPage(top, rows.object), func(s *presenter.TakeoverState) {
		files.set(s.Files)
		busy.set(presenter.Line{Mark: presenter.MarkRunning, Text: s.Busy})
		sum.set(s.Sum)
		wrong.set(presenter.Line{Mark: presenter.MarkBad, Text: s.Wrong})
		rows.set(s.Rows)
		do.setWords(s.Do)
		do.setPrimary(s.CanDo)
		enable(do, s.CanDo)
		enable(add, s.CanAdd)
		enable(again, s.CanAdd)
		enable(cancel, s.CanAdd)
		pressed := v.window.Canvas().Focused() == fyne.Focusable(again)
		if show(again, s.Again); pressed && !s.Again { // all is mended
			v.focus(do)
		}
	})
	t.came = func() { v.focus(cancel) }
	return t
}

// newPage is a page with a list that takes what room there is.
func newPage(top, list fyne.CanvasObject) *fyne.Container {
	const line = 2 // what a scroll would cut off of lines at its edge
	scroll := container.NewVScroll(newPadded(line, line, line, line, top))
	return newPadded(gapCard-line, gapCard-line, gapCard, gapCard-line, container.New(pageLayout{}, scroll, newPadded(0, line, 0, line, list)))
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

func (v *View) showImport() {
	v.showFiles(v.t("ui.import.title"), v.t("ui.import.do"), "", mailboxFiles, func(path string) work {
		return work{beside: func() error {
			_, err := os.Stat(path)
			return err
		}, then: func() { v.do.ImportFiles(path) }}
	}, newText(style{size: sizeSmall}, v.t("ui.import.list")).object, newText(style{size: sizeSmall, dim: true}, table.Columns(v.texts)).object)
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
func (v *View) exporting(title, name string, data func(file string) func() ([]byte, error)) {
	v.saving(title, name, mailboxFiles, data, newText(style{size: sizeSmall, dim: true}, v.t("ui.export.without")).object)
}

// mailboxFiles are the ends of the names of files that hold mailboxes.
var mailboxFiles = []string{".csv", ".json"}
