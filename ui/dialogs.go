package ui

import (
	"cmp"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"mailgrant/ui/presenter"
)

// showExplain takes an error text, or a log that is dropped on it, and says
// what it means.
func (v *View) showExplain() {
	area := newTextArea(v.keys, 3)
	area.SetPlaceHolder(v.t("ui.explain.placeholder"))
	found := v.newFindingList(10)
	page := container.NewVScroll(newPadded(0, 12, 0, 0, found.object))
	hint := newText(style{dim: true}, v.t("ui.explain.hint"))
	s, busy, asked := v.newSheet(v.t("ui.explain.title")), newStatus(style{}), 0
	wrong := newWrong(false)
	wrong.set(presenter.Line{})
	need := func(what string) {
		wrong.set(presenter.Line{Mark: presenter.MarkBad, Text: what})
		s.arrange()
	}
	ask := func() (answer func(presenter.Explanation)) {
		asked++
		number := asked
		found.set(nil)
		need("")
		busy.set(presenter.Line{Mark: presenter.MarkRunning, Text: v.t("ui.explain.busy")})
		s.arrange()
		return func(x presenter.Explanation) {
			if number != asked {
				return // something else was asked since
			}
			several := v.tIf(len(x.Found) > 1, "ui.explain.several", "count", strconv.Itoa(len(x.Found)))
			busy.set(presenter.Line{Mark: presenter.MarkBad, Text: cmp.Or(x.Wrong, several)})
			if x.Begins != "" {
				area.SetText(x.Begins) // the area is no viewer of long files
			}
			found.set(x.Found)
			page.ScrollToTop()
			s.arrange()
		}
	}
	s.page = page
	s.take = func(file string) { v.do.ExplainFile(file, ask()) }
	do := newPrimary(v.keys, v.t("ui.explain.do"), func() {
		if strings.TrimSpace(area.Text) == "" {
			need(v.t("ui.explain.empty"))
			v.focus(area)
			return
		}
		v.do.Explain(area.Text, ask())
	})
	area.onEnter = do.OnTapped
	area.OnChanged = func(string) {
		if wrong.object.Visible() {
			need("")
		}
	}
	top := newColumn(8, hint.object, newColumn(4, area, wrong.object), newRow(0, -1, do), busy.object)
	s.show(720, 760, container.New(column{gapCard, 1}, top, page), s.closeButton("ui.dialog.close"))
	v.focus(area)
}

func (v *View) showRename() {
	name := newEntry(v.keys, nil)
	name.set(v.state.Name)
	wrong := newWrong(false)
	s := v.newSheet(v.t("ui.rename.title"))
	do := func() {
		reason := v.do.Rename(name.Text)
		if reason == "" {
			s.close()
			return
		}
		wrong.set(presenter.Line{Mark: presenter.MarkBad, Text: reason})
		s.popup.Resize(fyne.NewSize(s.popup.Size().Width, 230))
		s.arrange()
	}
	ok := newPrimary(v.keys, v.t("ui.rename.do"), do)
	name.onEnter = do
	s.show(460, 170, newColumn(6, name, wrong.object), s.closeButton("ui.dialog.cancel"), ok)
	v.focus(name)
	name.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// askForget makes sure, because it cannot be taken back.
func (v *View) askForget() {
	s := v.newSheet(v.t("ui.forget.title"))
	ok := newButton(v.keys, v.t("ui.auth.forget"), nil, func() { s.close(); v.do.Forget() })
	ok.Importance = widget.DangerImportance
	words, height := v.t("ui.forget.what"), float32(190)
	if shared := v.do.SharedBy(); shared != "" {
		words, height = words+"\n\n"+v.t("ui.forget.shared", "names", shared), 290
	}
	s.show(480, height, container.NewVScroll(newText(style{}, words).object), s.closeButton("ui.dialog.cancel"), ok)
}
